"""What is odd about what a lender writes down: no mistake for sure, so whoever writes is asked whether it is meant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from haidang.web.dong import SMALL

DECISIONS = ("approved", "refused")


@dataclass(frozen=True, slots=True)
class Kept:
    """A record as it stands: its stage, its day, and its VND; none where the stage has no amount."""

    stage: str
    day: date
    amount: int | None = None


@dataclass(frozen=True, slots=True)
class Odd:
    """Something to ask about.

    Args:
        name: of the field where it is asked: `amount`, `day`, `stage`, or `corrects`.
        key: of the question, below `lending.question`.
        told: what the question names: days, and amounts in VND.
        excess: VND by which a sum is above another; none where it is no matter of sums.
    """

    name: str
    key: str
    told: Mapping[str, date | int] = field(default_factory=dict[str, date | int])
    excess: int = 0


def odd_alone(one: Kept, sent: date | None, line: int | None) -> Iterable[Odd]:
    """What is odd about a record taken by itself.

    Args:
        one: the record.
        sent: when its application was sent; none where its writer is not let see that.
        line: VND of the programme in all; none where that is not bounded.
    """
    if one.amount is not None and one.amount < SMALL:
        yield Odd("amount", "small", {"amount": one.amount})
    if one.amount is not None and line is not None and one.amount > line:
        yield Odd("amount", "line", {"amount": one.amount, "line": line})
    if sent is not None and one.day < sent:
        yield Odd("day", "before_sent", {"day": one.day, "sent": sent})


def odd_anew(before: Sequence[Kept], after: Sequence[Kept], asked: int | None) -> list[Odd]:
    """What becomes odd, or odder, about the records of an application at a lender by one more of them.

    Args:
        before: as they stand, in the order in which they were written.
        after: as they would stand.
        asked: VND that the application asks for; none where the writer is not let see that.
    """
    old = list(_odd_together(before, asked))
    return [one for one in _odd_together(after, asked) if not any(_as_odd(each, one) for each in old)]


def _as_odd(old: Odd, new: Odd) -> bool:
    return old == new or (old.key == new.key and old.excess >= new.excess > 0)


def _odd_together(kept: Sequence[Kept], asked: int | None) -> Iterable[Odd]:
    yield from _odd_sums(kept, asked)
    yield from _odd_order(kept)


def _odd_sums(kept: Sequence[Kept], asked: int | None) -> Iterable[Odd]:
    approved, disbursed, repaid = (_sum(kept, stage) for stage in ("approved", "disbursed", "repaid"))
    if asked is not None and approved > asked:
        yield Odd("amount", "above_asked", {"amount": approved, "most": asked}, approved - asked)
    if disbursed and not approved:
        yield Odd("amount", "disbursed_without", {"amount": disbursed}, disbursed)
    elif disbursed > approved:
        yield Odd("amount", "disbursed", {"amount": disbursed, "most": approved}, disbursed - approved)
    # Interest is paid back too, so what is repaid may be above what was paid out; far above it is a slip.
    if repaid > 2 * disbursed:
        yield Odd("amount", "repaid", {"amount": repaid, "most": disbursed}, repaid - 2 * disbursed)


def _odd_order(kept: Sequence[Kept]) -> Iterable[Odd]:
    """Money before the decision on it, or a decision that goes against what was done before it."""
    by_day = sorted(kept, key=lambda one: one.day)  # those of one day stay as they were written
    approved = next((one.day for one in by_day if one.stage == "approved"), None)
    refused: date | None = None
    for at, one in enumerate(by_day):
        if one.stage == "disbursed" and approved is not None and one.day < approved:
            yield Odd("day", "disbursed_before", {"day": one.day, "approved": approved})
        if one.stage in {"approved", "disbursed"} and refused is not None:
            yield Odd("stage", f"{one.stage}_after_refused", {"day": one.day, "refused": refused})
        paid = [each for each in by_day[:at] if each.stage == "disbursed"]
        if one.stage == "refused" and paid:
            told = {"day": one.day, "paid": paid[0].day, "amount": _sum(paid, "disbursed")}
            yield Odd("stage", "refused_after_paid", told)
        if one.stage in DECISIONS:
            refused = one.day if one.stage == "refused" else None


def _sum(kept: Iterable[Kept], stage: str) -> int:
    return sum(one.amount or 0 for one in kept if one.stage == stage)
