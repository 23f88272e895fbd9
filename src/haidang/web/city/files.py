"""The records that everybody may see, as files for spreadsheets and programs: written after the pages.

Writing them takes many times as long as drawing the pages, so where records change all the time the worker does not
write them for each change (`pace`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils import timezone

from haidang.web.city.models import ShownRun
from haidang.web.city.moving import digest_of, effects_on, newest_runs
from haidang.web.city.pack import pack
from haidang.web.city.pointed import Drawn, key_of, pack_digest, point, pointed
from haidang.web.desk.book import STORE, end, public_book
from haidang.web.desk.downloads import write_downloads

PLAIN = "plain.json"


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
