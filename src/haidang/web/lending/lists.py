"""Allocation lists: the table that `haidang allocate` leaves, taken in and read unit by unit."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import polars as pl
from django.db import transaction
from django.utils import timezone

from haidang.facts import wordbook
from haidang.web.ledger.write import note
from haidang.web.lending.models import AllocationList
from haidang.web.people.models import User
from haidang.web.uploads import UploadError, keep, place_of
from haidang.web.words import Language, words

ROOM = "lending"
MOST_ROWS, MOST_UNPACKED = 200_000, 400 * 2**20
COLUMNS = ("id", "standing", "offers", "expected", "next", "held_by", "share_in", "certainty")
"""Of the list's table, those that are shown."""
STANDINGS = ("listed", "not_eligible", "adds_nothing", "priced_out", "no_room")


@dataclass(frozen=True, slots=True)
class Taken:
    """A list that was read: where it lies and how many rows it has."""

    sha256: str
    units: int
    listed: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where a list puts a unit, and why, in words."""

    standing: str
    title: str
    why: str
    certainty: str


def take_in(content: bytes) -> Taken:
    """Keep a list's table.

    Raises:
        UploadError: it is no table that `haidang allocate` made, or more than is taken.
    """
    table = _checked(content)
    return Taken(keep(content, ROOM), table.height, int((table["standing"] == "listed").sum()))


def _checked(content: bytes) -> pl.DataFrame:
    try:
        told: Any = _metadata(content)
        unpacked = sum(int(told.row_group(at).total_byte_size) for at in range(int(told.num_row_groups)))
    except Exception as mistake:
        # Whatever a foreign reader raises on foreign bytes, what was sent is no table.
        raise UploadError("no_list") from mistake
    if told.num_rows > MOST_ROWS or unpacked > MOST_UNPACKED:
        raise UploadError("bomb")
    names = {str(told.schema.column(at).name) for at in range(int(told.num_columns))}
    if not set(COLUMNS) <= names:
        raise UploadError("no_list")
    try:
        table = pl.read_parquet(io.BytesIO(content), columns=list(COLUMNS))
    except pl.exceptions.PolarsError as mistake:
        raise UploadError("no_list") from mistake
    kinds = {"id": pl.Int64, "standing": pl.String, "offers": pl.String, "held_by": pl.String, "next": pl.String}
    if any(table.schema[name] != kind for name, kind in kinds.items()):
        raise UploadError("no_list")
    if not table.height or table["id"].is_duplicated().any() or set(table["standing"]) - set(STANDINGS):
        raise UploadError("no_list")
    return table


def _metadata(content: bytes) -> Any:
    """What a table says of itself, nothing of it unpacked."""
    import pyarrow.parquet as pq

    reader: Any = pq
    return reader.ParquetFile(io.BytesIO(content)).metadata


@lru_cache(maxsize=4)
def _table(digest: str) -> pl.DataFrame:
    return pl.read_parquet(place_of(digest, ROOM), columns=list(COLUMNS))


def places(found: AllocationList, units: Iterable[int], language: Language) -> dict[int, Place]:
    """Where a list puts these units; those that it does not hold are left out."""
    table = _table(found.sha256)
    rows = table.filter(pl.col("id").is_in(sorted(units)))
    return {int(row["id"]): _place(row, language) for row in rows.iter_rows(named=True)}


def _place(row: dict[str, Any], language: Language) -> Place:
    book, say = wordbook("haidang.allocate.list_report"), words(language).text
    standing = str(row["standing"])
    values = {"offers": row["offers"], "next": row["next"] or "–", "held": row["held_by"] or "–"}
    return Place(
        standing,
        book[standing][language],
        say(f"lending.why.{standing}", **values),
        say("lending.certainty", word=book[str(row["certainty"])][language], share=round(100 * row["share_in"])),
    )


def keep_list(by: User, title: str, programme: str, taken: Taken) -> AllocationList:
    """Put a list that was read among the city's."""
    with transaction.atomic():
        made = AllocationList.objects.create(
            title=title, programme=programme, sha256=taken.sha256, units=taken.units, listed=taken.listed, made_by=by
        )
        note(by, "lending.list.taken_in", made, sha256=made.sha256, units=made.units)
    return made


def show_list(by: User, found: AllocationList, *, published: bool) -> None:
    """Show lenders the reasons of a list for factories that consent, or take it back; nothing where it is so already.

    Args:
        by: who does.
        found: the list.
        published: whether lenders may see it from now on.
    """
    with transaction.atomic():
        now = AllocationList.objects.select_for_update().get(pk=found.pk)
        if (now.published is not None) != published:
            now.published = timezone.now() if published else None
            now.save(update_fields=["published"])
            note(by, "lending.list.published" if published else "lending.list.taken_back", now)
    found.published = now.published


def newest(programme: str, published: bool) -> AllocationList | None:
    """The newest list of a programme."""
    rows = AllocationList.objects.filter(programme=programme)
    return (rows.filter(published__isnull=False) if published else rows).order_by("-id").first()
