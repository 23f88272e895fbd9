"""Electricity saved and the emissions that go with it."""

from __future__ import annotations

from haidang.models.model import Array


def emissions_of_electricity(electricity: Array, grid_factor: Array) -> Array:
    """Emissions of electricity drawn from the grid.

    Args:
        electricity: kWh.
        grid_factor: tCO2e per kWh in the year of use.

    Returns:
        tCO2e.
    """
    return electricity * grid_factor


def saving_left(share: Array, already: Array) -> Array:
    """Share of today's use that a measure saves when others have already saved a part.

    Savings act on what is left, so a measure that saves `share` of an untouched plant saves `share * (1 - already)`
    of the plant's original use.
    """
    return share * (1.0 - already)
