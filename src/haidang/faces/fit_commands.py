"""`haidang fit`: coefficients from observed choices, facts from published figures."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def fit(
    name: Annotated[
        str, typer.Argument(metavar="PACK/MODEL", help="A model of a pack that says how it is fitted, or a YAML file.")
    ],
    data: Annotated[
        Path | None, typer.Option(help="The choices: CSV, Parquet, Excel. Published figures need none.")
    ] = None,
    out: Annotated[Path | None, typer.Option(metavar="FACTS", help="Write what was found to this YAML file.")] = None,
    pack: Annotated[str, typer.Option(help="The pack whose sources and models a YAML file names.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    lang: Annotated[str, typer.Option("--lang", help="Language of what is shown: vi or en.")] = "en",
) -> None:
    """Estimate a model's choices from data, or its uncertain facts from published figures; write them as facts."""
    from haidang.faces.fitting import fit_and_show

    fit_and_show(name, data, out, pack, as_json, lang)
