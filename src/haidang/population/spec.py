"""What a population is built from: how each column is drawn, and the margins that the weights must reach."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from haidang.errors import Place
from haidang.population.columns import Column, Title
from haidang.population.weights import Bounds

Measure = Literal["share", "count", "mean", "total"]


@dataclass(frozen=True, slots=True)
class Amount:
    """A number written in the file, or the name of the fact that has it; canonical either way."""

    value: float | None = None
    fact: str | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Effects:
    """What moves a unit away from the average.

    Attributes:
        by: column, value, effect: what a category or a flag does.
        per: number, level or factor, effect of one unit of it.
    """

    by: Mapping[str, Mapping[str, float]] = field(default_factory=dict[str, Mapping[str, float]])
    per: Mapping[str, float] = field(default_factory=dict[str, float])


@dataclass(frozen=True, slots=True)
class Shares:
    """A category: the shares of its values, times a factor per value of another column, brought back to one.

    `rows` are the shares that the *rows* take, where a rare value needs many rows; the weights undo it.
    """

    shares: Mapping[str, Amount]
    times: Mapping[str, Mapping[str, Mapping[str, float]]]
    rows: Mapping[str, float] | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """A category of a census: how many units have each value. Every unit is a row of weight one."""

    counts: Mapping[str, Amount]


@dataclass(frozen=True, slots=True)
class Chance:
    """A flag: its average chance, and odds ratios around it (an effect of 2 doubles the odds, 0 rules it out)."""

    average: Amount
    odds: Effects


@dataclass(frozen=True, slots=True)
class Steps:
    """A level: the average chance of each step up among those who stand below it, with odds ratios as for a flag.

    A step that names a flag is taken exactly where the flag is true (continuation ratios, Fienberg 1980).
    """

    steps: tuple[Amount | str, ...]
    odds: Effects


@dataclass(frozen=True, slots=True)
class Span:
    """Numbers from `least` up to but not including `below`, with density falling as x**-(exponent + 1)."""

    least: float
    below: float
    exponent: float


@dataclass(frozen=True, slots=True)
class Classes:
    """A whole number inside its size class: a truncated Pareto distribution per value of the column `of`."""

    of: str
    spans: Mapping[str, Span]


@dataclass(frozen=True, slots=True)
class Lognormal:
    """A positive number: median times powers of other numbers times effects, with `spread` its log's deviation."""

    median: Amount
    spread: float
    powers: Mapping[str, float]
    times: Effects


@dataclass(frozen=True, slots=True)
class Normal:
    """A number around a mean plus effects, with standard deviation `spread`, cut at the column's limits."""

    mean: Amount
    spread: float
    plus: Effects


Draw: TypeAlias = Shares | Counts | Chance | Steps | Classes | Lognormal | Normal


@dataclass(frozen=True, slots=True)
class Drawn:
    """A column and the stated assumption by which it is drawn."""

    column: Column
    draw: Draw
    assumption: str
    place: Place


@dataclass(frozen=True, slots=True)
class Factor:
    """Something nobody observes that moves several columns together: standard normal, plus shifts."""

    name: str
    by: Mapping[str, Mapping[str, float]]
    assumption: str
    place: Place


@dataclass(frozen=True, slots=True)
class Given:
    """A unit of a census of which something is published: those values are kept, and the rest is drawn.

    Attributes:
        name: its key.
        values: by column, a word of a category or a flag, or a number.
        place: where it stands.
    """

    name: str
    values: Mapping[str, Amount | str]
    place: Place


@dataclass(frozen=True, slots=True)
class Condition:
    """A test on one column: its value is among `values`, or it is at least `at_least`."""

    column: str
    values: tuple[str, ...] = ()
    at_least: float | None = None


@dataclass(frozen=True, slots=True)
class MarginSpec:
    """A published figure that the population is held against.

    Attributes:
        name: its key.
        title: text per language.
        fact: the fact that has the figure and its standard error.
        value: which of the fact's published values is meant; none for the one in use.
        measure: `share` or `count` of the units that meet `what`, `mean` or `total` of `column`.
        column: the number measured, for a mean or a total.
        what: conditions that a share or a count counts.
        where: conditions on the units it is taken over.
        tolerance: where no standard error is published: the miss allowed, as a share of the figure.
        shown: why the figure is only shown beside the population and not reached; none where it is reached.
        scales: whether the column is multiplied so that its total comes out, in place of moving weights.
        whole: whether the multiplied numbers are made whole, so that their total is exact (in a census).
        place: where it stands.
    """

    name: str
    title: Title
    fact: str
    value: str | None
    measure: Measure
    column: str | None
    what: tuple[Condition, ...]
    where: tuple[Condition, ...]
    tolerance: float | None
    shown: str | None
    scales: bool
    whole: bool
    place: Place


@dataclass(frozen=True, slots=True)
class PopulationSpec:
    """Everything that `build_population` needs except the facts.

    Attributes:
        id: its name.
        title: text per language.
        note: text per language, such as who is outside.
        rows: how many rows to draw unless told otherwise.
        units: how many real units there are.
        bounds: limits on what the margins may do to a weight.
        factors: what nobody observes, by name.
        drawn: the columns in the order in which they are drawn.
        given: units of a census of which something is published.
        margins: the published figures.
        path: its file.
    """

    id: str
    title: Title
    note: Title
    rows: int
    units: Amount
    bounds: Bounds
    factors: Mapping[str, Factor]
    drawn: tuple[Drawn, ...]
    given: tuple[Given, ...]
    margins: tuple[MarginSpec, ...]
    path: str

    @property
    def columns(self) -> dict[str, Column]:
        """The columns by name."""
        return {one.column.name: one.column for one in self.drawn}

    @property
    def counted(self) -> Drawn | None:
        """The category that counts the units of a census; none where rows stand for more or fewer units."""
        return next((one for one in self.drawn if isinstance(one.draw, Counts)), None)

    @property
    def assumptions(self) -> dict[str, str]:
        """What is assumed, by column or factor."""
        return {name: one.assumption for name, one in self.factors.items()} | {
            one.column.name: one.assumption for one in self.drawn
        }
