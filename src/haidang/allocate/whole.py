"""A small problem as one mixed-integer programme: every offer a column, nothing left out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from haidang.allocate.field import Field
from haidang.allocate.linear import Linear, none
from haidang.allocate.watch import Watch

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MOST_CELLS = 8000
"""Problems with more units times years times options are not written out."""
_FINENESS = 1e4
_NODES = 20_000


def best_of_whole(field: Field, standing: Ints | None, limit: Floats, enough: float, watch: Watch) -> Ints | None:
    """Plans for all units of a small field by the solver's own search; none where it found none.

    Args:
        field: the units.
        standing: plans to begin with; none where none is known.
        limit: of the rows.
        enough: how near to the best, as a share.
        watch: asked for the time that remains.
    """
    years, options, units = field.code.years, field.code.options, field.units
    goal, load = _cells(field)
    account = float(goal.max(axis=(1, 2)).sum()) / _FINENESS or 1.0
    row = np.abs(load).max(axis=(0, 1, 2), initial=0.0)
    row = np.where(row > 0.0, row, 1.0)
    linear = Linear()
    rows = linear.add_rows(np.full(len(row), -np.inf), limit / row, np.zeros(len(row), np.int64), *none()[1:])
    cells = goal.size
    load = (load / row).reshape(cells, -1)
    where, which = np.nonzero(load)
    starts = np.searchsorted(where, np.arange(cells))
    open_to = _open(field).reshape(cells).astype(np.float64)
    first = linear.add_columns(-goal.ravel() / account, np.zeros(cells), open_to, starts, which, load[where, which])
    linear.whole(first, cells)
    place = np.arange(cells).reshape(units, years, options)
    _at_most_one(linear, place.reshape(-1, options))
    _at_most_one(linear, place.transpose(0, 2, 1).reshape(-1, years))
    _in_order(linear, field, place)
    served = field.rows.served[:, field.rows.class_of[field.order]].T * field.weight[field.order][:, None] / row
    if served.any():
        _served(linear, place, served, rows)
    linear.set("mip_rel_gap", 0.0)
    linear.set("mip_abs_gap", 0.5 * enough * _FINENESS)
    linear.set("mip_max_nodes", _NODES)
    linear.set("mip_feasibility_tolerance", 1e-9)
    if standing is not None and not served.any():
        linear.begin(_offered(field, standing).reshape(cells).astype(np.float64))
    answer = linear.run(watch.left)
    if answer.status == "none":
        return None
    chosen = answer.values[:cells].reshape(units, years, options) > 0.5
    return field.code.code(np.where(chosen.any(axis=2), chosen.argmax(axis=2), -1).astype(np.int8))


def _cells(field: Field) -> tuple[Floats, Floats]:
    """What each offer adds to the goal (units, years, options) and takes of each row (units, years, options, rows)."""
    years, options = field.code.years, field.code.options
    shape = (field.units, years, options)
    measured: list[Floats] = []
    for values in field.values:
        given = np.asarray(values[field.order], np.float64)
        wide = given if given.ndim == 3 else given[:, None, :] if given.ndim == 2 else given[:, None, None]
        measured.append(np.broadcast_to(wide, shape))
    factor = field.rows.factor[..., field.rows.class_of[field.order]]
    load = np.einsum("rkti,kito->itor", factor, np.array(measured))
    return measured[0], load


def _open(field: Field) -> NDArray[np.bool_]:
    """Which offers may be made (units, years, options)."""
    bits = np.concatenate([np.asarray(block.allowed).T for block in field.blocks])[: field.units]
    return (bits[:, :, None] >> np.arange(field.code.options, dtype=np.uint64)) & np.uint64(1) == 1


def _offered(field: Field, plans: Ints) -> NDArray[np.bool_]:
    return field.code.choices(plans)[:, :, None] == np.arange(field.code.options)


def _at_most_one(linear: Linear, places: Ints) -> None:
    count, width = len(places), int(places.shape[1])
    least, most = np.full(count, -np.inf), np.ones(count)
    linear.add_rows(least, most, np.arange(count) * width, places.ravel(), np.ones(places.size))


def _in_order(linear: Linear, field: Field, place: Ints) -> None:
    """An offer in a year only after one of what it requires in an earlier year."""
    names = {option.id: at for at, option in enumerate(field.problem.options)}
    for option, one in enumerate(field.problem.options):
        for other in one.after:
            for year in range(place.shape[1]):
                places = np.column_stack([place[:, year, option], place[:, :year, names[other]]])
                entries = np.tile(np.r_[1.0, -np.ones(year)], len(places))
                starts = np.arange(len(places)) * places.shape[1]
                linear.add_rows(np.full(len(places), -np.inf), np.zeros(len(places)), starts, places.ravel(), entries)


def _served(linear: Linear, place: Ints, served: Floats, rows: int) -> None:
    """A column for each unit that says whether it gets any offer."""
    units = len(place)
    starts = np.arange(units) * int(served.shape[1])
    width = int(served.shape[1])
    which = np.tile(rows + np.arange(width, dtype=np.int64), units)
    bounds = np.zeros(units), np.ones(units)
    first = linear.add_columns(np.zeros(units), *bounds, starts, which, served.ravel())
    linear.whole(first, units)
    own = np.arange(first, first + units)
    cells = place.reshape(units, -1)
    width = int(cells.shape[1])
    # Served as soon as any offer is made, and only then.
    pairs = np.stack([cells.ravel(), np.repeat(own, width)], axis=1).ravel()
    count = cells.size
    linear.add_rows(np.full(count, -np.inf), np.zeros(count), np.arange(count) * 2, pairs, np.tile([1.0, -1.0], count))
    rows_of_any = np.column_stack([own, cells])
    entries = np.tile(np.r_[1.0, -np.ones(width)], units)
    linear.add_rows(
        np.full(units, -np.inf), np.zeros(units), np.arange(units) * (width + 1), rows_of_any.ravel(), entries
    )
