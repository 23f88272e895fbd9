"""A pack's suites of series: what each is made of, found, checked and run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from haidang.errors import HaidangError, did_you_mean
from haidang.learn.forecasts.suite_file import Modelled, Suite, SuiteError, load_suite, suites_of
from haidang.packs import Pack

if TYPE_CHECKING:
    from haidang.learn.forecasts.observed import Observed
    from haidang.learn.forecasts.run import Progress, SuiteResult

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Loaded:
    """A suite with the file it found."""

    suite: Suite
    series: tuple[Observed, ...]


def suite_of(pack: Pack, name: str) -> Suite:
    """A suite of a pack, its references checked.

    Raises:
        SuiteError: there is no such suite, or it names another or a backtest that is not there.
    """
    files = suites_of(pack.root)
    if name not in files:
        hint = did_you_mean(name, files)
        raise SuiteError(f"expected a suite of series of the pack, found '{name}'", None, hint)
    suite = load_suite(files[name])
    if suite.beside is not None and suite.beside not in files:
        hint = did_you_mean(suite.beside, files)
        raise SuiteError(f"expected another suite, found '{suite.beside}'", suite.place.at("beside"), hint)
    if suite.model is not None:
        _check_model(pack, suite.model)
    return suite


def suite_mistakes(pack: Pack) -> tuple[HaidangError, ...]:
    """What is wrong with a pack's suites, the first mistake of each. Opens no series."""
    found: list[HaidangError] = []
    for name in suites_of(pack.root):
        try:
            suite_of(pack, name)
        except HaidangError as mistake:
            found.append(mistake)
    return tuple(found)


def load_series(pack: Pack, name: str, where: Path | None) -> Loaded:
    """A suite and its series.

    Args:
        pack: the pack.
        name: of the suite.
        where: the file of the series or its folder; the working folder where none is given.

    Raises:
        SuiteError: the file is not there, or not as declared.
    """
    from haidang.learn.forecasts.read import find_file, read_series

    suite = suite_of(pack, name)
    return Loaded(suite, read_series(suite, find_file(suite, where)))


def run_pack_suite(
    pack: Pack, loaded: Loaded, where: Path | None, draws: int, seed: int, progress: Progress | None = None
) -> SuiteResult:
    """Run a suite of a pack, with the series of the suite beside it and the forecasts of the pack's model.

    Args:
        pack: the pack.
        loaded: the suite.
        where: the folder of the series, which also has those of the suite beside it.
        draws: of each forecast.
        seed: of all chance.
        progress: called with how many forecasts are made and how many there are.

    Raises:
        HaidangError: a file or a part of it is not as it should be.
    """
    from haidang.learn.forecasts.run import run_suite
    from haidang.study import prepare_jax

    suite = loaded.suite
    beside = None
    if suite.beside is not None:
        folder = where.parent if where is not None and where.is_file() else where
        other = load_series(pack, suite.beside, folder)
        beside = (other.suite, other.series)
    prepare_jax()
    modelled = None if suite.model is None else _modelled(pack, suite.model, draws, seed)
    return run_suite(suite, loaded.series, beside, modelled, draws=draws, seed=seed, progress=progress)


def _check_model(pack: Pack, model: Modelled) -> None:
    from haidang.learn.backtest_file import load_backtest

    if model.backtest not in pack.backtests:
        hint = did_you_mean(model.backtest, pack.backtests)
        raise SuiteError(f"expected a backtest of the pack, found '{model.backtest}'", model.place, hint)
    known = [one.id for one in load_backtest(pack.backtests[model.backtest], pack.book).quantities]
    for name in model.quantities.values():
        if name not in known:
            hint = did_you_mean(name, known)
            raise SuiteError(f"expected a quantity of '{model.backtest}', found '{name}'", model.place, hint)


def _modelled(pack: Pack, model: Modelled, draws: int, seed: int) -> Mapping[float, Numbers]:
    """The draws of the pack's own backtest by time, in the unit in which its outcome is stated."""
    from haidang.learn.backtest import run_backtests

    found = {one.id: one for one in run_backtests(pack, [model.backtest], draws, seed)}
    return {time: found[f"{model.backtest}/{name}"].held[0].draws for time, name in model.quantities.items()}
