"""What the commands of a pilot show."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from haidang.errors import did_you_mean
from haidang.faces.measure import print_json
from haidang.faces.words import CommandError, console, language, split_name

if TYPE_CHECKING:
    from haidang.learn.evaluate import Diagnostic
    from haidang.learn.monitor.watch import Look
    from haidang.learn.pilot.declaration import Declaration
    from haidang.learn.pilot.power import Power
    from haidang.packs import Pack

_SHORT = 12
"""How much of a hash is shown; files hold it whole."""
_LOOKS_SHOWN = 8


def check_design(path: Path, lang: str, as_json: bool) -> None:
    """Whether a declaration is as it should be, and its hash."""
    from haidang.learn.pilot.declaration import as_json as plain
    from haidang.learn.pilot.declaration import digest
    from haidang.learn.pilot.declaration_file import load_designs
    from haidang.learn.pilot.words import text

    found = load_designs(path)["declared"]
    if as_json:
        print_json({"declaration": plain(found), "hash": digest(found)})
        return
    counts = {"arms": str(len(found.arms)), "units": str(found.units.size), "hash": digest(found)}
    print(text("in_order", language(lang), id=found.id, **counts))


def show_power(
    path: Path, *, pilots: int, worlds: int, frame: int, rows: int | None, seed: int, lang: str, as_json: bool
) -> None:
    """What each design can say."""
    from haidang.learn.pilot.declaration_file import load_designs
    from haidang.learn.pilot.power import power_table
    from haidang.learn.pilot.world import worlds_of

    asked = language(lang)
    _refuse_below(pilots=(pilots, 2), worlds=(worlds, 1), frame=(frame, 100))
    designs = load_designs(path)
    declared = designs["declared"]
    if declared.programme is None:
        raise CommandError(f"expected the key 'programme' in {path}: its model makes the data that power is told from")
    pack = _pack_of(declared.programme)
    laid = worlds_of(pack, designs, draws=worlds, seed=seed, frame=frame, rows=rows)
    with stopped("nothing was written"), progress_bar(as_json, len(designs), asked) as advance:
        found = power_table(laid, designs, pilots=pilots, seed=seed, progress=lambda done, _: advance(done))
    if as_json:
        print_json([asdict(one) for one in found])
        return
    print_power(found, declared, worlds, asked)


def print_power(found: Sequence[Power], declared: Declaration, worlds: int, lang: Any) -> None:
    """The table of designs side by side."""
    from rich.table import Table

    from haidang.learn.pilot.words import text
    from haidang.results.numerals import number, percent

    heads = ("design", "rule", "units", "treated", "truth", "bias", "error", "coverage", "power", "worthwhile")
    table = Table(
        *(text(head, lang) for head in (*heads, "detectable", "cost", "peers")),
        title=text("power_title", lang, title=declared.title[lang]),
        box=None,
        header_style="bold",
    )
    for one in found:
        name = one.design if len(declared.arms) == 2 else f"{one.design}: {one.arm}"
        table.add_row(
            name,
            text(f"rule_{one.rule}", lang),
            str(one.units),
            str(one.treated),
            f"{_plain(one.truth, lang)} ({_plain(one.truth_low, lang)}; {_plain(one.truth_high, lang)})",
            f"{_plain(one.bias, lang)} ± {_plain(one.bias_error, lang)}",
            f"{_plain(one.error, lang)} ({_plain(one.closed_error, lang)})",
            percent(one.coverage, lang),
            f"{percent(one.power, lang)} ({percent(one.closed_power, lang)})",
            percent(one.power_worthwhile, lang),
            f"{_plain(one.detectable, lang)} ({_plain(one.closed_detectable, lang)})",
            f"{number(one.cost / 1e9, lang)} ({number(one.measuring_cost / 1e9, lang)})",
            "–" if one.peers is None else _plain(one.peers, lang),
        )
    printer = console()
    printer.print(table)
    printer.print(
        text(
            "power_note",
            lang,
            pilots=str(found[0].pilots),
            worlds=str(worlds),
            worthwhile=number(declared.smallest_worthwhile, lang),
            unit=declared.outcome.unit,
        )
    )
    first = found[0]
    if first.power_worthwhile < declared.power:
        told = {"worthwhile": number(declared.smallest_worthwhile, lang), "unit": declared.outcome.unit}
        parts = {"reached": percent(first.power_worthwhile, lang), "power": percent(declared.power, lang)}
        printer.print(text("power_short", lang, **told, **parts, detectable=_plain(first.detectable, lang)))
    printer.print(text("peers_none" if found[0].peers is None else "peers_some", lang))


def _plain(value: float, lang: Any) -> str:
    """A number with four decimals, which is what effects of shares need."""
    shown = f"{value:.4f}"
    return shown.replace(".", ",") if lang == "vi" else shown


def assign_units(path: Path, units: Path | None, salt: str | None, out: Path | None, lang: str) -> None:
    """Give every unit its arm and write the table with its recipe."""
    from haidang.errors import Place
    from haidang.learn.pilot.analysis import balance_of
    from haidang.learn.pilot.assign import assign
    from haidang.learn.pilot.assignment_file import write_assignment
    from haidang.learn.pilot.declaration_file import load_declaration
    from haidang.learn.pilot.tables import read_table

    for option, value in (("units", units), ("salt", salt), ("out", out)):
        if value is None:
            raise CommandError(f"expected --{option}, found none", hint="or --verify TABLE for a table that is there")
    declared = load_declaration(path)
    table = read_table(Path(str(units)))
    made = assign(declared, table, str(salt), Place(str(units)))
    write_assignment(Path(str(out)), made)
    print_assignment(made, out, language(lang))
    print_balance(balance_of(declared, made.table), language(lang))


def print_assignment(made: Any, out: Path | None, lang: Any) -> None:
    """One line: how many units each arm has, and by which hash and salt."""
    from haidang.learn.pilot.words import text

    counts = ", ".join(f"{arm} {count}" for arm, count in sorted(made.table["arm"].value_counts().iter_rows()))
    told = {"units": str(made.table.height), "counts": counts, "hash": made.declaration_hash[:_SHORT]}
    print(text("assigned", lang, salt=made.salt, path=str(out), **told))


def print_balance(found: Sequence[Diagnostic], lang: Any) -> None:
    """Standardised differences before the pilot, and the joint test."""
    from rich.table import Table

    from haidang.learn.pilot.words import text

    if not found:
        return
    table = Table(text("column", lang), text("standardised", lang), "", title=text("balance_title", lang), box=None)
    for one in found:
        head = text("joint", lang) if one.name == "balance_joint" else one.about
        table.add_row(head, _plain(one.value or 0.0, lang), text(f"verdict_{one.verdict}", lang))
    console().print(table)


def verify_table(path: Path, table: Path, lang: str) -> None:
    """Derive a table of arms again."""
    from haidang.learn.pilot.assignment_file import read_assignment
    from haidang.learn.pilot.declaration import digest
    from haidang.learn.pilot.declaration_file import load_declaration
    from haidang.learn.pilot.registration import versions
    from haidang.learn.pilot.words import text

    asked, declared = language(lang), load_declaration(path)
    found = read_assignment(table, declared, versions(path))
    print(text("verified", asked, units=str(found.table.height)))
    if digest(found.declaration) != digest(declared):
        print(text("drawn_before", asked, hash=digest(found.declaration)[:_SHORT]))


def register_pilot(path: Path, reason: str | None, day: str | None, after_lots: bool, lang: str) -> None:
    """Register a declaration, or amend it; where lots lie beside it, only what they do not follow from."""
    from haidang.learn.pilot.assignment_file import drawn_beside, refuse_other_lots
    from haidang.learn.pilot.declaration_file import load_declaration
    from haidang.learn.pilot.registration import register, versions

    declared = load_declaration(path)
    drawn = drawn_beside(path, versions(path))
    if drawn is not None:
        refuse_other_lots(drawn, declared)
        if not after_lots:
            problem = "expected --after-lots with an amendment, since the lots are drawn, found none"
            raise CommandError(problem, None, "every evaluation will name the amendment as made after the lots")
    print_registered(declared, register(path, declared, _day(day), reason), language(lang))


def print_registered(declared: Declaration, found: Any, lang: Any) -> None:
    """One line: when, and the hashes to publish."""
    from haidang.learn.pilot.words import text

    told = {"day": found.day.isoformat(), "hash": found.declaration_hash, "head": found.head[:_SHORT]}
    print(text("registered", lang, id=declared.id, **told))
    if found.amendments:
        print(text("amended", lang, count=str(len(found.amendments))))


def watch_pilot(path: Path, data: Path, assignment: Path, log: Path | None, lang: str, as_json: bool) -> None:
    """Look at the reports so far."""
    from haidang.errors import Place
    from haidang.learn.monitor.record import record_looks
    from haidang.learn.pilot.assignment_file import read_assignment
    from haidang.learn.pilot.declaration_file import load_declaration
    from haidang.learn.pilot.registration import require_registered, versions
    from haidang.learn.pilot.tables import read_table
    from haidang.learn.pilot.words import text

    asked = language(lang)
    declared = load_declaration(path)
    require_registered(path, declared)
    registered = versions(path)
    assigned = read_assignment(assignment, declared, registered).table
    kept = log or path.with_suffix(".monitor.jsonl")
    found, added = record_looks(kept, declared, read_table(data), assigned, Place(str(data)), registered)
    if as_json:
        print_json([one.as_json() for one in found])
        return
    print_looks(found, declared, asked)
    print(text("logged", asked, new=str(added), path=str(kept), all=str(len(found))))


def print_looks(found: Sequence[Look], declared: Declaration, lang: Any) -> None:
    """Some of the days, the last among them, and what the stop rules say."""
    from math import isfinite

    from rich.table import Table

    from haidang.learn.pilot.words import text
    from haidang.results.numerals import percent

    names = list(found[-1].evidence)
    levels = {one.id: one.alpha for one in declared.guardrails} | {"effect": declared.alpha, "ratio": 0.01}
    titles = {one.id: one.title[lang] for one in declared.guardrails}
    titles |= {name: text(name, lang) for name in ("effect", "ratio")}
    table = Table(
        text("day", lang), text("arrivals", lang), text("estimate", lang),
        text("interval", lang, level=percent(1.0 - declared.alpha, lang)),
        *(f"{titles[name]} ({1.0 / levels[name]:.0f})" for name in names),
        title=text("monitor_title", lang), box=None, header_style="bold",
    )  # fmt: skip
    step = max(1, len(found) // _LOOKS_SHOWN)
    for one in [*found[:-1:step], found[-1]]:
        ends = "; ".join(_plain(end, lang) if isfinite(end) else "–" for end in (one.low, one.high))
        table.add_row(
            one.day.isoformat(),
            " + ".join(str(count) for count in one.arrivals.values()),
            _plain(one.estimate, lang) if isfinite(one.estimate) else "–",
            f"({ends})",
            *(f"{min(one.evidence[name], 1e9):.3g}" for name in names),
        )
    console().print(table)
    if declared.units.cluster is not None:
        print(text("whole_clusters", lang, cluster=declared.units.cluster))
    _print_stops(found, declared, lang)


def _print_stops(found: Sequence[Look], declared: Declaration, lang: Any) -> None:
    from haidang.learn.pilot.words import text

    spoke = False
    for rule in declared.stop:
        since = next((one.day for one in found if rule.on in one.fired), None)
        if since is not None:
            print(text("stop_now", lang, on=rule.on, day=since.isoformat(), reason=rule.reason[lang]))
            spoke = True
    if not spoke:
        print(text("goes_on", lang))


def evaluate_pilot(
    path: Path,
    data: Path,
    assignment: Path,
    out: Path,
    arm: str | None,
    outcome: str | None,
    estimator: str | None,
    without_lost: bool,
    day: str | None,
    lang: str,
    as_json: bool,
) -> None:
    """Analyse the pilot and write the report."""
    from haidang.errors import Place
    from haidang.learn.evaluate import write_evaluation
    from haidang.learn.pilot.analysis import analyse
    from haidang.learn.pilot.assignment_file import read_assignment
    from haidang.learn.pilot.declaration import ESTIMATORS
    from haidang.learn.pilot.declaration_file import load_declaration
    from haidang.learn.pilot.deviations import Analysis
    from haidang.learn.pilot.offered import outcome_titles
    from haidang.learn.pilot.registration import require_registered, versions
    from haidang.learn.pilot.tables import read_table
    from haidang.learn.pilot.words import text

    asked = language(lang)
    declared = load_declaration(path)
    if estimator is not None and estimator not in ESTIMATORS:
        raise CommandError(f"expected an estimator, found '{estimator}'", None, did_you_mean(estimator, ESTIMATORS))
    require_registered(path, declared)
    lots = read_assignment(assignment, declared, versions(path))
    used: Any = estimator or declared.estimator
    covariates = declared.covariates if used == "adjusted" or declared.estimator == "difference" else ()
    plan = Analysis(outcome or declared.outcome.column, used, covariates, _day(day), without_lost)
    came, drawn = Place(str(data)), Place(str(assignment))
    titles = None if declared.programme is None else outcome_titles(_pack_of(declared.programme), declared)
    found = analyse(
        path, declared, read_table(data), lots.table, plan, arm=arm, place=came, arms_place=drawn, titles=titles,
        drawn_by=lots.declaration,
    )  # fmt: skip
    report = write_evaluation(found.evaluation, out, asked)
    if as_json:
        print_json(found.evaluation.as_json())
        return
    print_evaluation(found.evaluation, asked)
    print(text("evaluated", asked, path=str(report)))


def print_evaluation(evaluation: Any, lang: Any) -> None:
    """The answer in a few lines."""
    from haidang.learn.evaluate.report import Say, summary

    print(summary(Say(lang, evaluation)))


def _pack_of(programme: str) -> Pack:
    from haidang.packs import load_pack

    return load_pack(split_name(programme, "PROGRAMME")[0])


def _day(text: str | None) -> date:
    if text is None:
        return datetime.now(UTC).date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"expected --date such as 2026-01-31, found '{text}'") from None


def _refuse_below(**given: tuple[int, int]) -> None:
    for option, (value, least) in given.items():
        if value < least:
            raise CommandError(f"expected --{option} of {least} or more, found {value}")


@contextmanager
def stopped(what_is_left: str) -> Generator[None]:
    """An interruption is one line that says what is left, and ends with 130."""
    try:
        yield
    except KeyboardInterrupt:
        print(f"\nhaidang: interrupted; {what_is_left}", file=sys.stderr)
        raise SystemExit(130) from None


@contextmanager
def progress_bar(quiet: bool, total: int, lang: Any) -> Generator[Callable[[int], None]]:
    """A bar of the designs done, with the time left."""

    def nothing(done: int) -> None:
        del done

    if quiet:
        yield nothing
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from haidang.learn.pilot.words import text

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(text("design", lang), total=total)

        def advance(done: int) -> None:
            progress.update(task, completed=done)

        yield advance
