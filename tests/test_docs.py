"""What the pages show can be used as it stands."""

import re
import shlex
from pathlib import Path

import pytest

from haidang.facts import FactBook
from haidang.packs.load import load_pack
from haidang.programmes import check_programme, parse_programme

FENCE = re.compile(r"(?ms)^```(?P<language>\w+)\n(?P<text>.*?)^```")


def blocks(page: Path, language: str) -> list[str]:
    """The fenced blocks of a page in one language."""
    return [one["text"] for one in FENCE.finditer(page.read_text(encoding="utf-8")) if one["language"] == language]


def test_the_programme_of_the_page_passes_the_check_of_the_pack(root: Path) -> None:
    programme, budget, variants = blocks(root / "docs" / "howto" / "programme.md", "yaml")
    file = parse_programme(programme + variants, "programme.md")
    assert set(file.variants) == {"zones-first", "advice-instead"}
    with_two_budgets = re.sub(r"(?m)^    budget: .*\n", indented(budget, 4), programme)
    both = parse_programme(with_two_budgets, "programme.md").base
    assert [one.resource for one in both.instruments[0].budgets] == ["loan", "subsidy"]
    pack = load_pack("hcmc")
    for one in [file.base, *file.variants.values(), both]:
        check_programme(one, pack.model(one.model).card, pack.book)


def indented(text: str, spaces: int) -> str:
    """A block further to the right."""
    return "".join(" " * spaces + line for line in text.splitlines(keepends=True))


def test_the_fact_of_the_page_loads(root: Path, tmp_path: Path) -> None:
    (fact,) = blocks(root / "docs" / "concepts" / "facts.md", "yaml")
    (tmp_path / "facts").mkdir()
    (tmp_path / "facts" / "credit.yaml").write_text(fact, encoding="utf-8")
    source = (
        "sbv-2025-10: {title: Rates, publisher: State Bank of Vietnam, date: 2025-10, address: 'https://sbv.gov.vn'}"
    )
    (tmp_path / "sources.yaml").write_text(source, encoding="utf-8")
    assert FactBook.load(tmp_path).value("market_rate") == pytest.approx(0.0652)


PAGES = ["README.md", "README.vi.md", "docs/tutorial.md", "docs/howto/programme.md", "docs/howto/register.md"]


@pytest.mark.parametrize("page", [*PAGES, "docs/howto/why.md", "docs/concepts/learn.md", "docs/concepts/population.md"])
def test_every_command_of_a_page_names_what_there_is(root: Path, page: str) -> None:
    pack = load_pack("hcmc")
    known = {
        "check": {"hcmc"},
        "population": {f"hcmc/{name}" for name in pack.populations},
        "run": {f"hcmc/{name}" for name in pack.programmes},
        "backtest": {f"hcmc/{name}" for name in pack.backtests},
    }
    commands = [
        shlex.split(line, comments=True)[1:]
        for text in blocks(root / page, "sh")
        for line in text.splitlines()
        if line.startswith(".venv/bin/haidang ")
    ]
    assert commands != []
    unknown = [words for words in commands if words[0] in known and words[1] not in known[words[0]]]
    assert unknown == []
