"""The command line: `haidang check | population | run | report | why | backtest | framework | assess | ...`.

Each command is a few lines over the rooms. A user's mistake is printed on one line and the exit status is 1; an
interrupted run says how to go on and the exit status is 130.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from haidang import __version__
from haidang.errors import HaidangError
from haidang.faces import fit_commands
from haidang.faces.allocate_commands import allocate
from haidang.faces.pilot_commands import pilots
from haidang.faces.read_commands import read
from haidang.faces.track_commands import tracking
from haidang.web import commands as web_commands

app = typer.Typer(
    name="haidang",
    help="A policy laboratory for cities. · Phòng thí nghiệm chính sách cho thành phố.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Lang = Annotated[str, typer.Option("--lang", help="Language of what is shown: vi or en.")]


def main() -> None:
    """Run the command line and turn a user's mistake into one line."""
    try:
        app(standalone_mode=True)
    except HaidangError as mistake:
        print(f"haidang: {mistake}", file=sys.stderr)
        raise SystemExit(1) from None


@app.command()
def version() -> None:
    """Print the version."""
    print(__version__)


@app.command()
def check(pack: Annotated[str, typer.Argument(help="Name or folder of a pack.")]) -> None:
    """Read a pack whole and check that its parts fit together."""
    from haidang.learn import backtest_mistakes
    from haidang.packs import examine_pack
    from haidang.track import track_mistakes

    found, mistakes = examine_pack(pack)
    if found is not None:
        mistakes = (*mistakes, *backtest_mistakes(found), *track_mistakes(found))
    for mistake in dict.fromkeys(str(one) for one in mistakes):
        print(f"haidang: {mistake}", file=sys.stderr)
    if found is None or mistakes:
        raise SystemExit(1)
    print(
        f"{found.id}: {len(found.book.facts)} facts, {len(found.book.sources)} sources, "
        f"{len(found.populations)} populations, {len(found.modules)} models, "
        f"{len(found.programmes)} programmes, {len(found.backtests)} backtests: in order"
    )


@app.command()
def population(
    name: Annotated[str, typer.Argument(help="PACK/NAME of a population.")],
    check_margins: Annotated[
        bool, typer.Option("--check", help="Print every published margin; fail where one is missed.")
    ] = False,
    rows: Annotated[int | None, typer.Option(help="How many rows to build.")] = None,
    seed: Annotated[int, typer.Option(help="Seed of all chance.")] = 1,
    out: Annotated[Path | None, typer.Option(help="Write the units to this Parquet or CSV file.")] = None,
    register: Annotated[str | None, typer.Option("--from", help="A register: file or database address.")] = None,
    mapping: Annotated[Path | None, typer.Option(help="How the register's columns are read.")] = None,
    lang: Lang = "en",
) -> None:
    """Build a population from published margins, or read it from a register."""
    from haidang.faces.simulation import show_population

    show_population(name, check_margins, rows, seed, out, register, mapping, lang)


@app.command()
def run(
    name: Annotated[str, typer.Argument(help="PACK/PROGRAMME, or PACK for all its programmes in one table.")],
    variants: Annotated[str, typer.Option(help="all, or ids with commas between.")] = "",
    draws: Annotated[
        int | None, typer.Option(help="How many draws of the uncertain facts and of chance; 200, or 20 for a pack.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of all chance.")] = 1,
    rows: Annotated[int | None, typer.Option(help="Rows of the population.")] = None,
    units: Annotated[Path | None, typer.Option(help="A file of units to run on.")] = None,
    plan: Annotated[Path | None, typer.Option(help="Folder of a plan by allocate, as one more scenario.")] = None,
    design: Annotated[
        list[Path] | None, typer.Option(help="A design's file, as one more scenario; repeatable.")
    ] = None,
    workers: Annotated[int | None, typer.Option(help="Groups of draws at once; all cores unless given.")] = None,
    memory: Annotated[str, typer.Option(help="What a population may take in memory, such as 2GB.")] = "2GB",
    out: Annotated[Path | None, typer.Option(help="Folder of the run.")] = None,
    as_json: Json = False,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with an interrupted run.")] = False,
    cluster: Annotated[str, typer.Option(help="local, or a Ray cluster: ray://HOST:PORT.")] = "local",
    lang: Lang = "en",
) -> None:
    """Simulate a programme and write the run with its report; or all programmes of a pack, in one table."""
    from haidang.faces.words import is_pack, refuse_for_all

    shared: dict[str, Any] = {
        "draws": draws,
        "seed": seed,
        "rows": rows,
        "workers": workers,
        "out": out,
        "as_json": as_json,
        "resume": resume,
        "cluster": cluster,
        "lang": lang,
    }
    if is_pack(name):
        from haidang.faces.overview import run_all_and_show

        refuse_for_all(variants=variants, units=units, plan=plan, design=design)
        run_all_and_show(name, **shared)
        return
    from haidang.faces.simulation import run_and_show

    designs = tuple(design or ())
    run_and_show(name, variants=variants, units=units, plan=plan, designs=designs, memory=memory, **shared)


@app.command()
def optimise(
    name: Annotated[str, typer.Argument(help="PACK/PROGRAMME.")],
    over: Annotated[str, typer.Option(help="Levers with commas between, each with bounds if need be: x=1..2,y.")],
    goal: Annotated[str, typer.Option(help="The outcome to make largest, by id or by the part it plays: levels.")],
    cost: Annotated[str | None, typer.Option(help='The most it may cost on average: "<= 30e9 VND".')] = None,
    draws: Annotated[int, typer.Option(help="Draws on which every design is tried.")] = 32,
    fresh: Annotated[int, typer.Option(help="Further draws on which the winner is held against the runner-up.")] = 64,
    trials: Annotated[int, typer.Option(help="How many designs may be tried.")] = 120,
    rows: Annotated[int | None, typer.Option(help="Rows of the population.")] = 4096,
    seed: Annotated[int, typer.Option(help="Seed of all chance.")] = 1,
    out: Annotated[Path | None, typer.Option(help="Folder of the search.")] = None,
    as_json: Json = False,
    lang: Lang = "en",
) -> None:
    """Find the best values of a programme's levers under a bound on its cost."""
    from haidang.faces.design import optimise_and_show

    optimise_and_show(
        name,
        over=over,
        goal=goal,
        cost=cost,
        draws=draws,
        fresh=fresh,
        trials=trials,
        rows=rows,
        seed=seed,
        out=out,
        as_json=as_json,
        lang=lang,
    )


@app.command()
def report(
    run_folder: Annotated[Path, typer.Argument(metavar="RUN", help="Folder of a run.")],
    lang: Lang = "vi",
    open_it: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
) -> None:
    """Write the report and the workbook of a run again, and its figures as SVG and PNG."""
    from haidang.faces.simulation import write_everything

    path = write_everything(run_folder, lang)
    print(path)
    if open_it:
        typer.launch(str(path))


@app.command()
def why(
    run_folder: Annotated[Path, typer.Argument(metavar="RUN", help="Folder of a run.")],
    outcome: Annotated[str, typer.Argument(help="Id of an outcome.")],
    scenario: Annotated[str | None, typer.Option(help="Id of a scenario; the programme unless given.")] = None,
    lang: Lang = "en",
) -> None:
    """Print the chain from a result to its facts and their sources."""
    from haidang.faces.simulation import show_why

    show_why(run_folder, outcome, scenario, lang)


@app.command()
def backtest(
    name: Annotated[str, typer.Argument(help="PACK/NAME of a backtest or of a suite of series; PACK or all for all.")],
    draws: Annotated[int | None, typer.Option(help="How many draws; as the backtest says unless given.")] = None,
    seed: Annotated[int, typer.Option(help="Seed of all chance.")] = 1,
    series: Annotated[Path | None, typer.Option(help="File of a suite's series, or the folder with several.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder of the reports.")] = None,
    as_json: Json = False,
    lang: Lang = "en",
) -> None:
    """Forecast programmes and series whose outcome is known, from what was known before, beside rivals."""
    from haidang.faces.backtests import show_backtests

    show_backtests(name, draws, seed, series, out, as_json, lang)


app.command()(fit_commands.fit)

frameworks = typer.Typer(help="Maturity frameworks.", no_args_is_help=True)
app.add_typer(frameworks, name="framework")


class _AssessGroup(TyperGroup):
    """`haidang assess FILE...` scores; other words after `assess` are commands of their own."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the command in front of files that stand where it would."""
        if args and args[0] not in self.commands and args[0] != "--help":
            args = ["score", *args]
        return super().parse_args(ctx, args)


assessments = typer.Typer(cls=_AssessGroup, help="Assess factories under a framework.", no_args_is_help=True)
app.add_typer(assessments, name="assess")

PeersPath = Annotated[
    Path | None, typer.Option("--peers", help="A campaign to compare one factory with: a file or a folder of results.")
]
FrameworkName = Annotated[str, typer.Option("--framework", help="Id or file of a framework.")]


@frameworks.command("list")
def framework_list(lang: Lang = "en", as_json: Json = False) -> None:
    """The frameworks that come with Haidang."""
    from haidang.faces.measure import list_frameworks

    list_frameworks(lang, as_json)


@frameworks.command("show")
def framework_show(
    name: Annotated[str, typer.Argument(metavar="ID", help="Id or file of a framework.")],
    lang: Lang = "en",
    as_json: Json = False,
) -> None:
    """Areas, capabilities and criteria of a framework."""
    from haidang.faces.measure import show_framework

    show_framework(name, lang, as_json)


@frameworks.command("check")
def framework_check(path: Annotated[Path, typer.Argument(metavar="FILE", help="YAML or Excel.")]) -> None:
    """Check a framework's file."""
    from haidang.faces.measure import check_framework_file

    check_framework_file(path)


@frameworks.command("to-excel")
def framework_to_excel(
    name: Annotated[str, typer.Argument(metavar="ID")], path: Annotated[Path, typer.Argument(metavar="FILE")],
    lang: Lang = "vi",
) -> None:  # fmt: skip
    """Write a framework as a workbook that can be edited and read back."""
    from haidang.faces.measure import framework_to_excel as write

    write(name, path, lang)


@frameworks.command("from-excel")
def framework_from_excel(
    path: Annotated[Path, typer.Argument(metavar="FILE")],
    out: Annotated[Path | None, typer.Option(help="Write the YAML to this file.")] = None,
) -> None:
    """Read a framework from a workbook."""
    from haidang.faces.measure import framework_from_excel as read

    read(path, out)


@assessments.command("template")
def assess_template(
    name: Annotated[str, typer.Argument(metavar="FRAMEWORK")],
    out: Annotated[Path, typer.Option(help="The workbook to write.")],
    lang: Lang = "vi",
) -> None:
    """Write a workbook with drop-downs for one factory's answers."""
    from haidang.faces.measure import write_answer_template

    write_answer_template(name, out, lang)


@assessments.command("score")
def assess_score(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="YAML, CSV or Excel; folders of results too.")],
    out: Annotated[Path, typer.Option(help="Folder of the results.")],
    framework: FrameworkName = "smart-responsible",
    peers: PeersPath = None,
    lang: Lang = "vi",
    as_json: Json = False,
) -> None:
    """Score one factory or a campaign; write answers, findings and scores apart."""
    from haidang.faces.measure import assess

    assess(files, framework, out, lang, as_json, peers)


@app.command()
def roadmap(
    assessment: Annotated[Path, typer.Argument(metavar="ASSESSMENT", help="One factory's answers.")],
    framework: FrameworkName = "smart-responsible",
    budget: Annotated[str, typer.Option(help="Money for steps a year.")] = "5e9 VND/year",
    goal: Annotated[
        str, typer.Option(help="npv, carbon, level, or level:3 for level 3 in the areas that some step brings there.")
    ] = "npv",
    since: Annotated[int, typer.Option("--from", help="First year.")] = 2026,
    to: Annotated[int, typer.Option(help="Last year.")] = 2030,
    pack: Annotated[str, typer.Option(help="Pack with the facts and programmes.")] = "hcmc",
    peers: PeersPath = None,
    out: Annotated[Path | None, typer.Option(help="Folder of the report.")] = None,
    lang: Lang = "vi",
    as_json: Json = False,
) -> None:
    """The best order of steps for one factory, proven, with what would change it."""
    from haidang.faces.measure import make_roadmap

    make_roadmap(assessment, framework, budget, goal, to, since, pack, out, lang, as_json, peers)


app.command()(allocate)
app.add_typer(pilots, name="pilot")
app.add_typer(tracking, name="track")
app.command()(web_commands.serve)
app.add_typer(web_commands.web, name="web")
app.command()(read)
