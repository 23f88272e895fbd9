"""Where the city's promises and targets stand, drawn ahead: each day anew, and whenever the records change.

The worker draws, and then points to what it drew; readers follow the pointer, so that nobody waits for a drawing.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from time import time
from typing import Any

from django.conf import settings
from django.utils import timezone

from haidang import __version__
from haidang.web.city.pack import pack
from haidang.web.desk.book import End, end, public_book
from haidang.web.desk.downloads import write_downloads
from haidang.web.words import LANGUAGES, Language

PLAIN = "plain"
KEPT = 3600.0
"""Seconds that pages which nobody points to any more are kept for readers who are at them."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What the site shows of promises and targets in one language.

    Args:
        on: the day, in ISO form.
        sentences: where everything stands, in a few sentences.
        body: all of it, HTML that this program made.
    """

    on: str
    sentences: tuple[str, ...]
    body: str


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


def standing(language: Language) -> Standing | None:
    """Where everything stands; none where nothing is tracked.

    Raises:
        HaidangError: a record of the pack is not as it should be.
    """
    now = drawn_last()
    if not now.records:
        return None
    told = json.loads(_file(now.key, language).read_text(encoding="utf-8"))
    return Standing(told["on"], tuple(told["sentences"]), told["body"])


def plain_today() -> dict[str, Any] | None:
    """Where everything stands as plain values, with every number's source; none where nothing is tracked.

    Raises:
        HaidangError: a record of the pack is not as it should be.
    """
    now = drawn_last()
    return _plain(now.key) if now.records else None


@lru_cache(maxsize=2)
def _plain(key: str) -> dict[str, Any]:
    return json.loads(_file(key, PLAIN).read_text(encoding="utf-8"))


def draw_today() -> Drawn:
    """Draw the pages where the day, the pack or the records are not those of the pages that are there.

    Raises:
        HaidangError: a record of the pack is not as it should be.
    """
    on, at = timezone.localdate(), end()
    now, key = _pointed(), _key(on, at)
    return now if now is not None and now.key == key else _write(on, key)


def drawn_last() -> Drawn:
    """What was drawn last from this pack; drawn now where nothing was."""
    now = _pointed()
    return now if now is not None and now.pack == _pack() else draw_today()


def tracks() -> bool:
    """Whether there are records that everybody may see."""
    return drawn_last().records > 0


@lru_cache(maxsize=1)
def _pack() -> str:
    """A digest of the pack and its records as they were when the server began."""
    own = pack()
    found = hashlib.sha256(f"{own.id}\n{own.book.digest()}\n{__version__}".encode())
    kinds = ("commitments", "indicators", "targets", "events", "proposals")
    for path in (path for kind in kinds for path in sorted((own.root / kind).glob("*.yaml"))):
        found.update(path.read_bytes())
    return found.hexdigest()[:16]


def _key(on: date, at: End) -> str:
    return f"{on.isoformat()}-{_pack()}-{at.hash[:16]}"


def _file(key: str, form: str) -> Path:
    return settings.HOME.pages / f"standing-{key}-{form}.json"


def _pointer() -> Path:
    return settings.HOME.pages / "standing.json"


def _pointed() -> Drawn | None:
    try:
        text = _pointer().read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    return Drawn(**json.loads(text))


def _write(on: date, key: str) -> Drawn:
    """Draw the pages of a day in all languages, write the files for others, and point to them."""
    from haidang.results.run import replace_bytes
    from haidang.track.overview import as_plain, lead, overview
    from haidang.track.report import page_body

    own, tracked = pack(), public_book()
    records = sum(1 for _ in tracked.records())
    settings.HOME.pages.mkdir(parents=True, exist_ok=True)
    if records:
        found = overview((own.id, own.title), tracked, on)
        replace_bytes(_file(key, PLAIN), json.dumps(as_plain(found), ensure_ascii=False).encode())
        for language in LANGUAGES:
            made = Standing(on.isoformat(), lead(found, language), page_body(found, language))
            replace_bytes(_file(key, language), json.dumps(asdict(made), ensure_ascii=False).encode())
        write_downloads(tracked, own.id, key)
    drawn = Drawn(key, _pack(), on.isoformat(), records)
    replace_bytes(_pointer(), json.dumps(asdict(drawn)).encode())
    _clear(key)
    return drawn


def _clear(key: str) -> None:
    """Take away what was drawn before, once nobody can be reading it any more."""
    before = time() - KEPT
    for prefix in ("standing", "records"):
        for path in settings.HOME.pages.glob(f"{prefix}-*"):
            if key not in path.name and path.stat().st_mtime < before:
                path.unlink(missing_ok=True)
