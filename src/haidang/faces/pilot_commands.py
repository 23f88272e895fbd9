"""The commands of a pilot: `haidang pilot design | power | assign | register | monitor | evaluate | circle`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup


class _PilotGroup(TyperGroup):
    """`haidang pilot PACK/PROGRAMME` goes round the circle; other words after `pilot` are commands of their own."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the command in front of a programme that stands where it would."""
        if args and "/" in args[0] and not Path(args[0]).is_file():
            args = ["circle", *args]
        return super().parse_args(ctx, args)


pilots = typer.Typer(
    cls=_PilotGroup, help="Design a pilot, draw its lots, watch it, and say whether it worked.", no_args_is_help=True
)

Declared = Annotated[Path, typer.Argument(metavar="FILE", help="The pilot's declaration (YAML).")]
Lang = Annotated[str, typer.Option("--lang", help="Language of what is shown: vi or en.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Seed = Annotated[int, typer.Option(help="Seed of all simulated chance.")]
Table = Annotated[Path, typer.Option("--assignment", help="The table that 'assign' wrote.")]
Day = Annotated[str | None, typer.Option("--date", help="The day, such as 2026-01-31; today unless given.")]


@pilots.command()
def design(path: Declared, lang: Lang = "en", as_json: Json = False) -> None:
    """Check a declaration and print its canonical JSON's hash."""
    from haidang.faces.pilot import check_design

    check_design(path, lang, as_json)


@pilots.command()
def power(
    path: Declared,
    pilots_simulated: Annotated[int, typer.Option("--pilots", help="Simulated pilots of each design.")] = 400,
    worlds: Annotated[int, typer.Option(help="Draws of the uncertain facts.")] = 16,
    frame: Annotated[int, typer.Option(help="Units that may take part.")] = 6000,
    rows: Annotated[int | None, typer.Option(help="Rows of the population around them.")] = 8000,
    seed: Seed = 1,
    lang: Lang = "en",
    as_json: Json = False,
) -> None:
    """Say what the pilot and its other designs can find: bias, coverage, power, smallest effect, cost."""
    from haidang.faces.pilot import show_power

    show_power(
        path, pilots=pilots_simulated, worlds=worlds, frame=frame, rows=rows, seed=seed, lang=lang, as_json=as_json
    )


@pilots.command()
def assign(
    path: Declared,
    units: Annotated[Path | None, typer.Option(help="The units: id and what the rule reads.")] = None,
    salt: Annotated[
        str | None, typer.Option(help="A text nobody could choose beforehand, such as a lottery's.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="The table of arms to write.")] = None,
    check: Annotated[Path | None, typer.Option("--verify", help="A table of arms to derive again.")] = None,
    lang: Lang = "en",
) -> None:
    """Give every unit its arm, from the declaration's hash, a public salt and the ids; or verify such a table."""
    from haidang.faces.pilot import assign_units, verify_table

    if check is not None:
        verify_table(path, check, lang)
        return
    assign_units(path, units, salt, out, lang)


@pilots.command()
def register(
    path: Declared,
    reason: Annotated[str | None, typer.Option(help="Why a registered declaration is amended.")] = None,
    after_lots: Annotated[
        bool, typer.Option("--after-lots", help="Amend though the lots are drawn: every evaluation will say so.")
    ] = False,
    day: Day = None,
    lang: Lang = "en",
) -> None:
    """Register a declaration before its data come, or amend it with a reason."""
    from haidang.faces.pilot import register_pilot

    register_pilot(path, reason, day, after_lots, lang)


@pilots.command()
def monitor(
    path: Declared,
    data: Annotated[Path, typer.Option(help="Reports so far: id, date, outcome, what guardrails read.")],
    assignment: Table,
    log: Annotated[Path | None, typer.Option(help="The log; beside the declaration unless given.")] = None,
    lang: Lang = "en",
    as_json: Json = False,
) -> None:
    """Look at the reports so far: intervals and alarms that hold however often one looks."""
    from haidang.faces.pilot import watch_pilot

    watch_pilot(path, data, assignment, log, lang, as_json)


@pilots.command()
def evaluate(
    path: Declared,
    data: Annotated[Path, typer.Option(help="The units with their outcomes.")],
    assignment: Table,
    out: Annotated[Path, typer.Option(help="Folder of the report.")],
    arm: Annotated[str | None, typer.Option(help="The treated arm; the first unless given.")] = None,
    outcome: Annotated[str | None, typer.Option(help="Another outcome than registered: a deviation.")] = None,
    estimator: Annotated[str | None, typer.Option(help="Another estimator than registered: a deviation.")] = None,
    without_lost: Annotated[
        bool, typer.Option("--without-lost", help="Leave out units with a missing outcome where nothing bounds that.")
    ] = False,
    day: Day = None,
    lang: Lang = "vi",
    as_json: Json = False,
) -> None:
    """Analyse the pilot as registered, and name every departure from the plan."""
    from haidang.faces.pilot import evaluate_pilot

    evaluate_pilot(path, data, assignment, out, arm, outcome, estimator, without_lost, day, lang, as_json)


@pilots.command()
def circle(
    name: Annotated[str, typer.Argument(metavar="PACK/PROGRAMME")],
    out: Annotated[Path, typer.Option(help="Folder of everything.")] = Path("pilot"),
    pilots_simulated: Annotated[int, typer.Option("--pilots", help="Simulated pilots of each design.")] = 200,
    worlds: Annotated[int, typer.Option(help="Draws of the uncertain facts that the pilot can tell apart.")] = 96,
    draws: Annotated[int, typer.Option(help="Draws of the forecast.")] = 32,
    rows: Annotated[int, typer.Option(help="Rows of the population.")] = 8000,
    world: Annotated[int, typer.Option(help="Which draw is the true world.")] = 7,
    seed: Seed = 1,
    lang: Lang = "vi",
) -> None:
    """Go round the circle in a simulated city: design, lots, two years, evaluation, truth, a better forecast."""
    from haidang.faces.pilot_circle import show_circle

    show_circle(
        name, out, pilots=pilots_simulated, worlds=worlds, draws=draws, rows=rows, world=world, seed=seed, lang=lang
    )
