"""Loading facts: what a pack states is what the book says."""

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haidang.errors import Place
from haidang.facts import Distribution, FactBook, UnknownFactError, last_day
from tests.facts.packs import SOURCES, write_pack

FACTS = """\
market_rate:
  title: {vi: Lãi suất cho vay bình quân, en: Average rate on new loans}
  value: 6.52 %/year
  range: [6.1, 7.9] %/year
  source: bank-2025
  place: page 2
  as_of: 2025-09
  note: New loans.
innovation_rate: {value: 12.8 %, se: 3.17 %, range: [0, 100], source: survey-2023}
grid_factor:
  unit: tCO2e/MWh
  dated: {2021: 0.7221, 2023: 0.6592, 2022: 676.6 kgCO2e/MWh}
  after: trend
  source: [survey-2023, bank-2025]
rejected_share:
  values:
    banks-2019: {value: 72 %, range: [60, 80], source: bank-2025}
    survey-2011: {value: 0.52, source: survey-2023, note: Small firms only.}
  use: banks-2019
loan_years: {value: 5, unit: year, range: [36 month, 84 month], assumption: Medium-term loans run so long.}
cost_weight: {value: -0.4, source: survey-2023}
saving_weight: {value: 30 %, source: survey-2023}
exchange_rate: {value: 26289 VND/USD, source: bank-2025}
joint:
  decision:
    facts: [cost_weight, saving_weight]
    covariance: [[0.01, 0.2], [0.2, 100]]
"""


@pytest.fixture
def book(tmp_path: Path) -> FactBook:
    return FactBook.load(write_pack(tmp_path / "city", FACTS))


def test_a_fact_says_what_its_file_says(book: FactBook, tmp_path: Path) -> None:
    fact = book.fact("market_rate")
    assert fact.title == {"vi": "Lãi suất cho vay bình quân", "en": "Average rate on new loans"}
    assert (fact.value, fact.unit, fact.range) == (6.52, "%/year", (6.1, 7.9))
    assert (fact.canonical, fact.canonical_unit) == (0.0652, "1/year")
    assert fact.distribution == Distribution("triangular", (0.061, 0.0652, 0.079))
    assert (fact.source, fact.assumption, fact.note) == (("bank-2025",), None, "New loans.")
    assert (fact.as_of, fact.claim.passage) == (date(2025, 9, 30), "page 2")
    assert fact.where == Place(str(tmp_path / "city" / "facts" / "money.yaml"), 2, "market_rate")


WORDS = """\
fee:
  value: 1 %
  assumption: {vi: Chưa công bố., en: Not published.}
  place: {vi: trang 2, en: page 2}
  note: Both.
late:
  values:
    old: {value: 1 %, source: bank-2025, note: {vi: Cũ., en: Old.}}
    new: {value: 2 %, source: bank-2025}
  use: old
"""


def test_the_words_of_a_claim_stand_in_both_languages_or_in_one_text_that_serves_both(tmp_path: Path) -> None:
    book = FactBook.load(write_pack(tmp_path / "city", WORDS))
    fee = book.fact("fee")
    assert fee.assumption == {"vi": "Chưa công bố.", "en": "Not published."}
    assert fee.claim.passage == {"vi": "trang 2", "en": "page 2"}
    assert fee.note == "Both."
    assert book.fact("late").note == book.fact("late").rivals[0].claim.note == {"vi": "Cũ.", "en": "Old."}


def test_what_a_run_keeps_holds_the_words_as_the_pack_gives_them(tmp_path: Path) -> None:
    book = FactBook.load(write_pack(tmp_path / "city", WORDS))
    kept = json.loads(json.dumps(book.explain(["fee", "late"])))
    assert kept["fee"]["assumption"] == {"vi": "Chưa công bố.", "en": "Not published."}
    assert kept["fee"]["place"] == {"vi": "trang 2", "en": "page 2"}
    assert kept["fee"]["note"] == "Both."
    assert kept["late"]["rivals"][0]["note"] == {"vi": "Cũ.", "en": "Old."}
    other = FactBook.load(write_pack(tmp_path / "other", WORDS.replace("Cũ", "Xưa")))
    assert other.digest() != book.digest()


def test_bare_numbers_are_in_the_unit_of_the_value(book: FactBook) -> None:
    assert book.fact("rejected_share").range == (60.0, 80.0)
    assert book.fact("innovation_rate").range == (0.0, 100.0)
    assert book.fact("loan_years").range == (3.0, 7.0)


def test_a_standard_error_makes_a_normal_distribution_within_the_range(book: FactBook) -> None:
    fact = book.fact("innovation_rate")
    assert fact.distribution == Distribution("normal", (0.128, 0.0317, 0.0, 1.0))
    assert (fact.se, fact.range) == (3.17, (0.0, 100.0))


def test_dated_values_are_read_by_year(book: FactBook) -> None:
    fact = book.fact("grid_factor")
    assert fact.dated == {2021: 0.7221, 2022: pytest.approx(0.6766), 2023: 0.6592}
    assert book.value("grid_factor", 2021) == pytest.approx(0.0007221)
    assert book.value("grid_factor") == book.value("grid_factor", 2023) == pytest.approx(0.0006592)


def test_a_trend_carries_the_average_yearly_change_on_and_stops_at_zero(book: FactBook) -> None:
    assert book.fact("grid_factor").at(2025) == pytest.approx(0.6592 - (0.7221 - 0.6592))
    assert book.fact("grid_factor").at(2100) == 0.0


def test_without_a_trend_the_last_value_holds_and_gaps_lie_on_a_line(tmp_path: Path) -> None:
    text = "wage: {dated: {2020: 8e6 VND/month, 2024: 10e6 VND/month}, source: bank-2025}\n"
    book = FactBook.load(write_pack(tmp_path / "city", text))
    assert book.fact("wage").at(2021) == 8.5e6
    assert book.fact("wage").at(2030) == 10e6
    assert book.value("wage", 2024) == pytest.approx(120e6)
    assert book.unit("wage") == "VND/year"


def test_a_year_before_the_first_is_refused(book: FactBook) -> None:
    with pytest.raises(UnknownFactError, match="grid_factor: expected a year from 2021 on, found 2020"):
        book.value("grid_factor", 2020)


def test_conflicting_values_stay_side_by_side(book: FactBook) -> None:
    fact = book.fact("rejected_share")
    assert [(rival.id, rival.value, rival.claim.source) for rival in fact.rivals] == [
        ("banks-2019", 72.0, ("bank-2025",)),
        ("survey-2011", 52.0, ("survey-2023",)),
    ]
    assert (fact.chosen, fact.value, fact.source) == ("banks-2019", 72.0, ("bank-2025",))


def test_a_scenario_may_use_another_of_the_published_values(book: FactBook) -> None:
    other = book.using({"rejected_share": "survey-2011"})
    fact = other.fact("rejected_share")
    assert (fact.value, fact.chosen, fact.note, fact.distribution) == (52.0, "survey-2011", "Small firms only.", None)
    assert book.value("rejected_share") == 0.72
    assert other.digest() != book.digest()
    with pytest.raises(UnknownFactError, match=r"found 'survey-2012'; did you mean 'survey-2011'\?"):
        book.using({"rejected_share": "survey-2012"})


def test_a_choice_among_the_published_values_may_be_drawn(tmp_path: Path) -> None:
    text = FACTS.replace("  use: banks-2019", "  use: banks-2019\n  distribution: choice")
    fact = FactBook.load(write_pack(tmp_path / "city", text)).fact("rejected_share")
    assert fact.distribution == Distribution("choice", (0.52, 0.72))


def test_a_rival_without_a_unit_is_a_plain_number_unless_the_fact_declares_its_unit(tmp_path: Path) -> None:
    rivals = "values: {one: {value: 50 %, source: bank-2025}, two: {value: 0.6, source: bank-2025}}, use: two"
    plain = FactBook.load(write_pack(tmp_path / "one", f"share: {{{rivals}}}"))
    declared = FactBook.load(write_pack(tmp_path / "two", f"share: {{unit: %, {rivals}}}"))
    assert plain.fact("share").value == 60.0
    assert declared.fact("share").value == 0.6


def test_a_joint_is_in_canonical_units(book: FactBook) -> None:
    joint = book.joints["decision"]
    assert joint.facts == ("cost_weight", "saving_weight")
    assert joint.mean == (-0.4, 0.3)
    assert joint.covariance == ((0.01, 0.002), (0.002, pytest.approx(0.01)))


def test_the_uncertain_facts_are_listed_in_alphabetical_order(book: FactBook) -> None:
    assert book.uncertain() == (
        "cost_weight",
        "innovation_rate",
        "loan_years",
        "market_rate",
        "rejected_share",
        "saving_weight",
    )


def test_an_unknown_fact_has_a_nearest_one(book: FactBook) -> None:
    place = Place("programme.yaml", 4, "levers.loan_rate")
    with pytest.raises(UnknownFactError) as caught:
        book.fact("market_rates", place)
    assert str(caught.value) == (
        "programme.yaml:4: levers.loan_rate: expected a fact of the pack, found 'market_rates'; "
        "did you mean 'market_rate'?"
    )


def test_what_a_run_keeps_of_its_facts_is_json_and_complete(book: FactBook) -> None:
    kept = json.loads(json.dumps(book.explain(["market_rate", "rejected_share", "grid_factor"]), allow_nan=False))
    assert list(kept) == ["grid_factor", "market_rate", "rejected_share"]
    rate = kept["market_rate"]
    assert (rate["value"], rate["unit"], rate["range"]) == (6.52, "%/year", [6.1, 7.9])
    assert rate["source"] == [
        {
            "id": "bank-2025",
            "title": "Press conference on interest rates",
            "publisher": "State Bank",
            "date": "2025-10",
            "address": "https://example.org/rates",
        }
    ]
    assert (rate["as_of"], rate["place"], rate["note"]) == ("2025-09-30", "page 2", "New loans.")
    assert kept["grid_factor"]["dated"]["2021"] == 0.7221
    assert [rival["id"] for rival in kept["rejected_share"]["rivals"]] == ["banks-2019", "survey-2011"]


def test_the_digest_depends_on_what_is_stated_and_not_on_where(tmp_path: Path) -> None:
    one = FactBook.load(write_pack(tmp_path / "one", FACTS))
    same = FactBook.load(write_pack(tmp_path / "two", "# A remark.\n\n" + FACTS))
    other = FactBook.load(write_pack(tmp_path / "three", FACTS.replace("7.9", "7.8")))
    assert one.digest() == same.digest()
    assert one.digest() != other.digest()


def test_facts_and_sources_may_lie_in_several_files(tmp_path: Path) -> None:
    pack = write_pack(tmp_path / "city", FACTS)
    (pack / "sources").mkdir()
    (pack / "sources" / "more.yaml").write_text("more: {title: A, publisher: B, date: 2024-02-29}\n")
    (pack / "facts" / "more.yaml").write_text("more_firms: {value: 3 firm, source: more}\n")
    book = FactBook.load(pack)
    assert book.value("more_firms") == 3.0
    assert set(book.sources) == {"bank-2025", "survey-2023", "more"}
    (pack / "sources.yaml").rename(pack / "sources" / "all.yaml")
    assert FactBook.load(pack).digest() == book.digest()


def test_a_fact_without_a_title_is_called_by_its_id(book: FactBook) -> None:
    assert book.fact("loan_years").title == {"vi": "loan years", "en": "loan years"}


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2025", date(2025, 12, 31)),
        ("2025-10", date(2025, 10, 31)),
        ("2024-02", date(2024, 2, 29)),
        ("2025-12", date(2025, 12, 31)),
        ("2025-10-03", date(2025, 10, 3)),
    ],
)
def test_a_date_without_a_day_means_the_last_one(text: str, day: date) -> None:
    assert last_day(text) == day


@given(st.dates(date(1900, 1, 1), date(2200, 12, 31)))
def test_a_day_never_comes_after_the_month_or_the_year_that_has_it(day: date) -> None:
    text = day.isoformat()
    assert last_day(text) == day
    assert day <= last_day(text[:7]) <= last_day(text[:4])
    assert last_day(text[:7]).month == day.month


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), st.sampled_from(["VND", "%", "%/year", "GWh/year", "tCO2e/MWh"]))
def test_a_stated_number_is_read_as_it_is_written(
    tmp_path_factory: pytest.TempPathFactory, value: float, width: float, unit: str
) -> None:
    text = f"x: {{value: {value!r} {unit}, range: [{value!r}, {value + width!r}] {unit}, source: bank-2025}}\n"
    fact = FactBook.load(write_pack(tmp_path_factory.mktemp("pack") / "city", text, SOURCES)).fact("x")
    assert (fact.value, fact.unit, fact.range) == (value, unit, (value, value + width))


def in_a_fresh_python(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_loading_a_pack_imports_neither_jax_nor_polars_nor_scipy(tmp_path: Path) -> None:
    pack = write_pack(tmp_path / "city", FACTS.partition("joint:")[0])
    code = (
        "import sys; from haidang.facts import FactBook; "
        f"FactBook.load({str(pack)!r}).digest(); "
        "print(sorted({'jax', 'polars', 'scipy.special', 'scipy.stats'} & set(sys.modules)))"
    )
    assert in_a_fresh_python(code) == "[]"


def test_the_door_of_the_room_is_light() -> None:
    code = "import sys, haidang.facts; print(sorted({'jax', 'polars', 'scipy', 'pint', 'numpy'} & set(sys.modules)))"
    assert in_a_fresh_python(code) == "[]"


@pytest.mark.parametrize("change", [str.upper, lambda text: text + " "], ids=["upper", "longer"])
def test_the_digest_sees_every_note(tmp_path: Path, change: Callable[[str], str]) -> None:
    one = FactBook.load(write_pack(tmp_path / "one", FACTS))
    two = FactBook.load(
        write_pack(tmp_path / "two", FACTS.replace("Small firms only.", f'"{change("Only small firms")}"'))
    )
    assert one.digest() != two.digest()
