"""A mapping: how a register's columns become a population's, read from YAML."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from haidang.errors import Place, did_you_mean
from haidang.facts import Reader, canonical, parse_quantity, parse_unit, read_yaml
from haidang.population.columns import PopulationError, Title

FieldKind = Literal["code", "text", "whole", "number"]
FIELD_KINDS: tuple[FieldKind, ...] = ("code", "text", "whole", "number")
Writing = Literal["plain", "vietnamese", "english"]
WRITINGS: tuple[Writing, ...] = ("plain", "vietnamese", "english")
MAPPING_KEYS = (
    "id",
    "title",
    "population",
    "numbers",
    "encoding",
    "sheet",
    "query",
    "register",
    "unit_id",
    "latest",
    "columns",
)
FIELD_KEYS = ("kind", "also", "digits", "least", "most", "unit", "optional")


@dataclass(frozen=True, slots=True)
class Field:
    """A column of the register.

    Attributes:
        name: what rules call it.
        kind: `code` (digits kept as text), `text`, `whole` or `number`.
        also: other spellings of its heading; case, accents, spaces and underscores never matter.
        digits: how many digits a code may have; a code stored as a number gets its lost zeros back.
        least: smallest value allowed, as the register writes it.
        most: largest value allowed, as the register writes it.
        unit: unit of measure of a number.
        optional: whether a row, or the whole register, may lack it.
    """

    name: str
    kind: FieldKind
    also: tuple[str, ...]
    digits: tuple[int, ...]
    least: float | None
    most: float | None
    unit: str
    optional: bool

    @property
    def factor(self) -> float:
        """What one unit of the register is in canonical units."""
        return canonical(1.0, self.unit)


@dataclass(frozen=True, slots=True)
class Copied:
    """A number as the register has it, in canonical units."""

    field: str


@dataclass(frozen=True, slots=True)
class Summed:
    """The sum of several numbers of the register, each taken as zero where it is negative."""

    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Worded:
    """A category or a flag by the words that the register uses; leading words in `drop` do not count."""

    field: str
    words: Mapping[str, tuple[str, ...]]
    drop: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Coded:
    """A category by how a code begins; a code that begins otherwise is outside the population."""

    field: str
    begins: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Classed:
    """A category by a number's class, from the first number up to but not including the second; else outside."""

    field: str
    classes: Mapping[str, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Compared:
    """A flag: whether one number is at least a share of another."""

    field: str
    of: str
    share: float


Rule: TypeAlias = Copied | Summed | Worded | Coded | Classed | Compared


@dataclass(frozen=True, slots=True)
class RegisterMapping:
    """How a register becomes a population.

    Attributes:
        id: its name.
        title: text per language.
        population: the population whose columns it fills; columns without a rule are drawn as that one describes.
        numbers: how texts write numbers: `plain` 1500.5, `vietnamese` 1.500,5, `english` 1,500.5.
        encoding: of a text file.
        sheet: of a workbook; the first unless given.
        query: of a database, a SELECT; the table named behind `#` in the address unless given.
        fields: the register's columns by name.
        unit_id: the code that identifies a unit.
        latest: the whole number, such as a year, whose greatest value stays where a unit has several rows.
        rules: the population's columns that the register fills.
        place: its file.
    """

    id: str
    title: Title
    population: str
    numbers: Writing
    encoding: str
    sheet: str | None
    query: str | None
    fields: Mapping[str, Field]
    unit_id: str
    latest: str | None
    rules: Mapping[str, Rule]
    place: Place


def load_mapping(path: Path | str) -> RegisterMapping:
    """A mapping from its file.

    Raises:
        HaidangError: for anything that is not as it must be, with file, line and key.
    """
    top = Reader(read_yaml(path), path)
    top.forbid_unknown(MAPPING_KEYS)
    fields = {name: _field(name, one) for name, one in top.children("register").items()}
    unit_id = top.one_of("unit_id", tuple(fields))
    if fields[unit_id].kind != "code" or fields[unit_id].optional:
        raise PopulationError("expected a code that no row lacks", top.place("unit_id"))
    numbers = top.one_of("numbers", WRITINGS)
    return RegisterMapping(
        id=top.text("id"),
        title=top.title(),
        population=top.text("population"),
        numbers=next(one for one in WRITINGS if one == numbers),
        encoding=top.text_or("encoding", "utf-8"),
        sheet=top.text_or("sheet", None),
        query=top.text_or("query", None),
        fields=fields,
        unit_id=unit_id,
        latest=_latest(top, fields),
        rules={name: _rule(one, fields) for name, one in top.children("columns").items()},
        place=top.place(),
    )


def _latest(top: Reader, fields: Mapping[str, Field]) -> str | None:
    name = top.text_or("latest", None)
    return None if name is None else _named(name, ("whole",), fields, top.place("latest"))


def plain_text(text: str) -> str:
    """A heading or a word as it is compared: small letters without accents, one space between words."""
    flat = unicodedata.normalize("NFKD", text.casefold().replace("đ", "d"))
    bare = "".join(letter for letter in flat if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[\W_]+", " ", bare).split())


def _field(name: str, reader: Reader) -> Field:
    reader.forbid_unknown(FIELD_KEYS)
    kind = reader.one_of("kind", FIELD_KINDS)
    unit = reader.text_or("unit", "1")
    parse_unit(unit, reader.place("unit"))
    digits = reader.numbers("digits") if "digits" in reader.keys else ()
    return Field(
        name,
        next(one for one in FIELD_KINDS if one == kind),
        reader.texts_or("also", ()),
        tuple(int(one) for one in digits),
        reader.number_or("least", None),
        reader.number_or("most", None),
        unit,
        reader.flag_or("optional", False),
    )


def _rule(reader: Reader, fields: Mapping[str, Field]) -> Rule:
    if "sum" in reader.keys:
        reader.forbid_unknown(("sum",))
        return Summed(
            tuple(_named(name, ("number", "whole"), fields, reader.place("sum")) for name in reader.texts("sum"))
        )
    if "words" in reader.keys:
        reader.forbid_unknown(("from", "words", "drop"))
        words = reader.child("words")
        drop = tuple(plain_text(word) for word in reader.texts_or("drop", ()))
        known = {value: tuple(plain_text(word) for word in words.texts(value)) for value in words.keys}
        return Worded(_from(reader, ("text", "code"), fields), known, drop)
    if "begins" in reader.keys:
        reader.forbid_unknown(("from", "begins"))
        begins = reader.child("begins")
        return Coded(_from(reader, ("code",), fields), {value: begins.texts(value) for value in begins.keys})
    if "classes" in reader.keys:
        reader.forbid_unknown(("from", "classes"))
        return Classed(_from(reader, ("whole", "number"), fields), _classes(reader.child("classes")))
    if "at_least" in reader.keys:
        reader.forbid_unknown(("from", "at_least", "of"))
        share = canonical(*parse_quantity(reader.text("at_least"), reader.place("at_least")))
        of = _named(reader.text("of"), ("whole", "number"), fields, reader.place("of"))
        return Compared(_from(reader, ("whole", "number"), fields), of, share)
    reader.forbid_unknown(("from",))
    return Copied(_from(reader, ("whole", "number"), fields))


def _classes(reader: Reader) -> dict[str, tuple[float, float]]:
    found: dict[str, tuple[float, float]] = {}
    for value in reader.keys:
        ends = reader.numbers(value)
        if len(ends) not in {1, 2} or ends != tuple(sorted(ends)):
            raise PopulationError("expected [from, below] or [from]", reader.place(value))
        found[value] = (ends[0], ends[1] if len(ends) == 2 else float("inf"))
    return found


def _from(reader: Reader, kinds: Iterable[FieldKind], fields: Mapping[str, Field]) -> str:
    return _named(reader.text("from"), kinds, fields, reader.place("from"))


def _named(name: str, kinds: Iterable[FieldKind], fields: Mapping[str, Field], place: Place) -> str:
    if name not in fields:
        raise PopulationError(f"expected a column of the register, found '{name}'", place, did_you_mean(name, fields))
    wanted = tuple(kinds)
    if fields[name].kind not in wanted:
        raise PopulationError(f"expected a {' or '.join(wanted)}, found {name}, a {fields[name].kind}", place)
    return name
