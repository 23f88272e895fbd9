"""From a file and a description to choices as numbers; every row that is left out is counted by reason."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from haidang.errors import Place, did_you_mean
from haidang.learn.fit.choices import Choices, Flags, Groups, Integers
from haidang.learn.fit.declared import Declared
from haidang.learn.fit.errors import FitError
from haidang.learn.fit.utilities import item_utilities, option_utilities

if TYPE_CHECKING:
    import polars as pl

    from haidang.packs import Pack

PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Observed:
    """Choices as read.

    Attributes:
        choices: what a likelihood is computed from.
        left_out: how many rows were left out, by reason.
        rows: how many rows the file has.
        sha256: of the file.
        name: of the file.
        place: how a choice is called in the data.
    """

    choices: Choices | Groups
    left_out: Mapping[str, int]
    rows: int
    sha256: str
    name: str
    place: Callable[[int], str]


def observe(declared: Declared, path: Path, pack: Pack | None = None) -> Observed:
    """Read a table of choices.

    Args:
        declared: what is to be estimated.
        path: CSV (also gzipped), Parquet or Excel; or what the pack's own reader reads.
        pack: whose reader or model the description names.

    Raises:
        HaidangError: the file cannot be read, lacks a column or a value, or has an alternative that is not declared.
    """
    table = read_table(declared, path, pack)
    rows, left_out = table.height, dict[str, int]()
    source = declared.source
    for name in (*source.complete, *_named(declared)):
        _require(table, name, path, declared)
    if source.complete:
        kept = table.drop_nulls(list(source.complete))
        left_out["incomplete"], table = table.height - kept.height, kept
    table = _derived(declared, table)
    if source.where is not None:
        inside = source.where.on_table(table).astype(bool)
        left_out["outside"] = int((~inside).sum())
        table = table.filter(inside)
    if source.without:
        table, left_out["without"] = _set_aside(declared, table, path)
    if not table.height:
        raise FitError("expected rows in the sample, found none", Place(str(path)))
    read = {"items": _groups, "long": _long, "wide": _wide}[source.shape]
    choices, place = read(declared, table, path, pack)
    if isinstance(choices, Groups) and choices.left_out:
        left_out["undivided"] = choices.left_out
    return Observed(choices, {why: n for why, n in left_out.items() if n}, rows, _hash(path), path.name, place)


def read_table(declared: Declared, path: Path, pack: Pack | None) -> pl.DataFrame:
    """The table as the file has it.

    Raises:
        HaidangError: it cannot be read.
    """
    import polars as pl

    if not path.is_file():
        raise FitError("expected a file of choices, found none", Place(str(path)))
    if declared.source.read is not None:
        if pack is None:
            raise FitError("expected a pack whose reader this names, found none", declared.place("data.read"))
        return pack.reader(declared.source.read)(path)
    ending = "".join(path.suffixes[-2:]).lower() if path.suffix.lower() == ".gz" else path.suffix.lower()
    try:
        if ending in {".csv", ".csv.gz"}:
            return pl.read_csv(path, infer_schema_length=None, null_values=["", "NA"])
        if ending == ".parquet":
            return pl.read_parquet(path)
        if ending == ".xlsx":
            return pl.read_excel(path, engine="openpyxl")
    except (pl.exceptions.PolarsError, OSError, ValueError) as mistake:
        raise FitError(f"expected a table that can be read: {str(mistake).splitlines()[0]}", Place(str(path))) from None
    raise FitError(f"expected .csv, .csv.gz, .parquet or .xlsx, found '{ending or path.name}'", Place(str(path)))


def _set_aside(declared: Declared, table: pl.DataFrame, path: Path) -> tuple[pl.DataFrame, int]:
    """The table without the alternatives set aside and the choices of them, and how many rows fewer it has."""
    import polars as pl

    source = declared.source
    column = source.chosen if source.shape == "wide" else str(source.alternative)
    values = _column(table, column, path).cast(str).to_list()
    for code in source.without:
        if code not in values:
            raise FitError(
                f"expected a code in the column '{column}', found '{code}' nowhere",
                declared.place("data.without"),
                did_you_mean(code, set(values)),
            )
    aside = pl.Series([value in source.without for value in values], dtype=pl.Boolean)
    if source.shape == "long":
        chosen = table.filter(aside & pl.Series(_flags(table, source.chosen, path)))[str(source.situation)]
        aside = aside | table[str(source.situation)].is_in(chosen.to_list())
    return table.filter(~aside), int(aside.sum())


def _named(declared: Declared) -> tuple[str, ...]:
    source = declared.source
    names = (source.chosen, source.situation, source.alternative, source.group, source.unit, source.weight,
             source.cluster)  # fmt: skip
    return tuple(name for name in names if name is not None and name not in declared.columns)


def _require(table: pl.DataFrame, name: str, path: Path, declared: Declared) -> None:
    if name not in table.columns:
        hint = did_you_mean(name, table.columns)
        raise FitError(f"expected a column '{name}', found none ({declared.path})", Place(str(path)), hint)


def _derived(declared: Declared, table: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    for name, expression in declared.columns.items():
        if name in declared.names:
            raise FitError(f"expected a column with a name of its own, found the coefficient '{name}'",
                           declared.place(f"columns.{name}"))  # fmt: skip
        table = table.with_columns(pl.Series(name, expression.on_table(table)))
    return table


def _column(table: pl.DataFrame, name: str, path: Path) -> pl.Series:
    """A column with a value in every row.

    Raises:
        FitError: values are missing.
    """
    column = table[name]
    missing = column.is_null()
    if column.dtype.is_float():
        missing = missing | column.is_nan().fill_null(True)
    count = int(missing.sum())
    if count:
        first = int(missing.arg_max() or 0) + 1
        raise FitError(
            f"expected a value of '{name}' in every row, found {count} of {table.height} without, first row {first} "
            "of the sample",
            Place(str(path)),
            f"name '{name}' under data.complete to leave such rows out, counted",
        )
    return column


def _flags(table: pl.DataFrame, name: str, path: Path) -> Flags:
    values = _column(table, name, path)
    numbers = values.cast(int, strict=False).to_numpy() if not values.dtype.is_float() else values.to_numpy()
    if not np.isin(numbers, (0, 1)).all():
        odd = next(value for value, number in zip(values, numbers, strict=True) if number not in (0, 1))
        raise FitError(f"expected 1 or 0 in the column '{name}', found '{odd}'", Place(str(path)))
    return numbers.astype(bool)


def _numbered(table: pl.DataFrame, name: str, path: Path) -> tuple[Integers, tuple[str, ...]]:
    """Values numbered in their order, and what they are called."""
    values = _column(table, name, path).cast(str).to_numpy()
    labels, numbers = np.unique(values, return_inverse=True)
    return numbers.astype(np.int64), tuple(str(one) for one in labels)


def _cluster(declared: Declared, table: pl.DataFrame, path: Path) -> Integers | None:
    name = declared.source.cluster
    return None if name is None else _numbered(table, name, path)[0]


def _codes(declared: Declared, values: pl.Series, column: str, path: Path) -> Integers:
    """The place of the alternative that each value is the code of.

    Raises:
        FitError: a value is the code of none.
    """
    codes = [option.code for option in declared.options.values()]
    plain = values.cast(str).str.strip_suffix(".0") if values.dtype.is_float() else values.cast(str)
    texts, places = np.unique(plain.to_numpy(), return_inverse=True)
    for text in texts:
        if text not in codes:
            hint = did_you_mean(str(text), codes)
            count = int((places == list(texts).index(text)).sum())
            raise FitError(
                f"expected the code of a declared alternative in the column '{column}', found '{text}' in {count} rows",
                Place(str(path)),
                hint,
            )
    return np.array([codes.index(str(text)) for text in texts], dtype=np.int64)[places]


def _wide(declared: Declared, table: pl.DataFrame, path: Path, pack: Pack | None) -> tuple[Any, Callable[[int], str]]:
    source, n = declared.source, table.height
    chosen = _codes(declared, _column(table, source.chosen, path), source.chosen, path)
    available = np.ones((n, len(declared.options)), dtype=bool)
    for place, option in enumerate(declared.options.values()):
        if option.available is not None:
            available[:, place] = option.available.on_table(table).astype(bool)
    tables = dict.fromkeys(declared.options, table)
    return _choices(declared, tables, table, available, chosen, path, pack), lambda row: f"row {row + 1} of the sample"


def _long(declared: Declared, table: pl.DataFrame, path: Path, pack: Pack | None) -> tuple[Any, Callable[[int], str]]:
    """One table per alternative with a row for each choice; a choice without a row had no such alternative."""
    source = declared.source
    situation, alternative = str(source.situation), str(source.alternative)
    number, labels = _numbered(table, situation, path)
    place = _codes(declared, _column(table, alternative, path), alternative, path)
    seen = np.zeros((len(labels), len(declared.options)), dtype=np.int64)
    np.add.at(seen, (number, place), 1)
    if (seen > 1).any():
        row, column = np.argwhere(seen > 1)[0]
        raise FitError(
            f"expected one row for each choice and alternative, found {seen[row, column]} of "
            f"'{list(declared.options)[column]}' in {situation} {labels[row]}",
            Place(str(path)),
        )
    taken = _flags(table, source.chosen, path)
    counts = np.bincount(number, taken, len(labels))
    if (counts != 1).any():
        first = int(np.flatnonzero(counts != 1)[0])
        raise FitError(
            f"expected one alternative chosen in each choice, found {int(counts[first])} in {situation} "
            f"{labels[first]} and {int((counts != 1).sum()) - 1} more",
            Place(str(path)),
        )
    chosen = np.empty(len(labels), dtype=np.int64)
    chosen[number[taken]] = place[taken]
    available = seen > 0
    row_of = np.full((len(labels), len(declared.options)), -1)
    row_of[number, place] = np.arange(table.height)
    tables: dict[str, pl.DataFrame] = {}
    for column, (name, option) in enumerate(declared.options.items()):
        own = table[np.maximum(row_of[:, column], 0)]
        if option.available is not None:
            available[:, column] &= option.available.on_table(own).astype(bool)
        tables[name] = own
    whole = table[row_of[np.arange(len(labels)), chosen]]
    made = _choices(declared, tables, whole, available, chosen, path, pack)
    return made, lambda row: f"{situation} {labels[row]}"


def _choices(
    declared: Declared,
    tables: Mapping[str, pl.DataFrame],
    whole: pl.DataFrame,
    available: Flags,
    chosen: Integers,
    path: Path,
    pack: Pack | None,
) -> Choices:
    source, n = declared.source, len(chosen)
    if source.unit is None:
        unit, labels = np.arange(n), tuple(str(row) for row in range(n))
    else:
        unit, labels = _numbered(whole, source.unit, path)
    weight = np.ones(n) if source.weight is None else _column(whole, source.weight, path).cast(float).to_numpy()
    return Choices(
        alternatives=tuple(declared.options),
        utilities=option_utilities(declared, tables, available, path, pack),
        available=available,
        chosen=chosen,
        weight=weight,
        unit=unit,
        cluster=_cluster(declared, whole, path),
        labels=labels,
    )


def _groups(declared: Declared, table: pl.DataFrame, path: Path, pack: Pack | None) -> tuple[Any, Callable[[int], str]]:
    del pack
    source = declared.source
    group, labels = _numbered(table, str(source.group), path)
    taken = _flags(table, source.chosen, path)
    count, yes = np.bincount(group), np.bincount(group, taken)
    divided = ((yes > 0) & (yes < count))[group]
    order = np.flatnonzero(divided)[np.argsort(group[divided], kind="stable")]
    if not len(order):
        raise FitError("expected groups that took some items and refused others, found none", Place(str(path)))
    kept = table[order]
    numbers = np.unique(group[order], return_inverse=True)[1].astype(np.int64)
    first = np.unique(numbers, return_index=True)[1]
    weight = np.ones(len(first))
    if source.weight is not None:
        weight = _column(kept, source.weight, path).cast(float).to_numpy()[first]
    cluster = _cluster(declared, kept, path)
    if cluster is not None:
        cluster = np.unique(cluster[first], return_inverse=True)[1].astype(np.int64)
    made = Groups(
        utilities=item_utilities(declared, kept, path),
        taken=taken[order],
        group=numbers,
        weight=weight,
        cluster=cluster,
        left_out=int((~divided).sum()),
    )
    return made, lambda row: f"{source.group} {labels[row]}"


def _hash(path: Path) -> str:
    total = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            total.update(piece)
    return total.hexdigest()
