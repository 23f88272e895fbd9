"""The records that everybody may see, as files for spreadsheets and programs: written after the pages.

Writing them takes many times as long as drawing the pages, so where records change all the time they are not written
for each change: the worker rests between two writings, so many times as long as the last one took.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from time import monotonic
from typing import Any

from django.conf import settings
from django.utils import timezone

from haidang.errors import HaidangError
from haidang.web.city.models import ShownRun
from haidang.web.city.moving import digest_of, effects_on, newest_runs
from haidang.web.city.pack import pack
from haidang.web.city.pointed import Drawn, key_of, pack_digest, point, pointed
from haidang.web.city.standing import draw_today
from haidang.web.desk.book import STORE, end, public_book
from haidang.web.desk.downloads import write_downloads

PLAIN = "plain.json"
REST, REST_OF_PAGES = 10.0, 3.0
"""So many times as long as a writing took the worker rests before the next; and as long as a drawing of the pages."""


def plain_today() -> dict[str, Any] | None:
    """Where everything stands as plain values, with every number's source; none where nothing is tracked.

    Raises:
        HaidangError: a record of the pack is not as it should be.
    """
    now = written_last()
    return _plain(now.key) if now.records else None


@lru_cache(maxsize=2)
def _plain(key: str) -> dict[str, Any]:
    return json.loads((settings.HOME.pages / f"records-{key}.{PLAIN}").read_text(encoding="utf-8"))


def written_last() -> Drawn:
    """What was written last from this pack; written now where nothing was.

    Raises:
        HaidangError: a record of the pack is not as it should be.
    """
    return pointed("records") or write_today()


def write_today() -> Drawn:
    """Write the files where the day, the pack or the records are not those of the files that are there.

    Raises:
        HaidangError: a record of the pack is not as it should be.
    """
    on, at, runs = timezone.localdate(), end(), newest_runs()
    now, key = pointed("records"), key_of(on, at, digest_of(runs))
    return now if now is not None and now.key == key else _write(on, key, runs)


class Worker:
    """Draws the pages and writes the files now and then, so that a city that changes all the time is still served."""

    __slots__ = ("_due", "_pages_due")

    def __init__(self) -> None:
        """Both are due at once."""
        self._due = self._pages_due = monotonic()

    def draw_due(self) -> None:
        """Draw the pages where they are due.

        Raises:
            HaidangError: a record of the pack is not as it should be.
        """
        begun = monotonic()
        if begun < self._pages_due:
            return
        draw_today()
        now = monotonic()
        self._pages_due = now + REST_OF_PAGES * (now - begun)

    def write_due(self) -> None:
        """Write the files where they are due.

        What does not fit a form is told to whoever runs the site, and the files of before stay: no other work waits
        for it.
        """
        begun = monotonic()
        if begun < self._due:
            return
        try:
            write_today()
        except HaidangError as mistake:
            print(f"haidang: the records as files: {mistake}", file=sys.stderr, flush=True)
        now = monotonic()
        self._due = now + REST * (now - begun)


def _write(on: date, key: str, runs: Mapping[str, ShownRun]) -> Drawn:
    from haidang.results.run import replace_bytes
    from haidang.track.forecasts import of_promises, of_targets
    from haidang.track.overview import overview
    from haidang.track.plain import as_plain

    own, tracked = pack(), public_book()
    records = sum(1 for _ in tracked.records())
    settings.HOME.pages.mkdir(parents=True, exist_ok=True)
    if records:
        found = overview((own.id, own.title), tracked, on, effects_on(tracked, runs))
        STORE.keep((*of_targets(found), *of_promises(found)))
        plain = as_plain(found)
        replace_bytes(settings.HOME.pages / f"records-{key}.{PLAIN}", json.dumps(plain, ensure_ascii=False).encode())
        write_downloads(tracked, own.id, key)
    drawn = Drawn(key, pack_digest(), on.isoformat(), records)
    point("records", drawn)
    return drawn
