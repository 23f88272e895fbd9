"""Records and documents as JSON and back, checked against their fields."""

from __future__ import annotations

import json
from functools import cache
from typing import Any, TypeAlias

from pydantic import TypeAdapter, ValidationError

from haidang.errors import HaidangError
from haidang.facts import Source
from haidang.track.records import KINDS, Record

Stored: TypeAlias = Record | Source
SOURCE = "source"


class CodecError(HaidangError):
    """JSON that is no record of its kind."""


@cache
def _adapter(kind: str) -> TypeAdapter[Any]:
    return TypeAdapter(Source if kind == SOURCE else KINDS[kind])


def kind_of_stored(one: Stored) -> str:
    """The kind in one word; `source` for a document."""
    return type(one).__name__.lower()


def encode(one: Stored) -> str:
    """A record as JSON with its keys in order, without what is as unless stated: one record, the same bytes."""
    plain = _adapter(kind_of_stored(one)).dump_python(one, mode="json", exclude_defaults=True)
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def decode(kind: str, body: str) -> Stored:
    """A record from JSON.

    Raises:
        CodecError: the JSON is none, or no record of this kind.
    """
    if kind != SOURCE and kind not in KINDS:
        raise CodecError(f"expected a kind of record, found '{kind}'")
    try:
        return _adapter(kind).validate_json(body)
    except ValidationError as mistake:
        first = mistake.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise CodecError(f"expected a record of the kind '{kind}', found {first['msg'].lower()} at '{key}'") from None
