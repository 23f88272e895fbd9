"""The utilities of a pack's model, called as the engine calls them, as functions of the facts that are estimated.

A row of the data is a unit as it stood when it chose: the model's attributes; its states, levers, peers and chances
where a column has their name. What no column gives is as the model begins: states from `start`, levers at their
defaults, no peers, a chance in the middle of its law. What was open to whom the description says, not the model: there
a chance would have to be guessed. Numbers are in canonical units.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from haidang.errors import Place, did_you_mean
from haidang.learn.fit.choices import Array, Linear, Utilities
from haidang.learn.fit.declared import Declared
from haidang.learn.fit.derivatives import jnp
from haidang.learn.fit.errors import FitError
from haidang.learn.fit.utilities import straightened
from haidang.models import Columns, Model, Period, Scene
from haidang.study.draws import facts_read

if TYPE_CHECKING:
    import polars as pl

    from haidang.packs import Pack

NOTHING = "nothing"
MIDDLE = {"uniform": 0.5, "normal": 0.0}
YEAR = "year"


def model_utilities(declared: Declared, table: pl.DataFrame, path: Path, pack: Pack) -> Linear | Utilities:
    """Utilities of all alternatives, (choices, alternatives), *nothing* at zero.

    Args:
        declared: its alternatives are the model's, its coefficients facts that the model reads.
        table: one row per choice.
        path: where it stands, for messages.
        pack: the pack.

    Raises:
        HaidangError: an alternative, a coefficient or a column is not what the model has.
    """
    model = pack.model(declared.model)
    read = facts_read(pack.book, model.card, [])
    known = (NOTHING, *(one.id for one in model.card.alternatives))
    for name in declared.options:
        if name not in known:
            place = declared.place(f"alternatives.{name}")
            raise FitError(f"expected an alternative of '{declared.model}', found '{name}'", place,
                           did_you_mean(name, known))  # fmt: skip
    for name in declared.names:
        if name not in read:
            place = declared.place(f"coefficients.{name}")
            raise FitError(f"expected a fact that '{declared.model}' reads, found '{name}'", place,
                           did_you_mean(name, read))  # fmt: skip
    units, codes = _units(model, table, path)
    years = _given(table, YEAR, path)
    stated = {name: pack.book.value(name) for name in read}
    rows = table.height

    def utilities(coefficients: Array) -> Array:
        fact = {**stated, **{name: coefficients[place] for place, name in enumerate(declared.names)}}
        options = model.options(_scene(model, units, codes, fact, table, path, years))
        found: list[Array] = []
        for name in declared.options:
            utility = options[name].utility if name in options and name != NOTHING else 0.0
            found.append(jnp.broadcast_to(jnp.asarray(utility, np.float64), (rows,)))
        return jnp.stack(found, axis=1)

    return straightened(utilities, len(declared.names))


def _units(model: Model, table: pl.DataFrame, path: Path) -> tuple[dict[str, Any], dict[str, tuple[str, ...]]]:
    """The attributes as a model reads them, in double precision, and the words of categories."""
    units: dict[str, Any] = {}
    codes: dict[str, tuple[str, ...]] = {}
    for name, attribute in model.card.attributes.items():
        values = _given(table, name, path)
        if values is None:
            raise FitError(f"expected a column '{name}', which '{model.card.id}' reads, found none",
                           Place(str(path)), did_you_mean(name, table.columns))  # fmt: skip
        if attribute.kind == "category":
            codes[name] = attribute.categories
            words = {word: code for code, word in enumerate(attribute.categories)}
            for word in np.unique(values.astype(str)):
                if word not in words:
                    raise FitError(f"expected a category of '{name}', found '{word}'", Place(str(path)),
                                   did_you_mean(str(word), words))  # fmt: skip
            units[name] = np.array([words[str(word)] for word in values], dtype=np.int32)
        elif attribute.kind == "flag":
            units[name] = values.astype(bool)
        else:
            units[name] = values.astype(np.float64)
    return units, codes


def _given(table: pl.DataFrame, name: str, path: Path) -> Any:
    """A column's values where there is one, each there.

    Raises:
        FitError: values are missing.
    """
    if name not in table.columns:
        return None
    missing = int(table[name].is_null().sum())
    if missing:
        raise FitError(f"expected a value of '{name}' in every row, found {missing} without", Place(str(path)))
    return table[name].to_numpy()


def _scene(
    model: Model,
    units: Mapping[str, Any],
    codes: Mapping[str, tuple[str, ...]],
    fact: Mapping[str, Array],
    table: pl.DataFrame,
    path: Path,
    years: Any,
) -> Scene:
    """What the units saw when they chose."""
    card = model.card

    def given_or(name: str, other: Any) -> Any:
        values = _given(table, name, path)
        return other if values is None else values.astype(np.float64)

    plain = Columns(units, codes)
    state: dict[str, Any] = {}
    for name, start in model.start(plain, fact).items():
        values = _given(table, name, path)
        kind = np.dtype(card.states[name].dtype)
        wide = np.dtype(np.float64) if kind.kind == "f" else kind
        state[name] = jnp.broadcast_to(jnp.asarray(start if values is None else values).astype(wide), (table.height,))
    all_units = {**units, **model.prepare(plain, fact)}
    seen = Columns({**all_units, **model.derive(Columns(all_units, codes), state)}, codes)
    levers = {
        name: given_or(name, fact[one.default] if isinstance(one.default, str) else one.default)
        for name, one in card.levers.items()
    }
    chance = {name: given_or(name, jnp.full(table.height, MIDDLE[one.law])) for name, one in card.chances.items()}
    peers = {name: given_or(name, jnp.zeros(table.height)) for name in card.peers}
    year = 0.0 if years is None else years.astype(np.float64)
    return Scene(seen, state, levers, fact, chance, peers, Period(year, 0))
