"""What is odd about a lender's record is asked about, whatever way it comes about; what is meant is taken."""

from __future__ import annotations

from datetime import date

import pytest

from haidang.web.lending.odd import Kept, odd_alone, odd_anew

BILLION = 10**9
SENT = date(2026, 3, 1)


def on(day: int, stage: str, amount: int | None = None) -> Kept:
    return Kept(stage, date(2026, 3, day), amount)


def keys(before: list[Kept], after: list[Kept], asked: int | None = 3 * BILLION) -> list[str]:
    return [one.key for one in odd_anew(before, after, asked)]


APPROVED, PAID, REFUSED = on(5, "approved", 2 * BILLION), on(7, "disbursed", BILLION), on(4, "refused")


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (on(1, "applied"), []),
        (Kept("applied", date(2026, 2, 28)), ["before_sent"]),
        (Kept("approved", date(2026, 2, 28), 999_999), ["small", "before_sent"]),
        (on(2, "approved", 11 * BILLION), ["line"]),
    ],
)
def test_a_record_by_itself_is_held_against_the_sending_and_the_line(one: Kept, expected: list[str]) -> None:
    assert [odd.key for odd in odd_alone(one, SENT, 10 * BILLION)] == expected


def test_what_is_not_seen_of_an_application_is_not_asked_about() -> None:
    assert list(odd_alone(Kept("applied", date(2020, 1, 1)), None, None)) == []
    assert keys([], [on(5, "approved", 9 * BILLION)], None) == []


@pytest.mark.parametrize(
    ("before", "added", "expected"),
    [
        ([], APPROVED, []),
        ([APPROVED], PAID, []),
        ([APPROVED], on(5, "disbursed", BILLION), []),
        ([APPROVED, PAID], on(9, "repaid", 2 * BILLION), []),
        ([APPROVED], on(6, "refused"), []),
        ([APPROVED], on(6, "approved", BILLION + 1), ["above_asked"]),
        ([], PAID, ["disbursed_without"]),
        ([APPROVED], on(4, "disbursed", BILLION), ["disbursed_before"]),
        ([on(4, "disbursed", BILLION)], APPROVED, ["disbursed_before"]),
        ([APPROVED, PAID], on(8, "disbursed", BILLION + 1), ["disbursed"]),
        ([APPROVED, PAID], on(9, "repaid", 2 * BILLION + 1), ["repaid"]),
        ([APPROVED, PAID], on(8, "refused"), ["refused_after_paid"]),
        ([APPROVED, PAID], on(7, "refused"), ["refused_after_paid"]),
        ([REFUSED], APPROVED, ["approved_after_refused"]),
        ([REFUSED], on(4, "approved", BILLION), ["approved_after_refused"]),
        ([APPROVED], REFUSED, ["approved_after_refused"]),
        ([REFUSED, APPROVED], PAID, []),
        ([APPROVED, on(6, "refused")], PAID, ["disbursed_after_refused"]),
    ],
)
def test_a_record_is_held_against_those_that_stand(before: list[Kept], added: Kept, expected: list[str]) -> None:
    assert keys(before, [*before, added]) == expected


def test_taking_a_record_back_can_leave_the_others_odd() -> None:
    assert keys([APPROVED, PAID], [PAID]) == ["disbursed_without"]
    assert keys([APPROVED, PAID], [APPROVED]) == []


def test_what_was_meant_is_not_asked_about_again_unless_it_grows() -> None:
    over = [on(5, "approved", 4 * BILLION)]
    assert keys(over, [*over, PAID]) == []
    assert keys(over, [on(5, "approved", 4 * BILLION - 1)]) == []
    assert keys(over, [*over, on(6, "approved", 1)]) == ["above_asked"]


def test_a_question_names_both_days_and_both_amounts() -> None:
    (one,) = odd_anew([APPROVED, PAID], [APPROVED, PAID, on(8, "refused")], None)
    assert dict(one.told) == {"day": date(2026, 3, 8), "paid": PAID.day, "amount": BILLION}
    (one,) = odd_anew([], [on(5, "approved", 4 * BILLION)], 3 * BILLION)
    assert (dict(one.told), one.name) == ({"amount": 4 * BILLION, "most": 3 * BILLION}, "amount")
