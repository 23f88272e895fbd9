"""`haidang allocate PACK/PROGRAMME`: give the money where it adds most."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def allocate(
    name: Annotated[str, typer.Argument(help="PACK/PROGRAMME.")],
    applicants: Annotated[
        Path | None,
        typer.Option(help="A file of applicants: Parquet, CSV or Excel; the pack's population without one."),
    ] = None,
    mapping: Annotated[Path | None, typer.Option(help="How the columns of a register are read.")] = None,
    accept_rest: Annotated[
        bool, typer.Option("--accept-rest", help="Go on without the rows that are wrong; each is still named.")
    ] = False,
    goal: Annotated[
        str | None, typer.Option(help="The outcome to be made largest, or weights: X=1,Y=0.5; the model's main one.")
    ] = None,
    robust: Annotated[
        str | None, typer.Option(help="Make the goal largest in the worst draw, or in this share of them: worst, 20%.")
    ] = None,
    against: Annotated[
        str | None, typer.Option(help="Another outcome: also find the plans from most of the goal to most of it.")
    ] = None,
    points: Annotated[int, typer.Option(help="How many of those plans, both ends included.")] = 7,
    offers: Annotated[str, typer.Option(help="Ids of the offers that may be made, with commas between; all.")] = "",
    after: Annotated[
        str, typer.Option(help="OFFER:FIRST with commas between: an offer that needs another before.")
    ] = "",
    rules: Annotated[Path | None, typer.Option(help="A file of rules: at least or at most so much by group.")] = None,
    commit: Annotated[
        float, typer.Option(help="Make offers for so many times the budgets; what is paid out still keeps to them.")
    ] = 1.0,
    draws: Annotated[int, typer.Option(help="Draws that value the offers; as many fresh ones judge the plan.")] = 64,
    resolves: Annotated[int, typer.Option(help="How often the plan is made again, to see who is always in.")] = 12,
    facts: Annotated[int, typer.Option(help="How many facts are moved to the ends of their ranges.")] = 3,
    seed: Annotated[int, typer.Option(help="Seed of all chance.")] = 1,
    rows: Annotated[int | None, typer.Option(help="Rows of the population.")] = None,
    seconds: Annotated[float, typer.Option(help="How long the search for the plan may take.")] = 60.0,
    gap: Annotated[float, typer.Option(help="How far from the best it may end, as a share.")] = 0.001,
    out: Annotated[Path | None, typer.Option(help="Folder of the list.")] = None,
    lang: Annotated[str, typer.Option("--lang", help="Language: vi or en.")] = "vi",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Give the money where it adds most: who is offered what and when, with a certificate and a reason for each."""
    from haidang.faces.allocation import allocate_and_show

    allocate_and_show(
        name, applicants, mapping, accept_rest, out, lang, as_json, goal=goal, robust=robust, against=against,
        points=points, offers=offers, after=after, rules=rules, commit=commit, draws=draws, resolves=resolves,
        facts=facts, seed=seed, rows=rows, seconds=seconds, gap=gap,
    )  # fmt: skip
