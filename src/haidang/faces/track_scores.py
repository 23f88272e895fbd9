"""What `haidang track score` shows: kept forecasts held against what came."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from haidang.faces.track import records_of, store_of
from haidang.faces.words import CommandError, console, language
from haidang.packs import Pack, load_pack

if TYPE_CHECKING:
    from haidang.results.manifest import Language
    from haidang.track.odds import Archived, Bin, Scored


def score_kept(pack_name: str, path: Path | None, db: str | None, as_json: bool, lang: str) -> None:
    """Print how kept forecasts did: each one, and whether what was called likely was likely.

    Raises:
        HaidangError: the archive is not there or was changed, or the pack cannot be read.
    """
    from haidang.track.forecasts import score
    from haidang.track.odds import reliability

    spoken, pack = language(lang), load_pack(pack_name)
    found = score(records_of(pack, db, None), _kept(pack, path, db), date.today())
    told = [(one.forecast.told, one.happened) for one in found if one.forecast.told is not None]
    bins = reliability([said for said, _ in told], [happened for _, happened in told]) if told else ()
    if as_json:
        whole = {"forecasts": [_row(one) for one in found], "reliability": [asdict(one) for one in bins]}
        print(json.dumps(whole, ensure_ascii=False, indent=2))
        return
    _print(found, bins, spoken)


def _kept(pack: Pack, path: Path | None, db: str | None) -> Sequence[Archived]:
    """The forecasts of a file, or of the database where no file is named."""
    if path is not None:
        from haidang.track.odds import read

        if not path.is_file():
            raise CommandError(f"expected an archive of forecasts, found no file '{path}'")
        return read(path)
    store = store_of(pack, db, must_be_there=True)
    if store is None:
        hint = "name one with --db, or a file with --archive"
        raise CommandError(f"expected a database with forecasts, found no file 'track-{pack.id}.sqlite3'", None, hint)
    return store.forecasts()


def _row(one: Scored) -> dict[str, Any]:
    return {
        "target": one.forecast.target,
        "made": one.forecast.made.isoformat(),
        "by": one.forecast.by.isoformat(),
        "probability": one.forecast.told,
        "came": one.came.value,
        "source": one.came.source,
        "happened": one.happened,
        "brier": one.brier,
        "crps": one.crps,
    }


def _print(found: Sequence[Scored], bins: Sequence[Bin], spoken: Language) -> None:
    from rich.table import Table

    from haidang.track.say import Say

    say, screen = Say(spoken), console()
    for one in found:
        screen.print("  ".join(f"{key}: {value}" for key, value in _row(one).items()), highlight=False, markup=False)
    scores = [one.brier for one in found if one.brier is not None]
    mean = f"{sum(scores) / len(scores):.3f}" if scores else "–"
    screen.print(say.word("scored", count=len(found), brier=mean), highlight=False, markup=False)
    if not bins:
        return
    table = Table(title=say.word("reliability"), title_justify="left", caption=say.word("reliability_intro"))
    for key in ("between", "scored_count", "said_share", "came_share"):
        table.add_column(say.word(key), justify="right")
    for one in bins:
        ends = f"{say.share(one.low)} – {say.share(one.high)}"
        table.add_row(ends, str(one.count), say.share(one.said), say.share(one.happened))
    screen.print(table)
