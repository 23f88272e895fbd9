"""Levels from answers: cumulative, proven, never a zero for what is not known."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from haidang.frameworks.assessment import VERIFIED, Campaign, Evidence
from haidang.frameworks.findings import findings
from haidang.frameworks.score import score
from tests.frameworks.answers import ALL_YES, IDS, campaign

WORDS = ("", "no", "yes", "not_applicable")


def levels(**changes: str) -> tuple[int, int]:
    """Level and upper level of the first capability, all yes but for these."""
    own = {**ALL_YES, **{name.replace("_", "-"): text for name, text in changes.items()}}
    found = score(campaign(own)).claimed
    return int(found.level[0, 0]), int(found.upper[0, 0])


@pytest.mark.parametrize(
    ("changes", "level"),
    [
        pytest.param({}, (3, 3), id="all-met"),
        pytest.param({"P1_3": "no"}, (2, 2), id="the-highest-fails"),
        pytest.param({"P1_2": "no"}, (1, 1), id="a-lower-one-fails-and-holds-all-above"),
        pytest.param({"P1_1b": "no"}, (0, 0), id="a-known-zero"),
        pytest.param({"P1_2s": "no"}, (3, 3), id="a-should-decides-nothing"),
        pytest.param({"P1_3": ""}, (2, 3), id="at-least-two"),
        pytest.param({"P1_1": ""}, (-1, 3), id="not-answered-is-not-zero"),
        pytest.param({"P1_1": "", "P1_1b": "no"}, (0, 0), id="one-no-is-enough"),
        pytest.param({"P1_1": "", "P1_2": "no"}, (-1, 1), id="at-most-one-and-nothing-proven"),
        pytest.param({"P1_1": "not_applicable"}, (3, 3), id="the-other-must-holds-the-level"),
        pytest.param({"P1_3": "not_applicable"}, (2, 2), id="what-does-not-apply-lifts-nobody"),
        pytest.param({"P1_2": "not_applicable"}, (3, 3), id="a-level-that-does-not-apply-is-passed-over"),
        pytest.param({"P1_2": "not_applicable", "P1_3": "no"}, (1, 1), id="and-is-not-stood-on"),
        pytest.param(
            {"P1_1": "not_applicable", "P1_1b": "not_applicable", "P1_2": "no"},
            (0, 0),
            id="the-first-that-applies-fails",
        ),
    ],
)
def test_a_capability_stands_where_its_must_criteria_and_all_below_hold(
    changes: dict[str, str], level: tuple[int, int]
) -> None:
    assert levels(**changes) == level


def test_what_does_not_apply_at_all_has_no_level() -> None:
    none = {**ALL_YES, **dict.fromkeys(IDS[:5], "not_applicable")}
    assert score(campaign(none)).claimed.level[0, 0] == -2
    garments = score(campaign(ALL_YES, sector="garments")).claimed
    assert garments.level[0].tolist() == [3, -2, 2]
    assert garments.area_mean[0].tolist() == [3.0, 2.0]


def test_means_leave_out_what_is_not_known_and_say_how_much_they_cover() -> None:
    found = score(campaign({"P1-1": "yes", "P1-1b": "yes", "P1-2": "no"})).claimed
    assert found.level[0].tolist() == [1, -1, -1]
    assert found.area_mean[0, 0] == 1.0
    assert np.isnan(found.area_mean[0, 1])
    assert found.coverage[0].tolist() == [0.5, 0.0]
    assert found.mean[0] == 1.0
    assert found.weakest[0] == 1.0


def test_the_mean_is_weighted_by_areas() -> None:
    found = score(campaign({**ALL_YES, "F1-1": "no"})).claimed
    assert found.level[0].tolist() == [3, 2, 0]
    assert found.mean[0] == pytest.approx((1.0 * 2.5 + 2.5 * 0.0) / 3.5)
    assert found.weakest[0] == 0.0


def test_nothing_answered_is_nothing_known() -> None:
    found = score(campaign({})).claimed
    assert found.level[0].tolist() == [-1, -1, -1]
    assert np.isnan(found.mean[0])
    assert np.isnan(found.weakest[0])


def verified(base: Campaign, names: tuple[str, ...], expires: date | None = None) -> Campaign:
    """The campaign with these answers of its first factory verified."""
    statuses = base.statuses.copy()
    columns = [IDS.index(name) for name in names]
    statuses[0, columns] = VERIFIED
    one = Evidence("photo", "a.jpg", None, date(2026, 1, 1), expires)
    return replace(base, statuses=statuses, evidence={(0, column): (one,) for column in columns})


def test_claimed_and_verified_levels_stand_apart() -> None:
    found = score(verified(campaign(ALL_YES), ("P1-1", "P1-1b", "P1-2")))
    assert found.claimed.level[0].tolist() == [3, 2, 2]
    assert found.verified.level[0].tolist() == [2, -1, -1]
    assert found.verified.mean[0] == 2.0


def test_a_no_counts_whoever_says_it() -> None:
    assert score(campaign({**ALL_YES, "P1-1": "no"})).verified.level[0, 0] == 0


def test_expired_evidence_verifies_no_longer() -> None:
    base = verified(campaign(ALL_YES), ("P1-1", "P1-1b"), date(2026, 12, 31))
    assert score(base, date(2026, 12, 31)).verified.level[0, 0] == 1
    late = score(base, date(2027, 1, 1))
    assert late.verified.level[0, 0] == -1
    kinds = {one.criterion: one.kind for one in findings(base, late, 0)}
    assert kinds["P1-1"] == "expired"
    assert kinds["P1-2"] == "not_verified"


def test_findings_name_what_blocks_first_and_nothing_that_is_not_yet_due() -> None:
    base = campaign({**ALL_YES, "P1-2": "no", "P1-2s": "", "P1-3": "no"})
    found = findings(base, score(base), 0)
    assert (found[0].criterion, found[0].kind, found[0].blocks) == ("P1-2", "not_met", True)
    assert found[0].remedy["en"] == "Do P1-2"
    assert found[0].effort == "low"
    assert "P1-3" not in {one.criterion for one in found}
    assert {one.criterion: one.kind for one in found}["P1-2s"] == "not_answered"


ANSWERS = st.fixed_dictionaries({name: st.sampled_from(WORDS) for name in IDS})


@given(own=ANSWERS, name=st.sampled_from(IDS), order=st.permutations(IDS))
def test_a_better_answer_never_lowers_a_level(own: dict[str, str], name: str, order: list[str]) -> None:
    worse = score(campaign({**own, name: "no"})).claimed
    unsaid = score(campaign({**own, name: ""})).claimed
    better = score(campaign({**own, name: "yes"})).claimed
    for low, high in ((worse, unsaid), (unsaid, better)):
        assert (np.maximum(low.level, 0) <= np.maximum(high.level, 0)).all()
        assert (np.maximum(low.upper, 0) <= np.maximum(high.upper, 0)).all()
    shuffled = score(campaign({each: own[each] for each in order})).claimed
    straight = score(campaign(own)).claimed
    assert (shuffled.level == straight.level).all()
    assert (shuffled.upper == straight.upper).all()


@given(own=ANSWERS, statuses=st.lists(st.integers(0, 3), min_size=len(IDS), max_size=len(IDS)))
def test_what_is_verified_is_never_above_what_is_claimed_nor_that_above_what_is_possible(
    own: dict[str, str], statuses: list[int]
) -> None:
    base = campaign(own)
    found = score(replace(base, statuses=np.array([statuses], np.int8)))
    assert (np.maximum(found.verified.level, 0) <= np.maximum(found.claimed.level, 0)).all()
    assert (found.claimed.level <= found.claimed.upper).all()
    done = np.isin(base.answers, [0, 1, 2]).all()
    assert not done or (found.claimed.level == found.claimed.upper).all()


@given(several=st.lists(ANSWERS, min_size=1, max_size=5))
def test_factories_are_scored_alike_alone_and_together(several: list[dict[str, str]]) -> None:
    together = score(campaign(*several)).claimed
    for row, own in enumerate(several):
        assert (together.level[row] == score(campaign(own)).claimed.level[0]).all()
