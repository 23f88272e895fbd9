"""What `haidang backtest` shows: programmes and series forecast from what was known, held against what came."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from haidang.errors import HaidangError
from haidang.faces.simulation import ProgressBar
from haidang.faces.words import console, language
from haidang.packs import Pack, load_pack

if TYPE_CHECKING:
    from haidang.learn.forecasts.run import SuiteResult

ALL = "all"
_HOME = "hcmc"
"""The pack that `haidang backtest all` means."""


def show_backtests(
    name: str, draws: int | None, seed: int, series: Path | None, out: Path | None, as_json: bool, lang: str
) -> None:
    """Run one backtest or suite of a pack, or all, print scores, and write what is asked for.

    Args:
        name: PACK/NAME, PACK, PACK/all, or `all` for the first city's.
        draws: how many; as each backtest says unless given.
        seed: of all chance.
        series: the file of a suite's series, or the folder with the files of all.
        out: folder of the reports.
        as_json: print one JSON document instead of tables.
        lang: of what is shown.

    Raises:
        HaidangError: there is no such backtest or suite, or a part of it is not as it should be.
    """
    from haidang.learn.forecasts.suite_file import suites_of

    spoken = language(lang)
    pack, one = _named(name)
    suites = suites_of(pack.root)
    if one is None:
        told = _programmes(pack, None, draws, seed, as_json, spoken, out)
        told += _suites(pack, list(suites), draws, seed, series, out, as_json, spoken, alone=False)
    elif one in suites:
        told = _suites(pack, [one], draws, seed, series, out, as_json, spoken, alone=True)
    else:
        told = _programmes(pack, one, draws, seed, as_json, spoken, out)
    if as_json:
        print(json.dumps(told, ensure_ascii=False, indent=2, sort_keys=True))


def _named(name: str) -> tuple[Pack, str | None]:
    """The pack and what is asked of it; none for everything."""
    if name == ALL:
        return load_pack(_HOME), None
    pack_name, slash, one = ("", "", "") if Path(name, "pack.yaml").is_file() else name.rpartition("/")
    pack = load_pack(pack_name if slash else name)
    return pack, None if not slash or one == ALL else one


def _programmes(
    pack: Pack, one: str | None, draws: int | None, seed: int, as_json: bool, lang: Any, out: Path | None
) -> list[dict[str, Any]]:
    from haidang.learn import backtest_table, run_backtests

    found = run_backtests(pack, names=None if one is None else (one,), draws=draws, seed=seed)
    if not as_json:
        console().print(backtest_table(found, lang))
    told = [result.as_json() for result in found]
    if out is not None:
        _write(out / f"{one or 'programmes'}.json", json.dumps(told, ensure_ascii=False, indent=2, sort_keys=True))
    return told


def _suites(
    pack: Pack, names: list[str], draws: int | None, seed: int, series: Path | None, out: Path | None,
    as_json: bool, lang: Any, *, alone: bool,
) -> list[dict[str, Any]]:  # fmt: skip
    """Each suite; among all, one whose file is not there is told of and left out, and says so in the JSON too."""
    from haidang.learn.forecasts.pack import load_series, suite_of
    from haidang.learn.forecasts.read import AbsentError
    from haidang.learn.forecasts.show import suite_table

    told: list[dict[str, Any]] = []
    for name in names:
        try:
            loaded = load_series(pack, name, series)
        except AbsentError as absent:
            if alone:
                raise
            print(f"haidang: {absent}", file=sys.stderr)
            title = dict(suite_of(pack, name).title)
            told.append({"id": name, "kind": "series", "title": title, "not_run": str(absent)})
            continue
        result = _run(pack, loaded, series, draws, seed, as_json)
        told.append(result.as_json())
        if not as_json:
            console().print(suite_table(result, lang))
        if out is not None:
            _report(result, out, lang, quiet=as_json)
    return told


def _run(pack: Pack, loaded: Any, series: Path | None, draws: int | None, seed: int, quiet: bool) -> SuiteResult:
    from haidang.learn.forecasts.pack import run_pack_suite
    from haidang.learn.forecasts.run import DRAWS

    try:
        with ProgressBar(quiet, loaded.suite.id) as progress:
            return run_pack_suite(pack, loaded, series, draws or DRAWS, seed, progress)
    except KeyboardInterrupt:
        print("haidang: interrupted; nothing was written of this suite", file=sys.stderr)
        raise SystemExit(130) from None


def _report(result: SuiteResult, out: Path, lang: Any, quiet: bool) -> None:
    from haidang.learn.forecasts.page import suite_html

    text = json.dumps(result.as_json(), ensure_ascii=False, indent=2, sort_keys=True)
    _write(out / f"{result.suite.id}.json", text)
    path = _write(out / f"{result.suite.id}.html", suite_html(result, lang))
    if not quiet:
        print(path)


def _write(path: Path, text: str) -> Path:
    from haidang.results.run import replace_bytes

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as mistake:
        raise HaidangError(f"expected a folder for reports, found: {mistake}") from None
    replace_bytes(path, text.encode())
    return path
