"""Where the city's promises and targets stand, drawn ahead: each day anew, and whenever the records change.

The worker draws, and then points to what it drew; readers follow the pointer, so that nobody waits for a drawing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import timezone

from haidang.web.city.models import ShownRun
from haidang.web.city.moving import digest_of, effects_on, newest_runs
from haidang.web.city.pack import pack
from haidang.web.city.placed import CityMap, draw_map, map_of
from haidang.web.city.pointed import Drawn, key_of, pack_digest, point, pointed
from haidang.web.desk.book import STORE, end, public_book
from haidang.web.words import LANGUAGES, Language

if TYPE_CHECKING:
    from haidang.track.overview import Overview

FANS = 2
"""So many charts of targets stand on the first page."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What the site shows of promises and targets in one language, but for the whole page of them.

    Args:
        on: the day, in ISO form.
        sentences: where everything stands, in a few sentences, each in parts as `track.overview.Part` has them.
    """

    on: str
    sentences: tuple[Sequence[tuple[str, str]], ...]


def standing(language: Language) -> Standing | None:
    """Where everything stands; none where nothing is tracked.

    Raises:
        HaidangError: a record of the pack is not as it should be.
    """
    now = drawn_last()
    if not now.records:
        return None
    return _standing(now.key, language)


@lru_cache(maxsize=2 * len(LANGUAGES))
def _standing(key: str, language: Language) -> Standing:
    """What was drawn under a key, read once: nothing is written anew under it."""
    told = _read(_file(key, language))
    return Standing(told["on"], tuple([(text, counts) for text, counts in parts] for parts in told["sentences"]))


def fans(language: Language) -> tuple[Mapping[str, str], ...]:
    """The charts of a few targets, as `track.report.Fan` has them; none until the worker has drawn them.

    No reader waits for a chart, nor for the library that draws it.
    """
    key = drawn_last().key
    return _fans(key, language) if _fans_file(key, language).exists() else ()


@lru_cache(maxsize=2 * len(LANGUAGES))
def _fans(key: str, language: Language) -> tuple[Mapping[str, str], ...]:
    return tuple(_read(_fans_file(key, language)))


def whole(language: Language) -> str:
    """All of where everything stands, HTML that this program made; empty where nothing is tracked.

    Raises:
        HaidangError: a record of the pack is not as it should be.
    """
    now = drawn_last()
    if not now.records:
        return ""
    file = _whole_file(now.key, language)
    if not file.exists():  # a new site's first reader came before the worker
        found = _overview(date.fromisoformat(now.on), newest_runs())
        if found is None:
            return ""
        _write_whole(now.key, language, found)
    return _read(file)


def draw_today() -> Drawn:
    """Draw the pages where the day, the pack or the records are not those of the pages that are there.

    Raises:
        HaidangError: a record of the pack is not as it should be.
    """
    on, at, runs = timezone.localdate(), end(), newest_runs()
    now, key = pointed("standing"), key_of(on, at, digest_of(runs))
    files = (file(key, language) for language in LANGUAGES for file in (_whole_file, _fans_file))
    whole_there = all(file.exists() for file in files)
    if now is not None and now.key == key and (whole_there or not now.records):
        return now
    found = _overview(on, runs)
    if found is not None:
        for language in LANGUAGES:
            _write_whole(key, language, found)
            _write_fans(key, language, found)
    return _write(on, key, found)


def drawn_last() -> Drawn:
    """What was drawn last from this pack; where nothing was, what the first page says is drawn now."""
    if now := pointed("standing"):
        return now
    on, at, runs = timezone.localdate(), end(), newest_runs()
    return _write(on, key_of(on, at, digest_of(runs)), _overview(on, runs))


def tracks() -> bool:
    """Whether there are records that everybody may see."""
    return drawn_last().records > 0


def city_map(language: Language) -> CityMap | None:
    """The parts of the city on a map; none where the pack does not say where they lie."""
    told = _read(_map_file(drawn_last().key, language))
    return None if told is None else map_of(told)


def _overview(on: date, runs: Mapping[str, ShownRun]) -> Overview | None:
    """Where everything stands on a day; none where nothing is tracked."""
    from haidang.track.overview import overview

    own, tracked = pack(), public_book()
    if not any(True for _ in tracked.records()):
        return None
    return overview((own.id, own.title), tracked, on, effects_on(tracked, runs))


def _write_whole(key: str, language: Language, found: Overview) -> None:
    """Draw the whole page of a language."""
    from haidang.track.report import page_body

    _keep(_whole_file(key, language), page_body(found, language))


def _write_fans(key: str, language: Language, found: Overview) -> None:
    """Draw the charts of the first page."""
    from haidang.track.report import few_fans

    _keep(_fans_file(key, language), [asdict(each) for each in few_fans(found, language, FANS)])


def _write(on: date, key: str, found: Overview | None) -> Drawn:
    """Write down what the first page says in all languages, keep what it forecasts of targets, and point to it."""
    from haidang.track.forecasts import of_targets
    from haidang.track.overview import lead_parts

    if found is not None:
        for language in LANGUAGES:
            _keep(_file(key, language), asdict(Standing(on.isoformat(), lead_parts(found, language))))
        STORE.keep(of_targets(found))
    for language in LANGUAGES:
        _keep(_map_file(key, language), _map_told(language))
    drawn = Drawn(key, pack_digest(), on.isoformat(), 0 if found is None else sum(1 for _ in public_book().records()))
    point("standing", drawn)
    return drawn


@lru_cache(maxsize=len(LANGUAGES))
def _map_told(language: Language) -> dict[str, Any] | None:
    """The map of the pack, drawn once: no record changes it."""
    drawn_map = draw_map(pack(), language)
    return None if drawn_map is None else asdict(drawn_map)


def _keep(file: Path, told: object) -> None:
    from haidang.results.run import replace_bytes

    file.parent.mkdir(parents=True, exist_ok=True)
    replace_bytes(file, json.dumps(told, ensure_ascii=False).encode())


def _read(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))


def _whole_file(key: str, language: Language) -> Path:
    return settings.HOME.pages / f"standing-{key}-whole-{language}.json"


def _fans_file(key: str, language: Language) -> Path:
    return settings.HOME.pages / f"standing-{key}-fans-{language}.json"


def _map_file(key: str, language: Language) -> Path:
    return settings.HOME.pages / f"standing-{key}-map-{language}.json"


def _file(key: str, language: Language) -> Path:
    return settings.HOME.pages / f"standing-{key}-{language}.json"
