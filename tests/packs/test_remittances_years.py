"""The programme for remittances through its years, and the issues of other countries that it is held against."""

import polars as pl
import pytest

from haidang.learn import run_backtests
from haidang.packs import load_pack
from haidang.population import build_population, margins, missed
from haidang.study import Question, run_study

PROGRAMME = "remittances"
VARIANTS = ("matching", "banks-right", "survey-right")
LIMIT = 800e9


@pytest.fixture(scope="module")
def pack():
    """The first city."""
    return load_pack("hcmc")


@pytest.fixture(scope="module")
def run(pack, tmp_path_factory):
    """Two draws of a few hundred households, with a fund and with each of the two published uses."""
    folder = tmp_path_factory.mktemp("run") / "remittances"
    run_study(pack, Question(PROGRAMME, VARIANTS, draws=2, rows=600, workers=1), folder)
    return folder / "tables"


@pytest.fixture(scope="module")
def totals(run):
    """Every outcome by scenario, draw, year and group."""
    return pl.read_parquet(run / "totals.parquet")


@pytest.fixture(scope="module")
def issues(pack):
    """The forecasts of the diaspora bonds."""
    return run_backtests(pack, names=("diaspora-bonds",), draws=24)[0].as_json()


def summed(totals, outcome, scenario=PROGRAMME, by="all"):
    """An outcome over all years and draws, by group."""
    rows = totals.filter(pl.col("outcome") == outcome, pl.col("scenario") == scenario, pl.col("by") == by)
    return dict(rows.group_by("group").agg(pl.col("value").sum()).iter_rows())


def whole(totals, outcome, scenario=PROGRAMME):
    """An outcome over all years, draws and households."""
    return sum(summed(totals, outcome, scenario).values())


def test_the_households_money_is_the_published_money_by_region_and_by_channel(pack):
    spec = pack.population("remitters")
    assert missed(margins(build_population(spec, pack.book, 2000, 1), spec, pack.book)) == ()


def test_nothing_is_lent_without_a_programme(totals):
    assert whole(totals, "fund_raised", "baseline") == 0
    assert whole(totals, "households", "baseline") == 0


def test_a_year_s_bonds_never_pass_the_issue(run):
    bonds = pl.read_parquet(run / "budgets.parquet").filter(pl.col("resource") == "bond")
    assert (bonds["spent"] <= LIMIT).all()
    assert bonds["spent"].max() > 0


def test_the_cost_is_the_sum_of_its_parts(totals):
    parts = sum(whole(totals, part, "matching") for part in ("interest", "matching", "guarantee_loss"))
    assert whole(totals, "public_cost", "matching") == pytest.approx(parts, rel=1e-6)
    assert whole(totals, "matching", "matching") > 0


@pytest.mark.parametrize("by", ["region", "amount", "bank"])
def test_groups_add_up_to_the_whole(totals, by):
    assert sum(summed(totals, "fund_raised", by=by).values()) == pytest.approx(whole(totals, "fund_raised"))


def test_what_is_lent_leaves_other_uses_by_no_more_than_what_is_lent(totals):
    left = sum(whole(totals, use, "baseline") - whole(totals, use) for use in ("saving", "property", "business"))
    assert 0 < left <= whole(totals, "fund_raised") * (1 + 1e-6)


def test_a_fund_beside_the_bond_raises_more(totals):
    assert whole(totals, "fund_raised", "matching") > whole(totals, "fund_raised")


def test_it_matters_which_published_use_is_right(totals):
    banks, survey = (whole(totals, "fund_raised", name) for name in ("banks-right", "survey-right"))
    assert banks < survey / 2
    assert whole(totals, "saving", "banks-right") == 0
    assert whole(totals, "business", "survey-right") == 0


def test_both_published_uses_are_in_the_book_and_each_draw_takes_one(pack, run):
    fact = pack.book.fact("remit_use_business")
    assert {one.id: one.value for one in fact.rivals} == {"banks-2019": 72.0, "survey-2011": 0.0}
    drawn = pl.read_parquet(run / "facts.parquet").filter(pl.col("fact") == "remit_use_business")["value"]
    assert set(drawn) <= {0.0, 0.72}


def test_the_credit_line_can_run_on_the_money_raised(pack):
    (credit,) = pack.programme("smart-manufacturing-credit").variants["remittances"].instruments
    feed = next(budget.fed_by for budget in credit.budgets if budget.resource == "loan")
    assert (feed.programme, feed.outcome, feed.lag) == ("remittances", "fund_raised", 1)


def test_no_issue_of_another_country_was_fitted_to(issues):
    assert len(issues["cases"]) == 10
    assert not any(case["fitted"] for case in issues["cases"])
    assert issues["scored"] == 10


def test_the_issues_are_ordered_better_than_by_chance_and_the_naive_forecast_is_beaten(issues):
    assert issues["rank"]["tau"] > 0.3
    assert issues["crps"]["model"] < issues["crps"]["naive"]


def test_what_the_note_says_of_savings_held_abroad_is_so(issues):
    below = {case["id"] for case in issues["cases"] if case["outcome"] > case["quantiles"]["95"]}
    assert {"india-1998", "india-2000", "israel"} <= below
