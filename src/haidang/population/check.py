"""Whether a description and the facts that it names fit together."""

from __future__ import annotations

from haidang.facts import FactBook, same_dimension
from haidang.population.census import check_census
from haidang.population.columns import PopulationError
from haidang.population.draw import amount_of
from haidang.population.margins import published
from haidang.population.spec import Amount, Chance, Drawn, Lognormal, MarginSpec, Normal, PopulationSpec, Shares, Steps


def check_spec(spec: PopulationSpec, book: FactBook) -> None:
    """See that every fact is there, in the right unit, and that shares are shares. Draws nothing.

    Raises:
        HaidangError: the first mistake, with file, line and key.
    """
    if not amount_of(spec.units, book) > 0:
        raise PopulationError("expected units above zero", spec.units.place)
    check_census(spec, book)
    for one in spec.drawn:
        for amount in _shares(one):
            _check_share(amount, book)
        match one.draw:
            case Lognormal(median=middle) | Normal(mean=middle):
                amount_of(middle, book)
            case _:
                pass
    for margin in spec.margins:
        _check_margin(margin, spec, book)


def _shares(one: Drawn) -> tuple[Amount, ...]:
    match one.draw:
        case Shares(shares=shares):
            return tuple(shares.values())
        case Chance(average=average):
            return (average,)
        case Steps(steps=steps):
            return tuple(step for step in steps if isinstance(step, Amount))
        case _:
            return ()


def _check_share(amount: Amount, book: FactBook) -> None:
    value = amount_of(amount, book)
    if amount.fact is not None and not same_dimension(book.fact(amount.fact).unit, "1"):
        raise PopulationError(f"expected a share, found {amount.fact} in {book.fact(amount.fact).unit}", amount.place)
    if not 0 <= value <= 1:
        raise PopulationError(f"expected a share between 0 and 1, found {value:g}", amount.place)


def _check_margin(margin: MarginSpec, spec: PopulationSpec, book: FactBook) -> None:
    stated = published(margin, book)
    if margin.column is not None:
        wanted = spec.columns[margin.column].unit or "1"
    elif margin.measure == "share":
        wanted = "1"
    else:
        wanted = "1" if spec.units.fact is None else book.fact(spec.units.fact).unit
    if not same_dimension(stated.unit, wanted):
        raise PopulationError(
            f"expected {wanted} for a {margin.measure}, found {margin.fact} in {stated.unit}", margin.place
        )
    if not stated.tolerance > 0:
        raise PopulationError(f"expected a tolerance above zero, found {stated.tolerance:g}", margin.place)
