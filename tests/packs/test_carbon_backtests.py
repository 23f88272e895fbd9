"""The permit market's forecasts laid beside what came: sealed, scored, and said to be worse where they are."""

import pytest

from haidang.learn import run_backtests
from haidang.packs import load_pack


@pytest.fixture(scope="module")
def found():
    """Each quantity's entry as a run keeps it."""
    pack = load_pack("hcmc")
    names = ("carbon-first-day", "carbon-first-years")
    return {one["id"]: one for one in (result.as_json() for result in run_backtests(pack, names, draws=32))}


def test_what_came_is_never_read(found):
    for one in found.values():
        assert one["cutoff"] == "2026-06-28"
        outcomes = {case["id"] for case in one["cases"]} | {"carbon_exchange_price"}
        assert not outcomes & set(one["read"])
        assert one["programmes"] == ["carbon-market"]


def test_the_first_day_s_price_lies_inside_and_the_naive_forecast_is_said_to_be_better(found):
    one = found["carbon-first-day/first-price"]
    assert one["outcome"] == 136_000
    assert one["covered90"]
    assert one["worse_than_naive"]


def test_other_markets_are_a_reference_class_and_each_is_scored(found):
    assert found["carbon-first-years/first-price"]["scored"] == 8
    change = found["carbon-first-years/price-change"]
    assert change["scored"] == 6
    assert change["coverage90"] >= 0.5
    assert change["quantiles"]["50"] < 1, "a market that is long sees its price fall once that is known"
    assert found["carbon-first-years/turnover"]["quantiles"]["95"] < 10
