"""Forecasts as they were made: rows that are only added, each with the hash of the one before."""

from __future__ import annotations

import json
from collections.abc import Iterable

from django.db import transaction

from haidang.track.odds.archive import FIRST, Archived, from_plain, hash_of_inputs, linked, plain_of
from haidang.track.store import models
from haidang.track.store.verify import TamperedError

BATCH = 500
KEPT = 2
"""The row of `Head` that holds the end of the forecasts' chain."""


def keep(alias: str, forecasts: Iterable[Archived]) -> int:
    """Add forecasts, all or none; the same forecast made from the same inputs on the same day is one row.

    Args:
        alias: Django's name of the database.
        forecasts: as they were made.

    Returns:
        How many were not there yet.
    """
    plain = {hash_of_inputs(body): body for body in map(plain_of, forecasts)}
    with transaction.atomic(using=alias):
        head = models.Head.objects.using(alias).select_for_update().get(pk=KEPT)
        number, before = head.number, head.hash
        rows: list[models.Forecast] = []
        for digest in _missing(alias, list(plain)):
            body, number = plain[digest], number + 1
            previous, before = before, linked(before, body)
            text = json.dumps(body, ensure_ascii=False, sort_keys=True)
            rows.append(
                models.Forecast(
                    number=number, digest=digest, target=body["target"], made=body["made"], by=body["by"], body=text,
                    previous=previous, hash=before,
                )
            )  # fmt: skip
        models.Forecast.objects.using(alias).bulk_create(rows, batch_size=BATCH)
        if rows:
            models.Head.objects.using(alias).filter(pk=KEPT).update(number=number, hash=before)
    return len(rows)


def kept(alias: str) -> tuple[Archived, ...]:
    """Every forecast, in the order in which they were kept.

    Raises:
        TamperedError: a row was changed, taken out, moved or cut off the end.
    """
    # The end is read first: a forecast that is kept meanwhile stands behind it, and is read the next time.
    head = models.Head.objects.using(alias).get(pk=KEPT)
    rows = models.Forecast.objects.using(alias).filter(number__lte=head.number).order_by("number")
    found: list[Archived] = []
    number, before = 0, FIRST
    for row in rows.iterator(chunk_size=BATCH):
        body, number = json.loads(row.body), number + 1
        if (row.number, row.previous) != (number, before):
            raise TamperedError(f"expected forecast {number} behind the one before it, found one missing or replaced")
        before = linked(before, body)
        if row.hash != before:
            raise TamperedError(f"forecast {number} ('{row.target}') was altered after it was kept")
        found.append(from_plain(body))
    if (head.number, head.hash) != (number, before):
        raise TamperedError(f"expected {head.number} forecasts, found {number}: the end was cut or replaced")
    return tuple(found)


def _missing(alias: str, digests: list[str]) -> list[str]:
    rows = models.Forecast.objects.using(alias)
    known: set[str] = set()
    for begin in range(0, len(digests), BATCH):
        known.update(rows.filter(digest__in=digests[begin : begin + BATCH]).values_list("digest", flat=True))
    return [one for one in digests if one not in known]
