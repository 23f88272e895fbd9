"""Reading a population's YAML, so that every mistake names its file, line, key and nearest spelling."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path

from haidang.errors import Place
from haidang.facts.nodes import Node, Scalar, Sequence, WrongValueError, kind
from haidang.facts.reader import Reader
from haidang.facts.units import canonical, parse_quantity, parse_unit
from haidang.facts.yaml import read_yaml
from haidang.population.columns import KINDS, Column, Kind, PopulationError, Title
from haidang.population.spec import (
    Amount,
    Chance,
    Classes,
    Condition,
    Counts,
    Draw,
    Drawn,
    Effects,
    Factor,
    Given,
    Lognormal,
    MarginSpec,
    Measure,
    Normal,
    PopulationSpec,
    Shares,
    Span,
    Steps,
)
from haidang.population.spec_order import check_margins, check_order, check_words
from haidang.population.weights import Bounds

MEASURES: tuple[Measure, ...] = ("share", "count", "mean", "total")
BEGINS_A_NUMBER = re.compile(r"[+-]?\.?[0-9]")
AT_LEAST = re.compile(r">=\s*([0-9][0-9.eE+]*)")
SPEC_KEYS = ("id", "title", "note", "rows", "units", "weights", "factors", "columns", "given", "margins")
COLUMN_KEYS = ("kind", "unit", "title", "categories", "least", "most", "draw", "assumption")
NO_TITLE: Title = {}
MARGIN_KEYS = ("title", "fact", "value", *MEASURES, "where", "tolerance", "shown", "scales", "whole")


def load_spec(path: Path | str) -> PopulationSpec:
    """A population's description from its file.

    Raises:
        HaidangError: for anything that is not as it must be, with file, line and key.
    """
    top = Reader(read_yaml(path), path)
    top.forbid_unknown(SPEC_KEYS)
    columns = top.children("columns")
    drawn: list[Drawn] = []
    factors = top.child_or("factors", None)
    flags: set[str] = set()
    for name, one in columns.items():
        drawn.append(_drawn(name, one, flags))
        if drawn[-1].column.kind == "flag":
            flags.add(name)
    spec = PopulationSpec(
        id=top.text("id"),
        title=top.title(),
        note=top.title_or(NO_TITLE, "note"),
        rows=top.integer("rows"),
        units=_amount(top.required("units"), top.place("units")),
        bounds=_bounds(top.child_or("weights", None)),
        factors={} if factors is None else {name: _factor(name, one) for name, one in _inner(factors).items()},
        drawn=tuple(drawn),
        given=_given(top.child_or("given", None), {one.column.name: one.column for one in drawn}),
        margins=tuple(_margin(name, one, columns) for name, one in top.children("margins").items()),
        path=str(path),
    )
    check_order(spec)
    check_margins(spec)
    return spec


def _bounds(reader: Reader | None) -> Bounds:
    if reader is None:
        return Bounds()
    reader.forbid_unknown(("least", "most"))
    least, most = reader.number("least"), reader.number("most")
    if not 0 <= least < 1 < most:
        raise PopulationError(f"expected 0 <= least < 1 < most, found {least:g} and {most:g}", reader.place("least"))
    return Bounds(least, most)


def _factor(name: str, reader: Reader) -> Factor:
    reader.forbid_unknown(("by", "assumption"))
    return Factor(name, _by(reader.child_or("by", None)), reader.text("assumption"), reader.place())


def _drawn(name: str, reader: Reader, flags: Collection[str]) -> Drawn:
    reader.forbid_unknown(COLUMN_KEYS)
    kind_: Kind = KINDS[KINDS.index(reader.one_of("kind", KINDS))]  # pyright: ignore[reportArgumentType]
    column = _column(name, kind_, reader)
    return Drawn(column, _draw(column, reader.child("draw"), flags), reader.text("assumption"), reader.place())


def _column(name: str, kind_: Kind, reader: Reader) -> Column:
    titles = (
        {value: reader.child("categories").title(value) for value in reader.child("categories").keys}
        if kind_ == "category"
        else {}
    )
    unit = "1" if kind_ == "level" else None
    if kind_ == "number":
        unit = reader.text("unit")
        parse_unit(unit, reader.place("unit"))
    return Column(
        name,
        kind_,
        unit,
        reader.title(),
        tuple(titles),
        titles,
        reader.number_or("least", None),
        reader.number_or("most", None),
    )


def _draw(column: Column, reader: Reader, flags: Collection[str]) -> Draw:
    """The way of drawing whose first key is written; each kind of column has its own ways."""
    ways: Mapping[str, tuple[Kind, Callable[[Column, Reader], Draw]]] = {
        "shares": ("category", _shares),
        "counts": ("category", _counts),
        "average": ("flag", _chance),
        "steps": ("level", lambda _, steps: _steps(steps, flags)),
        "classes": ("number", _classes),
        "median": ("number", _lognormal),
        "mean": ("number", _normal),
    }
    for key, (kind_, read) in ways.items():
        if key in reader.keys:
            if kind_ != column.kind:
                raise PopulationError(f"'{key}' draws a {kind_}, found a {column.kind}", reader.place(key))
            return read(column, reader)
    fitting = [key for key, (kind_, _) in ways.items() if kind_ == column.kind]
    raise PopulationError(f"expected the key {' or '.join(fitting)} for a {column.kind}, found none", reader.place())


def _shares(column: Column, reader: Reader) -> Shares:
    reader.forbid_unknown(("shares", "times", "rows"))
    shares = {value: _amount(*_at(reader.child("shares"), value)) for value in column.categories}
    reader.child("shares").forbid_unknown(column.categories)
    times: dict[str, dict[str, dict[str, float]]] = {}
    if "times" in reader.keys:
        for other, values in reader.children("times").items():
            times[other] = {value: _numbers(inner, column.categories) for value, inner in _inner(values).items()}
    rows = reader.child_or("rows", None)
    taken = None if rows is None else {value: _fixed(*_at(rows, value)) for value in column.categories}
    return Shares(shares, times, taken)


def _counts(column: Column, reader: Reader) -> Counts:
    reader.forbid_unknown(("counts",))
    reader.child("counts").forbid_unknown(column.categories)
    return Counts({value: _amount(*_at(reader.child("counts"), value)) for value in column.categories})


def _given(reader: Reader | None, columns: Mapping[str, Column]) -> tuple[Given, ...]:
    """Units by name, each with the columns of which it states the value."""
    if reader is None:
        return ()
    found: list[Given] = []
    for name, one in _inner(reader).items():
        one.forbid_unknown(tuple(columns))
        values = {column: _stated(columns[column], one) for column in one.keys}
        found.append(Given(name, values, one.place()))
    return tuple(found)


def _stated(column: Column, reader: Reader) -> Amount | str:
    if column.kind in {"number", "level"}:
        return _amount(*_at(reader, column.name))
    word = reader.text(column.name)
    check_words(column, (word,), reader.place(column.name))
    return word


def _chance(column: Column, reader: Reader) -> Chance:
    reader.forbid_unknown(("average", "odds"))
    return Chance(_amount(*_at(reader, "average")), _effects(reader.child_or("odds", None)))


def _steps(reader: Reader, flags: Collection[str]) -> Steps:
    """Each step is a number, a flag drawn above it, or else the name of a fact."""
    reader.forbid_unknown(("steps", "odds"))
    steps: list[Amount | str] = []
    for node in reader.items("steps"):
        text = _text(node, reader.place("steps"))
        steps.append(text if text in flags else _amount(node, reader.place("steps")))
    return Steps(tuple(steps), _effects(reader.child_or("odds", None)))


def _classes(column: Column, reader: Reader) -> Classes:
    reader.forbid_unknown(("classes", "of"))
    spans: dict[str, Span] = {}
    for value, span in reader.children("classes").items():
        span.forbid_unknown(("least", "below", "exponent"))
        spans[value] = Span(span.number("least"), span.number("below"), span.number("exponent"))
        if not 0 < spans[value].least < spans[value].below:
            raise PopulationError("expected 0 < least < below", span.place("least"))
    return Classes(reader.text("of"), spans)


def _lognormal(column: Column, reader: Reader) -> Lognormal:
    reader.forbid_unknown(("median", "spread", "powers", "times"))
    powers = reader.child_or("powers", None)
    return Lognormal(
        _amount(*_at(reader, "median")),
        reader.number("spread"),
        {} if powers is None else _numbers(powers, powers.keys),
        _effects(reader.child_or("times", None)),
    )


def _normal(column: Column, reader: Reader) -> Normal:
    reader.forbid_unknown(("mean", "spread", "plus"))
    return Normal(_amount(*_at(reader, "mean")), reader.number("spread"), _effects(reader.child_or("plus", None)))


def _effects(reader: Reader | None) -> Effects:
    if reader is None:
        return Effects()
    reader.forbid_unknown(("by", "per"))
    per = reader.child_or("per", None)
    return Effects(_by(reader.child_or("by", None)), {} if per is None else _numbers(per, per.keys))


def _by(reader: Reader | None) -> dict[str, dict[str, float]]:
    if reader is None:
        return {}
    return {column: _numbers(values, values.keys) for column, values in _inner(reader).items()}


def _inner(reader: Reader) -> dict[str, Reader]:
    return {key: reader.child(key) for key in reader.keys}


def _numbers(reader: Reader, known: Iterable[str]) -> dict[str, float]:
    reader.forbid_unknown(tuple(known))
    return {key: reader.number(key) for key in reader.keys}


def _at(reader: Reader, key: str) -> tuple[Node, Place]:
    return reader.required(key), reader.place(key)


def _text(node: Node, place: Place) -> str:
    if not isinstance(node, Scalar) or node.absent:
        raise WrongValueError(f"expected a number or a name, found {kind(node)}", place)
    return node.text.strip()


def _amount(node: Node, place: Place) -> Amount:
    text = _text(node, place)
    if BEGINS_A_NUMBER.match(text):
        return Amount(canonical(*parse_quantity(text, place)), None, place)
    return Amount(None, text, place)


def _fixed(node: Node, place: Place) -> float:
    amount = _amount(node, place)
    if amount.value is None:
        raise WrongValueError(f"expected a number, found '{amount.fact}'", place)
    return amount.value


def _margin(name: str, reader: Reader, columns: Mapping[str, Reader]) -> MarginSpec:
    reader.forbid_unknown(MARGIN_KEYS)
    found: list[Measure] = [measure for measure in MEASURES if measure in reader.keys]
    if len(found) != 1:
        raise PopulationError(f"expected one of {', '.join(MEASURES)}, found {len(found)}", reader.place())
    measure = found[0]
    counted = measure in {"share", "count"}
    what = _conditions(reader.child(measure), columns) if counted else ()
    column = None if counted else reader.one_of(measure, tuple(columns))
    where = reader.child_or("where", None)
    tolerance = reader.optional("tolerance")
    scales = reader.flag_or("scales", False)
    if scales and measure != "total":
        raise PopulationError("only a total can scale its column", reader.place("scales"))
    whole = reader.flag_or("whole", False)
    if whole and not scales:
        raise PopulationError("only a column that is scaled can be made whole", reader.place("whole"))
    return MarginSpec(
        name=name,
        title=reader.title_or(NO_TITLE),
        fact=reader.text("fact"),
        value=reader.text_or("value", None),
        measure=measure,
        column=column,
        what=what,
        where=() if where is None else _conditions(where, columns),
        tolerance=None if tolerance is None else _fixed(tolerance, reader.place("tolerance")),
        shown=reader.text_or("shown", None),
        scales=scales,
        whole=whole,
        place=reader.place(),
    )


def _conditions(reader: Reader, columns: Mapping[str, Reader]) -> tuple[Condition, ...]:
    reader.forbid_unknown(tuple(columns))
    return tuple(_condition(column, *_at(reader, column)) for column in reader.keys)


def _condition(column: str, node: Node, place: Place) -> Condition:
    nodes = node.items if isinstance(node, Sequence) else (node,)
    values = tuple(_text(one, place) for one in nodes)
    bound = AT_LEAST.fullmatch(values[0]) if len(values) == 1 else None
    return Condition(column, values) if bound is None else Condition(column, (), float(bound[1]))
