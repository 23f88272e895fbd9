"""Where the city's promises and targets stand, drawn ahead: each day anew, and whenever the records change.

The worker draws, and then points to what it drew; readers follow the pointer, so that nobody waits for a drawing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from haidang.web.city.models import ShownRun
from haidang.web.city.moving import digest_of, effects_on, newest_runs
from haidang.web.city.pack import pack
from haidang.web.city.placed import CityMap, draw_map, map_of
from haidang.web.city.pointed import Drawn, key_of, pack_digest, point, pointed
from haidang.web.desk.book import end, public_book
from haidang.web.words import LANGUAGES, Language


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
    """Where everything stands; none where nothing is tracked.

    Raises:
        HaidangError: a record of the pack is not as it should be.
    """
    now = drawn_last()
    if not now.records:
        return None
    told = json.loads(_file(now.key, language).read_text(encoding="utf-8"))
    return Standing(told["on"], tuple(told["sentences"]), told["body"])


def draw_today() -> Drawn:
    """Draw the pages where the day, the pack or the records are not those of the pages that are there.

    Raises:
        HaidangError: a record of the pack is not as it should be.
    """
    on, at, runs = timezone.localdate(), end(), newest_runs()
    now, key = pointed("standing"), key_of(on, at, digest_of(runs))
    return now if now is not None and now.key == key else _write(on, key, runs)


def drawn_last() -> Drawn:
    """What was drawn last from this pack; drawn now where nothing was."""
    return pointed("standing") or draw_today()


def tracks() -> bool:
    """Whether there are records that everybody may see."""
    return drawn_last().records > 0


def city_map(language: Language) -> CityMap | None:
    """The parts of the city on a map; none where the pack does not say where they lie."""
    file = _map_file(drawn_last().key, language)
    told = json.loads(file.read_text(encoding="utf-8"))
    return None if told is None else map_of(told)


def _map(language: Language) -> dict[str, Any] | None:
    found = draw_map(pack(), language)
    return None if found is None else asdict(found)


def _map_file(key: str, language: Language) -> Path:
    return settings.HOME.pages / f"standing-{key}-map-{language}.json"


def _file(key: str, language: Language) -> Path:
    return settings.HOME.pages / f"standing-{key}-{language}.json"


def _write(on: date, key: str, runs: Mapping[str, ShownRun]) -> Drawn:
    """Draw the pages of a day in all languages, and point to them."""
    from haidang.results.run import replace_bytes
    from haidang.track.overview import lead, overview
    from haidang.track.report import page_body

    own, tracked = pack(), public_book()
    records = sum(1 for _ in tracked.records())
    settings.HOME.pages.mkdir(parents=True, exist_ok=True)
    if records:
        found = overview((own.id, own.title), tracked, on, effects_on(tracked, runs))
        for language in LANGUAGES:
            made = Standing(on.isoformat(), lead(found, language), page_body(found, language))
            replace_bytes(_file(key, language), json.dumps(asdict(made), ensure_ascii=False).encode())
    for language in LANGUAGES:
        replace_bytes(_map_file(key, language), json.dumps(_map(language), ensure_ascii=False).encode())
    drawn = Drawn(key, pack_digest(), on.isoformat(), records)
    point("standing", drawn)
    return drawn
