"""Learning from what happened: forecasts held against outcomes, behaviour and facts fitted, pilots and their effects.

Rooms of its own: `fit` (choices from data, facts from published figures), `forecasts` (series beside rivals), `pilot`
and `monitor` (design, lots, power, register, looking on), `evaluate` (the effect, by the design's own method).
Given: a pack with backtests (`backtests/*.yaml`) and calibrations, its facts, populations and models; data of a pilot.
Gives: `run_backtests`, forecasts of programmes whose outcome is known from what was known before, with scores;
`backtest_mistakes`, what keeps them from running; and `python -m haidang.learn.calibrate PACK`, facts at which a
model's baseline reaches published rates.
Never: reads an outcome before the forecast is made, sets a parameter of a backtest, runs a model outside the engine.

A file (`backtest_file`, `quantity`) says what is forecast; a forecast reads a sealed book: the facts it names, each
known by its cutoff, and nothing else (`sealed`, `leak`, `check`). Units are built from that book (`built`) or laid out
anew in each draw (`customers`, `laid`). What came is opened last (`came`), scored (`scores`, `rank`), told (`result`).
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from haidang.learn.backtest import backtests_of, run_backtests
    from haidang.learn.backtest_file import BacktestFile, load_backtest
    from haidang.learn.leak import LeakError, seal
    from haidang.learn.quantity import BacktestError
    from haidang.learn.rank import RankOrder, rank_order
    from haidang.learn.result import BacktestResult, Held
    from haidang.learn.scores import crps, crps_of_normal, crps_of_point, inside
    from haidang.learn.sealed import backtest_mistakes
    from haidang.learn.show import backtest_table

__all__ = [
    "BacktestError",
    "BacktestFile",
    "BacktestResult",
    "Held",
    "LeakError",
    "RankOrder",
    "backtest_mistakes",
    "backtest_table",
    "backtests_of",
    "crps",
    "crps_of_normal",
    "crps_of_point",
    "inside",
    "load_backtest",
    "rank_order",
    "run_backtests",
    "seal",
]

_HOMES = {
    "BacktestError": "quantity",
    "BacktestFile": "backtest_file",
    "BacktestResult": "result",
    "Held": "result",
    "LeakError": "leak",
    "RankOrder": "rank",
    "backtest_mistakes": "sealed",
    "backtest_table": "show",
    "backtests_of": "backtest",
    "crps": "scores",
    "crps_of_normal": "scores",
    "crps_of_point": "scores",
    "inside": "scores",
    "load_backtest": "backtest_file",
    "rank_order": "rank",
    "run_backtests": "backtest",
    "seal": "leak",
}
"""The module of each public name: a check of a pack needs one of them and must not pay for the engine."""


def __getattr__(name: str) -> Any:
    """A public name, from its module, which is imported now."""
    if name not in _HOMES:
        raise AttributeError(name)
    return getattr(import_module(f"haidang.learn.{_HOMES[name]}"), name)
