"""A programme as values: instruments with their conditions, levers, budgets and rationing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from haidang.errors import HaidangError, Place
from haidang.programmes.expression import Expression

Text: TypeAlias = Mapping[str, str]
"""What a user reads, by language: `vi` and `en`."""

Rule: TypeAlias = Literal["priority", "lottery", "first_come"]
Order: TypeAlias = Literal["highest", "lowest"]


class ProgrammeError(HaidangError):
    """A programme that contradicts itself or its model: a budget without a rule, a lever that is not there."""


Month: TypeAlias = tuple[int, int]
"""Year and month, January being 1."""


@dataclass(frozen=True, slots=True)
class Feed:
    """Money that a budget gets from another programme, in the same draw and under the same facts.

    Args:
        programme: id of that programme in the pack.
        variant: id of its variant; none for the programme itself.
        outcome: the outcome of its model whose yearly total comes in.
        share: the part of it that comes in.
        lag: years between its being raised and its coming in.
    """

    programme: str
    variant: str | None
    outcome: str
    share: float = 1.0
    lag: int = 0


@dataclass(frozen=True, slots=True)
class Budget:
    """What an instrument may give of one resource, in whole canonical units (dong for money).

    Args:
        resource: the resource of the model.
        amount: the total over all years; none for no total.
        per_year: the most in one year; none for no such bound.
        per_unit: the most that one real unit gets over all years; none for no such bound.
        unit: the canonical unit of the amounts; `1` where none was written.
        carry_over: whether what a year leaves of `per_year` is added to the next.
        revolving: whether what comes back may be given again.
        waitlist: whether what a refused unit gives back to this budget goes to the next in its queue.
        fed_by: the programme whose outcome comes in, beside the amount.
        tranches: the most in each year in place of `per_year`, where years differ; a list's own, never in a file.
        facts: the facts that the amounts were stated through, at their central values.
        place: where it stands.
    """

    resource: str
    amount: int | None = None
    per_year: int | None = None
    per_unit: int | None = None
    unit: str = "1"
    carry_over: bool = True
    revolving: bool = False
    waitlist: bool = False
    fed_by: Feed | None = None
    tranches: tuple[int, ...] | None = None
    facts: tuple[str, ...] = field(default=(), compare=False, repr=False)
    place: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Capacity:
    """What each place and hour has of one resource in every period, in whole canonical units.

    Args:
        resource: the resource of the model.
        by: the category and flag columns whose every combination has this much.
        amount: how much.
        unit: the canonical unit of the amount; `1` where none was written.
        facts: the facts that the amount was stated through, at their central values.
        place: where it stands.
    """

    resource: str
    by: tuple[str, ...]
    amount: int
    unit: str = "1"
    facts: tuple[str, ...] = field(default=(), compare=False, repr=False)
    place: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Ration:
    """Who is served when the wishes exceed a budget.

    Args:
        rule: by `priority`, by `lottery`, or `first_come`.
        by: what ranks the wishes, for a priority.
        order: whether the highest or the lowest comes first.
    """

    rule: Rule
    by: Expression | None = None
    order: Order = "highest"


@dataclass(frozen=True, slots=True)
class Instrument:
    """A change of levers for the eligible units.

    Args:
        id: its name in the programme.
        title: in both languages.
        eligible: the condition on a unit's columns.
        levers: for each lever it changes, the new value.
        budgets: what it may give, in the order in which they are served; none for no limit.
        ration: who is served first.
        years: when it runs; none for all years of the programme.
        months: the months in which it runs, where it does not run in all of its years.
        capacities: what each place and hour has, served after the budgets in this order.
        place: where it stands.
    """

    id: str
    title: Text
    eligible: Expression
    levers: Mapping[str, Expression]
    budgets: tuple[Budget, ...]
    ration: Ration
    years: tuple[int, ...] | None = None
    months: tuple[Month, ...] | None = None
    capacities: tuple[Capacity, ...] = ()
    place: Place | None = field(default=None, compare=False, repr=False)

    @property
    def expressions(self) -> Iterator[Expression]:
        """The condition, the levers' values and the priority, in the order of the file."""
        yield self.eligible
        yield from self.levers.values()
        if self.ration.by is not None:
            yield self.ration.by

    def runs(self, year: int, month: int | None) -> bool:
        """Whether it runs in this year, or in this month of it."""
        if self.years is not None and year not in self.years:
            return False
        return month is None or self.months is None or (year, month) in self.months


@dataclass(frozen=True, slots=True)
class Programme:
    """One or more instruments with years, budgets and rationing.

    Args:
        id: its name; a variant has its own.
        title: in both languages.
        model: the model whose levers it changes.
        years: when it runs, ascending.
        commitment: the promise behind it.
        note: what the reader should know, in both languages.
        instruments: in the order in which their budgets are served.
        months: when it runs, where that is not all months of its years.
        place: where it stands.
    """

    id: str
    title: Text
    model: str
    years: tuple[int, ...]
    commitment: str | None
    note: Text | None
    instruments: tuple[Instrument, ...]
    months: tuple[Month, ...] | None = None
    place: Place | None = field(default=None, compare=False, repr=False)

    def runs(self, year: int, month: int | None) -> bool:
        """Whether it runs in this year, or in this month of it."""
        return year in self.years and (month is None or self.months is None or (year, month) in self.months)

    @property
    def feeds(self) -> tuple[Feed, ...]:
        """What its budgets get from other programmes, in the order of the file, each once."""
        found = (budget.fed_by for one in self.instruments for budget in one.budgets)
        return tuple(dict.fromkeys(feed for feed in found if feed is not None))

    @property
    def names(self) -> tuple[str, ...]:
        """Every name that its expressions read, sorted: columns, facts, levers, resources."""
        return tuple(sorted({name for one in self.instruments for part in one.expressions for name in part.names}))

    @property
    def amount_facts(self) -> tuple[str, ...]:
        """The facts that budgets were stated through, sorted; none where the amounts were written out."""
        limits = [limit for one in self.instruments for limit in (*one.budgets, *one.capacities)]
        return tuple(sorted({name for limit in limits for name in limit.facts}))

    @property
    def digest(self) -> str:
        """SHA-256 of everything stated, whatever the file and the lines that state it."""
        text = json.dumps(describe(self), ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class ProgrammeFile:
    """A programme and its variants, each of which is a whole programme."""

    base: Programme
    variants: Mapping[str, Programme]

    @property
    def programmes(self) -> tuple[Programme, ...]:
        """The programme, then its variants in the order of the file."""
        return (self.base, *self.variants.values())


def describe(programme: Programme) -> dict[str, Any]:
    """A programme as JSON and YAML hold it: what `load_programme` reads, with nothing left to default.

    The order of the instruments means something and is kept; levers are sorted.
    """
    return {
        "id": programme.id,
        "title": _describe_text(programme.title),
        "model": programme.model,
        **_describe_time(programme.years, programme.months),
        **({} if programme.commitment is None else {"commitment": programme.commitment}),
        **({} if programme.note is None else {"note": _describe_text(programme.note)}),
        "instruments": {one.id: _describe_instrument(one) for one in programme.instruments},
    }


def _describe_text(text: Text) -> dict[str, str]:
    return {language: text[language] for language in ("vi", "en")}


def _describe_time(years: tuple[int, ...], months: tuple[Month, ...] | None) -> dict[str, Any]:
    if months is None:
        return {"years": list(years)}
    (first, first_month), (last, last_month) = months[0], months[-1]
    return {"months": f"{first}-{first_month:02d}..{last}-{last_month:02d}"}


def _describe_instrument(instrument: Instrument) -> dict[str, Any]:
    capacities = [_describe_capacity(one) for one in instrument.capacities]
    return {
        "title": _describe_text(instrument.title),
        **({} if instrument.years is None else _describe_time(instrument.years, instrument.months)),
        "eligible": instrument.eligible.text,
        "levers": {name: value.text for name, value in sorted(instrument.levers.items())},
        "budget": [_describe_budget(budget) for budget in instrument.budgets],
        **({"capacity": capacities} if capacities else {}),
        "ration": _describe_ration(instrument.ration),
    }


def _describe_budget(budget: Budget) -> dict[str, Any]:
    unit = "" if budget.unit == "1" else f" {budget.unit}"
    amounts = {"amount": budget.amount, "per_year": budget.per_year, "per_unit": budget.per_unit}
    return {
        "resource": budget.resource,
        **{name: f"{value}{unit}" for name, value in amounts.items() if value is not None},
        **({} if budget.tranches is None else {"tranches": list(budget.tranches)}),
        "carry_over": budget.carry_over,
        "revolving": budget.revolving,
        "waitlist": budget.waitlist,
        **({} if budget.fed_by is None else {"fed_by": _describe_feed(budget.fed_by)}),
    }


def _describe_feed(feed: Feed) -> dict[str, Any]:
    variant = {} if feed.variant is None else {"variant": feed.variant}
    return {"programme": feed.programme, **variant, "outcome": feed.outcome, "share": str(feed.share), "lag": feed.lag}


def _describe_capacity(capacity: Capacity) -> dict[str, Any]:
    unit = "" if capacity.unit == "1" else f" {capacity.unit}"
    return {"resource": capacity.resource, "by": list(capacity.by), "amount": f"{capacity.amount}{unit}"}


def _describe_ration(ration: Ration) -> dict[str, Any] | str:
    return ration.rule if ration.by is None else {"by": ration.by.text, "order": ration.order}
