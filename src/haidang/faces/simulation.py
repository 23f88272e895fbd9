"""What the commands about populations, programmes and runs show: one function a command."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from haidang.faces.words import CommandError, bytes_of, console, language, split_name
from haidang.packs import Pack, load_pack

if TYPE_CHECKING:
    from haidang.population import Margin, Population
    from haidang.results import Run

_ASSUMPTION = {"vi": "giả định", "en": "assumption"}


def show_population(
    name: str,
    check: bool,
    rows: int | None,
    seed: int,
    out: Path | None,
    register: str | None,
    mapping: Path | None,
    lang: str,
) -> None:
    """Build or read a population, print what it is, check its margins, write it where asked.

    Raises:
        HaidangError: a mistake in what is read, or with `check` a margin that is missed by more than its error.
    """
    from haidang.population import margins, missed, write_population

    pack_name, population_name = split_name(name, "NAME")
    spoken = language(lang)
    pack = load_pack(pack_name)
    spec = pack.population(population_name)
    if register is None:
        population = _built(pack, population_name, rows, seed)
    else:
        population = _from_register(pack, population_name, register, mapping, seed)
    print(f"{population.name}: " + "; ".join(population.notes or (f"{population.table.height} rows",)))
    if out is not None:
        write_population(population, out)
        print(out)
    if check:
        found = margins(population, spec, pack.book)
        _print_margins(found, spoken)
        lost = missed(found)
        if lost:
            raise CommandError(
                f"{len(lost)} margins are missed by more than their error: " + ", ".join(one.name for one in lost)
            )


def _built(pack: Pack, name: str, rows: int | None, seed: int) -> Population:
    from haidang.population import build_population

    return build_population(pack.population(name), pack.book, rows, seed)


def _from_register(pack: Pack, name: str, register: str, mapping: Path | None, seed: int) -> Population:
    from haidang.population import load_mapping, read_register
    from haidang.results.run import replace_bytes

    path = mapping or pack.root / "populations" / f"{name}.mapping.yaml"
    found = read_register(register, load_mapping(path), pack.population(name), pack.book, seed)
    if found.rejected.height:
        report = Path(f"{name}.rejected.csv")
        replace_bytes(report, found.rejected.write_csv().encode())
        print(
            f"{found.rejected.height} problems in {found.rows} rows, each with its row, column and reason: {report}",
            file=sys.stderr,
        )
    return found.population


def _print_margins(found: list[Margin], lang: str) -> None:
    from rich.table import Table

    heads = {
        "en": ("margin", "published", "error", "reached", "", "source"),
        "vi": ("biên", "công bố", "sai số", "đạt", "", "nguồn"),
    }[lang]
    marks = {"en": ("held", "missed", "shown"), "vi": ("đạt", "lệch", "để xem")}[lang]
    table = Table(*heads, box=None, header_style="bold")
    for one in found:
        mark = marks[2] if one.shown is not None else marks[0] if one.held else f"[bold red]{marks[1]}[/]"
        table.add_row(
            str(one.title.get(lang) or one.name),
            f"{one.published:,.4g} {one.unit if one.unit != '1' else ''}".strip(),
            "-" if one.se is None else f"{one.se:,.3g}",
            f"{one.reached:,.4g}",
            mark,
            ", ".join(_ASSUMPTION[lang] if word == "assumption" else word for word in one.source),
        )
    console().print(table)


def run_and_show(
    name: str,
    *,
    variants: str,
    draws: int | None,
    seed: int,
    rows: int | None,
    units: Path | None,
    plan: Path | None,
    designs: tuple[Path, ...],
    workers: int | None,
    memory: str,
    out: Path | None,
    as_json: bool,
    resume: bool,
    cluster: str,
    lang: str,
) -> None:
    """Simulate a programme, write the run and its report, print the headlines.

    Raises:
        HaidangError: whatever the user can mend.
        SystemExit: with status 130, where the user interrupted the run.
    """
    from haidang.results import headline_json, terminal_table
    from haidang.study import DEFAULT_DRAWS, Question, run_study

    pack_name, programme = split_name(name, "PROGRAMME")
    spoken = language(lang)
    pack = load_pack(pack_name)
    chosen = tuple(word.strip() for word in variants.split(",") if word.strip())
    extra = {} if workers is None else {"workers": workers}
    question = Question(
        programme, chosen, draws or DEFAULT_DRAWS, seed, rows, units, plan, designs, memory=bytes_of(memory), **extra
    )
    folder = out or Path("runs") / f"{pack.id}-{programme}-{seed}"
    try:
        with ProgressBar(as_json) as progress:
            run = run_study(pack, question, folder, resume=resume, cluster=cluster, progress=progress)
    except KeyboardInterrupt:
        print(f"haidang: interrupted; the draws done so far are in {folder}: go on with --resume", file=sys.stderr)
        raise SystemExit(130) from None
    add_backtests(pack, run)
    report = write_faces(folder, spoken)
    if as_json:
        import json

        print(json.dumps(headline_json(run), ensure_ascii=False, indent=2, sort_keys=True, allow_nan=False))
        return
    console().print(terminal_table(run, spoken))
    print(report)


class ProgressBar:
    """A bar on the terminal's error stream with the time left; nothing where it is not a terminal."""

    def __init__(self, quiet: bool, what: str = "draws") -> None:
        """Lay out a bar for `what` is counted."""
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

        self._what = what

    def __enter__(self) -> Callable[[int, int], None]:
        """Show it; what comes is called with the number done and the number in all."""
        self._bar.start()
        task = self._bar.add_task(self._what, total=None)

        def show(done: int, total: int) -> None:
            self._bar.update(task, completed=done, total=total)

        return show

    def __exit__(self, *_: object) -> None:
        """Leave it as it stands."""
        self._bar.stop()


def add_backtests(pack: Pack, run: Run) -> None:
    """Lay a programme's backtests beside its run, so that the report shows them beside the forecast."""
    from haidang.learn import backtests_of, run_backtests
    from haidang.results import write_backtests

    found = run_backtests(pack, backtests_of(pack, run.manifest.programme), seed=run.manifest.seed)
    if found:
        write_backtests(run.path, [one.as_json() for one in found])


def write_faces(folder: Path, lang: str) -> Path:
    """The report and the workbook of a run, in its folder.

    Returns:
        The report's path.
    """
    from haidang.results import open_run, write_report, write_workbook

    first = language(lang)
    run = open_run(folder)
    report = write_report(run, folder / "report.html", first)
    write_workbook(run, folder / "tables.xlsx", first)
    return report


def write_everything(folder: Path, lang: str) -> Path:
    """The report and the workbook of a run, and its figures as files of their own.

    Returns:
        The report's path.
    """
    from haidang.results import open_run, write_figures

    report = write_faces(folder, lang)
    write_figures(open_run(folder), folder / "figures", language(lang))
    return report


def show_why(folder: Path, outcome: str, scenario: str | None, lang: str) -> None:
    """Print the chain from an outcome to its facts and sources."""
    from haidang.results import explain, open_run, render_chain

    chain = explain(open_run(folder), outcome, scenario)
    console().print(render_chain(chain, language(lang)))
