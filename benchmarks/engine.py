"""CPU time of whole draws, and of each compiled program in them."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import jax

from benchmarks.figure import Figure
from benchmarks.setting import ROWS, main_setting
from haidang.engine import simulate_draw

BOUND_NS = 15.0


def measure(small: bool) -> tuple[list[Figure], list[str]]:
    """Nanoseconds of CPU per unit, alternative, period and scenario of a draw; then milliseconds of each program."""
    rows, draws = (5_000, 3) if small else (ROWS, 8)
    figures: list[Figure] = []
    for title, variants in (("baseline and programme", ()), ("baseline, programme and all variants", ("all",))):
        setting, facts = main_setting(variants, rows)
        seconds = _draws(setting, facts, draws)
        decisions = rows * (len(setting.model.card.alternatives) + 1) * len(setting.years) * len(setting.scenarios)
        nanoseconds = tuple(1e9 * one / decisions for one in seconds)
        figures.append(Figure(f"whole run, {title}", "CPU ns", nanoseconds, "least", BOUND_NS))
        figures.append(Figure(f"one draw, {title}", "CPU ms", tuple(1e3 * one for one in seconds), "least"))
        figures += _programs(setting, facts, draws, title)
    note = "alternatives count the choice of nothing, which has its noise too; programs wait for their result here"
    return figures, [note]


def _draws(setting: Any, facts: Callable[[int], Any], draws: int) -> list[float]:
    with jax.enable_x64(True):
        for draw in range(2):
            simulate_draw(setting, draw, facts(draw))
        found: list[float] = []
        for draw in range(2, 2 + draws):
            given = facts(draw)
            begun = time.process_time()
            simulate_draw(setting, draw, given)
            found.append(time.process_time() - begun)
    return found


def _programs(setting: Any, facts: Callable[[int], Any], draws: int, title: str) -> list[Figure]:
    """CPU milliseconds a draw in each of the scenarios' compiled programs, and in all else."""
    spent: dict[str, float] = {}

    def timed(name: str, program: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            begun = time.process_time()
            found = jax.block_until_ready(program(*arguments))
            spent[name] = spent.get(name, 0.0) + time.process_time() - begun
            return found

        return call

    def watch(programs: Any) -> Any:
        return replace(programs, **{one.name: timed(one.name, getattr(programs, one.name)) for one in fields(programs)})

    watched = replace(setting, programs=tuple(watch(one) for one in setting.programs))
    rows: list[dict[str, float]] = []
    with jax.enable_x64(True):
        for draw in range(draws):
            given = facts(draw)
            spent.clear()
            begun = time.process_time()
            simulate_draw(watched, draw, given)
            total = time.process_time() - begun
            rows.append({**spent, "noise, sums and all else": total - sum(spent.values())})
    return [
        Figure(f"  {name}, {title}", "CPU ms", tuple(1e3 * row[name] for row in rows), "least") for name in rows[-1]
    ]
