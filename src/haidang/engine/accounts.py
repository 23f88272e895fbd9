"""A budget over the periods: what it may spend in each, what it carries over, what comes back."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Account:
    """The state of a budget at the start of a period, in whole units of its resource.

    Args:
        left: what is left of the total; none where the total has no bound.
        per_period: the tranche of this year; none where a year has no bound of its own.
        carried: unused tranches of earlier years, less what was spent of this year's in earlier periods.
        carries: whether unused tranches carry over.
        returning: what comes back at the start of each coming period, the next one first.
        coming: the tranches of the years after this one; none where they are all alike.
    """

    left: int | None
    per_period: int | None
    carries: bool
    carried: int = 0
    returning: tuple[int, ...] = ()
    coming: tuple[int, ...] = ()

    def available(self) -> int | None:
        """What may be spent in this period; none where nothing bounds it."""
        bounds = [self.left]
        if self.per_period is not None:
            bounds.append(self.per_period + self.carried)
        known = [bound for bound in bounds if bound is not None]
        return min(known) if known else None

    def close(self, spent: int, back: tuple[int, ...] = (), *, year_ends: bool = True) -> Account:
        """The account at the start of the next period.

        Args:
            spent: what was spent in this period.
            back: what comes back of it in each coming period, the next one first.
            year_ends: whether the next period opens a tranche; within a year it goes on with the same.
        """
        length = max(len(self.returning), len(back))
        coming = [
            (self.returning[k] if k < len(self.returning) else 0) + (back[k] if k < len(back) else 0)
            for k in range(length)
        ]
        returned = coming[0] if coming else 0
        left = None if self.left is None else self.left - spent + returned
        carried = 0
        if self.per_period is not None and year_ends:
            unused = self.per_period + self.carried - spent if self.carries else 0
            carried = unused + returned
        elif self.per_period is not None:
            carried = self.carried - spent + returned
        closed = replace(self, left=left, carried=carried, returning=tuple(coming[1:]))
        return closed._next_tranche() if year_ends else closed

    def rest(self, *, year_ends: bool = True) -> Account:
        """The account at the start of the next period, after one in which its instrument did not run.

        No tranche is opened for a year in which it never runs. What was lent comes back all the same.
        """
        returned = self.returning[0] if self.returning else 0
        left = None if self.left is None else self.left + returned
        kept = self.carried if self.carries or not year_ends else 0
        carried = 0 if self.per_period is None else kept + returned
        rested = replace(self, left=left, carried=carried, returning=self.returning[1:])
        return rested._next_tranche() if year_ends else rested

    def _next_tranche(self) -> Account:
        """The account with the tranche of the year that begins."""
        return replace(self, per_period=self.coming[0], coming=self.coming[1:]) if self.coming else self

    def receive(self, amount: int) -> Account:
        """The account after money came in that its total may spend."""
        return replace(self, left=(self.left or 0) + amount)


def equal_parts(amount: int, parts: int) -> tuple[int, ...]:
    """An amount in `parts` whole parts as equal as can be; the earlier ones take the odd units."""
    whole, odd = divmod(amount, parts)
    return tuple(whole + (1 if k < odd else 0) for k in range(parts))
