"""Two assessors, and an assessment that is repeated."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from haidang.frameworks.agreement import agreement, kappa_of_table, moves, weighted_kappa
from haidang.frameworks.assessment import VERIFIED, AssessmentError, Evidence
from haidang.frameworks.score import score
from tests.frameworks.answers import ALL_YES, IDS, campaign


def test_kappa_of_the_textbook_table_of_two_by_two() -> None:
    found = kappa_of_table(np.array([[20.0, 5.0], [10.0, 15.0]]), "none")
    assert found.value == pytest.approx(0.4)
    assert found.same == pytest.approx(0.7)


def test_kappa_and_its_error_are_those_that_other_programs_print() -> None:
    # The table against which statsmodels is tested, and what SAS prints of it.
    table = np.array([[0.0, 4.0, 1.0], [0.0, 8.0, 0.0], [0.0, 1.0, 5.0]])
    simple, linear = kappa_of_table(table, "none"), kappa_of_table(table, "linear")
    assert (round(simple.value, 4), round(simple.se, 4)) == (0.4842, 0.1380)
    assert (round(linear.value, 4), round(linear.se, 4)) == (0.4701, 0.1457)


RATINGS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=2, max_size=60)


@given(pairs=RATINGS)
def test_quadratic_kappa_is_the_intraclass_correlation_of_fleiss_and_cohen(pairs: list[tuple[int, int]]) -> None:
    one, two = (np.array(each, float) for each in zip(*pairs, strict=True))
    expected = one.var() + two.var() + (one.mean() - two.mean()) ** 2
    found = weighted_kappa([a for a, _ in pairs], [b for _, b in pairs], 6)
    if expected == 0:
        assert np.isnan(found.value)
    else:
        assert found.value == pytest.approx(1 - ((one - two) ** 2).mean() / expected)


@given(pairs=RATINGS)
def test_kappa_does_not_ask_who_was_first(pairs: list[tuple[int, int]]) -> None:
    one, two = [a for a, _ in pairs], [b for _, b in pairs]
    assert weighted_kappa(one, two, 6).value == pytest.approx(weighted_kappa(two, one, 6).value, nan_ok=True)


def test_full_agreement_is_one() -> None:
    assert weighted_kappa([0, 1, 2, 3], [0, 1, 2, 3], 6).value == 1.0


@pytest.mark.parametrize(("one", "two"), [([], []), ([1], [1, 2]), ([6], [1]), ([-1], [0])])
def test_ratings_that_are_none_are_refused(one: list[int], two: list[int]) -> None:
    with pytest.raises(AssessmentError):
        weighted_kappa(one, two, 6)


def test_the_disagreements_are_listed() -> None:
    first, second = campaign(ALL_YES, ALL_YES), campaign(ALL_YES, {**ALL_YES, "P1-2": "no"})
    found = agreement(first, score(first), second, score(second))
    assert [(one.factory, one.part, one.id, one.first, one.second) for one in found.disagreements] == [
        ("example-1", "capability", "standard-work", 3, 1),
        ("example-1", "criterion", "P1-2", 1, 0),
    ]
    assert found.levels.pairs == 6
    assert found.answers.same == pytest.approx(17 / 18)


def test_assessments_without_a_factory_in_common_are_refused() -> None:
    first = campaign(ALL_YES)
    other = replace(first, factories=(replace(first.factories[0], id="another"),))
    with pytest.raises(AssessmentError, match="expected a factory that is in both"):
        agreement(first, score(first), other, score(other))


def test_what_moved_is_told_with_its_evidence() -> None:
    before = campaign({**ALL_YES, "P1-2": "no"})
    cell = (0, IDS.index("P1-2"))
    rests = (Evidence("photo", "board.jpg", "0" * 64, date(2026, 12, 1), None),)
    after = campaign(ALL_YES)
    statuses = after.statuses.copy()
    statuses[cell] = VERIFIED
    after = replace(after, statuses=statuses, evidence={cell: rests})
    capability, criterion = moves(before, score(before), after, score(after))
    assert (capability.id, capability.before, capability.after, capability.evidence) == ("standard-work", 1, 3, rests)
    assert (criterion.id, criterion.before, criterion.after) == ("P1-2", 0, 1)
    assert (criterion.status_before, criterion.status_after) == ("claimed", "verified")
    assert criterion.evidence == rests
    assert moves(before, score(before), before, score(before)) == ()
