"""The permit market through the years: every permit accounted for, and prices that a pencil finds."""

from dataclasses import dataclass
from functools import cache

import jax
import numpy as np
import polars as pl
import pytest

from haidang.engine import MemorySource, Scenario, Setting, compile_scenario, simulate_draw
from haidang.engine.draw import LocalCrew
from haidang.packs import load_pack
from haidang.packs.hcmc.models.carbon import CARD
from haidang.population import build_population
from haidang.programmes import parse_programme
from haidang.study import Question, scenarios_of, setting_of
from haidang.study.draws import FactDraws, facts_read
from tests.packs.permits import CODES, FACTS, MODEL, USUAL

NAMES = ("units", *(one.id for one in CARD.outcomes))


@dataclass
class Market:
    """One draw of the shipped programme, with the permits in the accounts after its last year."""

    setting: Setting
    facts: dict
    table: pl.DataFrame
    result: object
    banks: list

    def of(self, scenario, name):
        """An outcome of all facilities together, by year."""
        return self.result.totals[scenario, :, NAMES.index(name), 0]

    def prices(self, scenario=1):
        """The price by year."""
        return [one.price for one in self.result.markets[scenario]]


@pytest.fixture(scope="module")
def pack():
    return load_pack("hcmc")


@pytest.fixture(scope="module")
def setting(pack):
    """The baseline, the programme, and its quotas without trade, over the shipped facilities."""
    question = Question("carbon-market", ("no-trade",), draws=1, workers=1)
    programmes = scenarios_of(pack, question)
    table = build_population(pack.population("carbon-facilities"), pack.book).table
    facts = FactDraws(pack.book, facts_read(pack.book, CARD, [one for _, one in programmes]), 1, 1)
    return setting_of(pack, programmes, MemorySource(table, CARD), facts.names, 1), facts, table


def run(setting, **changed):
    """The programme at the stated facts, but for what is changed."""
    shared, facts, table = setting
    stated = [dict(zip(facts.names, one, strict=True)) | changed for one in facts.of(0, shared.years)]
    given = tuple(np.array(list(one.values()), np.float32) for one in stated)
    with jax.enable_x64(True):
        crew = LocalCrew(shared, [0], [given])
        result = simulate_draw(shared, 0, given, crew)
        sides = crew._part.sides
        banks = [np.asarray(one.holdings.seen(0)[0]["bank"])[: table.height].astype(np.int64) for one in sides]
    return Market(shared, stated[0], table, result, banks)


@pytest.fixture(scope="module")
def market(setting):
    return run(setting)


def test_what_is_given_auctioned_and_credited_is_what_is_surrendered_and_banked_to_the_tonne(market):
    # Issued: permits given and those sold by auction, the rest being cancelled; owed: surrendered and missing.
    for scenario in (1, 2):
        issued = market.of(scenario, "surplus") + market.of(scenario, "surrendered") + market.of(scenario, "shortage")
        kept = market.of(scenario, "surrendered") + market.of(scenario, "banked")
        np.testing.assert_array_equal(issued + market.of(scenario, "offsets"), kept)
        assert issued[0] == 243_082_392
        assert issued[1] == 268_391_454


def test_auctions_begin_in_2029_and_sell_no_more_than_is_held_back(market):
    sold = market.of(1, "auctioned")
    assert np.all(sold[:4] == 0)
    assert np.all(sold[4:] > 0)
    given = (market.of(1, "surplus") + market.of(1, "surrendered") + market.of(1, "shortage") - sold)[4:]
    share = market.facts["carbon_auction_share"]
    assert np.all(sold[4:] <= given / (1 - share) * share + 110)
    np.testing.assert_allclose(market.of(1, "public_revenue")[4:], sold[4:] * market.prices()[4:], rtol=1e-6)


def test_what_is_put_aside_in_all_years_is_what_the_accounts_hold_at_the_end(market):
    for scenario in (1, 2):
        assert market.of(scenario, "banked").sum() == market.banks[scenario].sum()
        assert (market.banks[scenario] >= 0).all()


def test_nobody_misses_a_permit_while_others_have_some_to_sell(market):
    for place, record in enumerate(market.result.markets[1]):
        assert record.traded == min(record.bid, record.offered)
        assert market.of(1, "shortage")[place] == record.bid - record.traded


def test_without_trade_nothing_is_traded_and_some_are_short_while_others_are_long(market):
    assert all(record.bid == record.offered == 0 for record in market.result.markets[2])
    assert np.all(market.of(2, "price") == 0)
    assert market.of(2, "shortage").sum() > 0
    assert market.of(2, "bank")[-1] > market.of(1, "bank")[-1]


def test_the_baseline_has_no_permits_and_no_price(market):
    for name in ("price", "surrendered", "bank", "surplus", "shortage", "offsets", "public_revenue", "offset_room"):
        assert np.all(market.of(0, name) == 0)
    assert np.all(market.of(0, "emissions_avoided") >= 0)


def test_the_published_quotas_make_the_market_long_and_the_price_near_its_floor(market):
    floor, ceiling = market.facts["carbon_trade_cost"], market.facts["carbon_penalty"]
    assert np.all(market.of(1, "surplus") > 0)
    assert np.all(market.of(1, "shortage") == 0)
    assert all(floor <= price < floor + 0.05 * (ceiling - floor) for price in market.prices())


def test_nothing_but_the_facts_makes_it_so(setting, market):
    # Were emissions a fifth above what the quotas cover, the same code finds a market that is short.
    short = run(setting, carbon_cover=0.8)
    assert np.all(short.of(1, "surplus")[[0, 2, 3, 4, 5]] < 0)
    assert min(short.prices()[2:]) > 0.5 * market.facts["carbon_penalty"]
    assert short.of(1, "shortage").sum() > 0
    assert short.of(1, "emissions_avoided").sum() > 2 * market.of(1, "emissions_avoided").sum()
    assert short.of(1, "city_revenue").sum() > market.of(1, "city_revenue").sum()


def test_credits_stay_far_below_their_limit(market):
    assert np.all(market.of(1, "offset_room") > 0.29 * market.of(1, "surrendered"))


# --- cases of a pencil ---

SHARP = {
    "carbon_occasion": 1.0,
    "carbon_hurdle": 0.0,
    "carbon_choice_spread": 1e-4,
    "carbon_output_spread": 1e-9,
    "carbon_active_share": 1.0,
    "carbon_waste_fuel_cost": 10.0,
    "carbon_discount": 1e6,  # nobody keeps a permit for later
    "carbon_cover": 1.0,
}
PROGRAMME = """\
id: p
title: {vi: x, en: x}
model: carbon
years: 2025..2026
instruments:
  market:
    title: {vi: x, en: x}
    eligible: load > 0
    levers: {obligation: 100 %, offset_limit: 30 %LEVERS}
  credits:
    title: {vi: x, en: x}
    eligible: credits > 0 tCO2e
    levers: {city_share: 100 %, credits_open: 1}
    budget: {resource: offsets, per_year: 1500 tCO2e, carry_over: false}
    ration: {by: cost_scale, order: lowest}
"""
TEN = [1.0 + 0.1 * k for k in range(10)]
TRADE, ALONE = "", ", trade: 0"
PENCIL = {**FACTS, **SHARP}


@cache
def compiled(levers):
    """A scenario and its programs: the baseline, or the programme with these levers."""
    text = None if levers is None else parse_programme(PROGRAMME.replace("LEVERS", levers), "p.yaml").base
    scenario = Scenario("baseline" if text is None else "p", text)
    return scenario, compile_scenario(MODEL, scenario, CODES, tuple(PENCIL))


def pencil(*levers, credits=0.0, load=1.02):
    """Ten kilns that emit more than their million permits and can cut a tenth each, the first at 10 dollars a tonne.

    And three projects of so many credits a year.
    """
    kiln = {**USUAL, "kind": "cement", "quota_2026": 1e6, "load": load, "heat_recovery": True}
    project = {**USUAL, "kind": "lighting", "quota_2025": 0.0, "quota_2026": 0.0, "credits": credits}
    rows = [{**kiln, "cost_scale": scale} for scale in TEN] + [
        {**project, "cost_scale": one} for one in (0.9, 0.3, 0.6)
    ]
    table = pl.DataFrame([{"id": place, "weight": 1.0, **row} for place, row in enumerate(rows)])
    scenarios, programs = zip(*(compiled(one) for one in (None, *levers)), strict=True)
    returns = tuple(tuple(0 for _ in one.slots) for one in scenarios)
    source = MemorySource(table, CARD)
    shared = Setting(MODEL, source, scenarios, programs, (2025, 2026), 1, tuple(PENCIL), returns)
    given = (np.array(list(PENCIL.values()), np.float32),) * 2
    with jax.enable_x64(True):
        return simulate_draw(shared, 0, given)


def total(result, scenario, name, year=0):
    return result.totals[scenario, year, NAMES.index(name), 0]


@pytest.fixture(scope="module")
def cases():
    """With trade, and each for itself."""
    return pencil(TRADE, ALONE)


def test_the_price_is_the_cost_of_the_last_kiln_that_cuts(cases):
    # Each owes 20,000 too many. One that cuts 102,000 has 82,000 to sell: two serve the eight others' 160,000. The
    # second cuts at 25,000 x 10 x 1.1 = 275,000 VND; prices move by 500.
    assert cases.markets[1][0].price in (275_000.0, 275_500.0)
    assert total(cases, 1, "emissions_avoided") == pytest.approx(204_000, rel=1e-5)
    assert total(cases, 1, "shortage") == 0
    assert total(cases, 1, "banked") == 4000


def test_cutting_with_trade_costs_what_the_two_cheapest_pay(cases):
    assert total(cases, 1, "abatement_cost") == pytest.approx(102_000 * 250_000 * (1.0 + 1.1), rel=1e-4)


def test_without_trade_it_costs_what_command_and_control_costs(cases):
    # Each kiln that can cut for less than the penalty of 620,000 does: all ten, at 250,000 to 475,000.
    assert total(cases, 2, "emissions_avoided") == pytest.approx(1_020_000, rel=1e-5)
    assert total(cases, 2, "abatement_cost") == pytest.approx(102_000 * 250_000 * sum(TEN), rel=1e-4)
    assert total(cases, 2, "shortage") == 0
    assert total(cases, 1, "abatement_cost") < total(cases, 2, "abatement_cost")


def test_a_measure_that_is_there_goes_on_and_what_was_banked_counts(cases):
    # The second year needs no further kiln: 160,000 are bid at any price, 168,000 lie ready.
    assert total(cases, 1, "emissions_avoided", 1) == pytest.approx(204_000, rel=1e-5)
    assert cases.markets[1][1].price == 20_000.0


def test_a_market_that_cannot_cut_enough_pays_the_penalty_for_the_rest():
    # 200,000 too many a kiln, and a tenth of 1,200,000 can be cut: 80,000 a kiln are missing.
    result = pencil(TRADE, load=1.2)
    assert result.markets[1][0].price == 620_000.0
    assert total(result, 1, "shortage") == pytest.approx(800_000, abs=10)


def test_credits_are_admitted_cheapest_first_up_to_the_budget():
    # Three projects of 1,000 credits, built in the first year of a short market; 1,500 are admitted, so one may sell.
    result = pencil(TRADE, load=1.2, credits=1000.0)
    assert total(result, 1, "offsets", 0) == 0
    assert total(result, 1, "offsets", 1) == 1000
    record = result.budgets[1][1][0]
    assert (record.requested, record.spent) == (3000, 1000)
    assert total(result, 1, "city_revenue", 1) == 1000 * result.markets[1][1].price


def test_all_the_city_s_credits_are_far_below_a_limit_of_ten_percent(pack):
    # 1.23 + 0.38 + 0.05 + 3.46 million tonnes a year under a tenth of 243 million, as the variant's note says.
    supply = build_population(pack.population("carbon-facilities"), pack.book).table["credits"].sum()
    assert supply == pytest.approx(5.12e6, rel=1e-3)
    assert 4 * supply < 0.1 * pack.book.value("carbon_cap_2025")
