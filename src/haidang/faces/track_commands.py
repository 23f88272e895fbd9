"""`haidang track ...`: promises, indicators and targets. Imports rooms only when a command runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup


class _TrackGroup(TyperGroup):
    """`haidang track PACK` shows; other words after `track` are commands of their own."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the command in front of a pack that stands where it would."""
        if args and args[0] not in self.commands and args[0] != "--help":
            args = ["show", *args]
        return super().parse_args(ctx, args)


tracking = typer.Typer(
    cls=_TrackGroup, help="Promises, indicators and targets, with evidence and odds.", no_args_is_help=True
)

Pack = Annotated[str, typer.Argument(metavar="PACK", help="Name or folder of a pack.")]
Database = Annotated[
    str | None,
    typer.Option(
        "--db", envvar="HAIDANG_TRACK_DB", help="postgresql://... or an SQLite file; track-PACK.sqlite3 here."
    ),
]
Day = Annotated[str | None, typer.Option("--as-of", help="Only what had been said by this day, YYYY-MM-DD.")]
By = Annotated[str | None, typer.Option("--by", help="Who makes the change; the account's name unless given.")]
Evidence = Annotated[Path | None, typer.Option("--evidence", help="A file that shows it; its SHA-256 is kept.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Lang = Annotated[str, typer.Option("--lang", help="Language of what is shown: vi or en.")]
Runs = Annotated[
    list[Path] | None,
    typer.Option("--run", help="Folder of a finished run, whose effects are added to the indicators it moves."),
]
Simulate = Annotated[
    bool, typer.Option("--simulate", help="Run each programme that moves what a target bounds, into runs/, once.")
]
Draws = Annotated[int | None, typer.Option(help="Draws of each run of --simulate; as `haidang run` unless given.")]


@tracking.command("show")
def track_show(
    pack: Pack,
    as_of: Day = None,
    db: Database = None,
    run: Runs = None,
    simulate: Simulate = False,
    draws: Draws = None,
    archive: Annotated[
        Path | None, typer.Option(help="Keep the forecasts in this file, to be scored when their day has come.")
    ] = None,
    as_json: Json = False,
    lang: Lang = "vi",
) -> None:
    """Targets with their odds, promises by stage, and what is late, silent or nobody's."""
    from haidang.faces.track import Asked, show

    show(Asked(pack, as_of, db, tuple(run or ()), simulate, draws), archive, as_json, lang)


@tracking.command("report")
def track_report(
    pack: Pack,
    out: Annotated[Path, typer.Option(help="Folder of the report.")],
    as_of: Day = None,
    db: Database = None,
    run: Runs = None,
    simulate: Simulate = False,
    draws: Draws = None,
    lang: Lang = "vi",
) -> None:
    """Write the report that a citizen reads."""
    from haidang.faces.track import Asked, write_report

    write_report(Asked(pack, as_of, db, tuple(run or ()), simulate, draws), out, lang)


@tracking.command("score")
def track_score(
    pack: Pack,
    archive: Annotated[
        Path | None, typer.Option(help="A file of forecasts that were kept; those of the database unless given.")
    ] = None,
    db: Database = None,
    as_json: Json = False,
    lang: Lang = "vi",
) -> None:
    """Hold kept forecasts against what came: Brier score, CRPS, reliability."""
    from haidang.faces.track_scores import score_kept

    score_kept(pack, archive, db, as_json, lang)


@tracking.command("add")
def track_add(
    pack: Pack,
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="What `haidang read` drafted and you went through, or records as a pack writes them."
        ),
    ],
    by: By = None,
    evidence: Evidence = None,
    db: Database = None,
    lang: Lang = "vi",
) -> None:
    """Add records, claims, stages or values to the database."""
    from haidang.faces.track_edits import add

    add(pack, file, by, evidence, db, lang)


@tracking.command("confirm")
def track_confirm(
    pack: Pack,
    record: Annotated[str, typer.Argument(metavar="KIND/ID")],
    claims: Annotated[list[str] | None, typer.Argument(metavar="CLAIM...", help="All claims unless given.")] = None,
    by: By = None,
    evidence: Evidence = None,
    db: Database = None,
) -> None:
    """Say that claims were held against their documents, by somebody who did not enter them."""
    from haidang.faces.track_edits import confirm

    confirm(pack, record, claims or [], by, evidence, db)


@tracking.command("advance")
def track_advance(
    pack: Pack,
    commitment: Annotated[str, typer.Argument(metavar="COMMITMENT")],
    stage: Annotated[str | None, typer.Argument(metavar="[STAGE]", help="The stage that it reached.")] = None,
    on: Annotated[str | None, typer.Option("--on", help="The day, YYYY-MM-DD; today unless given.")] = None,
    source: Annotated[str | None, typer.Option(help="Id of the source that shows it.")] = None,
    passage: Annotated[str | None, typer.Option(help="Where in the source.")] = None,
    milestone: Annotated[str | None, typer.Option(help="Report on this milestone in place of a stage.")] = None,
    done: Annotated[float | None, typer.Option(help="The share of the milestone that is done, 0 to 1.")] = None,
    by: By = None,
    evidence: Evidence = None,
    db: Database = None,
) -> None:
    """Move a promise to its next stage, or report on a milestone, with evidence."""
    from haidang.faces.track_edits import advance

    advance(pack, commitment, stage, on, source, passage, milestone, done, by, evidence, db)


@tracking.command("adopt")
def track_adopt(
    pack: Pack,
    records: Annotated[list[str] | None, typer.Argument(metavar="KIND/ID...", help="All unless given.")] = None,
    prefer: Annotated[
        str | None, typer.Option(help="Whose value stands where both changed: files or database.")
    ] = None,
    by: By = None,
    db: Database = None,
    lang: Lang = "vi",
) -> None:
    """Take in what changed in the pack's files after the database took the record over."""
    from haidang.faces.track_edits import adopt

    adopt(pack, records or [], prefer, by, db, lang)


@tracking.command("history")
def track_history(
    pack: Pack,
    record: Annotated[str, typer.Argument(metavar="KIND/ID")],
    as_of: Annotated[str | None, typer.Option("--as-of", help="Only changes made by this day, YYYY-MM-DD.")] = None,
    db: Database = None,
    as_json: Json = False,
) -> None:
    """Who changed a record, when, and what."""
    from haidang.faces.track_edits import history

    history(pack, record, as_of, db, as_json)


@tracking.command("edit")
def track_edit(
    pack: Pack,
    commitment: Annotated[str, typer.Argument(metavar="COMMITMENT")],
    responsible: Annotated[str | None, typer.Option(help="The body that answers for it.")] = None,
    nobody: Annotated[bool, typer.Option("--nobody", help="No document names a body that answers for it.")] = False,
    due: Annotated[str | None, typer.Option(help="The day by which it should be delivered.")] = None,
    next_vi: Annotated[str | None, typer.Option(help="What comes next, in Vietnamese.")] = None,
    next_en: Annotated[str | None, typer.Option(help="What comes next, in English.")] = None,
    next_on: Annotated[str | None, typer.Option(help="When, YYYY-MM-DD.")] = None,
    milestone: Annotated[str | None, typer.Option(help="Id of a part of it that is new or changes.")] = None,
    milestone_vi: Annotated[str | None, typer.Option(help="Its title in Vietnamese.")] = None,
    milestone_en: Annotated[str | None, typer.Option(help="Its title in English.")] = None,
    milestone_due: Annotated[str | None, typer.Option(help="The day by which it should be done.")] = None,
    by: By = None,
    evidence: Evidence = None,
    db: Database = None,
) -> None:
    """Say who answers for a promise, by when, what comes next, and its parts."""
    from haidang.faces.track_answers import Told, edit

    parts = (milestone, milestone_vi, milestone_en, milestone_due)
    edit(pack, commitment, Told(responsible, nobody, due, next_vi, next_en, next_on, *parts), by, evidence, db)


@tracking.command("verify")
def track_verify(
    pack: Pack,
    db: Database = None,
    expect: Annotated[str | None, typer.Option(help="NUMBER:HASH of a change, as printed before.")] = None,
) -> None:
    """See that the log of changes is the one that was written."""
    from haidang.faces.track_edits import verify

    verify(pack, db, expect)


@tracking.command("import")
def track_import(
    pack: Pack,
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="JSON, XLSX, SDMX-CSV, a data package, or a folder of CSV files."),
    ],
    by: By = None,
    db: Database = None,
) -> None:
    """Read records from files into the database."""
    from haidang.faces.track_edits import import_files

    import_files(pack, files, by, db)


@tracking.command("export")
def track_export(
    pack: Pack,
    out: Annotated[Path, typer.Option(help="Folder of the files.")],
    form: Annotated[str, typer.Option("--format", help="csv, xlsx, json, sdmx or datapackage.")] = "csv",
    as_of: Day = None,
    db: Database = None,
) -> None:
    """Write records to files for others."""
    from haidang.faces.track import export

    export(pack, out, form, as_of, db)
