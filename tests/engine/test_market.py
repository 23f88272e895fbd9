"""The market of a period: prices that a pencil finds, trades that sum to the last permit, and the same over parts."""

from dataclasses import replace

import jax
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haidang.engine import ParquetSource, simulate_draw
from haidang.engine.market import EndlessPriceError, before_each, fill, find_price, order_sums
from haidang.engine.tally import OverflowingSumError
from haidang.models import Market
from tests.engine.city import PartsCrew
from tests.engine.exchange import CREW, PLANTS, exchange, market, plants

WORDS = {"vi": "x", "en": "x"}
COARSE = Market(WORDS, "1", "1", ("all",), "floor", "ceiling", step=0.5)


def price_of(demand, floor=0.0, ceiling=100.0):
    return find_price(COARSE, floor, ceiling, demand)


def test_the_price_is_the_lowest_step_at_which_no_bid_is_left_over():
    # Bids 90 - 2p, offers 3p: equal at p = 18; at 17.5 two and a half are left over.
    assert price_of(lambda p: int(10 * (90 - 5 * p))) == 18.0
    assert price_of(lambda p: int(10 * (90.5 - 5 * p))) == 18.5


def test_a_long_market_stays_at_the_floor_and_a_short_one_at_the_ceiling():
    assert price_of(lambda p: -1, floor=7.3) == 7.3
    assert price_of(lambda p: 1, ceiling=42.7) == 42.7
    assert price_of(lambda p: 1, floor=50.0, ceiling=40.0) == 50.0


@given(cross=st.floats(0, 100), floor=st.floats(0, 50), room=st.floats(0, 60))
def test_just_below_the_price_a_bid_is_left_over(cross, floor, room):
    ceiling = floor + room
    price = find_price(COARSE, floor, ceiling, lambda p: 1 if p < cross else 0)
    assert floor <= price <= ceiling
    assert price == floor or price >= min(cross, ceiling)
    assert price == floor or price - 0.5 < cross


def facts_of(setting):
    return tuple(np.zeros(1, np.float32) for _ in setting.years)


def run(setting, crew=None):
    with jax.enable_x64(True):
        return simulate_draw(setting, 0, facts_of(setting), crew and crew(setting, 0, facts_of(setting)))


def outcome(result, name, scenario=1, year=0):
    names = ["units", "abated", "bought", "sold", "missing", "bank", "price", "last"]
    return result.totals[scenario, year, names.index(name), 0]


THREE = [(100.0, 10.0, 50.0), (100.0, 10.0, 200.0), (100.0, 10.0, 400.0)]


def test_the_price_is_the_cost_of_the_last_plant_that_abates():
    # 300 t are emitted and 285 permits given: two of three plants must abate 10 t each; the second does from 201 on.
    result = run(exchange(plants(THREE), market("{given: 95 %, owed: 100 %}")))
    assert result.markets[1][0].price == 201.0
    assert outcome(result, "abated") == 20.0
    assert outcome(result, "missing") == 0.0
    assert result.markets[0][0].price == 0.0


def test_cutting_with_trade_costs_what_the_cheapest_plants_pay_and_without_what_each_pays():
    # 5 t a plant: without trade each pays its own cost, 5 x (50 + 200 + 400); with trade the cheapest two serve all.
    result = run(exchange(plants(THREE), market("{given: 95 %, owed: 100 %}")))
    paid = 10 * 50 + 10 * 200
    assert outcome(result, "abated") * 125 == paid < 5 * (50 + 200 + 400)


def test_a_shortage_meets_the_ceiling_and_leaves_bids_over():
    result = run(exchange(plants(THREE), market("{given: 80 %, owed: 100 %}")))
    # 60 t are missing and 30 can be abated.
    assert result.markets[1][0].price == 1000.0
    assert outcome(result, "missing") == 30.0


def test_a_floor_holds_the_price_of_a_long_market_and_what_is_left_is_banked():
    result = run(exchange(plants(THREE), market("{given: 110 %, owed: 100 %, floor: 60 VND/tCO2e}")))
    assert result.markets[1][0].price == 60.0
    assert outcome(result, "bank") == 40.0, "30 permits too many, and 10 t abated by the plant that pays 50"
    assert outcome(result, "last", year=1) == 3 * 60.0


def test_a_budget_inside_the_market_moves_its_price():
    # There is a crew for one plant a year, which goes where abating is cheapest: the others bid in vain.
    free = run(exchange(plants(THREE), market("{given: 95 %, owed: 100 %}")))
    bound = run(exchange(plants(THREE), market("{given: 95 %, owed: 100 %, open: 0 %}", CREW)))
    assert free.markets[1][0].price == 201.0
    assert bound.markets[1][0].price == 1000.0
    assert bound.budgets[1][0][0].spent == 1
    assert outcome(bound, "missing") == 5.0


rows = st.lists(
    st.tuples(st.integers(1, 5000).map(float), st.integers(0, 300).map(float), st.integers(0, 900).map(float)),
    min_size=1,
    max_size=12,
)


@settings(max_examples=25)
@given(rows=rows, given_=st.sampled_from([80, 97, 120]))
def test_every_permit_is_somewhere(rows, given_):
    setting = exchange(plants(rows), market(f"{{given: {given_} %, owed: 100 %}}"))
    result = run(setting)
    emissions = sum(one for one, _, _ in rows)
    bank = 0.0
    for year in (0, 1):
        assert outcome(result, "bought", year=year) == outcome(result, "sold", year=year)
        permits = sum(float(np.float32(one) * np.float32(given_ / 100)) for one, _, _ in rows)
        handed = emissions - outcome(result, "abated", year=year) - outcome(result, "missing", year=year)
        now = outcome(result, "bank", year=year)
        assert abs(bank + permits - handed - now) <= 2.0 * len(rows), "whole tonnes of fractions of permits"
        bank = now


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**31), given_=st.sampled_from([90, 97, 106]))
def test_parts_that_exchange_sums_find_the_price_and_the_trades_of_one(seed, given_):
    chance = np.random.default_rng(seed)
    many = [
        (float(chance.integers(1, 900)), float(chance.integers(0, 90)), float(chance.integers(0, 900)))
        for _ in range(600)
    ]
    weight = [float(one) for one in chance.integers(1, 5, 600)]
    text = market(f"{{given: {given_} %, owed: 100 %}}")
    one = run(exchange(plants(many, weight), text))
    apart = run(exchange(plants(many, weight), text, block_rows=256), PartsCrew)
    np.testing.assert_array_equal(one.totals, apart.totals)
    assert one.markets == apart.markets


@given(
    orders=st.lists(st.lists(st.integers(-(10**6), 10**6), min_size=1, max_size=8), min_size=1, max_size=4),
)
def test_what_is_bought_is_what_is_sold_and_nobody_trades_more_than_it_asks(orders):
    blocks = [[np.array(one, np.int64)] for one in orders]
    befores, totals = before_each([np.stack([order_sums(one)]) for one in blocks])
    filled = [fill(one, before[0], totals)[0] for one, before in zip(blocks, befores, strict=True)]
    assert sum(int(one.sum()) for one in filled) == 0
    assert sum(int(np.abs(one).sum()) for one in filled) == 2 * min(totals)
    for got, (asked,) in zip(filled, blocks, strict=True):
        assert np.all(np.abs(got) <= np.abs(asked))
        assert np.all(got * asked >= 0)


@pytest.mark.parametrize(("floor", "ceiling"), [(0.0, float("inf")), (float("-inf"), 5.0), (0.0, float("nan"))])
def test_a_price_without_bounds_is_refused(floor, ceiling):
    with pytest.raises(EndlessPriceError, match="a floor and a ceiling"):
        find_price(COARSE, floor, ceiling, lambda p: 0)


def test_orders_that_64_bits_cannot_multiply_are_refused():
    with pytest.raises(OverflowingSumError, match="larger quantum"):
        before_each([np.array([[[2**32, 5]]], np.int64)])


def test_a_population_that_is_streamed_finds_the_same_price(tmp_path):
    chance = np.random.default_rng(2)
    many = [tuple(float(one) for one in chance.integers(1, 900, 3)) for _ in range(600)]
    many = [(emitted, min(abates, emitted), cost) for emitted, abates, cost in many]
    path = tmp_path / "plants.parquet"
    plants(many).write_parquet(path)
    text = market("{given: 80 %, owed: 100 %}")
    one = run(exchange(plants(many), text))
    streamed = exchange(plants(many), text)
    other = run(replace(streamed, source=ParquetSource(path, PLANTS.card, 256)))
    np.testing.assert_array_equal(one.totals, other.totals)
    assert one.markets == other.markets
    assert 0 < one.markets[1][0].price < 1000
