"""Learning from what happened: forecasts held against outcomes, and facts fitted to published rates.

Given: a pack with backtests (`backtests/*.yaml`) and calibrations, its facts and models.
Gives: `run_backtests`, forecasts of programmes whose outcome is known from what was known before, with scores; and
`python -m haidang.learn.calibrate PACK`, facts at which a model's baseline reaches published rates.
Never: reads an outcome before the forecast is made, sets a parameter of a backtest, runs a model outside the engine.

A backtest reads a sealed book: the facts that its file lists, each known by its cutoff, and nothing else (`seal`). All
its draws are laid side by side and simulated as one (`laid`). Scores are in `scores`.
"""

from haidang.learn.backtest import BacktestResult, run_backtests
from haidang.learn.backtest_file import BacktestError, BacktestFile, load_backtest
from haidang.learn.scores import crps, crps_of_normal, crps_of_point, inside
from haidang.learn.seal import LeakError, seal
from haidang.learn.show import backtest_table

__all__ = [
    "BacktestError",
    "BacktestFile",
    "BacktestResult",
    "LeakError",
    "backtest_table",
    "crps",
    "crps_of_normal",
    "crps_of_point",
    "inside",
    "load_backtest",
    "run_backtests",
    "seal",
]
