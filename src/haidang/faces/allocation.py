"""What `haidang allocate` shows: wrong rows of applicants named, the list written, the answer printed."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from haidang.faces.words import CommandError, console, language, split_name
from haidang.packs import Pack, load_pack

if TYPE_CHECKING:
    import polars as pl

    from haidang.allocate.answer import Request
    from haidang.allocate.watch import Progress

_NAMED = 20
"""So many wrong rows are printed; the file holds them all."""
REJECTED = "rejected.csv"


def allocate_and_show(
    name: str,
    applicants: Path | None,
    mapping: Path | None,
    accept_rest: bool,
    out: Path | None,
    lang: str,
    as_json_wanted: bool,
    *,
    goal: str | None,
    robust: str | None,
    against: str | None,
    points: int,
    offers: str,
    after: str,
    rules: Path | None,
    commit: float,
    draws: int,
    resolves: int,
    facts: int,
    seed: int,
    rows: int | None,
    seconds: float,
    gap: float,
) -> None:
    """Make the list and print the answer.

    Raises:
        HaidangError: whatever the user can mend.
        SystemExit: with status 130, where the user interrupted what the list cannot do without.
    """
    from haidang.allocate.allocation import allocate
    from haidang.allocate.answer import Request
    from haidang.allocate.list_report import as_json, summary, write_list
    from haidang.allocate.list_report.say import Say
    from haidang.allocate.list_tables import listed

    _refuse_senseless(
        draws=(draws, 4), resolves=(resolves, 1), facts=(facts, 0), seed=(seed, 0), seconds=(seconds, 1), gap=(gap, 0),
        commit=(commit, 1), points=(points, 2),
    )  # fmt: skip
    pack_name, programme = split_name(name, "PROGRAMME")
    spoken = language(lang)
    pack = load_pack(pack_name)
    request = Request(
        programme, _goal(goal), draws, seed, seconds, gap, _words(offers), _pairs(after), rules, rows, resolves, facts,
        commit, _tail(robust), against, points,
    )  # fmt: skip
    folder = out or Path("allocations") / f"{pack.id}-{programme}-{seed}"
    table, lost = (None, 0) if applicants is None else _read(pack, request, applicants, mapping, folder, accept_rest)
    try:
        with _Steps(as_json_wanted, seconds) as steps:
            found = allocate(pack, request, table, steps.show, steps.search)
    except KeyboardInterrupt:
        print("haidang: interrupted before there was a list; nothing was written", file=sys.stderr)
        raise SystemExit(130) from None
    made = listed(found, lost)
    report = write_list(found, made, folder, spoken)
    if as_json_wanted:
        says = [Say(one, found, made) for one in ("vi", "en")]
        print(json.dumps(as_json(says), ensure_ascii=False, indent=2, sort_keys=True, allow_nan=False))
        return
    console().print(summary(Say(spoken, found, made)), highlight=False, markup=False, soft_wrap=True)
    print(report)


def _read(
    pack: Pack, request: Request, path: Path, mapping: Path | None, folder: Path, accept_rest: bool
) -> tuple[pl.DataFrame, int]:
    """The applicants that are units, and how many rows are none; every wrong row is named.

    Raises:
        CommandError: rows are wrong and the rest was not accepted, or none is left.
    """
    from haidang.allocate.applicants import read_applicants
    from haidang.population import load_mapping, read_register
    from haidang.results.run import replace_bytes
    from haidang.study import Question, units_of

    card = pack.model(pack.programme(request.programme).base.model).card
    spec = pack.population(card.population)
    if mapping is None:
        like, _ = units_of(pack, card, Question(request.programme, rows=request.rows, seed=request.seed))
        columns = {one: spec.columns[one] for one in card.attributes}
        read = read_applicants(str(path), columns, None if like is None else like.table)
        table, rejected, rows = read.table, read.rejected, read.rows
    else:
        register = read_register(str(path), load_mapping(mapping), spec, pack.book, request.seed)
        table, rejected, rows = register.table, register.rejected, register.rows
    lost = rejected["row"].n_unique()
    if not lost:
        return table, 0
    replace_bytes(folder / REJECTED, rejected.write_csv().encode())
    for line in rejected.head(_NAMED).iter_rows(named=True):
        column = f", column {line['column']}" if line["column"] else ""
        value = "" if line["value"] is None else f" (found '{line['value']}')"
        print(f"haidang: {path}: row {line['row']}{column}: {line['reason']}{value}", file=sys.stderr)
    told = f"{lost} of {rows} rows are no applicants, all named in {folder / REJECTED}"
    print(f"haidang: {told}", file=sys.stderr)
    if not accept_rest or not table.height:
        hint = "mend them, or go on without them with --accept-rest" if table.height else "none is left"
        raise CommandError(f"expected only rows that can be read: {told}", hint=hint)
    return table, lost


def _goal(text: str | None) -> str | dict[str, float] | None:
    """An outcome, or the weight of several: `X=1,Y=0.5`.

    Raises:
        CommandError: a part that is no weight.
    """
    if text is None or "=" not in text:
        return text
    found: dict[str, float] = {}
    for word in _words(text):
        name, _, weight = (part.strip() for part in word.partition("="))
        try:
            found[name] = float(weight)
        except ValueError:
            raise CommandError(f"expected OUTCOME=WEIGHT in --goal, found '{word}'") from None
    return found


def _tail(text: str | None) -> float | None:
    """The share of the draws that decide: nought for the worst one alone; none where all do.

    Raises:
        CommandError: neither `worst` nor a share.
    """
    if text is None or text.strip() == "worst":
        return None if text is None else 0.0
    number, percent = text.strip().removesuffix("%").strip(), text.strip().endswith("%")
    try:
        share = float(number) / (100.0 if percent else 1.0)
    except ValueError:
        share = -1.0
    if not 0.0 < share <= 1.0:
        raise CommandError(f"expected worst or a share of the draws such as 20% in --robust, found '{text}'")
    return share


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def _pairs(text: str) -> dict[str, str]:
    """`OFFER:FIRST` by offer.

    Raises:
        CommandError: a part without a colon.
    """
    found: dict[str, str] = {}
    for word in _words(text):
        offer, colon, first = word.partition(":")
        if not colon or not offer.strip() or not first.strip():
            raise CommandError(f"expected OFFER:FIRST in --after, found '{word}'")
        found[offer.strip()] = first.strip()
    return found


def _refuse_senseless(**given: tuple[float, float]) -> None:
    for option, (value, least) in given.items():
        if not value >= least:
            raise CommandError(f"expected --{option} of {least:g} or more, found {value:g}")


class _Steps:
    """Bars on the terminal's error stream, one a step; nothing where it is not a terminal.

    Args:
        quiet: whether nothing is shown.
        seconds: that the search for the plan may take.
    """

    def __init__(self, quiet: bool, seconds: float) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        stream = Console(stderr=True)
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=stream,
            disable=quiet or not stream.is_terminal,
        )
        self._tasks: dict[str, object] = {}
        self._seconds = seconds

    def __enter__(self) -> _Steps:
        """Show them."""
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Leave them as they stand."""
        self._bar.stop()

    def show(self, what: str, done: int, total: int) -> None:
        """How far a step is."""
        if what not in self._tasks:
            self._tasks[what] = self._bar.add_task(what, total=total)
        task: object = self._tasks[what]
        self._bar.update(task, completed=done, total=total)  # pyright: ignore[reportArgumentType]

    def search(self, at: Progress) -> None:
        """How far the search for the plan is: its time, and the gap so far."""
        self.show("search", int(at.seconds), int(self._seconds))
        if at.gap < 1.0:
            task: object = self._tasks["search"]
            self._bar.update(task, description=f"search (gap {at.gap:.3%})")  # pyright: ignore[reportArgumentType]
