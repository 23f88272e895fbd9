"""A framework as YAML text: the same framework always gives the same text."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from haidang.errors import HaidangError, Place
from haidang.frameworks.framework import Area, Capability, Criterion, Crosswalk, Document, Framework, Level

Value: TypeAlias = "str | int | float | Sequence[Value] | Mapping[str, Value]"

PLAIN = re.compile(r"[a-z][a-z0-9-]*")
WORDS_OF_YAML = {"null", "true", "false", "yes", "no", "on", "off", "y", "n"}
NOT_PRINTED = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


class WriteError(HaidangError):
    """A file that cannot be written; an earlier one is left as it was."""


def framework_yaml(framework: Framework) -> str:
    """The framework as the YAML text that `parse_framework` reads back as an equal one."""
    content: dict[str, Value] = {
        "id": framework.id,
        "title": framework.title,
        "version": framework.version,
        "date": framework.date,
        "rights": framework.rights,
        **({"note": framework.note} if framework.note else {}),
        **({"sources": [_document(one) for one in framework.sources]} if framework.sources else {}),
        "levels": [_level(one) for one in framework.levels],
        "areas": {one.id: _area(one) for one in framework.areas},
        **({"crosswalks": [_crosswalk(one) for one in framework.crosswalks]} if framework.crosswalks else {}),
    }
    return "\n".join(_lines(content, 0)) + "\n"


def write_text(path: Path | str, text: str) -> None:
    """Write a text file in one step: what was there stays until the new content is whole.

    Raises:
        WriteError: the folder may not be written or the disk is full.
    """
    write_bytes(path, text.encode("utf-8"))


def write_bytes(path: Path | str, content: bytes) -> None:
    """Write a file in one step: what was there stays until the new content is whole.

    Raises:
        WriteError: the folder may not be written or the disk is full.
    """
    write_pieces(path, (content,))


def write_pieces(path: Path | str, pieces: Iterable[bytes]) -> None:
    """Write a file piece by piece, in one step for whoever reads it.

    Raises:
        WriteError: the folder may not be written or the disk is full.
    """
    file = Path(path)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".writing-", dir=file.parent)
        draft = Path(name)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.writelines(pieces)
            draft.chmod(0o644)
            os.replace(draft, file)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as mistake:
        raise WriteError(f"could not be written: {mistake.strerror or mistake}", Place(str(file))) from None


def _document(one: Document) -> dict[str, Value]:
    found: dict[str, Value] = {"title": one.title, "publisher": one.publisher, "date": one.date}
    return found if one.address is None else {**found, "address": one.address}


def _level(one: Level) -> dict[str, Value]:
    return {"level": one.level, "title": one.title, "meaning": one.meaning}


def _area(one: Area) -> dict[str, Value]:
    capabilities: dict[str, Value] = {each.id: _capability(each) for each in one.capabilities}
    return {"title": one.title, "meaning": one.meaning, "weight": one.weight, "capabilities": capabilities}


def _capability(one: Capability) -> dict[str, Value]:
    criteria: dict[str, Value] = {each.id: _criterion(each) for each in one.criteria}
    applies: dict[str, Value] = {"applies": {key: list(values) for key, values in one.applies.items()}}
    return {
        "title": one.title,
        "meaning": one.meaning,
        "weight": one.weight,
        **(applies if one.applies else {}),
        "criteria": criteria,
    }


def _criterion(one: Criterion) -> dict[str, Value]:
    return {
        "level": one.level,
        "kind": one.kind,
        "text": one.text,
        "question": one.question,
        "evidence": {"kinds": list(one.evidence_kinds), "example": one.evidence_example},
        "remedy": {"text": one.remedy, "effort": one.effort},
    }


def _crosswalk(one: Crosswalk) -> dict[str, Value]:
    found: dict[str, Value] = {"from": one.source, "to": one.target, "relation": one.relation}
    return {**found, "note": one.note} if one.note else found


def _lines(value: Mapping[str, Value], indent: int) -> Iterator[str]:
    """A mapping in block style; lists of mappings as blocks, lists of texts in one line."""
    space = " " * indent
    for key, each in value.items():
        if isinstance(each, Mapping):
            yield f"{space}{_key(key)}:"
            yield from _lines(each, indent + 2)
        elif isinstance(each, str) or not isinstance(each, Sequence):
            yield f"{space}{_key(key)}: {_scalar(each)}"
        elif all(isinstance(item, Mapping) for item in each):
            yield f"{space}{_key(key)}:"
            for item in each:
                if isinstance(item, Mapping):
                    yield from _item(item, indent + 2)
        else:
            texts = ", ".join(_scalar(item) for item in each if isinstance(item, str))
            yield f"{space}{_key(key)}: [{texts}]"


def _item(value: Mapping[str, Value], indent: int) -> Iterator[str]:
    first, *rest = _lines(value, indent + 2)
    yield f"{' ' * indent}- {first.lstrip(' ')}"
    yield from rest


def _key(text: str) -> str:
    plain = re.fullmatch(r"[A-Za-z][A-Za-z0-9.-]*", text) is not None and text.lower() not in WORDS_OF_YAML
    return text if plain else _quoted(text)


def _scalar(value: str | int | float) -> str:
    if isinstance(value, str):
        return value if PLAIN.fullmatch(value) and value not in WORDS_OF_YAML else _quoted(value)
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def _quoted(text: str) -> str:
    return NOT_PRINTED.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(text, ensure_ascii=False))
