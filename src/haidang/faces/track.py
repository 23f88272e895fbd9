"""What `haidang track` shows and writes: the table, the JSON, the report, files for others."""

from __future__ import annotations

import gc
import json
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from haidang.errors import did_you_mean
from haidang.faces.words import CommandError, console, language
from haidang.packs import Pack, load_pack

if TYPE_CHECKING:
    from haidang.results.manifest import Language
    from haidang.track.overruled import Overruled
    from haidang.track.overview import Overview
    from haidang.track.say import Say
    from haidang.track.store import Store
    from haidang.track.tracked import Tracked

_PROMISES = 25
"""So many promises are told with their odds on the terminal."""
_SHOWN = 200
"""So many characters of a value are shown on the terminal where files and database differ; the JSON holds all."""
_NAMED = 15
"""So many of each reason are named on the terminal; the JSON and the report name all."""


@contextmanager
def uncollected() -> Generator[None]:
    """A stretch in which Python does not look for cycles of objects that nobody holds.

    Records hold none; looking for them among a hundred thousand claims takes a tenth of a report's time.
    """
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


@dataclass(frozen=True, slots=True)
class Asked:
    """What the table and the report are asked for.

    Args:
        pack: name or folder of the pack.
        as_of: the day, as it was typed; today where none was.
        db: address of the database; the folder's own where none was named.
        runs: folders of finished runs.
        simulate: run the programmes that move what a target bounds.
        draws: of each such run; as many as `haidang run` takes where none was named.

    Raises:
        CommandError: draws of no run.
    """

    pack: str
    as_of: str | None
    db: str | None
    runs: tuple[Path, ...]
    simulate: bool
    draws: int | None

    def __post_init__(self) -> None:
        if self.draws is not None and not self.simulate:
            raise CommandError("expected --simulate with --draws, found none")


def show(asked: Asked, archive: Path | None, as_json: bool, lang: str) -> None:
    """Print where everything stands, and keep the forecasts where an archive is named.

    Raises:
        HaidangError: whatever the user can mend.
    """
    from haidang.track.plain import as_plain

    spoken = language(lang)
    found = _overview(asked, quiet=as_json)
    changed = _changed_files(asked.pack, asked.db)
    _keep(asked, found, archive)
    if as_json:
        whole = as_plain(found) | {"overruled": [_overruled(one) for one in changed]}
        print(json.dumps(whole, ensure_ascii=False, indent=2, sort_keys=True, allow_nan=False))
        return
    _print(found, spoken)
    _print_overruled(changed, spoken)


def _keep(asked: Asked, found: Overview, archive: Path | None) -> None:
    """Keep the forecasts as they were made: in the database where there is one, and in a file where one is named.

    What is told of another day than today was not made on that day, and is not kept.

    Raises:
        CommandError: an archive is named for the forecasts of another day.
        HaidangError: the archive was changed, or the database refused.
    """
    if asked.as_of is not None:
        if archive is not None:
            raise CommandError("expected --archive without --as-of: a forecast is kept on the day on which it is made")
        return
    from haidang.track import forecasts

    store = store_of(load_pack(asked.pack), asked.db, must_be_there=True)
    if store is not None:
        store.keep((*forecasts.of_targets(found), *forecasts.of_promises(found)))
    if archive is not None:
        forecasts.archive(found, archive)


def write_report(asked: Asked, out: Path, lang: str) -> None:
    """Write the report and print its path.

    Raises:
        HaidangError: whatever the user can mend.
    """
    from haidang.track.report import write_pages

    spoken = language(lang)
    found = _overview(asked, quiet=False)
    _keep(asked, found, None)
    with uncollected():
        print(write_pages(found, out, spoken))
    _print_overruled(_changed_files(asked.pack, asked.db), spoken)


def export(pack_name: str, out: Path, form: str, as_of: str | None, db: str | None) -> None:
    """Write the records to files and print their paths.

    Raises:
        HaidangError: whatever the user can mend.
    """
    from haidang.track.exchange import FORMATS, write_files
    from haidang.track.tracked import as_of as cut

    if form not in FORMATS:
        raise CommandError(f"expected --format {', '.join(FORMATS)}, found '{form}'", None, did_you_mean(form, FORMATS))
    pack = load_pack(pack_name)
    on = day_of(as_of)
    tracked = records_of(pack, db, None if as_of is None else on)
    for path in write_files(tracked if as_of is None else cut(tracked, on), out, form, pack.id):
        print(path)


def _overview(asked: Asked, quiet: bool) -> Overview:
    from haidang.faces.track_simulated import simulate_all
    from haidang.track.effects import effects_of
    from haidang.track.overview import overview

    pack, on = load_pack(asked.pack), day_of(asked.as_of)
    with uncollected():
        tracked = records_of(pack, asked.db, None if asked.as_of is None else on)
    simulated = simulate_all(pack, tracked, on, asked.draws, quiet) if asked.simulate else ()
    with uncollected():
        return overview((pack.id, pack.title), tracked, on, effects_of(tracked, pack, (*simulated, *asked.runs)))


def records_of(pack: Pack, db: str | None, on: date | None) -> Tracked:
    """The records of a pack and its database; with a day, as the database's log had them then.

    Raises:
        HaidangError: the pack's files or the database cannot be read.
    """
    from haidang.track.book import load_tracked
    from haidang.track.current import combine, combine_recorded

    files = load_tracked(pack)
    store = store_of(pack, db, must_be_there=True)
    if store is None:
        return files
    return combine(files, store.held()).tracked if on is None else combine_recorded(files, store, on)


def overruled_of(pack: Pack, store: Store) -> tuple[Overruled, ...]:
    """Records whose files changed after the database took them over.

    Raises:
        HaidangError: the pack's files or the database cannot be read.
    """
    from haidang.track.book import load_tracked
    from haidang.track.overruled import overruled

    return overruled(load_tracked(pack), store.held(), store.taken_over())


def _changed_files(pack_name: str, db: str | None) -> tuple[Overruled, ...]:
    pack = load_pack(pack_name)
    store = store_of(pack, db, must_be_there=True)
    return () if store is None else overruled_of(pack, store)


def _overruled(one: Overruled) -> dict[str, object]:
    fields = [{"field": each.name, "files": each.files, "database": each.database} for each in one.fields]
    return {"kind": one.key[0], "id": one.key[1], "fields": fields}


def _print_overruled(changed: Sequence[Overruled], spoken: Language) -> None:
    """Which records the database holds otherwise than the pack's files, which changed since; nothing where none."""
    from haidang.track.say import Say

    say, screen = Say(spoken), console()
    if not changed:
        return
    screen.print(say.word("overruled", count=len(changed)), style="bold", highlight=False, markup=False)
    for one in changed:
        for each in one.fields:
            values = {
                side: value if len(value) <= _SHOWN else f"{value[: _SHOWN - 1]}…"
                for side, value in (("files", each.files or "–"), ("database", each.database or "–"))
            }
            line = say.word("overruled_field", record="/".join(one.key), field=each.name, **values)
            screen.print(f"  {line}", highlight=False, markup=False, soft_wrap=True)
    screen.print(f"  {say.word('overruled_hint')}", highlight=False, markup=False, soft_wrap=True)


def store_of(pack: Pack, db: str | None, must_be_there: bool) -> Store | None:
    """The database named, or the file `track-PACK.sqlite3` of this folder; none where it should be and is not."""
    address = db or f"track-{pack.id}.sqlite3"
    if must_be_there and "://" not in address and not Path(address).is_file():
        if db is not None:
            raise CommandError(f"expected a database, found no file '{address}'")
        return None
    from haidang.track.store import open_store

    return open_store(address)


def day_of(text: str | None) -> date:
    """The day that a text names; today where there is none.

    Raises:
        CommandError: it names none.
    """
    if text is None:
        return date.today()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"expected a day such as 2026-11-25, found '{text}'") from None


def _print(found: Overview, spoken: Language) -> None:
    from rich.table import Table

    from haidang.track.odds.words import state_text
    from haidang.track.overview import chance_cell, lead, method_cell, programme_cell, unsimulated
    from haidang.track.say import Say

    say, screen = Say(spoken), console()
    screen.print(say.word("title", city=found.city[1][spoken]), style="bold", highlight=False, markup=False)
    for sentence in lead(found, spoken):
        screen.print(sentence, highlight=False, markup=False)
    table = Table(title=say.word("targets"), title_justify="left")
    for key in ("target", "by", "chance", "with_programme", "data", "method"):
        table.add_column(say.word(key))
    for one in found.outlooks:
        state = state_text(one.odds, spoken)
        table.add_row(
            say.title(one.target.title), say.day(one.target.by), chance_cell(one, spoken), programme_cell(one, spoken),
            state, method_cell(one, spoken),
        )  # fmt: skip
    screen.print(table)
    if missing := unsimulated(found):
        hint = say.word("simulate_hint", programmes=", ".join(missing), pack=found.city[0])
        screen.print(hint, highlight=False, markup=False, soft_wrap=True)
    stages = Table(title=say.word("by_stage"), title_justify="left")
    stages.add_column(say.word("stage"))
    stages.add_column(say.word("count"), justify="right")
    for name, count in found.stages.items():
        stages.add_row(say.word(f"stage_{name}"), str(count))
    screen.print(stages)
    _print_prospects(found, say)
    _print_attention(found, say)


def _print_prospects(found: Overview, say: Say) -> None:
    """How likely open promises are delivered by their day, those with a stated day first."""
    from rich.table import Table

    from haidang.track.odds.words import chance_text, state_text

    open_ = sorted(found.prospects.values(), key=lambda one: (not one.stated, one.odds.by, one.commitment))
    table = Table(title=say.word("delivery"), title_justify="left", caption=say.word("delivery_intro"))
    for key in ("promise", "by", "chance", "range", "data"):
        table.add_column(say.word(key))
    for one in open_[:_PROMISES]:
        odds, day = one.odds, say.day(one.odds.by)
        ends = () if odds.spread is None else (chance_text(end, say.language) for end in odds.spread)
        table.add_row(
            say.title(found.tracked.commitments[one.commitment].title),
            day if one.stated else say.word("unstated_day", day=day),
            say.word("no_number") if odds.probability is None else chance_text(odds.probability, say.language),
            " – ".join(ends), state_text(odds, say.language),
        )  # fmt: skip
    if open_:
        console().print(table)
    if len(open_) > _PROMISES:
        console().print(say.word("more", count=len(open_) - _PROMISES), highlight=False, markup=False)


def _print_attention(found: Overview, say: Say) -> None:
    screen = console()
    screen.print(say.word("attention"), style="bold")
    for reason in dict.fromkeys(one.reason for one in found.attention):
        some = [one for one in found.attention if one.reason == reason]
        names = ", ".join(one.id for one in some[:_NAMED])
        tail = f" +{len(some) - _NAMED}" if len(some) > _NAMED else ""
        line = f"  {say.word(f'reason_{reason}')} ({len(some)}): {names}{tail}"
        screen.print(line, highlight=False, markup=False, soft_wrap=True)
    screen.print(f"{say.word('contradictions')} ({len(found.contradictions)}):", style="bold", highlight=False)
    for one in found.contradictions[:_NAMED]:
        told = "; ".join(f"{say.claim(claim)} [{claim.place.source}]" for claim in one.claims)
        screen.print(f"  {one.id}: {told}", highlight=False, markup=False, soft_wrap=True)
