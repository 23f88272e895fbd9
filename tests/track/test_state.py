"""Where a promise stands: progress, what is late, what had been said by a day, what contradicts what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haidang.track import as_of, attention, contradictions, gather, progress, series
from haidang.track.attention import months_after
from haidang.track.contradictions import exclude
from haidang.track.records import (
    Claim,
    Commitment,
    Indicator,
    Milestone,
    Observation,
    Period,
    Quantity,
    SourcePlace,
    Stage,
)

Make = Callable[..., Commitment]
TITLE = {"vi": "Phần", "en": "Part"}
PLACE = SourcePlace("paper")


def part(name: str, weight: float | None, done: float | None, due: date | None = None) -> Milestone:
    return Milestone(name, TITLE, weight, done, due, None, None if done is None else date(2026, 1, 31))


def test_weights_are_normalised():
    found = progress([part("a", 3, 1.0), part("b", 1, 0.0)])
    assert found is not None
    assert (found.least, found.most, found.reported) == (0.75, 0.75, 1.0)


def test_a_milestone_without_a_weight_counts_as_one():
    found = progress([part("a", None, 1.0), part("b", 1, 0.0)])
    assert found is not None
    assert found.least == 0.5


def test_what_nobody_reported_is_missing_and_not_zero():
    found = progress([part("a", 1, 1.0), part("b", 3, None)])
    assert found is not None
    assert (found.least, found.most, found.reported) == (0.25, 1.0, 0.25)
    assert progress([part("a", 1, None)]) is None
    assert progress([]) is None


parts = st.lists(
    st.tuples(st.none() | st.floats(0.01, 100), st.none() | st.floats(0, 1)), min_size=1, max_size=8
)  # fmt: skip


@given(parts, st.floats(0.1, 50))
def test_progress_lies_between_its_ends_whatever_the_scale_of_the_weights(given_parts, factor: float):
    made = [part(str(n), 1.0 if weight is None else weight, done) for n, (weight, done) in enumerate(given_parts)]
    found = progress(made)
    if found is None:
        assert all(done is None for _, done in given_parts)
        return
    assert -1e-12 <= found.least <= found.most + 1e-12 <= 1 + 1e-9
    scaled = progress([replace(one, weight=factor * (one.weight or 1.0)) for one in made])
    assert scaled is not None
    assert scaled.least == pytest.approx(found.least)
    assert scaled.reported == pytest.approx(found.reported)


def reasons(one: Commitment, on: date) -> set[str]:
    return {found.reason for found in attention(gather([one], {}), on)}


def test_late_silent_and_nobodys_is_listed_without_being_asked(commitment: Make):
    one = commitment(due=date(2026, 6, 30), next_on=date(2026, 3, 1), milestones=(part("a", 1, 0.5, date(2026, 2, 1)),))
    assert reasons(one, date(2026, 7, 1)) == {"late", "late_step", "late_milestone", "no_responsible"}
    assert reasons(one, date(2026, 8, 1)) == {"late", "late_step", "late_milestone", "no_responsible", "silent"}
    assert reasons(one, date(2026, 1, 1)) == {"no_responsible"}


def test_what_has_ended_is_no_longer_late(commitment: Make):
    ended = (Stage("announced", date(2025, 1, 1), PLACE), Stage("delivered", date(2026, 1, 1), PLACE))
    one = commitment(responsible="A", due=date(2025, 12, 31), stages=ended)
    assert reasons(one, date(2027, 1, 1)) == set()


def test_a_promise_is_silent_on_the_day_six_months_after_the_last_word(commitment: Make):
    one = commitment(responsible="A", due=date(2030, 1, 1))
    assert reasons(one, date(2026, 5, 25)) == set()
    assert reasons(one, date(2026, 5, 26)) == {"silent"}


@pytest.mark.parametrize(
    ("day", "months", "after"),
    [
        (date(2025, 8, 31), 6, date(2026, 2, 28)),
        (date(2023, 8, 31), 6, date(2024, 2, 29)),
        (date(2025, 12, 1), 1, date(2026, 1, 1)),
        (date(2025, 11, 26), 12, date(2026, 11, 26)),
    ],
)  # fmt: skip
def test_months_end_where_calendars_do(day: date, months: int, after: date):
    assert months_after(day, months) == after


def test_as_of_a_day_nothing_is_there_that_was_said_later(commitment: Make):
    late = Claim("late", PLACE, date(2026, 2, 1))
    one = commitment(milestones=(part("a", 1, 1.0),))
    one = replace(one, claims=(*one.claims, late), stages=(*one.stages, Stage("signed", date(2026, 3, 1), PLACE)))
    before = as_of(gather([one], {}), date(2026, 1, 1)).commitments["promise"]
    assert [claim.id for claim in before.claims] == ["first"]
    assert [stage.name for stage in before.stages] == ["announced"]
    assert before.milestones[0].done is None
    assert as_of(gather([one], {}), date(2026, 3, 1)).commitments["promise"] == one
    assert not as_of(gather([one], {}), date(2020, 1, 1)).commitments


def value(name: str, year: int, number: float, said: date, **fields: object) -> Observation:
    claim = Claim(
        name, PLACE, said, "value", None, Quantity(number, number, "firms"),
        Period(date(year, 1, 1), date(year, 12, 31)), fields.pop("scope", None),  # type: ignore[arg-type]
    )  # fmt: skip
    return Observation(claim, **fields)  # type: ignore[arg-type]


def indicator(*observations: Observation, **fields: object) -> Indicator:
    return Indicator("firms", TITLE, "firms", TITLE, "higher", observations, **fields)  # type: ignore[arg-type]


def test_a_revision_replaces_its_vintage_in_the_series_and_contradicts_nothing():
    one = indicator(value("first", 2024, 10.0, date(2025, 1, 1)), value("revised", 2024, 11.0, date(2026, 1, 1)))
    assert [point.value for point in series(one)] == [11.0]
    assert contradictions([one]) == ()
    then = as_of(gather([one], {}), date(2025, 6, 1)).indicators["firms"]
    assert [point.value for point in series(then)] == [10.0]


def test_two_documents_of_one_day_contradict_each_other():
    one = indicator(value("a", 2024, 10.0, date(2025, 1, 1)), value("b", 2024, 11.0, date(2025, 1, 1)))
    (found,) = contradictions([one])
    assert [claim.id for claim in found.claims] == ["a", "b"]


def test_other_territories_are_not_held_against_each_other_nor_put_into_one_series():
    old = value("old", 2024, 10.0, date(2025, 1, 1), scope="city_old")
    new = value("new", 2025, 20.0, date(2026, 1, 1), scope="city_new")
    both = value("both", 2024, 19.0, date(2025, 2, 1), scope="city_new")
    one = indicator(old, new, both, geography="city_new")
    assert contradictions([one]) == ()
    assert [point.value for point in series(one)] == [19.0, 20.0]


def test_forecasts_are_no_values_of_a_series():
    seen, told = value("real", 2023, 9.0, date(2024, 1, 1)), value("f", 2024, 10.0, date(2024, 1, 1), status="forecast")
    assert [point.value for point in series(indicator(seen, told))] == [9.0]


numbers = st.floats(-1e6, 1e6)
kinds = st.sampled_from(("exactly", "about", "nearly", "more_than", "at_least", "at_most"))


@given(numbers, kinds, numbers, kinds)
def test_excluding_is_mutual_and_nothing_excludes_itself(one: float, first: str, other: float, second: str):
    def made(number: float, kind: str) -> Quantity:
        least = None if kind == "at_most" else number
        return Quantity(least, None if kind in ("at_least", "more_than") else number, "VND", kind)  # type: ignore[arg-type]

    assert exclude(made(one, first), made(other, second)) == exclude(made(other, second), made(one, first))
    assert not exclude(made(one, first), made(one, first))


def test_a_series_whose_next_value_is_overdue_is_listed():
    one = indicator(value("a", 2024, 10.0, date(2025, 1, 31)), frequency=12)

    def late(on: date) -> list[date | None]:
        return [each.since for each in attention(gather([one], {}), on) if each.reason == "late_update"]

    assert late(date(2026, 1, 31)) == []
    assert late(date(2026, 1, 31) + timedelta(days=1)) == [date(2026, 1, 31)]


def test_what_no_document_states_of_a_series_is_listed_behind_what_is_late():
    placed = replace(value("b", 2025, 11.0, date(2026, 1, 31)).claim, place=replace(PLACE, passage="table 2"))
    one = indicator(value("a", 2024, 10.0, date(2025, 1, 31)), Observation(placed), frequency=12)
    found = attention(gather([one], {}), date(2027, 3, 1))
    assert [(each.reason, each.what) for each in found] == [
        ("late_update", None), ("no_licence", None), ("no_place", "1/2")
    ]  # fmt: skip
    stated = replace(one, licence="CC BY 4.0", observations=(Observation(placed),))
    assert [each.reason for each in attention(gather([stated], {}), date(2026, 3, 1))] == []
