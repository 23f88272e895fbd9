"""What offers are worth, read from a toy city; units drawn to their likes; a plan as one more programme."""

from dataclasses import replace

import numpy as np
import pytest

from haidang.allocate.asked import offers_in, options_of, planned, problem_of, times_of
from haidang.allocate.judged import SIMPLE, judge, overrun
from haidang.allocate.similar import columns_of, own_means, poisson_mean, shrunk
from haidang.allocate.solve import solve
from haidang.allocate.valued import Valued, met_at_start, offers_setting, value_offers
from haidang.allocate.weighted import GOAL, Weighted
from haidang.engine import Scenario
from haidang.models import Lever
from haidang.programmes import parse_programme
from haidang.study.offers import OfferError, offers_of, resources_of
from haidang.study.planned import FIRST_COME, Served, plan_programme, plan_returns
from haidang.study.resource import Resource, term_of
from tests.engine.city import FACTS, TOY, YEARS, city, facts, instrument, programme

MEMBERS = instrument(
    "members", eligible="member", levers="grant_share: 80 %", budget="resource: grant, amount: 60e6 VND"
)
SOUTH = instrument("south", eligible='place == "south"', levers="grant_share: 50 %", budget="")
PERIODS = tuple((year, 12) for year in YEARS)
FILE = parse_programme(programme(MEMBERS, SOUTH), "toy.yaml")
OFFERS = offers_of(FILE)
ROWS, DRAWS = 120, 12
LENDING = replace(
    TOY.card,
    levers={**TOY.card.levers, "term": Lever("year", 4.0)},
    resources={"grant": replace(TOY.card.resources["grant"], returns="term")},
)
"""A card on which what is given comes back over four years, unless an instrument says otherwise."""
LOANS = parse_programme(
    programme(instrument("loan", levers="term: 2.5", budget="resource: grant, amount: 60e6 VND, revolving: true")),
    "toy.yaml",
)


@pytest.fixture(scope="module")
def table():
    return city(ROWS, 3).sort("id")


@pytest.fixture(scope="module")
def setting(table):
    from haidang.engine import MemorySource

    return offers_setting(TOY, FILE.base, OFFERS, MemorySource(table, TOY.card), FACTS, 5, PERIODS)


@pytest.fixture(scope="module")
def valued(setting):
    return value_offers(setting, OFFERS, ["bought"], [], lambda _: facts(), DRAWS)


def test_instruments_with_the_same_terms_are_one_offer():
    variants = """variants:
  again:
    title: {vi: a, en: a}
    instruments:
      members:
        title: {vi: a, en: a}
        eligible: member
        levers: {grant_share: 80 %}
        ration: first_come
  dearer:
    title: {vi: d, en: d}
    instruments:
      members:
        title: {vi: d, en: d}
        eligible: member
        levers: {grant_share: 90 %}
        ration: first_come
"""
    found = offers_of(parse_programme(programme(MEMBERS) + variants, "toy.yaml"))
    assert [(one.id, one.own) for one in found] == [("members", True), ("dearer", False)]


def test_an_unknown_offer_is_answered_with_the_nearest():
    with pytest.raises(OfferError, match="did you mean 'members'"):
        offers_of(FILE, ["member"])


def test_offers_that_come_after_one_another_in_a_circle_are_named():
    with pytest.raises(OfferError, match="found members after south after members"):
        options_of(OFFERS, 1, {"members": "south", "south": "members"})


def test_budgets_of_one_resource_are_one_budget():
    both = parse_programme(
        programme(
            instrument("one", budget="resource: grant, amount: 10e6 VND, per_year: 5e6 VND"),
            instrument(
                "two", levers="grant_share: 10 %", budget="resource: grant, amount: 20e6 VND, per_year: 7e6 VND"
            ),
        ),
        "toy.yaml",
    )
    (found,) = resources_of(both, TOY.card, YEARS, {})
    assert (found.total, found.per_year, found.carry_over) == (30e6, (12e6,) * 3, True)


def test_what_is_lent_comes_back_in_the_months_of_a_model_of_months():
    (yearly,) = resources_of(LOANS, LENDING, YEARS, {})
    # The plan reckons in whole years and never with more than has come back.
    assert (yearly.term, yearly.returned) == (2.5, (1 / 3,) * 3)
    scenario = Scenario("plan", plan_programme(LOANS.base, "plan", offers_of(LOANS), [yearly]))
    assert plan_returns(scenario, [yearly], LENDING) == (2,)
    assert plan_returns(scenario, [yearly], replace(LENDING, period="month")) == (30,)


def test_the_term_is_that_of_the_instrument_and_not_the_model_s_default():
    assert term_of(LENDING, LOANS.base.instruments[0], "grant", {}.__getitem__) == 2.5
    bare = replace(LOANS.base.instruments[0], levers={})
    assert term_of(LENDING, bare, "grant", {}.__getitem__) == 4.0


def test_an_offer_moves_only_those_it_is_made_to(table, valued):
    outside = ~table["member"].to_numpy()
    for one in (valued.more, valued.less):
        assert not one["bought"][:, outside, :, 0].any()
    assert valued.mean("bought")[~outside, :, 0].sum() > 0


def test_the_same_draws_give_the_same_worth(setting, valued):
    again = value_offers(setting, OFFERS, ["bought"], [], lambda _: facts(), DRAWS)
    assert (again.more["bought"] == valued.more["bought"]).all()
    assert (again.less["bought"] == valued.less["bought"]).all()


def test_who_meets_a_condition_is_known_before_the_first_year(table, setting):
    met = met_at_start(setting, [one.instrument.eligible for one in OFFERS], facts())
    assert (met[:, 0] == table["member"].to_numpy()).all()
    assert (met[:, 1] == (table["place"] == "south").to_numpy()).all()


def test_a_mean_over_some_groups_is_that_of_their_draws(valued):
    first = np.zeros(len(valued.draws))
    first[0] = 1.0
    assert valued.mean("bought", first) == pytest.approx(valued.more["bought"][0] - valued.less["bought"][0])


def test_poisson_means_add_up_and_find_the_slope():
    chance = np.random.default_rng(0)
    column = chance.normal(size=4000)
    column = (column - column.mean()) / column.std()
    seen = chance.poisson(np.exp(-1.0 + 0.8 * column)).astype(float)
    fitted = poisson_mean(seen, column[:, None])
    assert fitted.sum() == pytest.approx(seen.sum())
    # log of the fitted mean rises by 0.8 for each unit of the column, within four standard errors of about 0.025.
    assert np.polyfit(column, np.log(fitted), 1)[0] == pytest.approx(0.8, abs=0.1)


def noisy(units: int = 400, groups: int = 16) -> tuple[Valued, np.ndarray, np.ndarray]:
    """Units whose true value is exp(column), seen with rare and large luck."""
    chance = np.random.default_rng(1)
    column = chance.normal(size=units)
    column = (column - column.mean()) / column.std()
    true = np.exp(column)
    seen = 20.0 * chance.poisson(true / 20.0, (groups, units))[:, :, None, None].astype(np.float32)
    ones = np.ones(units)
    valued = Valued(
        np.arange(units),
        ones,
        (2026,),
        OFFERS[:1],
        np.ones(groups, int),
        {"x": seen},
        {"x": np.zeros_like(seen)},
        seen.sum(axis=(1, 2)),
    )
    return valued, column[:, None], true


def test_what_is_drawn_to_its_likes_is_nearer_the_truth_than_its_own_luck():
    valued, columns, true = noisy()
    may = np.ones((len(true), 1), bool)
    drawn, own = shrunk(valued, "x", columns, may), own_means(valued, "x")
    error = [float(((one.mean[:, 0, 0] - true) ** 2).mean()) for one in (drawn, own)]
    assert error[0] < 0.3 * error[1]
    assert drawn.mean.sum() == pytest.approx(own.mean.sum(), rel=0.05)


def test_a_unit_that_may_not_be_offered_is_given_nothing():
    valued, columns, true = noisy()
    may = (np.arange(len(true)) % 2 == 0)[:, None]
    assert not shrunk(valued, "x", columns, may).mean[~may[:, 0]].any()


def test_columns_are_logs_flags_and_words():
    found = columns_of(city(50, 1), TOY.card.attributes)
    assert found.shape == (50, 3)
    assert np.abs(found.mean(axis=0)).max() < 1e-9


def test_an_offer_may_be_made_every_year_where_a_plan_can_hold_it():
    assert times_of(5, 4) == 5
    assert times_of(5, 20) == 3
    assert times_of(12, 5) == 1


def test_the_plan_takes_the_worthiest_that_the_budget_holds():
    units = 4
    shape = (1, units, 1, 1)
    worth = np.array([4.0, 3.0, 2.0, 1.0]).reshape(shape)
    cost = np.array([2.0, 1.0, 1.0, 1.0]).reshape(shape)
    none = {"a": np.zeros(shape), "b": np.zeros(shape)}
    valued = Valued(
        np.arange(units),
        np.ones(units),
        (2026,),
        OFFERS[:1],
        np.ones(1, int),
        {"a": worth, "b": cost},
        none,
        worth.sum(axis=(1, 2)),
    )
    estimates = {name: valued.mean(name) for name in ("a", "b")}
    money = (Resource("b", total=3.0),)
    problem = problem_of(valued, "a", estimates, money, np.ones((units, 1), bool))
    offered = offers_in(problem, solve(problem, seconds=20).choice, 1)
    # 4 + 3 for a cost of 2 + 1 is the most that three buy.
    assert offered[:, 0].tolist() == [0, 0, -1, -1]
    assert planned(estimates["a"], offered).sum() == 7.0


def test_a_plan_in_the_engine_serves_whom_it_names_in_the_year_it_names(table, valued):
    plan = np.full((ROWS, len(YEARS)), -1, np.int8)
    members = np.flatnonzero(table["member"].to_numpy())
    plan[members, 1] = 0
    money = (Resource("grant", total=1e12),)
    found = judge(
        TOY, FILE.base, table, {"plan": plan}, {"plan": FIRST_COME}, OFFERS, money, np.ones(ROWS),
        lambda years: (FACTS, lambda _: facts(years=len(years))), PERIODS, draws=6, seed=5,
    )  # fmt: skip
    spent = found.trials["plan"].spent["grant"]
    assert (spent[:, 1] > 0).all()
    assert not spent[:, [0, 2]].any()
    assert set(found.trials) == {"plan", *SIMPLE}
    # With money enough nobody is refused, so honouring every offer changes nothing.
    assert (found.honoured["plan"].added["bought"] == found.trials["plan"].added["bought"]).all()


def test_a_plan_never_spends_more_than_its_budget(table):
    plan = np.where(table["member"].to_numpy(), 0, -1).astype(np.int8)[:, None].repeat(3, axis=1)
    money = (Resource("grant", total=20e6),)
    found = judge(
        TOY, FILE.base, table, {"plan": plan}, {"plan": FIRST_COME}, OFFERS, money, np.ones(ROWS),
        lambda years: (FACTS, lambda _: facts(years=len(years))), PERIODS, draws=3, seed=5,
    )  # fmt: skip
    assert (found.trials["plan"].spent["grant"].sum(axis=1) <= 20e6).all()
    assert overrun(money[0], found.honoured["plan"].spent["grant"]).all()


def test_a_total_is_opened_year_by_year_and_what_is_left_is_carried_on(table):
    plan = np.where(table["member"].to_numpy(), 0, -1).astype(np.int8)[:, None].repeat(3, axis=1)
    money, opened = (Resource("grant", total=400e6),), (1_000, 150_000_000, 249_999_000)
    found = judge(
        TOY, FILE.base, table, {"plan": plan}, {"plan": Served(tranches={"grant": opened})}, OFFERS, money,
        np.ones(ROWS), lambda years: (FACTS, lambda _: facts(years=len(years))), PERIODS, draws=3, seed=5,
    )  # fmt: skip
    out = np.cumsum(found.trials["plan"].spent["grant"], axis=1)
    assert (out <= np.cumsum(opened)).all()
    assert not out[:, 0].any()
    assert (out[:, 1] > 0).all()
    assert (out[:, 2] > opened[2]).any()
    # Honouring every offer knows no tranche either.
    assert (found.honoured["plan"].spent["grant"][:, 0] > opened[0]).all()


def test_an_overrun_is_counted_by_year_with_what_was_carried_over():
    spent = np.array([[5.0, 15.0], [15.0, 5.0], [10.0, 10.0]])
    assert overrun(Resource("x", per_year=(10.0, 10.0), carry_over=True), spent).tolist() == [False, True, False]
    assert overrun(Resource("x", per_year=(10.0, 10.0)), spent).tolist() == [True, True, False]
    assert overrun(Resource("x", total=19.0), spent).tolist() == [True] * 3
    # Half of what was lent comes back a year later: 15, then 15 - 7.5 + 5 = 12.5 are out.
    assert overrun(Resource("x", total=15.0, returned=(0.5, 0.5)), spent).tolist() == [True, False, False]


def test_a_weighted_goal_is_the_sum_of_its_outcomes_in_every_cell(setting, valued):
    weights = {name: 0.5 + at for at, name in enumerate(TOY.card.tracked)}
    both = Weighted(TOY, weights)
    again = replace(setting, model=both, programs=offers_setting(
        both, FILE.base, OFFERS, setting.source, FACTS, 5, PERIODS).programs)  # fmt: skip
    found = value_offers(again, OFFERS, [GOAL, *weights], [], lambda _: facts(), DRAWS)
    summed = sum(weight * found.mean(name) for name, weight in weights.items())
    assert found.mean(GOAL) == pytest.approx(summed, rel=1e-3, abs=1e-3)
    assert (found.mean("bought") == valued.mean("bought")).all()


def test_a_weighted_goal_of_what_is_not_there_is_answered_with_the_nearest():
    with pytest.raises(OfferError, match="did you mean 'bought'"):
        Weighted(TOY, {"bougth": 1.0})
