"""Who is served: the exact cut against a slow plain loop, and a lottery in which every unit has the same chance."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from haidang.engine.chance import stream_key, tie_breakers
from haidang.engine.rationing import Queue, serve
from haidang.engine.tally import OverflowingSumError


def queue_of(entries):
    """A queue from (id, priority, tie, amount, divisible)."""
    columns = list(zip(*entries, strict=True)) or [()] * 5
    kinds = (np.int64, np.float64, np.uint32, np.int64, np.bool_)
    return Queue(*(np.array(column, kind) for column, kind in zip(columns, kinds, strict=True)))


def serve_plainly(entries, available):
    """Shares and what was spent, one entry at a time with whole numbers."""
    shares, left, shut = [0.0] * len(entries), available, available <= 0
    first_come = sorted(
        range(len(entries)),
        key=lambda k: (
            math.isnan(entries[k][1]),
            0 if math.isnan(entries[k][1]) else -entries[k][1],
            *entries[k][2::-2],
        ),
    )
    for k in first_come:
        amount, divisible = entries[k][3:]
        if shut:
            break
        if amount <= left:
            shares[k], left = 1.0, left - amount
            continue
        shut = True
        if divisible and left > 0:
            shares[k], left = left / amount, 0
    return shares, max(available, 0) - left if available > 0 else 0


priorities = st.sampled_from([0.0, -0.0, 1.0, 2.5, -3.0, math.inf, -math.inf, math.nan])
entry = st.tuples(priorities, st.integers(0, 3), st.integers(1, 10**13) | st.integers(1, 9), st.booleans())
queues = st.lists(entry, max_size=12).flatmap(
    lambda rows: st.lists(st.integers(0, 2**62), min_size=len(rows), max_size=len(rows), unique=True).map(
        lambda ids: [(one, *row) for one, row in zip(ids, rows, strict=True)]
    )
)


@st.composite
def crowded(draw):
    entries = draw(queues)
    whole = sum(row[3] for row in entries)
    prefix = sum(row[3] for row in entries[: draw(st.integers(0, len(entries)))])
    return entries, draw(st.sampled_from([0, -1, prefix, prefix + 1, max(prefix - 1, 0), whole, 10**18]))


@given(crowded())
def test_the_cut_is_that_of_a_plain_loop(case):
    entries, available = case
    shares, spent = serve_plainly(entries, available)
    found = serve(queue_of(entries), available)
    assert found.share.tolist() == shares
    assert found.spent == spent


@given(crowded())
def test_the_money_is_never_exceeded_and_is_spent_to_within_the_next_request(case):
    entries, available = case
    found = serve(queue_of(entries), available)
    assert 0 <= found.spent <= max(available, 0)
    left = max(available, 0) - found.spent
    refused = [row for row, share in zip(entries, found.share, strict=True) if share == 0.0]
    if refused and left:
        assert left < max(row[3] for row in refused)
    if np.any((found.share > 0) & (found.share < 1)):
        assert left == 0
        assert np.sum((found.share > 0) & (found.share < 1)) == 1


@given(crowded(), st.randoms(use_true_random=False))
def test_permuting_the_queue_changes_nothing(case, order):
    entries, available = case
    mixed = list(entries)
    order.shuffle(mixed)
    found, again = serve(queue_of(entries), available), serve(queue_of(mixed), available)
    own = {row[0]: share for row, share in zip(entries, found.share, strict=True)}
    assert {row[0]: share for row, share in zip(mixed, again.share, strict=True)} == own
    assert found.spent == again.spent


@given(crowded(), st.integers(1, 10**12))
def test_more_money_serves_nobody_less(case, more):
    entries, available = case
    small, large = (serve(queue_of(entries), max(money, 0)) for money in (available, max(available, 0) + more))
    assert np.all(large.share >= small.share)


def test_equal_priorities_fall_by_the_tie_word_and_then_by_the_id():
    entries = [(9, 1.0, 5, 10, False), (4, 1.0, 5, 10, False), (7, 1.0, 2, 10, False), (1, 0.0, 0, 10, False)]
    assert serve(queue_of(entries), 10).share.tolist() == [0, 0, 1, 0]
    assert serve(queue_of(entries), 20).share.tolist() == [0, 1, 1, 0]
    assert serve(queue_of(entries), 30).share.tolist() == [1, 1, 1, 0]


def test_a_priority_that_is_not_a_number_is_served_last():
    entries = [(1, math.nan, 0, 10, False), (2, -math.inf, 9, 10, False), (3, -5.0, 9, 10, False)]
    assert serve(queue_of(entries), 10).share.tolist() == [0, 0, 1]
    assert serve(queue_of(entries), 20).share.tolist() == [0, 1, 1]
    assert serve(queue_of(entries), 30).share.tolist() == [1, 1, 1]


def test_nobody_behind_one_who_does_not_fit_is_served_in_its_stead():
    entries = [(1, 3.0, 0, 60, False), (2, 2.0, 0, 60, False), (3, 1.0, 0, 10, False)]
    found = serve(queue_of(entries), 100)
    assert found.share.tolist() == [1, 0, 0]
    assert found.spent == 60


def test_a_row_of_many_units_gets_what_is_left():
    entries = [(1, 3.0, 0, 60, False), (2, 2.0, 0, 60, True), (3, 1.0, 0, 10, True)]
    found = serve(queue_of(entries), 100)
    assert found.share.tolist() == [1, 40 / 60, 0]
    assert found.spent == 100


def test_an_empty_queue_and_an_empty_budget_serve_nobody():
    assert serve(queue_of([]), 100).spent == 0
    assert serve(queue_of([(1, 0.0, 0, 10, True)]), 0).share.tolist() == [0]


def test_requests_whose_sum_is_too_large_to_count_are_refused_and_not_wrapped_around():
    entries = [(k, 0.0, k, 2**61, False) for k in range(6)]
    with pytest.raises(OverflowingSumError):
        serve(queue_of(entries), 10**9)


def test_every_unit_of_a_lottery_has_the_same_chance():
    units, places, runs = 40, 10, 4000
    ids = np.arange(units, dtype=np.int64) * 977 + 12
    one = np.ones(units, np.int64)
    served = np.zeros(units)
    for run in range(runs):
        tie = tie_breakers(stream_key(4, run, "queue", "grant/grant", 0), ids)
        served += serve(Queue(ids, np.zeros(units), tie, one, one < 0), places).share
    chance = places / units
    spread = ((served - runs * chance) ** 2).sum() / (runs * chance * (1 - chance)) * (units - 1) / units
    assert served.sum() == runs * places
    assert stats.chi2.sf(spread, units - 1) > 1e-3


def test_winning_one_lottery_says_nothing_about_the_next():
    ids = np.arange(4000, dtype=np.int64)
    first, second = (tie_breakers(stream_key(4, 0, "queue", name, 0), ids) for name in ("a/grant", "b/grant"))
    both = np.mean((first < 2**31) & (second < 2**31))
    assert abs(both - 0.25) < 4 * math.sqrt(0.25 * 0.75 / 4000)
