"""What a design search may change: levers of a programme's instruments, each between two bounds."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from haidang.errors import HaidangError, did_you_mean
from haidang.facts import FactBook, canonical, canonical_unit, parse_quantity, same_dimension
from haidang.models import Card, Lever
from haidang.programmes import Expression, Instrument, Programme, parse

SPAN = ".."


class DesignError(HaidangError):
    """A design search that cannot be made as asked."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A lever that is searched over.

    Args:
        lever: its name in the model.
        instrument: the instrument whose units it is changed for.
        unit: its unit of measure.
        low: the lowest value, canonical.
        high: the highest value, canonical.
        declared: the value that the programme has at the facts' central values, brought between the bounds.
    """

    lever: str
    instrument: str
    unit: str
    low: float
    high: float
    declared: float

    @property
    def name(self) -> str:
        """The name under which expressions read its value."""
        return f"design_{self.lever}"

    def text(self, value: float) -> str:
        """A value as a programme's file has it, in five digits."""
        if "%" in self.unit:
            return f"{float(f'{100.0 * value:.5g}')!r} {self.unit}"
        unit = canonical_unit(self.unit)
        return f"{float(f'{value:.5g}')!r}" + ("" if unit == "1" else f" {unit}")


@dataclass(frozen=True, slots=True)
class Space:
    """The parameters of a search, and the programme that reads their values."""

    parameters: tuple[Parameter, ...]
    programme: Programme

    @property
    def declared(self) -> NDArray[np.float64]:
        """The programme as it is, as a point of the unit cube."""
        return np.array([(one.declared - one.low) / (one.high - one.low) for one in self.parameters])

    def values(self, point: NDArray[np.float64]) -> tuple[float, ...]:
        """A point of the unit cube as values of the parameters, canonical, as a file can state them."""
        found: list[float] = []
        for one, share in zip(self.parameters, np.clip(point, 0.0, 1.0), strict=True):
            number, unit = parse_quantity(one.text(one.low + (one.high - one.low) * float(share)))
            found.append(canonical(number, unit))
        return tuple(found)

    def written(self, values: tuple[float, ...]) -> Programme:
        """The programme with these values written out."""
        texts = {one.name: parse(one.text(value), None) for one, value in zip(self.parameters, values, strict=True)}
        instruments = tuple(_with_texts(one, texts) for one in self.programme.instruments)
        return replace(self.programme, instruments=instruments)


def read_space(text: str, programme: Programme, card: Card, book: FactBook) -> Space:
    """The space that the words of a command name: `loan_rate=2 %/year..6 %/year,guarantee_share,advisory`.

    A share without bounds may be anything from nothing to all; a yearly rate, anything from nothing to what it is
    without a programme. The lever is changed in the first instrument that sets it, else in the programme's first.

    Raises:
        DesignError: a lever that the model does not have, that is named twice, or that needs bounds.
    """
    parameters: list[Parameter] = []
    for word in (one.strip() for one in text.split(",")):
        name, equals, span = (part.strip() for part in word.partition("="))
        if name not in card.levers:
            hint = did_you_mean(name, card.levers)
            raise DesignError(f"expected a lever of '{card.id}' in --over, found '{name}'", None, hint)
        if name in {one.lever for one in parameters}:
            raise DesignError(f"expected each lever once in --over, found '{name}' twice")
        bounds = _bounds(name, span, card.levers[name]) if equals else usual_bounds(name, card.levers[name], book)
        home = _home(name, programme)
        now = min(max(declared_value(name, home, card.levers[name], book), bounds[0]), bounds[1])
        parameters.append(Parameter(name, home.id, card.levers[name].unit, *bounds, now))
    _refuse_repayment(parameters, programme, card)
    return Space(tuple(parameters), _searched(programme, parameters))


def _home(lever: str, programme: Programme) -> Instrument:
    setting = (one for one in programme.instruments if lever in one.levers)
    return next(setting, programme.instruments[0])


def declared_value(name: str, instrument: Instrument, lever: Lever, book: FactBook) -> float:
    """The lever's value in an instrument where facts alone fix it, else its default."""
    default = book.value(lever.default) if isinstance(lever.default, str) else lever.default
    expression = instrument.levers.get(name)
    if expression is None or any(one not in book.facts for one in expression.names):
        return default
    return expression.constant({one: book.value(one) for one in expression.names})


def usual_bounds(name: str, lever: Lever, book: FactBook) -> tuple[float, float]:
    """Between what a lever may be where nobody says otherwise: any share, any yearly rate up to its default.

    Raises:
        DesignError: it is neither, so its bounds must be said.
    """
    dimension = canonical_unit(lever.unit)
    if "%" in lever.unit and dimension == "1":
        return 0.0, 1.0
    default = book.value(lever.default) if isinstance(lever.default, str) else lever.default
    if "%" in lever.unit and default > 0:
        return 0.0, default
    raise DesignError(
        f"expected bounds for '{name}' in --over, found none", None, f"write '{name}=1 {lever.unit}..2 {lever.unit}'"
    )


def _bounds(name: str, span: str, lever: Lever) -> tuple[float, float]:
    low, dots, high = (part.strip() for part in span.partition(SPAN))
    if not dots:
        raise DesignError(f"expected bounds such as '{name}=1..2' in --over, found '{span}'")
    found: list[float] = []
    for text in (low, high):
        value, unit = parse_quantity(text)
        if unit != "1" and not same_dimension(unit, lever.unit):
            raise DesignError(f"expected {lever.unit} for '{name}' in --over, found {unit}")
        if unit == "1" and canonical_unit(lever.unit) != "1":
            raise DesignError(f"expected {lever.unit} for '{name}' in --over, found a number without a unit")
        found.append(canonical(value, unit))
    if not found[0] < found[1]:
        raise DesignError(f"expected bounds that rise for '{name}' in --over, found '{span}'")
    return found[0], found[1]


def _refuse_repayment(parameters: list[Parameter], programme: Programme, card: Card) -> None:
    """Over how many periods a revolving budget comes back is fixed before a run, so it cannot be searched over."""
    for instrument in programme.instruments:
        for budget in instrument.budgets:
            lever = card.resources[budget.resource].returns if budget.revolving else None
            if lever in {one.lever for one in parameters}:
                raise DesignError(f"expected a lever that no revolving budget reads in --over, found '{lever}'")


def _searched(programme: Programme, parameters: list[Parameter]) -> Programme:
    """The programme with each parameter's lever read by name."""
    instruments: list[Instrument] = []
    for one in programme.instruments:
        mine = {p.lever: parse(p.name, None) for p in parameters if p.instrument == one.id}
        instruments.append(replace(one, levers={**one.levers, **mine}))
    return replace(programme, instruments=tuple(instruments))


def _with_texts(instrument: Instrument, texts: dict[str, Expression]) -> Instrument:
    return replace(instrument, levers={name: texts.get(value.text, value) for name, value in instrument.levers.items()})
