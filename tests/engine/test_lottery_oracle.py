"""Lotteries against choicemodels' iterative lottery (UDST): the same units served equally often, the same places used.

The oracle seats choosers in a random order until an alternative is full and lets the others choose again among what is
left. Where requests differ in size it goes on to smaller ones behind the first that does not fit, which the engine
never does; its first round alone is the engine's rule, so there it is stopped after one.
"""

import contextlib
import io

import numpy as np
import pandas as pd
import pytest
from choicemodels.tools import MergedChoiceTable, iterative_lottery_choices
from scipy import stats

from haidang.engine.chance import stream_key, tie_breakers
from haidang.engine.rationing import Queue, serve
from tests.engine.plain_service import Town, serve_by_engine

# choicemodels 0.3 calls pandas in ways that pandas 3 says it will drop in its next version.
pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
]

UNITS = 60


def seats(sizes, capacities, probabilities, seed, rounds=None):
    """Who sits where by the oracle: for each chooser the alternative, or -1."""
    np.random.seed(seed)
    choosers = pd.DataFrame({"size": sizes}, index=pd.RangeIndex(len(sizes), name="chooser"))
    places = pd.DataFrame({"room": capacities}, index=pd.RangeIndex(len(capacities), name="place"))

    def merge(some, left, intx_ops=None):
        return MergedChoiceTable(some, left)

    def chances(table):
        index = table.to_frame().index
        weight = probabilities[index.get_level_values(0), index.get_level_values(1)]
        total = pd.Series(weight, index=index).groupby(level=0, sort=False).transform("sum")
        return pd.Series(weight / total.to_numpy(), index=index)

    with contextlib.redirect_stdout(io.StringIO()):
        found = iterative_lottery_choices(
            choosers, places, merge, chances, alt_capacity="room", chooser_size="size", max_iter=rounds
        )
    seated = np.full(len(sizes), -1)
    seated[found.index.to_numpy(dtype=int)] = found.to_numpy(dtype=int)
    return seated


def queue(sizes, run):
    """The same choosers in the engine's queue."""
    ids = np.arange(len(sizes), dtype=np.int64)
    tie = tie_breakers(stream_key(9, run, "queue", "seats/room", 0), ids)
    return Queue(ids, np.zeros(len(sizes)), tie, np.asarray(sizes, np.int64), np.zeros(len(sizes), bool))


def alike(one, other, runs):
    """Whether two counts out of so many runs may come from one chance."""
    table = np.array([[one, other], [runs - one, runs - other]])
    return True if table.min() == 0 else stats.chi2_contingency(table).pvalue > 1e-3


def test_equal_requests_are_served_equally_often_and_fill_the_same_places():
    runs, room = 150, 23
    sizes, even = np.ones(UNITS, int), np.ones((UNITS, 1))
    oracle = sum((seats(sizes, [room], even, run) == 0).astype(int) for run in range(runs))
    engine = sum(serve(queue(sizes, run), room).share for run in range(runs))
    assert oracle.sum() == engine.sum() == runs * room
    for served in (oracle, engine):
        spread = ((served - runs * room / UNITS) ** 2).sum() / (runs * room / UNITS * (1 - room / UNITS))
        assert stats.chi2.sf(spread * (UNITS - 1) / UNITS, UNITS - 1) > 1e-3


def test_unequal_requests_are_cut_where_the_oracle_cuts_its_first_round():
    runs, room = 150, 150
    sizes = np.array([1, 3, 5, 12] * (UNITS // 4))
    even = np.ones((UNITS, 1))
    oracle = [seats(sizes, [room], even, run, rounds=1) == 0 for run in range(runs)]
    engine = [serve(queue(sizes, run), room) for run in range(runs)]
    used = np.array([sizes[one].sum() for one in oracle])
    spent = np.array([one.spent for one in engine])
    assert used.max() <= room
    assert spent.max() <= room
    assert stats.ks_2samp(used, spent).pvalue > 1e-3
    for size in (1, 3, 5, 12):
        mine = sizes == size
        assert alike(
            sum(one[mine].sum() for one in oracle), sum(one.share[mine].sum() for one in engine), runs * mine.sum()
        )


# Two kinds of choosers, two kinds of places and one that holds everybody (nothing); utilities before noise.
TASTES = np.array([[0.0, 1.5, 0.5], [0.0, 0.3, 0.8]])
KIND = np.arange(UNITS) % 2


def town(run):
    """The choosers as units that may have each place only through its instrument, with Gumbel noise."""
    noise = np.random.default_rng(10_000 + run).gumbel(size=(UNITS, 3))
    shut = 1000.0
    utility = TASTES[KIND] + noise - np.array([0.0, shut, shut])
    return Town(
        ids=tuple(range(run * UNITS, (run + 1) * UNITS)),
        weight=(1.0,) * UNITS,
        utility=tuple(map(tuple, utility.tolist())),
        bonus=((0.0, shut, 0.0), (0.0, 0.0, shut)),
        money=((0, 1, 0), (0, 0, 1)),
        priority=((0.0,) * UNITS,) * 2,
        rules=("lottery", "lottery"),
        owners=(0, 1),
        waitlist=(False, False),
    )


@pytest.mark.parametrize(("first", "second"), [(15, 60), (12, 16)], ids=["the second holds all", "both are full"])
def test_two_rationed_alternatives_fill_as_the_oracle_fills_them(first, second):
    """Both orders of serving fill the first place; who is refused there chooses again, and the second fills alike.

    Who gets a seat in a second place that is too small differs by design: the engine draws one lottery among all who
    want it when it is served, the oracle seats those whose first wish it was before those who were refused elsewhere.
    """
    runs = 150
    probabilities = np.exp(TASTES)[KIND]
    oracle = [seats(np.ones(UNITS, int), [UNITS, first, second], probabilities, run) for run in range(runs)]
    engine = [np.array(serve_by_engine(town(run), [first, second])["choice"]) for run in range(runs)]
    assert all(np.sum(one == 1) == first for one in oracle)
    assert all(np.sum(one == 1) == first for one in engine)
    filled = [np.array([np.sum(one == 2) for one in side]) for side in (oracle, engine)]
    assert max(map(np.max, filled)) <= second
    assert stats.ttest_ind(*filled).pvalue > 1e-3 if np.ptp(filled) else filled[0].mean() == filled[1].mean()
    for kind in (0, 1):
        places = (1, 2) if second == UNITS else (1,)
        for place in places:
            served = [sum(np.sum(one[kind == KIND] == place) for one in side) for side in (oracle, engine)]
            assert alike(*served, runs * UNITS // 2)
