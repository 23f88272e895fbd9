"""What the worker drew ahead of the records, and what points to it: readers follow the pointer and never wait."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from time import time
from typing import Literal, TypeAlias

from django.conf import settings

from haidang import __version__
from haidang.packs.outline import FILE
from haidang.results.run import replace_bytes
from haidang.track.store.chain import End
from haidang.web.city.pack import pack

Sort: TypeAlias = Literal["standing", "records"]
"""Pages of where everything stands, and the records as files; the files of each begin with the word."""
FORM = 3
"""Of what is drawn: what has another form is drawn again."""
KEPT = 60.0
"""Seconds that what nobody points to any more is kept for readers who are at it."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """What was drawn last.

    Args:
        key: in the names of its files.
        pack: digest of the pack and its records' files.
        on: the day.
        records: how many records everybody may see.
    """

    key: str
    pack: str
    on: str
    records: int


@lru_cache(maxsize=1)
def pack_digest() -> str:
    """A digest of the pack and its records as they were when the server began."""
    own = pack()
    found = hashlib.sha256(f"{own.id}\n{own.book.digest()}\n{__version__} {FORM}".encode())
    kinds = ("commitments", "indicators", "targets", "events", "proposals")
    files = (path for kind in kinds for path in sorted((own.root / kind).glob("*.yaml")))
    for path in (*files, *own.root.glob(FILE)):
        found.update(path.read_bytes())
    return found.hexdigest()[:16]


def key_of(on: date, at: End, runs: str) -> str:
    """What a drawing of these records on a day is called, with the digest of the runs that move indicators."""
    return f"{on.isoformat()}-{pack_digest()}-{at.hash[:16]}-{runs}"


def pointed(sort: Sort) -> Drawn | None:
    """What was drawn last from this pack; none where nothing was."""
    try:
        text = _pointer(sort).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    found = Drawn(**json.loads(text))
    return found if found.pack == pack_digest() else None


def point(sort: Sort, drawn: Drawn) -> None:
    """Point to what was drawn, and take away what was drawn before, once nobody can be reading it any more."""
    replace_bytes(_pointer(sort), json.dumps(asdict(drawn)).encode())
    before = time() - KEPT
    for path in settings.HOME.pages.glob(f"{sort}-*"):
        if drawn.key not in path.name and path.stat().st_mtime < before:
            path.unlink(missing_ok=True)


def _pointer(sort: Sort) -> Path:
    return settings.HOME.pages / f"{sort}.json"
