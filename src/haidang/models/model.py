"""The shape of a model: a card that declares it, and the pure functions that the engine calls.

The engine calls the functions with columns (arrays of length n, one entry per unit) and compiles them; they must not
branch on values. All numbers are in canonical units: VND, kWh, tCO2e, years, and fractions for percentages.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Array = Any
"""A JAX array of length n, or a scalar that stands for one; typed loosely because JAX is imported late."""

Text = Mapping[str, str]
"""What a user reads, by language: `vi` and `en`."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """A column of the population that the model reads, or one it derives for programmes to use."""

    kind: Literal["category", "flag", "number", "level"]
    unit: str = ""
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Alternative:
    """One thing a unit may choose in a period. `nothing` is always there and is not declared."""

    id: str
    title: Text


@dataclass(frozen=True, slots=True)
class Lever:
    """A number that a programme may change.

    Args:
        unit: unit of measure.
        default: the value without any programme: a number in canonical units, or the id of a fact.
        flag: whether it is yes or no, written as 1 or 0.
    """

    unit: str
    default: float | str
    title: Text = field(default_factory=dict[str, str])
    flag: bool = False


@dataclass(frozen=True, slots=True)
class Resource:
    """Something that an alternative uses and a budget may limit.

    Args:
        unit: unit of measure.
        cap: the lever through which the model is told how much one unit may still get.
        returns: the lever that holds the years over which what was lent comes back in equal parts.
    """

    unit: str
    title: Text
    cap: str | None = None
    returns: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """A named quantity per unit and period.

    Args:
        kind: `flow` adds up over periods; `stock` stands at the end of each; `mean` is a stock of which the average
            over units is shown.
        good: which direction is better, for the wording of reports.
        quantum: the smallest amount that is counted per row. Sums are sums of whole quanta and therefore the same in
            any order.
    """

    id: str
    title: Text
    unit: str
    kind: Literal["flow", "stock", "mean"] = "flow"
    good: Literal["more", "less", "neutral"] = "more"
    quantum: float = 1e-6


@dataclass(frozen=True, slots=True)
class State:
    """A column that the years change, with the dtype it is kept in."""

    dtype: str


@dataclass(frozen=True, slots=True)
class Chance:
    """A random number of the model's own: one per unit that `lasts` for the draw, or a new one each period."""

    law: Literal["uniform", "normal"]
    lasts: Literal["draw", "period"]


@dataclass(frozen=True, slots=True)
class Peers:
    """A share of the units' weight that all units of a group see, as it stood at the end of the last period."""

    by: str


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of the funnel between a unit and an offer."""

    id: str
    title: Text


@dataclass(frozen=True, slots=True)
class Market:
    """A good with a price that each period finds, so that what is bid is what is offered.

    Args:
        title: what is traded.
        unit: unit of measure of the good.
        price_unit: unit of measure of its price.
        sides: names of the order columns that the model's `orders` gives.
        floor: the lever that holds the lowest price; of several values among the units the highest counts.
        ceiling: the lever that holds the highest price; of several values among the units the lowest counts.
        step: prices are whole multiples of it, in canonical units.
        quantum: the smallest amount that is traded; a row's order is a whole number of them.
    """

    title: Text
    unit: str
    price_unit: str
    sides: tuple[str, ...]
    floor: str
    ceiling: str
    step: float
    quantum: float = 1.0


@dataclass(frozen=True, slots=True)
class Card:
    """What a model declares about itself. Programmes, packs and pages are checked against it.

    Args:
        period: how long a period is.
        unit: what one unit is called where units are counted, such as `firm` or `trip`.
        market: the good whose price each period finds; none for a model without a market.
        roles: which of the outcomes and resources plays which part in a report, where the name differs from the
            part's own.
        foretold: by outcome, the column among `ranks` that foretells, when a unit applies, what its wish adds.
    """

    id: str
    title: Text
    population: str
    attributes: Mapping[str, Attribute]
    derived: Mapping[str, Attribute]
    ranks: Mapping[str, Attribute]
    states: Mapping[str, State]
    alternatives: tuple[Alternative, ...]
    levers: Mapping[str, Lever]
    resources: Mapping[str, Resource]
    outcomes: tuple[Outcome, ...]
    facts: tuple[str, ...]
    chances: Mapping[str, Chance] = field(default_factory=dict[str, Chance])
    peers: Mapping[str, Peers] = field(default_factory=dict[str, Peers])
    stages: tuple[Stage, ...] = ()
    groups: tuple[str, ...] = ()
    tracked: tuple[str, ...] = ()
    period: Literal["year", "month"] = "year"
    unit: str = "unit"
    market: Market | None = None
    roles: Mapping[str, str] = field(default_factory=dict[str, str])
    foretold: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def columns(self) -> Mapping[str, Attribute]:
        """Every column that a programme's expressions may name."""
        return {**self.attributes, **self.derived}


class Columns(Mapping[str, Array]):
    """Columns by name, with categories compared by their own word."""

    def __init__(self, arrays: Mapping[str, Array], codes: Mapping[str, tuple[str, ...]]) -> None:
        """Keep the arrays and, for each category column, the words in the order of their codes."""
        self._arrays = arrays
        self._codes = codes

    def __getitem__(self, name: str) -> Array:
        """The column of this name."""
        return self._arrays[name]

    def __iter__(self) -> Iterator[str]:
        """The names of the columns."""
        return iter(self._arrays)

    def __len__(self) -> int:
        """How many columns there are."""
        return len(self._arrays)

    def among(self, name: str, *words: str) -> Array:
        """Whether the category of a unit is one of these words."""
        found = self._arrays[name] == self._codes[name].index(words[0])
        for word in words[1:]:
            found = found | (self._arrays[name] == self._codes[name].index(word))
        return found


@dataclass(frozen=True, slots=True)
class Option:
    """An alternative as it looks to each unit.

    Args:
        available: whether the unit may choose it (bool, units).
        utility: systematic utility over *nothing*, without noise (float32, units).
        uses: what choosing it takes of each resource, per real unit (float32, units). Zero where the unit would not
            use the resource.
    """

    available: Array
    utility: Array
    uses: Mapping[str, Array] = field(default_factory=dict[str, Array])


@dataclass(frozen=True, slots=True)
class Period:
    """The period at hand: its year, its month (1 to 12; 12 where periods are years), its place in the run from zero."""

    year: Array
    index: Array
    month: Array = 12


@dataclass(frozen=True, slots=True)
class Taken:
    """What each unit took in a period.

    Args:
        code: 0 for *nothing*, else the place of the alternative on the card counted from one (int32, units).
        names: the alternatives' ids in that order.
        uses: of each resource, what the unit got per real unit (float32, units).
        helped: whether the unit's choice used an instrument (bool, units).
        traded: of each order column, what was bought (above zero) or sold (below) per real unit (float64, units).
    """

    code: Array
    names: tuple[str, ...]
    uses: Mapping[str, Array]
    helped: Array
    traded: Mapping[str, Array] = field(default_factory=dict[str, Array])

    def chose(self, name: str) -> Array:
        """Whether a unit took this alternative."""
        return self.code == self.names.index(name) + 1

    @property
    def something(self) -> Array:
        """Whether a unit took any alternative but *nothing*."""
        return self.code > 0


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything a unit sees when it chooses.

    Args:
        units: attributes and model-derived columns.
        state: the states' columns.
        lever: each lever's value for each unit (scalar or column).
        fact: the facts of the draw and the year (scalars).
        chance: the model's own random numbers.
        peers: what the unit sees of others.
        period: the period.
        price: the price of the model's market in this period; zero without one (scalar).
        last_price: the price of the period before; the floor before the first (scalar).
    """

    units: Columns
    state: Mapping[str, Array]
    lever: Mapping[str, Array]
    fact: Mapping[str, Array]
    chance: Mapping[str, Array]
    peers: Mapping[str, Array]
    period: Period
    price: Array = 0.0
    last_price: Array = 0.0


class Model(ABC):
    """A model of one population: its card and a few functions over columns."""

    card: Card

    @abstractmethod
    def start(self, units: Columns, fact: Mapping[str, Array]) -> Mapping[str, Array]:
        """The states before the first period, from the attributes and the facts of the draw."""

    def prepare(self, units: Columns, fact: Mapping[str, Array]) -> Mapping[str, Array]:
        """Columns that stay for a draw and cost something to compute: the scene's units hold them. None by default.

        They follow from attributes and the facts of the first period alone.
        """
        del units, fact
        return {}

    def derive(self, units: Columns, state: Mapping[str, Array]) -> Mapping[str, Array]:
        """Columns that programmes may name and that follow from attributes and state. None unless overridden."""
        del units, state
        return {}

    def observe(self, units: Columns, state: Mapping[str, Array]) -> Mapping[str, Array]:
        """For each of the card's `peers`, the column whose weighted mean by group others see. None by default."""
        del units, state
        return {}

    @abstractmethod
    def options(self, scene: Scene) -> Mapping[str, Option]:
        """Every alternative but *nothing*, as it looks to each unit."""

    def stages(self, scene: Scene) -> Mapping[str, Array]:
        """For each stage of the funnel, which units reach it (bool, units): all before it too. None by default."""
        del scene
        return {}

    def rank(self, scene: Scene, choice: Array, names: tuple[str, ...]) -> Mapping[str, Array]:
        """Columns about each unit's choice that a rationing rule may name, such as an expected gain. None by default.

        Args:
            scene: what the units see.
            choice: 0 for *nothing*, else the place of the alternative in `names` plus one (uint8, units).
            names: the alternatives' ids.
        """
        del scene, choice, names
        return {}

    def orders(self, scene: Scene, taken: Taken) -> Mapping[str, Array]:
        """What each unit bids (above zero) or offers (below) on the model's market at the scene's price.

        One column for each of the market's sides, per real unit. All bids less all offers must not rise with the
        price: the period looks for the lowest price at which no bid is left over. None by default.
        """
        del scene, taken
        return {}

    @abstractmethod
    def move(self, scene: Scene, taken: Taken) -> Mapping[str, Array]:
        """The states after the choice."""

    @abstractmethod
    def outcomes(self, scene: Scene, taken: Taken, after: Mapping[str, Array]) -> Mapping[str, Array]:
        """Every outcome of the card, per real unit (float32, units)."""
