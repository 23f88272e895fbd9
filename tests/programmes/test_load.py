"""Programmes from their files, and back."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haidang.programmes import Budget, Instrument, Programme, Ration, load_programme, parse, parse_programme, to_yaml
from tests.programmes.cards import BOOK, PROGRAMME, write


def loaded(folder: Path) -> Programme:
    return load_programme(write(folder, PROGRAMME), BOOK).base


def test_a_programme_says_what_its_file_says(tmp_path: Path) -> None:
    programme = loaded(tmp_path)
    assert programme == Programme(
        id="green-credit",
        title={"vi": "Tín dụng xanh", "en": "Green credit"},
        model="factories",
        years=(2026, 2027, 2028, 2029, 2030),
        commitment="bank-promise",
        note={"vi": "Ghi chú", "en": "A note"},
        instruments=(
            Instrument(
                id="credit",
                title={"vi": "Vay", "en": "Loan"},
                eligible=parse('sector == "food" and level < 4'),
                levers={"loan_rate": parse("market_rate - 2 point"), "loan_share": parse("70 %")},
                budgets=(Budget("loan", 1_500_000_000_000, 300_000_000_000, 85_000_000_000, "VND", revolving=True),),
                ration=Ration("priority", parse("expected_level_gain / loan"), "highest"),
            ),
            Instrument(
                id="advice",
                title={"vi": "advice", "en": "advice"},
                eligible=parse('size in ("small", "medium")'),
                levers={"advice": parse("1")},
                budgets=(
                    Budget("seats", 500, carry_over=False),
                    Budget("grant", per_unit=20_000_000, unit="VND", waitlist=True),
                ),
                ration=Ration("lottery"),
                years=(2026, 2027),
            ),
        ),
    )


def test_every_part_knows_where_it_stands(tmp_path: Path) -> None:
    path = str(tmp_path / "programme.yaml")
    credit, advice = loaded(tmp_path).instruments
    assert str(credit.eligible.place) == f"{path}:10: instruments.credit.eligible"
    assert str(credit.levers["loan_share"].place) == f"{path}:13: instruments.credit.levers.loan_share"
    assert credit.ration.by is not None
    assert str(credit.ration.by.place) == f"{path}:15: instruments.credit.ration.by"
    assert str(advice.budgets[1].place) == f"{path}:22: instruments.advice.budget.resource"


def test_names_are_all_that_a_programme_reads(tmp_path: Path) -> None:
    assert loaded(tmp_path).names == ("expected_level_gain", "level", "loan", "market_rate", "sector", "size")


def test_variants_are_whole_programmes_of_their_own(tmp_path: Path) -> None:
    file = load_programme(write(tmp_path, PROGRAMME), BOOK)
    assert tuple(file.variants) == ("advice-only", "guarantee")
    assert file.programmes == (file.base, *file.variants.values())
    alone, guarantee = file.variants.values()
    assert alone == replace(
        file.base,
        id="advice-only",
        title={"vi": "Chỉ tư vấn", "en": "Advice only"},
        note=None,
        instruments=file.base.instruments[1:],
    )
    assert [one.id for one in guarantee.instruments] == ["credit", "advice", "reserve"]
    assert guarantee.instruments[0].levers == {"loan_rate": parse("market_rate")}
    assert guarantee.instruments[1] == file.base.instruments[1]
    assert guarantee.note == {"vi": "Khác", "en": "Another"}
    assert len({one.digest for one in file.programmes}) == 3


def test_amounts_may_be_stated_through_facts_at_their_central_value(tmp_path: Path) -> None:
    (budget,) = load_programme(write(tmp_path, PROGRAMME), BOOK).variants["guarantee"].instruments[0].budgets
    assert (budget.amount, budget.unit) == (750_000_000_000, "VND")


def test_the_facts_behind_amounts_are_kept(tmp_path: Path) -> None:
    file = load_programme(write(tmp_path, PROGRAMME), BOOK)
    assert file.base.amount_facts == ()
    assert file.variants["guarantee"].amount_facts == ("line",)


def test_an_instrument_without_a_budget_needs_no_rationing(tmp_path: Path) -> None:
    reserve = load_programme(write(tmp_path, PROGRAMME), BOOK).variants["guarantee"].instruments[2]
    assert reserve.budgets == ()
    assert reserve.ration == Ration("first_come")


@pytest.mark.parametrize(
    ("written", "years"),
    [
        ("2026..2030", (2026, 2027, 2028, 2029, 2030)),
        ("2026 .. 2027", (2026, 2027)),
        ("2026..2026", (2026,)),
        ("2026", (2026,)),
        ("[2026, 2028]", (2026, 2028)),
    ],
)
def test_years_are_a_span_one_year_or_a_list(written: str, years: tuple[int, ...]) -> None:
    text = PROGRAMME.replace("2026..2030", written).replace("    years: [2026, 2027]\n", "")
    assert parse_programme(text, "x.yaml", BOOK).base.years == years


def test_a_zero_budget_is_a_budget() -> None:
    text = PROGRAMME.replace("amount: 1500e9 VND", "amount: 0")
    assert parse_programme(text, "x.yaml", BOOK).base.instruments[0].budgets[0].amount == 0


def test_large_amounts_keep_every_dong() -> None:
    text = PROGRAMME.replace("amount: 1500e9 VND", "amount: 1_500_000_000_001 VND")
    assert parse_programme(text, "x.yaml", BOOK).base.instruments[0].budgets[0].amount == 1_500_000_000_001


def test_what_was_run_is_written_so_that_it_loads_back_equal(tmp_path: Path) -> None:
    for programme in load_programme(write(tmp_path, PROGRAMME), BOOK).programmes:
        text = to_yaml(programme)
        again = parse_programme(text, "run.yaml")
        assert again.base == programme
        assert again.base.digest == programme.digest
        assert again.variants == {}
        assert to_yaml(again.base) == text


def test_a_digest_depends_on_what_is_said_and_not_on_where(tmp_path: Path) -> None:
    digest = loaded(tmp_path).digest
    assert parse_programme("# a comment\n" + PROGRAMME, "x.yaml", BOOK).base.digest == digest
    swapped = PROGRAMME.replace(
        "      loan_rate: market_rate - 2 point\n      loan_share: 70 %\n",
        "      loan_share: 70 %\n      loan_rate: market_rate - 2 point\n",
    )
    assert parse_programme(swapped, "x.yaml", BOOK).base.digest == digest


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("70 %", "71 %"),
        ("level < 4", "level < 5"),
        ("amount: 1500e9 VND", "amount: 1501e9 VND"),
        ("revolving: true", "revolving: false"),
        ("order: highest", "order: lowest"),
        ("years: [2026, 2027]", "years: [2026]"),
        ("en: Green credit", "en: Greener credit"),
        ("commitment: bank-promise", "commitment: another"),
    ],
)
def test_a_digest_changes_with_everything_that_is_said(tmp_path: Path, old: str, new: str) -> None:
    assert parse_programme(PROGRAMME.replace(old, new), "x.yaml", BOOK).base.digest != loaded(tmp_path).digest


def test_a_digest_changes_with_the_order_in_which_budgets_are_served(tmp_path: Path) -> None:
    programme = loaded(tmp_path)
    turned = replace(programme, instruments=programme.instruments[::-1])
    assert turned.digest != programme.digest
    assert parse_programme(to_yaml(turned), "x.yaml").base == turned


titles = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30).map(str.strip).filter(bool)


@given(title=titles, years=st.sets(st.integers(1900, 2200), min_size=1, max_size=5), amount=st.integers(0, 2**53))
def test_any_programme_is_written_so_that_it_loads_back_equal(title: str, years: set[int], amount: int) -> None:
    programme = Programme(
        id="any",
        title={"vi": title, "en": title},
        model="factories",
        years=tuple(sorted(years)),
        commitment=None,
        note={"vi": title, "en": "x"},
        instruments=(
            Instrument(
                id="one",
                title={"vi": title, "en": title},
                eligible=parse("sector == 'a\"b' or true"),
                levers={"x": parse("1")},
                budgets=(Budget("loan", amount, unit="VND"),),
                ration=Ration("priority", parse("-loan"), "lowest"),
            ),
        ),
    )
    assert parse_programme(to_yaml(programme), "run.yaml").base == programme
