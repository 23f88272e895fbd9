"""What `haidang track add | confirm | advance | import | history | verify` does in the database."""

from __future__ import annotations

import getpass
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date
from pathlib import Path
from typing import TYPE_CHECKING

from haidang.errors import did_you_mean
from haidang.faces.track import day_of, overruled_of, store_of
from haidang.faces.words import CommandError, language
from haidang.packs import Pack, load_pack

if TYPE_CHECKING:
    from haidang.results.manifest import Language
    from haidang.track.current import Current
    from haidang.track.edit import Drafts
    from haidang.track.overruled import Side
    from haidang.track.store import Store
    from haidang.track.store.codec import Stored

_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Desk:
    """What an edit works on: the pack, its database, and the records as they stand in both."""

    pack: Pack
    store: Store
    current: Current


def open_desk(pack_name: str, db: str | None) -> Desk:
    """The pack, its database, and the records as they stand in both.

    Raises:
        HaidangError: one of them cannot be read.
    """
    from haidang.track.book import load_tracked
    from haidang.track.current import combine

    pack = load_pack(pack_name)
    files = load_tracked(pack)
    store = store_of(pack, db, must_be_there=False)
    assert store is not None
    return Desk(pack, store, combine(files, store.held()))


def add(pack_name: str, file: Path, by: str | None, evidence: Path | None, db: str | None, lang: str) -> None:
    """Add what a file states.

    Raises:
        HaidangError: the file is wrong, names what is not there, or somebody changed a record in the meantime.
    """
    from haidang.track.current import named
    from haidang.track.drafts import read_drafts
    from haidang.track.edit import entered, extend, sign_more

    spoken = language(lang)
    desk, who, today = open_desk(pack_name, db), name_of(by), date.today()
    drafts = read_drafts(file, desk.current.tracked)
    before = [named(desk.current.tracked, f"{kind}/{name}") for kind, name in drafts.more]
    grown = [
        extend(record, sign_more(more, who, today)) for record, more in zip(before, drafts.more.values(), strict=True)
    ]
    fresh = [entered(record, who, today) for record in drafts.records]
    changed = [*drafts.sources, *fresh, *grown]
    _check_links(desk, changed)
    if changed:
        write_changes(desk, before, changed, "add", who, evidence)
    _tell(drafts, spoken)


def _tell(drafts: Drafts, spoken: Language) -> None:
    """Say what became of the drafts that were not added, and how many were."""
    from haidang.track.say import Say

    say = Say(spoken)
    print(say.word("added", records=len(drafts.records), joined=len(drafts.more)))
    elsewhere = [f"{draft} ({record})" for draft, record in drafts.elsewhere]
    told = {"known": drafts.known, "rejected": drafts.rejected, "undecided": drafts.undecided, "elsewhere": elsewhere}
    for key, names in told.items():
        if names:
            print(say.word(f"added_{key}", names=", ".join(names)))


def _check_links(desk: Desk, changed: Sequence[Stored]) -> None:
    """See that what is about to be written names only what is there.

    Raises:
        HaidangError: the first name behind which nothing stands.
    """
    from haidang.track.book import link_mistakes
    from haidang.track.current import combine
    from haidang.track.store import Held
    from haidang.track.store.codec import kind_of_stored

    whole = combine(desk.current.tracked, {(kind_of_stored(one), one.id): Held(one, 0) for one in changed}).tracked
    for mistake in link_mistakes(desk.pack, whole, {}):
        raise mistake


def confirm(
    pack_name: str, name: str, claims: Sequence[str], by: str | None, evidence: Path | None, db: str | None
) -> None:
    """Confirm claims of a record.

    Raises:
        HaidangError: a name is not there, or who confirms entered the claim.
    """
    from haidang.track.current import named
    from haidang.track.edit import confirm as confirmed

    desk, who = open_desk(pack_name, db), name_of(by)
    record = named(desk.current.tracked, name)
    write_changes(desk, [record], [confirmed(record, claims, who, date.today())], "confirm", who, evidence)


def advance(
    pack_name: str,
    name: str,
    stage: str | None,
    on: str | None,
    source: str | None,
    passage: str | None,
    milestone: str | None,
    done: float | None,
    by: str | None,
    evidence: Path | None,
    db: str | None,
) -> None:
    """Move a promise to a stage, or report on one of its milestones.

    Raises:
        HaidangError: a name is not there, there is no evidence, or the promise cannot go there.
    """
    from haidang.track.current import named
    from haidang.track.edit import advance as advanced
    from haidang.track.edit import report
    from haidang.track.records import STAGES, Commitment, SourcePlace, Stage

    desk, who, day = open_desk(pack_name, db), name_of(by), day_of(on)
    record = named(desk.current.tracked, name if "/" in name else f"commitment/{name}")
    if not isinstance(record, Commitment):
        raise CommandError(f"expected a commitment, found '{name}'")
    if source is not None and source not in desk.current.tracked.sources:
        hint = did_you_mean(source, desk.current.tracked.sources)
        raise CommandError(f"expected a source of the pack in --source, found '{source}'", None, hint)
    place = None if source is None else SourcePlace(source, passage)
    digest = None if evidence is None else _digest(evidence)
    if milestone is not None:
        if done is None or stage is not None:
            raise CommandError("expected --milestone ID --done SHARE and no stage")
        if place is None and digest is None:
            raise CommandError("expected evidence of what is done, found none", None, "name a --source or --evidence")
        grown = report(record, milestone, done, day, place)
    else:
        if stage not in STAGES:
            hint = None if stage is None else did_you_mean(stage, STAGES)
            raise CommandError(f"expected one of {', '.join(STAGES)}, found '{stage or 'nothing'}'", None, hint)
        grown = advanced(record, Stage(stage, day, place, digest, who))
    write_changes(desk, [record], [grown], "advance", who, evidence)


def import_files(pack_name: str, files: Sequence[Path], by: str | None, db: str | None) -> None:
    """Read records from files into the database; those that are there already get a new version.

    Raises:
        HaidangError: a file is wrong, or somebody changed a record in the meantime; nothing is written then.
    """
    from haidang.track.exchange import read_files
    from haidang.track.store.codec import SOURCE, encode, kind_of_stored

    desk, who = open_desk(pack_name, db), name_of(by)
    read = read_files(files, desk.current.tracked)
    known = {(kind_of_stored(one), one.id): one for one in (*desk.current.tracked.records(),)}
    known_sources = desk.current.tracked.sources
    changed = [
        one
        for one in read
        if encode(one) != _encoded(known.get((kind_of_stored(one), one.id)) or known_sources.get(one.id), one)
    ]
    _check_links(desk, changed)
    keys = [(kind_of_stored(one), one.id) for one in changed]
    before: list[Stored] = [known[key] for key in keys if key in known]
    before += [known_sources[name] for kind, name in keys if kind == SOURCE and name in known_sources]
    if not changed:
        print(f"0 of {len(read)} records are new or changed")
        return
    write_changes(desk, before, changed, "import", who, None)


def _encoded(known: Stored | None, like: Stored) -> str:
    from haidang.track.store.codec import encode

    return "" if known is None or type(known) is not type(like) else encode(known)


def adopt(pack_name: str, names: Sequence[str], prefer: str | None, by: str | None, db: str | None, lang: str) -> None:
    """Take in what changed in the pack's files since the database took them over.

    Raises:
        HaidangError: a name is no such record, both sides changed the same thing, or the pack cannot be read.
    """
    from haidang.track.current import take_in
    from haidang.track.overruled import SIDES, chosen
    from haidang.track.say import Say

    if prefer is not None and prefer not in SIDES:
        hint = did_you_mean(prefer, SIDES)
        raise CommandError(f"expected --prefer files or --prefer database, found '{prefer}'", None, hint)
    say, who, pack = Say(language(lang)), name_of(by), load_pack(pack_name)
    store = store_of(pack, db, must_be_there=True)
    found = chosen(() if store is None else overruled_of(pack, store), names)
    if store is None or not found:
        print(say.word("overruled_none"))
        return
    side: Side | None = "files" if prefer == "files" else "database" if prefer == "database" else None
    last = take_in(store, found, side, who)
    print(f"adopt: {', '.join('/'.join(one.key) for one in found)} ({who}, {last[:12]})")


def history(pack_name: str, name: str, as_of: str | None, db: str | None, as_json: bool) -> None:
    """Print who changed a record, when, and what; with a day, what had been changed by its end (UTC).

    Raises:
        HaidangError: the record is not there.
    """
    from haidang.faces.words import console
    from haidang.track.current import named
    from haidang.track.history import steps
    from haidang.track.records import kind_of

    desk = open_desk(pack_name, db)
    record = named(desk.current.tracked, name)
    found = steps(desk.store.history(kind_of(record), record.id))
    if as_of is not None:
        last = day_of(as_of)
        found = tuple(one for one in found if one.at.astimezone(UTC).date() <= last)
    if as_json:
        plain = [
            {
                "version": one.version,
                "at": one.at.isoformat(),
                "by": one.by,
                "action": one.action,
                "evidence": one.evidence or None,
                "changed": list(one.changed),
            }
            for one in found
        ]
        print(json.dumps(plain, ensure_ascii=False, indent=2))
        return
    for one in found:
        shown = f"{one.version}  {one.at:%Y-%m-%d %H:%M}  {one.by}  {one.action}"
        tail = f"  sha256:{one.evidence[:12]}" if one.evidence else ""
        console().print(shown + tail, highlight=False, markup=False)
        for line in one.changed:
            console().print(f"    {line}", highlight=False, markup=False, soft_wrap=True)


def verify(pack_name: str, db: str | None, expect: str | None) -> None:
    """Verify the log and print its length and its hash.

    Raises:
        HaidangError: it was tampered with.
    """
    pack = load_pack(pack_name)
    store = store_of(pack, db, must_be_there=True)
    if store is None:
        raise CommandError(f"expected a database, found no file 'track-{pack.id}.sqlite3'", None, "name one with --db")
    found = store.verify(_expected(expect))
    print(f"{found.changes} changes of {found.records} records: whole")
    print(f"{found.changes}:{found.hash}")


def _expected(text: str | None) -> tuple[int, str] | None:
    if text is None:
        return None
    number, colon, digest = text.partition(":")
    if not colon or not number.isdigit() or len(digest) != 64:
        raise CommandError(f"expected NUMBER:HASH in --expect, found '{text}'")
    return int(number), digest


def write_changes(
    desk: Desk, before: Sequence[Stored], drafts: Sequence[Stored], action: str, who: str, evidence: Path | None
) -> None:
    """Write changed records, and say so.

    Raises:
        HaidangError: somebody changed one in the meantime, or the evidence cannot be read.
    """
    from haidang.track.current import save

    digest = "" if evidence is None else _digest(evidence)
    last = save(desk.store, desk.current, before, drafts, action, who, digest)
    print(
        f"{action}: {', '.join(one.id for one in drafts[:5])}{' ...' if len(drafts) > 5 else ''} ({who}, {last[:12]})"
    )


def _digest(path: Path) -> str:
    """SHA-256 of a file.

    Raises:
        CommandError: it cannot be read.
    """
    found = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                found.update(block)
    except OSError as mistake:
        raise CommandError(
            f"expected a file that can be read as evidence, found '{path}': {mistake.strerror}"
        ) from None
    return found.hexdigest()


def name_of(by: str | None) -> str:
    """Who makes a change: as was said, or the account's name."""
    return getpass.getuser() if by is None else by
