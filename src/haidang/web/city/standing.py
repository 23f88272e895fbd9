"""Where the city's promises and targets stand today, drawn once a day."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from haidang import __version__
from haidang.web.city.pack import pack
from haidang.web.words import LANGUAGES, Language

PLAIN = "plain"


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


def standing(language: Language) -> Standing | None:
    """Where everything stands today; none where the pack tracks nothing.

    Raises:
        HaidangError: a record of the pack is not as it should be.
    """
    if not tracks():
        return None
    told = json.loads(_file(draw_today(), language).read_text(encoding="utf-8"))
    return Standing(told["on"], tuple(told["sentences"]), told["body"])


def plain_today() -> dict[str, Any] | None:
    """Where everything stands today as plain values, with every number's source; none where the pack tracks nothing.

    Raises:
        HaidangError: a record of the pack is not as it should be.
    """
    return json.loads(_file(draw_today(), PLAIN).read_text(encoding="utf-8")) if tracks() else None


def draw_today() -> date:
    """Draw today's pages where they are not drawn yet, so that no reader waits for them.

    Returns:
        Today.

    Raises:
        HaidangError: a record of the pack is not as it should be.
    """
    today = timezone.localdate()
    if tracks() and not all(_file(today, each).exists() for each in (*LANGUAGES, PLAIN)):
        _write(today)
    return today


def tracks() -> bool:
    """Whether the pack has records of promises, indicators or targets."""
    return bool(_records())


@lru_cache(maxsize=1)
def _records() -> str:
    """A digest of the pack and its records as they were when the server began; empty where there are none."""
    own = pack()
    kinds = ("commitments", "indicators", "targets", "events", "proposals")
    files = [path for kind in kinds for path in sorted((own.root / kind).glob("*.yaml"))]
    if not files:
        return ""
    found = hashlib.sha256(own.book.digest().encode())
    for path in files:
        found.update(path.read_bytes())
    return found.hexdigest()[:16]


def _file(today: date, form: str) -> Path:
    return settings.HOME.pages / f"standing-{today.isoformat()}-{_records()}-{__version__}-{form}.json"


def _write(today: date) -> None:
    """Draw the pages of a day in all languages."""
    from haidang.results.run import replace_bytes
    from haidang.track import load_tracked
    from haidang.track.overview import as_plain, lead, overview
    from haidang.track.report import page_body

    own = pack()
    found = overview((own.id, own.title), load_tracked(own), today)
    settings.HOME.pages.mkdir(parents=True, exist_ok=True)
    replace_bytes(_file(today, PLAIN), json.dumps(as_plain(found), ensure_ascii=False).encode())
    for language in LANGUAGES:
        made = Standing(today.isoformat(), lead(found, language), page_body(found, language))
        replace_bytes(_file(today, language), json.dumps(asdict(made), ensure_ascii=False).encode())
