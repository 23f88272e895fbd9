"""What a run says, and how it is told.

For: reading a finished run from its folder, comparing its scenarios draw by draw, and telling the answer as a report,
figures, a workbook, a terminal table or JSON.
Given: the tables of a run (the engine hands them to `write_run`), a manifest, and the words and sources of its facts.
Gives: effects with intervals, additional and deadweight parts, money against its line, prices, chances that a variant
does better, the facts that carry the variance, and the chain from a result to its sources.
Never: runs a model, reads a pack, changes a run, shows half a run as whole, or prints a number where a ratio has no
meaning. Nothing here imports jax; altair and what draws are imported when a figure is asked for.
Words on screen come from two catalogues, Vietnamese and English, with the same keys.
"""

from haidang.results.budgets import CapacityUsed, MoneyUsed, capacity_used, money_used
from haidang.results.compare import (
    Additionality,
    Chance,
    Ratio,
    additionality,
    chance_better,
    chance_better_per_cost,
    cost_per,
    effect,
    effects,
    gain_per_cost,
    horizon_effect,
    public_cost,
)
from haidang.results.headline import Headline, headlines
from haidang.results.held import HeldRun, hold_run
from haidang.results.overview import OverviewRow, Score, overview, overview_json, overview_table
from haidang.results.paired import Paired, paired
from haidang.results.points import Points, points
from haidang.results.report import (
    Addresses,
    headline_json,
    report_body,
    report_html,
    report_style,
    run_figures,
    write_figures,
    write_report,
)
from haidang.results.run import (
    DamagedRunError,
    ForeignRunError,
    Run,
    RunWriteError,
    UnfinishedRunError,
    UnknownNameError,
    open_run,
    write_backtests,
    write_run,
)
from haidang.results.schema import table_schema
from haidang.results.terminal import terminal_table
from haidang.results.variance import Share, Shares, carriers, variance_shares
from haidang.results.why import Chain, Link, explain, render_chain
from haidang.results.wording import answer
from haidang.results.workbook import write_workbook

__all__ = [
    "Additionality",
    "Addresses",
    "CapacityUsed",
    "Chain",
    "Chance",
    "DamagedRunError",
    "ForeignRunError",
    "Headline",
    "HeldRun",
    "Link",
    "MoneyUsed",
    "OverviewRow",
    "Paired",
    "Points",
    "Ratio",
    "Run",
    "RunWriteError",
    "Score",
    "Share",
    "Shares",
    "UnfinishedRunError",
    "UnknownNameError",
    "additionality",
    "answer",
    "capacity_used",
    "carriers",
    "chance_better",
    "chance_better_per_cost",
    "cost_per",
    "effect",
    "effects",
    "explain",
    "gain_per_cost",
    "headline_json",
    "headlines",
    "hold_run",
    "horizon_effect",
    "money_used",
    "open_run",
    "overview",
    "overview_json",
    "overview_table",
    "paired",
    "points",
    "public_cost",
    "render_chain",
    "report_body",
    "report_html",
    "report_style",
    "run_figures",
    "table_schema",
    "terminal_table",
    "variance_shares",
    "write_backtests",
    "write_figures",
    "write_report",
    "write_run",
    "write_workbook",
]
