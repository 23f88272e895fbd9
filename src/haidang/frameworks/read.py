"""From a framework's YAML file to a framework, with file, line and key in every mistake."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from importlib.resources import files
from pathlib import Path

from haidang.errors import Place, did_you_mean
from haidang.facts import MissingKeyError, Node, Reader, Sequence, WrongValueError, parse_yaml, read_yaml
from haidang.frameworks.framework import (
    APPLIES_BY,
    EFFORTS,
    EVIDENCE_KINDS,
    KINDS,
    RELATIONS,
    RIGHTS,
    SECTORS,
    SIZES,
    Area,
    Capability,
    Criterion,
    Crosswalk,
    Document,
    Framework,
    FrameworkError,
    Level,
    forbid_licensed,
)

FRAMEWORK_KEYS = (
    "id", "title", "version", "date", "rights", "note", "sources", "levels", "areas", "crosswalks",
)  # fmt: skip
CRITERION_KEYS = ("level", "kind", "text", "question", "evidence", "remedy")
CAPABILITY_KEYS = ("title", "meaning", "weight", "applies", "criteria")
NO_TEXT: Mapping[str, str] = {}
ID = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
CRITERION_ID = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-.][A-Za-z0-9]+)*")
CROSSWALK_TARGET = re.compile(r"[a-z][a-z0-9-]*:\S.*")


def load_framework(path: Path | str) -> Framework:
    """The framework that a YAML file holds.

    Raises:
        HaidangError: the file cannot be read, a key is missing, unknown or wrong, or its parts contradict each other.
    """
    return framework_of(read_yaml(path), str(path))


def parse_framework(text: str, path: str) -> Framework:
    """The framework that a YAML text holds; `path` is what errors name.

    Raises:
        HaidangError: as `load_framework`.
    """
    return framework_of(parse_yaml(text, path), path)


def shipped() -> tuple[str, ...]:
    """The ids of the frameworks that come with the program."""
    folder = files("haidang.frameworks").joinpath("shipped")
    names = (entry.name for entry in folder.iterdir())
    return tuple(sorted(name.removesuffix(".yaml") for name in names if re.fullmatch(r"[^.]+\.yaml", name)))


def find_framework(name: str) -> Framework:
    """A framework by the id of a shipped one, or by the path of a file.

    Raises:
        HaidangError: there is none, or it is not as it should be.
    """
    if name.endswith((".yaml", ".yml")) or Path(name).is_file():
        return load_framework(name)
    if name not in shipped():
        hint = did_you_mean(name, shipped())
        raise FrameworkError(f"expected a framework's id or file, found '{name}'", None, hint)
    file = files("haidang.frameworks").joinpath("shipped", f"{name}.yaml")
    return forbid_licensed(parse_framework(file.read_text(encoding="utf-8"), f"{name}.yaml"))


def framework_of(node: Node, path: str) -> Framework:
    """The framework in the top of a tree of nodes.

    Raises:
        HaidangError: as `load_framework`.
    """
    top = Reader(node, path)
    top.forbid_unknown(FRAMEWORK_KEYS)
    levels = tuple(_level(one, place) for place, one in enumerate(top.each("levels")))
    areas = tuple(_area(entry, name, levels[-1].level) for name, entry in top.children("areas").items())
    framework = Framework(
        id=_id(top.text("id"), top.place("id")),
        title=top.title(),
        version=top.text("version"),
        date=_day(top),
        rights=top.one_of("rights", RIGHTS),
        note=top.title_or(NO_TEXT, "note"),
        sources=tuple(_document(one) for one in top.each("sources")) if _listed(top, "sources") else (),
        levels=levels,
        areas=areas,
        crosswalks=_crosswalks(top, areas),
        place=top.place(),
    )
    _forbid_twice(top, framework)
    return framework


def _listed(entry: Reader, key: str) -> bool:
    node = entry.optional(key)
    return node is not None and not (isinstance(node, Sequence) and not node.items)


def _id(text: str, place: Place) -> str:
    if ID.fullmatch(text) is None:
        raise WrongValueError(f"expected an id of small letters, digits and '-', found '{text}'", place)
    return text


def _day(top: Reader) -> str:
    text = top.text("date")
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        problem = f"expected a day such as 2026-11-22, found '{text}'"
        raise WrongValueError(problem, top.place("date")) from None


def _document(entry: Reader) -> Document:
    entry.forbid_unknown(("title", "publisher", "date", "address"))
    return Document(entry.text("title"), entry.text("publisher"), entry.text("date"), entry.text_or("address", None))


def _level(entry: Reader, wanted: int) -> Level:
    entry.forbid_unknown(("level", "title", "meaning"))
    found = entry.integer("level")
    if found != wanted:
        raise FrameworkError(f"expected the levels in order from 0, here {wanted}, found {found}", entry.place("level"))
    return Level(found, entry.title(), entry.title("meaning"))


def _weight(entry: Reader) -> float:
    weight = entry.number_or("weight", 1.0)
    if weight <= 0:
        raise WrongValueError(f"expected a weight above 0, found {weight:g}", entry.place("weight"))
    return weight


def _area(entry: Reader, name: str, top: int) -> Area:
    _id(name, entry.place())
    entry.forbid_unknown(("title", "meaning", "weight", "capabilities"))
    capabilities = tuple(_capability(one, each, top) for each, one in entry.children("capabilities").items())
    if not capabilities:
        raise FrameworkError("expected at least one capability, found none", entry.place("capabilities"))
    return Area(name, entry.title(), entry.title("meaning"), _weight(entry), capabilities)


def _capability(entry: Reader, name: str, top: int) -> Capability:
    _id(name, entry.place())
    entry.forbid_unknown(CAPABILITY_KEYS)
    criteria = tuple(_criterion(one, each, top) for each, one in entry.children("criteria").items())
    found = Capability(
        id=name,
        title=entry.title(),
        meaning=entry.title("meaning"),
        weight=_weight(entry),
        applies=_applies(entry),
        criteria=criteria,
        place=entry.place(),
    )
    decided = {one.level for one in criteria if one.kind == "must"}
    missing = sorted(set(range(1, max((one.level for one in criteria), default=1) + 1)) - decided)
    if missing:
        problem = f"expected a must criterion for every level up to the highest, found none for level {missing[0]}"
        raise FrameworkError(problem, entry.place("criteria"))
    return found


def _applies(entry: Reader) -> Mapping[str, tuple[str, ...]]:
    if entry.optional("applies") is None:
        return {}
    applies = entry.child("applies")
    applies.forbid_unknown(APPLIES_BY)
    found = {key: applies.texts(key) for key in APPLIES_BY if key in applies.keys}
    for key, values in found.items():
        for value in values:
            known = SIZES if key == "size" else SECTORS
            if value not in known:
                problem = f"expected one of {', '.join(known)}, found '{value}'"
                raise WrongValueError(problem, applies.place(key), did_you_mean(value, known))
        if len(set(values)) != len(values):
            raise FrameworkError("expected each value once, found one twice", applies.place(key))
    return found


def _criterion(entry: Reader, name: str, top: int) -> Criterion:
    if CRITERION_ID.fullmatch(name) is None:
        raise WrongValueError("expected an id of letters, digits, '-' and '.'", entry.place())
    entry.forbid_unknown(CRITERION_KEYS)
    level = entry.integer("level")
    if not 1 <= level <= top:
        raise WrongValueError(f"expected a level from 1 to {top}, found {level}", entry.place("level"))
    evidence, remedy = entry.child("evidence"), entry.child("remedy")
    evidence.forbid_unknown(("kinds", "example"))
    remedy.forbid_unknown(("text", "effort"))
    return Criterion(
        id=name,
        level=level,
        kind=entry.one_of("kind", KINDS),
        text=entry.title("text"),
        question=entry.title("question"),
        evidence_kinds=_kinds(evidence),
        evidence_example=evidence.title("example"),
        remedy=remedy.title("text"),
        effort=remedy.one_of("effort", EFFORTS),
        place=entry.place(),
    )


def _kinds(evidence: Reader) -> tuple[str, ...]:
    kinds = evidence.texts("kinds")
    if not kinds:
        raise MissingKeyError("expected at least one kind of evidence, found none", evidence.place("kinds"))
    for one in kinds:
        if one not in EVIDENCE_KINDS:
            problem = f"expected a kind of evidence, found '{one}'"
            raise WrongValueError(problem, evidence.place("kinds"), did_you_mean(one, EVIDENCE_KINDS))
    return kinds


def _crosswalks(top: Reader, areas: Iterable[Area]) -> tuple[Crosswalk, ...]:
    if not _listed(top, "crosswalks"):
        return ()
    known = [one.id for area in areas for one in area.capabilities]
    return tuple(_crosswalk(entry, known) for entry in top.each("crosswalks"))


def _crosswalk(entry: Reader, known: list[str]) -> Crosswalk:
    entry.forbid_unknown(("from", "to", "relation", "note"))
    source, target = entry.text("from"), entry.text("to")
    if source not in known:
        problem = f"expected a capability, found '{source}'"
        raise FrameworkError(problem, entry.place("from"), did_you_mean(source, known))
    if CROSSWALK_TARGET.fullmatch(target) is None:
        problem = f"expected 'framework:name of a part', found '{target}'"
        raise WrongValueError(problem, entry.place("to"), "such as 'siri:Vertical Integration'")
    return Crosswalk(source, target, entry.one_of("relation", RELATIONS), entry.title_or(NO_TEXT, "note"))


def _forbid_twice(top: Reader, framework: Framework) -> None:
    """Capabilities and criteria have ids of the whole framework; a pair is related once."""
    seen: dict[str, Place | None] = {}
    for one in (*framework.capabilities, *framework.criteria):
        if one.id in seen:
            first = seen[one.id]
            where = "" if first is None else f" first in line {first.line}"
            raise FrameworkError(f"expected each id once, found '{one.id}'{where}", one.place)
        seen[one.id] = one.place
    pairs = [(one.source, one.target) for one in framework.crosswalks]
    for place, pair in enumerate(pairs):
        if pair in pairs[:place]:
            problem = f"expected each pair once, found '{pair[0]}' to '{pair[1]}' twice"
            raise FrameworkError(problem, top.place("crosswalks"))
