"""What is to be estimated from what, as a YAML file declares it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeAlias

from haidang.errors import Place, did_you_mean
from haidang.facts import Reader, Table, parse_unit, read_yaml
from haidang.learn.fit.coefficients import Coefficient, Restriction, restriction
from haidang.learn.fit.draws import Draws
from haidang.learn.fit.errors import FitError
from haidang.learn.fit.fitted import Kind
from haidang.programmes import Expression, parse

KEYS = (
    "title", "kind", "model", "data", "columns", "alternatives", "utility", "coefficients", "nests", "random", "draws",
    "restrictions", "worth", "facts", "source", "as_of",
)  # fmt: skip
DATA_KEYS = (
    "shape", "read", "where", "complete", "situation", "alternative", "chosen", "group", "unit", "weight", "cluster",
    "without",
)  # fmt: skip
KINDS: tuple[Kind, ...] = ("multinomial", "nested", "mixed", "conditional")
SHAPES = ("wide", "long", "items")
BLOCKS = ("logit", "finance", "diffusion", "habit", "ownership", "renewal", "travel", "deadline", "bonds", "abatement")
LAWS = ("normal", "lognormal", "triangular")

Shape: TypeAlias = Literal["wide", "long", "items"]


@dataclass(frozen=True, slots=True)
class Block:
    """A utility that is a block of `haidang.models`, the one that the engine's models call.

    Args:
        module: the module of `haidang.models`.
        name: the function.
        arguments: for each argument, an expression of columns and coefficients.
    """

    module: str
    name: str
    arguments: Mapping[str, Expression]
    place: Place

    @property
    def names(self) -> tuple[str, ...]:
        """Every name that the arguments read."""
        return tuple(dict.fromkeys(name for one in self.arguments.values() for name in one.names))


Utility: TypeAlias = Expression | Block


@dataclass(frozen=True, slots=True)
class Option:
    """One alternative: its code in the data, when it can be chosen, its utility; without one, the model's own."""

    code: str
    available: Expression | None
    utility: Utility | None
    place: Place


@dataclass(frozen=True, slots=True)
class Source:
    """How the table of choices is read.

    Args:
        shape: `wide`, a row for each choice; `long`, a row for each choice and alternative; `items`, a row for each
            yes-no item of a group.
        read: a function of the pack's `fits/records.py` that reads the file; none for a plain table.
        where: which rows are in the sample.
        complete: columns without which a row is left out and counted.
        situation: in the long shape, the column that tells choices apart.
        alternative: in the long shape, the column with the alternative's code.
        chosen: the code of the alternative chosen, or in other shapes 1 or 0.
        group: of items, the column that tells groups apart.
        unit: who chooses.
        weight: how much each counts.
        cluster: within which choices may hang together.
        without: codes of alternatives that are set aside, with the choices in which they were chosen, counted.
    """

    shape: Shape
    chosen: str
    read: str | None = None
    where: Expression | None = None
    complete: tuple[str, ...] = ()
    situation: str | None = None
    alternative: str | None = None
    group: str | None = None
    unit: str | None = None
    weight: str | None = None
    cluster: str | None = None
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ratio:
    """A willingness to pay: which coefficient over which, in which unit of measure."""

    attribute: str
    money: str
    unit: str
    title: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Written:
    """What a coefficient is called as a fact."""

    id: str
    title: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Declared:
    """What is to be estimated, and from what; `model` is the pack's whose utilities are used where none are written."""

    path: str
    title: Mapping[str, str]
    kind: Kind
    model: str
    source: Source
    columns: Mapping[str, Expression]
    options: Mapping[str, Option]
    utility: Utility | None
    coefficients: tuple[Coefficient, ...]
    nests: Mapping[str, tuple[str | None, tuple[str, ...]]]
    laws: Mapping[str, tuple[str, float]]
    draws: Draws
    restrictions: tuple[Restriction, ...]
    worth: Mapping[str, Ratio]
    facts: Mapping[str, Written] = field(default_factory=dict[str, Written])
    sources: tuple[str, ...] = ()
    as_of: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The coefficients, in order."""
        return tuple(one.name for one in self.coefficients)

    def place(self, key: str | None = None) -> Place:
        """The file, at a key."""
        return Place(self.path, None, key)


def is_moments(path: Path) -> bool:
    """Whether a description fits facts to published figures, and not coefficients to choices.

    Raises:
        HaidangError: the file cannot be read.
    """
    return Reader(read_yaml(path), path).text_or("kind", "") == "moments"


def load_declared(path: Path) -> Declared:
    """Read a description.

    Raises:
        HaidangError: a key is missing, unknown or holds a value of another kind, or parts do not fit together.
    """
    reader = Reader(read_yaml(path), path)
    reader.forbid_unknown(KEYS)
    kind: Any = reader.one_of("kind", KINDS)
    laws = _laws(reader)
    nests = _nests(reader)
    coefficients = _coefficients(reader, laws, nests)
    names = [one.name for one in coefficients]
    options = _options(reader)
    declared = Declared(
        path=str(path),
        title=reader.title_or({"vi": path.stem, "en": path.stem}),
        kind=kind,
        model=reader.text_or("model", path.stem),
        source=_source(reader.child("data"), kind),
        columns=_expressions(reader, "columns"),
        options=options,
        utility=_utility(reader) if reader.optional("utility") is not None else None,
        coefficients=coefficients,
        nests=nests,
        laws=laws,
        draws=_draws(reader),
        restrictions=_restrictions(reader, names),
        worth=_worth(reader, names),
        facts=_facts(reader, names),
        sources=reader.texts_or("source", ()),
        as_of=reader.text_or("as_of", None),
    )
    _check(declared, reader)
    return declared


def _check(declared: Declared, reader: Reader) -> None:
    """That the keys given are those of the kind, and nests name alternatives."""
    needs = {"nested": "nests", "mixed": "random", "conditional": "utility"}
    for kind, key in needs.items():
        if kind == declared.kind:
            reader.required(key)
        elif key in reader.keys:
            raise FitError(f"expected '{key}' beside the kind '{kind}' only", reader.place(key))
    if declared.kind == "conditional":
        if declared.options:
            raise FitError("expected one utility for all items, found alternatives", reader.place("alternatives"))
        return
    if len(declared.options) < 2:
        reader.required("alternatives")
        raise FitError("expected at least two alternatives, found fewer", reader.place("alternatives"))
    for name, (_, members) in declared.nests.items():
        for one in members:
            if one not in declared.options:
                place = reader.child("nests").place(name)
                raise FitError(f"expected an alternative, found '{one}'", place, did_you_mean(one, declared.options))


def _source(entry: Reader, kind: Kind) -> Source:
    entry.forbid_unknown(DATA_KEYS)
    shape: Any = entry.one_of_or("shape", SHAPES, "items" if kind == "conditional" else "wide")
    if (shape == "items") != (kind == "conditional"):
        raise FitError(f"expected another shape for the kind '{kind}', found '{shape}'", entry.place("shape"))
    for key in {"long": ("situation", "alternative"), "items": ("group",), "wide": ()}[shape]:
        entry.required(key)
    return Source(
        shape=shape,
        chosen=entry.text("chosen"),
        read=entry.text_or("read", None),
        where=parse(entry.text("where"), entry.place("where")) if entry.optional("where") is not None else None,
        complete=entry.texts_or("complete", ()),
        situation=entry.text_or("situation", None),
        alternative=entry.text_or("alternative", None),
        group=entry.text_or("group", None),
        unit=entry.text_or("unit", None),
        weight=entry.text_or("weight", None),
        cluster=entry.text_or("cluster", None),
        without=entry.texts_or("without", ()),
    )


def _expressions(reader: Reader, key: str) -> dict[str, Expression]:
    entry = reader.child_or(key, None)
    return {} if entry is None else {name: parse(entry.text(name), entry.place(name)) for name in entry.keys}


def _options(reader: Reader) -> dict[str, Option]:
    if reader.optional("alternatives") is None:
        return {}
    found: dict[str, Option] = {}
    for name, one in reader.children("alternatives").items():
        one.forbid_unknown(("code", "available", "utility"))
        available = parse(one.text("available"), one.place("available")) if "available" in one.keys else None
        utility = _utility(one) if one.optional("utility") is not None else None
        found[name] = Option(one.text_or("code", name), available, utility, one.place())
    return found


def _utility(entry: Reader) -> Utility:
    """An expression, or a block with an expression for each argument."""
    if not isinstance(entry.required("utility"), Table):
        return parse(entry.text("utility"), entry.place("utility"))
    block = entry.child("utility")
    block.forbid_unknown(("block", "of"))
    module, dot, name = block.text("block").partition(".")
    if not dot or module not in BLOCKS:
        known = did_you_mean(module, BLOCKS)
        raise FitError(f"expected a block such as 'logit.adoption_utility', found '{module}'", block.place(), known)
    return Block(module, name, _expressions(block, "of"), block.place("block"))


def _coefficients(
    reader: Reader, laws: Mapping[str, Any], nests: Mapping[str, tuple[str | None, tuple[str, ...]]]
) -> tuple[Coefficient, ...]:
    from haidang.learn.fit.mixed_names import spread_name

    found: list[Coefficient] = []
    entries = reader.child("coefficients")
    scales = {scale for scale, _ in nests.values() if scale is not None}
    for name in entries.keys:
        if entries.optional(name) is None:
            found.append(Coefficient(name, 1.0 if name in scales else 0.0))
            continue
        one = entries.child(name)
        one.forbid_unknown(("start", "hold"))
        if "hold" in one.keys and "start" in one.keys:
            raise FitError("expected 'start' or 'hold', found both", one.place("hold"))
        held = "hold" in one.keys
        default = 1.0 if name in scales else 0.0
        found.append(Coefficient(name, one.number("hold") if held else one.number_or("start", default), held))
    names = [one.name for one in found]
    for key, wanted in (("random", laws), ("nests", scales)):
        for name in wanted:
            if name not in names:
                place = reader.place(key)
                raise FitError(f"expected one of the coefficients, found '{name}'", place, did_you_mean(name, names))
    found += [Coefficient(spread_name(name)) for name in laws if spread_name(name) not in names]
    return tuple(found)


def _laws(reader: Reader) -> dict[str, tuple[str, float]]:
    entries = reader.child_or("random", None)
    if entries is None:
        return {}
    found: dict[str, tuple[str, float]] = {}
    for name in entries.keys:
        if not isinstance(entries.required(name), Table):
            found[name] = (entries.one_of(name, LAWS), 1.0)
            continue
        one = entries.child(name)
        one.forbid_unknown(("law", "sign"))
        sign = one.number_or("sign", 1.0)
        if sign not in (1.0, -1.0):
            raise FitError(f"expected a sign of 1 or -1, found {sign:g}", one.place("sign"))
        found[name] = (one.one_of("law", LAWS), sign)
    return found


def _nests(reader: Reader) -> dict[str, tuple[str | None, tuple[str, ...]]]:
    if reader.optional("nests") is None:
        return {}
    found: dict[str, tuple[str | None, tuple[str, ...]]] = {}
    for name, one in reader.children("nests").items():
        one.forbid_unknown(("scale", "of"))
        found[name] = (one.text("scale"), one.texts("of"))
    return found


def _draws(reader: Reader) -> Draws:
    entry = reader.child_or("draws", None)
    if entry is None:
        return Draws()
    entry.forbid_unknown(("count", "sequence", "seed"))
    sequence: Any = entry.one_of_or("sequence", ("halton", "sobol"), "halton")
    count = entry.integer_or("count", 500)
    if count < 1:
        raise FitError(f"expected at least one draw, found {count}", entry.place("count"))
    return Draws(count, sequence, entry.integer_or("seed", 1))


def _restrictions(reader: Reader, names: list[str]) -> tuple[Restriction, ...]:
    found: list[Restriction] = []
    for text in reader.texts_or("restrictions", ()):
        place = reader.place("restrictions")
        left, equal, right = text.partition("==")
        if not equal:
            raise FitError(f"expected a restriction such as 'a == 2 * b', found '{text}'", place)
        found.append(restriction(parse(left, place), parse(right, place), names, place))
    return tuple(found)


def _worth(reader: Reader, names: list[str]) -> dict[str, Ratio]:
    if reader.optional("worth") is None:
        return {}
    found: dict[str, Ratio] = {}
    for name, one in reader.children("worth").items():
        one.forbid_unknown(("of", "in", "unit", "title"))
        for key in ("of", "in"):
            one.one_of(key, names)
        words = name.replace("_", " ")
        title = one.title_or({"vi": words, "en": words})
        found[name] = Ratio(one.text("of"), one.text("in"), one.text_or("unit", ""), title)
        if found[name].unit:
            parse_unit(found[name].unit, one.place("unit"))
    return found


def _facts(reader: Reader, names: list[str]) -> dict[str, Written]:
    if reader.optional("facts") is None:
        return {}
    found: dict[str, Written] = {}
    for name, one in reader.children("facts").items():
        if name not in names:
            place = reader.child("facts").place(name)
            raise FitError(f"expected one of the coefficients, found '{name}'", place, did_you_mean(name, names))
        one.forbid_unknown(("id", "title"))
        words = name.replace("_", " ")
        found[name] = Written(one.text_or("id", name), one.title_or({"vi": words, "en": words}))
    return found
