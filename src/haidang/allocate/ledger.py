"""What plans contain, measure by measure, and how much of each row they take."""

from __future__ import annotations

from dataclasses import dataclass

import jax
import numpy as np
from numpy.typing import NDArray

from haidang.allocate.field import Field
from haidang.allocate.pricing import contained
from haidang.engine.compiled import jnp

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_CHUNK = 1 << 16
_EXACT = 2.0**53
_SLACK = 5e-13
"""The share of what is used by which a row with broken numbers may be passed: half of what counts as a breach."""


@dataclass(frozen=True, slots=True, eq=False)
class Ledger:
    """What plans contain and take.

    Args:
        value: of the goal (plans).
        load: of the rows (plans, rows).
    """

    value: Floats
    load: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Totals:
    """What the plans of many units contain together, by year of the offer and class.

    Args:
        measured: (measures, years, classes).
        served: weight of units with at least one offer (classes).
    """

    measured: Floats
    served: Floats

    def __add__(self, other: Totals) -> Totals:
        """Both together."""
        return Totals(self.measured + other.measured, self.served + other.served)

    def __sub__(self, other: Totals) -> Totals:
        """One without the other."""
        return Totals(self.measured - other.measured, self.served - other.served)

    @property
    def value(self) -> float:
        """Of the goal."""
        return float(self.measured[0].sum())


def ledger_of(field: Field, units: Ints, plans: Ints) -> Ledger:
    """What single plans contain and take.

    Args:
        field: the units.
        units: the places of the plans' units.
        plans: one of each.
    """
    rows = field.rows
    count = len(rows.names)
    value, load = np.zeros(len(units)), np.zeros((len(units), count))
    for first in range(0, len(units), _CHUNK):
        part = slice(first, first + _CHUNK)
        measured, served = _contents(field, units[part], plans[part])
        value[part] = measured[:, 0].sum(axis=1)
        flat = measured.reshape(len(measured), -1)
        classes = rows.class_of[field.order[units[part]]]
        for one in np.unique(classes):
            mine = np.flatnonzero(classes == one) if rows.classes > 1 else slice(None)
            taken = flat[mine] @ rows.factor[..., one].reshape(count, -1).T
            load[part][mine] = taken + served[mine, None] * rows.served[:, one]
    return Ledger(value, load)


def totals_of(field: Field, units: Ints, plans: Ints) -> Totals:
    """What some units' plans contain together: exact where all amounts are whole numbers.

    Args:
        field: the units.
        units: the places of the plans' units.
        plans: one of each.
    """
    rows = field.rows
    found, present = np.zeros((len(rows.measures), field.code.years, rows.classes)), np.zeros(rows.classes)
    for first in range(0, len(units), _CHUNK):
        measured, served = _contents(field, units[first : first + _CHUNK], plans[first : first + _CHUNK])
        classes = rows.class_of[field.order[units[first : first + _CHUNK]]]
        present += np.bincount(classes, served, rows.classes)
        for measure, year in np.ndindex(*found.shape[:2]):
            found[measure, year] += np.bincount(classes, measured[:, measure, year], rows.classes)
    return Totals(found, present)


def totals_of_all(field: Field, plans: Ints) -> Totals:
    """The same for the first units of a field, block by block.

    Args:
        field: the units.
        plans: of the first so many units.
    """
    rows = field.rows
    found, present = np.zeros((len(rows.measures) * field.code.years, rows.classes)), np.zeros(rows.classes)
    for at, block in enumerate(field.blocks[: -(-len(plans) // field.size)]):
        part = plans[at * field.size : (at + 1) * field.size]
        part = np.pad(part, (0, field.size - len(part)))
        with jax.enable_x64(True):
            columns, served = contained(block, jnp.asarray(part), code=field.code)
        columns = [np.asarray(one) for one in columns]
        if block.classes is None:
            found[:, 0] += [one.sum() for one in columns]
            present[0] += np.asarray(served).sum()
            continue
        classes = np.asarray(block.classes)
        present += np.bincount(classes, np.asarray(served), rows.classes)
        found += [np.bincount(classes, one, rows.classes) for one in columns]
    return Totals(found.reshape(len(rows.measures), field.code.years, rows.classes), present)


def taken_of(field: Field, totals: Totals) -> Floats:
    """How much of each row is taken."""
    rows = field.rows
    return np.tensordot(rows.factor, totals.measured, axes=3) + rows.served @ totals.served


def slack_of(field: Field, totals: Totals) -> Floats:
    """By how much each row may be passed: nothing where all that it adds up is whole, else what rounding makes."""
    rows = field.rows
    gross = np.tensordot(np.abs(rows.factor), totals.measured, axes=3) + np.abs(rows.served) @ totals.served
    whole_factor = (rows.factor == np.rint(rows.factor)) & field.whole[None, :, None, None]
    whole = (whole_factor | (rows.factor == 0.0)).all(axis=(1, 2, 3)) & (rows.served == np.rint(rows.served)).all(
        axis=1
    )
    return np.where(whole & (gross < _EXACT), 0.0, _SLACK * (gross + np.abs(rows.limit)))


def _contents(field: Field, units: Ints, plans: Ints) -> tuple[Floats, Floats]:
    """What each plan contains of each measure by year of the offer, and its unit's weight where it offers anything."""
    choices = field.code.choices(plans)
    given = field.order[units]
    none = choices < 0
    option = np.where(none, 0, choices).astype(np.int64)
    found = np.empty((len(units), len(field.values), choices.shape[1]))
    for measure, values in enumerate(field.values):
        for year in range(choices.shape[1]):
            if values.ndim == 3:
                entries = values[given, year, option[:, year]]
            else:
                entries = values[given, option[:, year]] if values.ndim == 2 else values[given]
            found[:, measure, year] = np.where(none[:, year], 0.0, entries)
    return found, np.where(none.all(axis=1), 0.0, field.weight[given])
