"""Utilities as a description says them, as functions of the coefficients that JAX differentiates."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from haidang.errors import Place, did_you_mean
from haidang.learn.fit.choices import Array, Flags, Floats, Linear, Utilities
from haidang.learn.fit.declared import Block, Declared, Utility
from haidang.learn.fit.derivatives import jax, jnp
from haidang.learn.fit.errors import FitError

if TYPE_CHECKING:
    import polars as pl

    from haidang.packs import Pack


def option_utilities(
    declared: Declared, tables: Mapping[str, pl.DataFrame], available: Flags, path: Path, pack: Pack | None
) -> Linear | Utilities:
    """Utilities of all alternatives, (choices, alternatives); straight ones as `Linear`.

    Raises:
        HaidangError: a name is neither a column nor a coefficient, or a value is missing where it is needed.
    """
    own = [name for name, option in declared.options.items() if option.utility is None]
    if own:
        from haidang.learn.fit.of_model import model_utilities

        if len(own) != len(declared.options) or pack is None:
            place = declared.options[own[0]].place
            raise FitError("expected a utility for each alternative, or for none where a pack's model has them", place)
        return model_utilities(declared, next(iter(tables.values())), path, pack)
    parts: list[Callable[[Array], Array]] = []
    for place, (name, option) in enumerate(declared.options.items()):
        utility: Any = option.utility
        columns = _columns(utility, declared.names, tables[name], available[:, place], path)
        parts.append(_function(utility, declared.names, columns, len(available)))
    _check_used(declared, [option.utility for option in declared.options.values()])

    def utilities(coefficients: Array) -> Array:
        return jnp.stack([part(coefficients) for part in parts], axis=1)

    return straightened(utilities, len(declared.names))


def item_utilities(declared: Declared, table: pl.DataFrame, path: Path) -> Linear | Utilities:
    """Utilities of all items (items).

    Raises:
        HaidangError: as `option_utilities`.
    """
    utility: Any = declared.utility
    columns = _columns(utility, declared.names, table, np.ones(table.height, dtype=bool), path)
    _check_used(declared, [utility])
    return straightened(_function(utility, declared.names, columns, table.height), len(declared.names))


def straightened(utilities: Utilities, count: int) -> Linear | Utilities:
    """The utilities as `Linear` where their slopes are the same everywhere, else as they are."""
    with jax.enable_x64(True):
        slope = jax.jacfwd(utilities)
        here, there = np.zeros(count), np.linspace(0.3, 1.7, count)
        first, second = np.asarray(slope(here)), np.asarray(slope(there))
        if not (np.isfinite(first).all() and np.allclose(first, second, rtol=1e-12, atol=1e-12)):
            return utilities
        offset: Floats = np.asarray(utilities(here))
    return Linear(first, offset)


def _columns(
    utility: Utility, names: Sequence[str], table: pl.DataFrame, needed: Flags, path: Path
) -> dict[str, Floats]:
    """The columns that a utility reads; zero where the alternative is not available."""
    found: dict[str, Floats] = {}
    where = utility.place
    for name in utility.names:
        if name in names:
            continue
        if name not in table.columns:
            hint = did_you_mean(name, [*names, *table.columns])
            raise FitError(f"expected a column or a coefficient, found '{name}'", where, hint)
        column = table[name]
        if not (column.dtype.is_numeric() or column.dtype == bool):
            raise FitError(f"expected numbers in the column '{name}', found {column.dtype}", Place(str(path)))
        values = column.cast(float).fill_null(float("nan")).to_numpy()
        odd = needed & ~np.isfinite(values)
        if odd.any():
            raise FitError(
                f"expected a finite value of '{name}' in every row where it is read, found {int(odd.sum())} of "
                f"{len(values)} without, first row {int(np.flatnonzero(odd)[0]) + 1} of the sample",
                Place(str(path)),
                f"name '{name}' under data.complete to leave rows without a value out, counted",
            )
        found[name] = np.where(needed, values, 0.0)
    return found


def _function(
    utility: Utility, names: Sequence[str], columns: Mapping[str, Floats], rows: int
) -> Callable[[Array], Array]:
    """A utility as a function of the coefficients."""
    if not isinstance(utility, Block):

        def written(coefficients: Array) -> Array:
            named = {name: coefficients[place] for place, name in enumerate(names)}
            return utility.evaluate({**columns, **named}, jnp, dtype=np.float64, length=rows)

        return written
    block = block_of(utility)
    arguments = utility.arguments

    def called(coefficients: Array) -> Array:
        named = {name: coefficients[place] for place, name in enumerate(names)}
        values = {key: one.evaluate({**columns, **named}, jnp, dtype=np.float64) for key, one in arguments.items()}
        return jnp.broadcast_to(block(**values), (rows,))

    return called


def block_of(block: Block) -> Callable[..., Array]:
    """The function of `haidang.models` that a block names.

    Raises:
        FitError: there is none, or its arguments are others.
    """
    module = import_module(f"haidang.models.{block.module}")
    found = getattr(module, block.name, None)
    if not inspect.isfunction(found) or found.__module__ != module.__name__ or block.name.startswith("_"):
        known = [
            name for name, one in inspect.getmembers(module, inspect.isfunction) if one.__module__ == module.__name__
        ]
        raise FitError(f"expected a block of '{block.module}', found '{block.name}'", block.place,
                       did_you_mean(block.name, known))  # fmt: skip
    wanted = list(inspect.signature(found).parameters)
    for name in (*block.arguments, *wanted):
        if name not in wanted or name not in block.arguments:
            said = "no argument of that name" if name not in wanted else "no value for it"
            raise FitError(f"expected the arguments of '{block.name}', found {said}: '{name}'", block.place,
                           did_you_mean(name, wanted))  # fmt: skip
    return found


def _check_used(declared: Declared, utilities: Sequence[Any]) -> None:
    """See that every coefficient is read by a utility, is a nest's scale or a spread."""
    from haidang.learn.fit.mixed_names import spread_name

    read = {name for one in utilities for name in one.names}
    read |= {scale for scale, _ in declared.nests.values() if scale is not None}
    read |= {spread_name(name) for name in declared.laws}
    for name in declared.names:
        if name not in read:
            raise FitError("expected a utility that reads this coefficient, found none",
                           declared.place(f"coefficients.{name}"), did_you_mean(name, read))  # fmt: skip
