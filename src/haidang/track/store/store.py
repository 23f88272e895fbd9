"""Writing and reading records in a database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from operator import itemgetter
from typing import TYPE_CHECKING

from django.db import DatabaseError, transaction

from haidang.track.store import models
from haidang.track.store.chain import End, Link
from haidang.track.store.codec import Stored, decode, encode, kind_of_stored
from haidang.track.store.draft import PACK, ConflictError, Draft, Held, WriteError
from haidang.track.store.verify import Verified, verify_chain

if TYPE_CHECKING:
    from haidang.track.odds import Archived

BATCH = 500
"""So many rows go to the database in one statement; SQLite takes a limited number of values."""
ROW = 1


@dataclass(frozen=True, slots=True)
class Later:
    """What changed behind a place in the log.

    Args:
        end: where the log ended then.
        held: the records that changed as they stand now, with their versions.
    """

    end: End
    held: Mapping[tuple[str, str], Held]


class Store:
    """Records in one database.

    Args:
        alias: Django's name of the database; its tables are there.
    """

    __slots__ = ("alias",)

    def __init__(self, alias: str = "default") -> None:
        """Take a database by Django's name."""
        self.alias = alias

    def write(self, drafts: Sequence[Draft], action: str, by: str, evidence: str = "") -> str:
        """Write all drafts and their links of the chain, or nothing.

        Args:
            drafts: what should become of which record.
            action: what was done, in one word.
            by: who did it.
            evidence: SHA-256 of a file that shows it.

        Returns:
            The hash of the last change.

        Raises:
            ConflictError: a record is not at the version that its draft was made from; nothing is written.
            WriteError: the database refused, or the name of who did it is empty.
        """
        if not by.strip():
            raise WriteError("expected the name of who makes the change, found none")
        try:
            with transaction.atomic(using=self.alias, durable=True):
                return self._write(drafts, action, by.strip(), evidence)
        except DatabaseError as mistake:
            raise WriteError(f"the database refused the change: {_first_line(mistake)}") from mistake

    def _write(self, drafts: Sequence[Draft], action: str, by: str, evidence: str) -> str:
        head = models.Head.objects.using(self.alias).select_for_update().get(pk=ROW)
        held = self._rows([(kind_of_stored(one.record), one.record.id) for one in drafts])
        number, before, now = head.number, head.hash, datetime.now(UTC)
        links: list[models.Change] = []
        fresh: list[models.Record] = []
        changed: list[models.Record] = []
        for draft in drafts:
            kind, name = kind_of_stored(draft.record), draft.record.id
            row = held.get((kind, name))
            if (0 if row is None else row.version) != draft.base:
                raise self._conflict(kind, name, draft.base)
            body, number = encode(draft.record), number + 1
            told = (PACK, PACK, "") if draft.of_pack else (action, by, evidence)
            link = Link(number, kind, name, draft.base + 1, *told[:2], now, told[2], body, before)
            before = link.hash
            links.append(_change(link, before))
            if row is None:
                row = models.Record(kind=kind, name=name, version=1, body=body)
                held[kind, name] = row
                fresh.append(row)
            else:
                row.version, row.body = link.version, body
                changed.append(row)
        models.Record.objects.using(self.alias).bulk_create(fresh, batch_size=BATCH)
        models.Record.objects.using(self.alias).bulk_update(changed, ("version", "body"), batch_size=BATCH)
        models.Change.objects.using(self.alias).bulk_create(links, batch_size=BATCH)
        models.Head.objects.using(self.alias).filter(pk=ROW).update(number=number, hash=before)
        return before

    def _rows(self, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], models.Record]:
        by_kind: dict[str, list[str]] = {}
        for kind, name in keys:
            by_kind.setdefault(kind, []).append(name)
        rows = models.Record.objects.using(self.alias)
        return {
            (row.kind, row.name): row
            for kind, names in by_kind.items()
            for begin in range(0, len(names), BATCH)
            for row in rows.filter(kind=kind, name__in=names[begin : begin + BATCH])
        }

    def _conflict(self, kind: str, name: str, base: int) -> ConflictError:
        last = models.Change.objects.using(self.alias).filter(kind=kind, name=name).order_by("-version").first()
        if last is None:
            return ConflictError(f"expected {kind} '{name}' at version {base}, found that it is not in the database")
        return ConflictError(
            f"expected {kind} '{name}' at version {base}, found version {last.version}: "
            f"{last.by} changed it on {last.at:%Y-%m-%d %H:%M}",
            None,
            "read it again and make the change anew",
        )

    def end(self) -> End:
        """Where the log ends now."""
        head = models.Head.objects.using(self.alias).get(pk=ROW)
        return End(head.number, head.hash)

    def held(self) -> Mapping[tuple[str, str], Held]:
        """Every record as it stands, with its version, sorted here: databases sort texts each its own way."""
        rows = models.Record.objects.using(self.alias).iterator(chunk_size=BATCH)
        found = {(row.kind, row.name): Held(decode(row.kind, row.body), row.version) for row in rows}
        return dict(sorted(found.items(), key=itemgetter(0)))

    def later(self, seen: End) -> Later | None:
        """What changed behind a place in the log; none where the log does not go on from there.

        It does not where the database was brought back from a copy, or where a hand was laid on a change: each must
        name the hash of the one before and bear its own.

        Args:
            seen: where the log was seen to end.
        """
        bodies: dict[tuple[str, str], tuple[str, int]] = {}
        end = seen
        changes = models.Change.objects.using(self.alias).filter(number__gt=seen.number).order_by("number")
        for row in changes.iterator(chunk_size=BATCH):
            link = link_of(row)
            if (link.number, link.previous, link.hash) != (end.number + 1, end.hash, row.hash):
                return None
            bodies[link.kind, link.name] = (link.body, link.version)
            end = End(link.number, row.hash)
        if end == seen:
            return None
        return Later(end, {key: Held(decode(key[0], body), version) for key, (body, version) in bodies.items()})

    def one(self, kind: str, name: str) -> Held | None:
        """One record as it stands; none where it is not there."""
        row = models.Record.objects.using(self.alias).filter(kind=kind, name=name).first()
        return None if row is None else Held(decode(kind, row.body), row.version)

    def recorded(self, on: date) -> Iterable[Stored]:
        """Every record as the log had it at the end of a day (UTC); one entered later as it was first entered."""
        limit = datetime.combine(on, time.max, UTC)
        standing: dict[tuple[str, str], models.Change] = {}
        changes = models.Change.objects.using(self.alias).order_by("number").iterator(chunk_size=BATCH)
        for one in changes:
            if one.at <= limit or (one.kind, one.name) not in standing:
                standing[one.kind, one.name] = one
        return [decode(one.kind, one.body) for one in standing.values()]

    def taken_over(self) -> Mapping[tuple[str, str], str]:
        """By kind and id the JSON of each record of the pack's files as it was last taken over from them."""
        changes = models.Change.objects.using(self.alias).filter(action=PACK).order_by("number")
        return {(one.kind, one.name): one.body for one in changes.iterator(chunk_size=BATCH)}

    def history(self, kind: str, name: str) -> Iterator[Link]:
        """The changes of one record, first to last."""
        rows = models.Change.objects.using(self.alias).filter(kind=kind, name=name).order_by("version")
        return (link_of(row) for row in rows.iterator(chunk_size=BATCH))

    def keep(self, forecasts: Iterable[Archived]) -> int:
        """Add forecasts as they were made; how many were not there yet.

        The same forecast made from the same inputs on the same day is one row.

        Raises:
            WriteError: the database refused.
        """
        from haidang.track.store.kept import keep

        try:
            return keep(self.alias, forecasts)
        except DatabaseError as mistake:
            raise WriteError(f"the database refused the forecasts: {_first_line(mistake)}") from mistake

    def forecasts(self) -> tuple[Archived, ...]:
        """Every forecast that was kept, in the order in which they were.

        Raises:
            TamperedError: one is not as it was kept, or is missing.
        """
        from haidang.track.store.kept import kept

        return kept(self.alias)

    def verify(self, expected: tuple[int, str] | None = None) -> Verified:
        """See that the log is whole, that the records are what it says, and that forecasts are as they were kept.

        Args:
            expected: the number and the hash of a change, written down elsewhere before.

        Raises:
            TamperedError: with the first change, record or forecast that is not as it was written.
        """
        with transaction.atomic(using=self.alias):
            head = models.Head.objects.using(self.alias).get(pk=ROW)
            changes = models.Change.objects.using(self.alias).order_by("number").iterator(chunk_size=BATCH)
            rows = models.Record.objects.using(self.alias).iterator(chunk_size=BATCH)
            links = ((link_of(row), row.hash) for row in changes)
            standing = {(row.kind, row.name): (row.version, row.body) for row in rows}
            found = verify_chain(links, standing, (head.number, head.hash), expected)
        self.forecasts()
        return found


def _change(link: Link, digest: str) -> models.Change:
    return models.Change(
        number=link.number, kind=link.kind, name=link.name, version=link.version, action=link.action, by=link.by,
        at=link.at, evidence=link.evidence, body=link.body, previous=link.previous, hash=digest,
    )  # fmt: skip


def link_of(row: models.Change) -> Link:
    """A row of the log as a value."""
    return Link(
        row.number, row.kind, row.name, row.version, row.action, row.by, row.at, row.evidence, row.body, row.previous
    )


def _first_line(mistake: Exception) -> str:
    return (str(mistake).splitlines() or [type(mistake).__name__])[0]
