"""Published quartiles change by whole batches: whoever subtracts one table from another finds nobody."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from haidang.facts.few import BATCH, FEWEST
from haidang.frameworks.assessment import Campaign
from haidang.frameworks.batches import Paper, next_turn
from haidang.frameworks.benchmarks import Benchmarks, benchmarks
from haidang.frameworks.framework import SECTORS, SIZES
from haidang.frameworks.score import score
from tests.frameworks.answers import ALL_YES, campaign


def papers(*given_: tuple[str, str, int], since: int = 0) -> list[Paper]:
    """So many papers of a sector and a size, each of another factory and owner."""
    rows = [(sector, size) for sector, size, count in given_ for _ in range(count)]
    return [Paper(since + at, f"f{since + at}", since + at, sector, size) for at, (sector, size) in enumerate(rows)]


def owned(*owners: int, since: int = 0) -> list[Paper]:
    """Papers of small food factories that these have, one after another."""
    return [Paper(since + at, f"f{since + at}", owner, "food", "small") for at, owner in enumerate(owners)]


def test_six_of_a_sector_and_size_come_together_and_five_wait() -> None:
    first = next_turn({}, papers(("food", "small", 6), ("metal", "large", 5)))
    assert [len(batch) for batch in first.batches] == [6]
    assert {paper.sector for paper in first.batches[0]} == {"food"}


def test_the_first_six_of_a_sector_of_any_size_come_together_and_of_all_where_nothing_is_counted() -> None:
    mixed = papers(("food", "small", 3), ("food", "large", 3), ("metal", "large", 2))
    assert [len(batch) for batch in next_turn({}, mixed).batches] == [6]
    everybody = papers(("food", "small", 3), ("garments", "small", 3), ("metal", "large", 2))
    assert [len(batch) for batch in next_turn({}, everybody).batches] == [8]
    counted = {1: papers(("food", "small", 6), since=100)}
    assert next_turn(counted, everybody).batches == ()


def test_a_batch_is_taken_back_whole_once_half_of_it_can_be_counted_anew() -> None:
    counted = {1: papers(("food", "small", 6))}
    anew = [replace(one, id=50 + one.id) for one in counted[1]]
    others = papers(("food", "small", 4), since=100)
    assert next_turn(counted, [*anew[:2], *others]).batches == ()
    turn = next_turn(counted, [*anew[:3], *others])
    assert (turn.taken_back, [len(batch) for batch in turn.batches]) == (frozenset({1}), [7])
    assert next_turn(counted, anew[:3]).taken_back == frozenset()


def test_an_owner_of_five_factories_makes_no_batch_with_one_other() -> None:
    assert next_turn({}, owned(0, 0, 0, 0, 0, 1)).batches == ()
    assert next_turn({}, owned(0, 0, 0, 0, 0, 1, 2, 3, 4)).batches == ()


def test_a_batch_has_one_of_each_owner_that_which_was_handed_in_last_and_the_others_wait() -> None:
    waiting = owned(0, 1, 0, 2, 3, 4, 0, 5)
    (batch,) = next_turn({}, waiting).batches
    assert sorted(paper.id for paper in batch) == [1, 3, 4, 5, 6, 7]
    left = [one for one in waiting if one not in batch]
    assert next_turn({1: batch}, [*left, *owned(6, 7, 8, 9, since=20)]).batches == ()
    (second,) = next_turn({1: batch}, [*left, *owned(6, 7, 8, 9, 10, since=20)]).batches
    assert sorted(paper.id for paper in second) == [2, 20, 21, 22, 23, 24]


def test_six_owners_of_two_factories_each_make_two_batches() -> None:
    batches = next_turn({}, owned(*range(6), *range(6))).batches
    assert [sorted(paper.id for paper in batch) for batch in batches] == [[*range(6, 12)], [*range(6)]]


def test_a_batch_of_too_few_owners_is_taken_back_and_nothing_of_it_comes_again() -> None:
    before = {3: owned(0, 0, 0, 0, 0, 1), 4: owned(*range(6, 12), since=10), 5: owned(*range(20, 26), 20, since=20)}
    turn = next_turn(before, [])
    assert (turn.batches, turn.taken_back) == ((), frozenset({3, 5}))
    # Who hands in anew does not wait for half of it.
    turn = next_turn(before, owned(1, 30, 31, 32, 33, 34, since=50))
    assert (len(turn.batches), turn.taken_back) == (1, frozenset({3, 5}))
    assert not {paper.id for paper in turn.batches[0]} & {paper.id for paper in before[3]}


EVENTS = st.lists(
    st.tuples(st.integers(0, 24), st.sampled_from(SECTORS[:2]), st.sampled_from(SIZES[:2])), min_size=1, max_size=90
)
"""Who hands in next, and of which sector and size it is then."""
OWNERS = st.lists(st.integers(0, 8), min_size=25, max_size=25) | st.just([*range(25)])
"""Whose each factory is: some have several, or each has one."""


def releases(events: list[tuple[int, str, str]], owners: list[int]) -> list[dict[int, list[Paper]]]:
    """What is counted after each event, as the site keeps it."""
    counted: dict[int, list[Paper]] = {}
    newest: dict[str, Paper] = {}
    used: set[int] = set()
    found: list[dict[int, list[Paper]]] = []
    for at, (who, sector, size) in enumerate(events):
        newest.pop(f"f{who}", None)
        newest[f"f{who}"] = Paper(at, f"f{who}", owners[who], sector, size)
        turn = next_turn(counted, [one for one in newest.values() if one.id not in used])
        counted = {number: each for number, each in counted.items() if number not in turn.taken_back}
        for batch in turn.batches:
            counted[max((*counted, len(used), 0)) + 1 + len(events) * at] = list(batch)
            used |= {paper.id for paper in batch}
        found.append(dict(counted))
    return found


def cells(counted: dict[int, list[Paper]]) -> list[frozenset[int]]:
    """Every cell that can be published: all, each sector, each sector and size; of batches that are whole in it."""
    names = [("", ""), *((sector, "") for sector in SECTORS), *((one, size) for one in SECTORS for size in SIZES)]
    found: list[frozenset[int]] = []
    for sector, size in names:
        batches = [
            each for each in counted.values()
            if all(sector in {"", one.sector} and size in {"", one.size} for one in each)
        ]  # fmt: skip
        found.append(frozenset(one.id for each in batches for one in each))
    return found


@settings(deadline=None)
@given(EVENTS, OWNERS)
def test_no_two_cells_of_any_two_releases_differ_by_fewer_than_six_owners(
    events: list[tuple[int, str, str]], owners: list[int]
) -> None:
    published = {cell for counted in releases(events, owners) for cell in cells(counted)}
    for one, other in combinations(published, 2):
        for rest in (one - other, other - one, one & other, one):
            assert len(rest) == 0 or len({owners[events[paper][0]] for paper in rest}) >= BATCH


@settings(deadline=None)
@given(EVENTS, OWNERS)
def test_whoever_leaves_out_what_it_knows_has_five_other_owners_left_in_every_sum(
    events: list[tuple[int, str, str]], owners: list[int]
) -> None:
    published = sorted({cell for counted in releases(events, owners) for cell in cells(counted)}, key=sorted)
    rows = {paper: tuple(paper in cell for cell in published) for cell in published for paper in cell}
    # Papers with the same row have the same weight in every sum of cells.
    alike: dict[tuple[bool, ...], list[int]] = {}
    for paper, row in rows.items():
        alike.setdefault(row, []).append(owners[events[paper][0]])
    for reader in set(owners):
        assert all(len({*found} - {reader}) >= FEWEST for found in alike.values())


@settings(deadline=None)
@given(EVENTS, OWNERS)
def test_no_owner_has_more_than_a_sixth_of_a_cell(events: list[tuple[int, str, str]], owners: list[int]) -> None:
    for counted in releases(events, owners):
        for cell in filter(None, cells(counted)):
            weights = Counter(owners[events[paper][0]] for paper in cell)
            assert BATCH * max(weights.values()) <= len(cell)


@settings(deadline=None)
@given(EVENTS, OWNERS)
def test_a_factory_is_counted_once(events: list[tuple[int, str, str]], owners: list[int]) -> None:
    for counted in releases(events, owners):
        named = [paper.factory for each in counted.values() for paper in each]
        assert len(named) == len(set(named))


def shown(found: Benchmarks, sector: str, size: str) -> tuple[str, int]:
    one = found["standard-work", sector, size]
    return one.shown, one.factories


def made(sectors: list[str], sizes: list[str], known: list[bool]) -> Campaign:
    base = campaign(*[ALL_YES for _ in sectors])
    factories = tuple(
        replace(one, sector=sector, size=size) for one, sector, size in zip(base.factories, sectors, sizes, strict=True)
    )
    answers = base.answers.copy()
    answers[~np.array(known), :] = -1
    return replace(base, factories=factories, answers=answers)


def test_an_attacker_subtracts_two_releases_and_finds_a_whole_batch() -> None:
    # Yesterday six small factories were counted. Today a seventh has handed in, and nothing changes; then a second six.
    small = made(["food"] * 7, ["small"] * 7, [True] * 7)
    one = benchmarks(small, score(small))
    assert shown(one, "food", "small") == ("cell", 7)  # of a table that is shown once
    twelve = made(["food"] * 12, ["small"] * 12, [True] * 12)
    found = benchmarks(twelve, score(twelve), batches=np.array([1] * 6 + [2] * 6))
    assert shown(found, "food", "small") == ("cell", 12)
    apart = benchmarks(twelve, score(twelve), batches=np.array([1] * 6 + [2] * 6), apart=np.arange(12) == 0)
    assert shown(apart, "food", "small") == ("cell", 11)


def test_a_reader_of_two_batches_sees_five_others_of_each_and_of_a_batch_with_fewer_none() -> None:
    twelve = made(["food"] * 12, ["small"] * 12, [True] * 12)
    batches = np.array([1] * 6 + [2] * 6)
    found = benchmarks(twelve, score(twelve), batches=batches, apart=np.isin(np.arange(12), [0, 6]))
    assert shown(found, "food", "small") == ("cell", 10)
    found = benchmarks(twelve, score(twelve), batches=batches, apart=np.isin(np.arange(12), [0, 1]))
    assert shown(found, "food", "small") == ("cell", 6)


def test_a_batch_counts_in_a_part_only_where_six_of_it_are_known() -> None:
    base = made(["food"] * 12, ["small"] * 12, [True] * 7 + [False] * 5)
    found = benchmarks(base, score(base), batches=np.array([1] * 6 + [2] * 6))
    assert shown(found, "food", "small") == ("cell", 6)  # the seventh would be told by what came with its batch


def test_a_batch_of_several_sizes_counts_in_its_sector_and_in_no_cell() -> None:
    base = made(["food"] * 12, ["small"] * 9 + ["large"] * 3, [True] * 12)
    found = benchmarks(base, score(base), batches=np.array([1] * 6 + [2] * 6))
    assert shown(found, "food", "small") == ("cell", 6)
    assert shown(found, "food", "large") == ("sector", 12)
    assert FEWEST < BATCH
