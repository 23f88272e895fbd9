"""Small populations with known answers, the city's own, and a private PostgreSQL server."""

from collections.abc import Callable
from pathlib import Path

import pytest

from haidang.facts import FactBook
from haidang.population import Population, PopulationSpec, RegisterMapping, build_population, load_mapping, load_spec

SMALL = """\
id: shops
title: {vi: Cửa hàng, en: Shops}
rows: 4000
units: shops
weights: {least: 0.05, most: 20}
factors:
  drive: {by: {size: {small: 0, large: 1}}, assumption: hidden}
columns:
  size:
    kind: category
    title: {vi: Quy mô, en: Size}
    categories: {small: {vi: Nhỏ, en: Small}, large: {vi: Lớn, en: Large}}
    draw: {shares: {small: 70 %, large: 30 %}}
    assumption: none
  staff:
    kind: number
    unit: person
    least: 1
    title: {vi: Nhân viên, en: Staff}
    draw:
      of: size
      classes:
        small: {least: 1, below: 10, exponent: 1}
        large: {least: 10, below: 200, exponent: 1}
    assumption: power law
  open:
    kind: flag
    title: {vi: Mở cửa, en: Open}
    draw: {average: open_share, odds: {by: {size: {large: 3}}, per: {drive: 2}}}
    assumption: larger shops open more
  lit:
    kind: flag
    title: {vi: Có đèn, en: Lit}
    draw: {average: 20 %, odds: {by: {open: {"false": 0}}}}
    assumption: only open shops are lit
  level_shop:
    kind: level
    title: {vi: Mức, en: Level}
    draw: {steps: [open, 50 %, 25 %], odds: {per: {drive: 1.5}}}
    assumption: level 1 is being open
  sales:
    kind: number
    unit: VND/year
    least: 0
    title: {vi: Doanh số, en: Sales}
    draw: {median: 1e6, spread: 0.5, powers: {staff: 1}}
    assumption: in proportion to staff
  costs:
    kind: number
    unit: VND/year
    least: 0
    title: {vi: Chi phí, en: Costs}
    draw: {median: 0.5, spread: 0, powers: {sales: 1}}
    assumption: half of sales
  score:
    kind: number
    unit: "1"
    least: 0
    most: 100
    title: {vi: Điểm, en: Score}
    draw: {mean: 50, spread: 10, plus: {by: {size: {large: 5}}, per: {drive: 4}}}
    assumption: larger shops score more
margins:
  shops: {fact: shops, count: {}}
  large: {fact: large_share, share: {size: large}}
  open: {fact: open_share, share: {open: true}}
  open_large: {fact: open_share, value: large, share: {open: true}, where: {size: large}}
  staff_small: {fact: staff_small, mean: staff, where: {size: small}}
  second: {fact: second_share, share: {level_shop: ">= 2"}}
  sales: {fact: sales_total, total: sales, scales: true}
  open_elsewhere: {fact: open_share, value: elsewhere, share: {open: true}, shown: another town}
"""
SMALL_FACTS = """\
shops: {value: 1000 firm, source: census}
large_share: {value: 25 %, se: 1 %, source: survey}
open_share:
  values:
    all: {value: 40 %, se: 2 %, source: survey}
    large: {value: 60 %, se: 3 %, source: survey}
    elsewhere: {value: 90 %, se: 1 %, source: survey}
  use: all
staff_small: {value: 3.1 person, se: 0.1 person, source: survey}
second_share: {value: 21 %, se: 1 %, source: survey}
sales_total: {value: 5e9 VND/year, assumption: a guess}
"""
SMALL_SOURCES = """\
census: {title: Census, publisher: Office, date: 2024}
survey: {title: Survey, publisher: Office, date: 2023}
"""
SMALL_MAPPING = """\
id: shop-list
title: {vi: Danh bạ, en: Shop list}
population: shops
numbers: vietnamese
unit_id: code
latest: year
register:
  code: {kind: code, digits: [4], also: [mã số]}
  year: {kind: whole, least: 2000, most: 2100, also: [năm]}
  staff: {kind: whole, least: 0, most: 500, unit: person, also: [nhân viên]}
  state: {kind: text, also: [tình trạng]}
  sales: {kind: number, least: 0, unit: million VND/year, optional: true, also: [doanh số]}
columns:
  staff: {from: staff}
  size: {from: staff, classes: {small: [1, 10], large: [10]}}
  open: {from: state, drop: [đang], words: {"true": [mở, "1"], "false": [đóng, "0"]}}
  sales: {from: sales}
"""


@pytest.fixture
def shop_files(tmp_path: Path) -> Path:
    """A pack of shops, whose files a test may spoil."""
    pack = tmp_path / "shop-pack"
    (pack / "facts").mkdir(parents=True)
    (pack / "facts" / "shops.yaml").write_text(SMALL_FACTS, encoding="utf-8")
    (pack / "sources.yaml").write_text(SMALL_SOURCES, encoding="utf-8")
    (pack / "shops.yaml").write_text(SMALL, encoding="utf-8")
    (pack / "shops.mapping.yaml").write_text(SMALL_MAPPING, encoding="utf-8")
    return pack


@pytest.fixture
def shop_book(shop_files: Path) -> FactBook:
    return FactBook.load(shop_files)


@pytest.fixture
def shop_spec(shop_files: Path) -> PopulationSpec:
    return load_spec(shop_files / "shops.yaml")


@pytest.fixture
def shop_mapping(shop_files: Path) -> RegisterMapping:
    return load_mapping(shop_files / "shops.mapping.yaml")


@pytest.fixture
def shop_spec_with(shop_files: Path) -> Callable[[str, str], PopulationSpec]:
    """The shops' description with one text replaced by another."""

    def replaced(old: str, new: str) -> PopulationSpec:
        path = shop_files / "shops.yaml"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")
        return load_spec(path)

    return replaced


@pytest.fixture(scope="session")
def hcmc(root: Path) -> Path:
    return root / "src" / "haidang" / "packs" / "hcmc"


@pytest.fixture(scope="session")
def city_book(hcmc: Path) -> FactBook:
    return FactBook.load(hcmc)


@pytest.fixture(scope="session")
def city_spec(hcmc: Path) -> PopulationSpec:
    return load_spec(hcmc / "populations" / "factories.yaml")


@pytest.fixture(scope="session")
def city_mapping(hcmc: Path) -> RegisterMapping:
    return load_mapping(hcmc / "populations" / "factories.mapping.yaml")


@pytest.fixture(scope="session")
def factories(city_spec: PopulationSpec, city_book: FactBook) -> Population:
    return build_population(city_spec, city_book, rows=12_000, seed=3)
