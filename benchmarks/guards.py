"""What keeps the kernel fast, looked at directly, because a new XLA may move it: run this after every upgrade."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import jax
import numpy as np
from jax import monitoring

from benchmarks.clock import calibration_seconds, cpu_seconds
from benchmarks.figure import Figure
from benchmarks.logit.ours import arguments, choose
from benchmarks.logit.ours import prepare as prepare_ours
from benchmarks.logit.work import make_work
from benchmarks.setting import main_setting
from haidang.engine import simulate_draw
from haidang.engine.draw import _Draw

_PARITY = "466688986"
"""A constant of Threefry: the computation that holds it holds the generator."""
_SUMS = ("reduce(", "scatter(", "reduce-window(")


def measure(small: bool) -> tuple[list[Figure], list[str]]:
    """Time relative to a plain loop; fusions and sums in the compiled text; compilations of a second run."""
    work = make_work(100_000)
    once = prepare_ours(work)
    plain = calibration_seconds() / 1e6
    relative = tuple(one / work.decisions / plain for one in cpu_seconds(once))
    kernel = jax.jit(choose).lower(*arguments(work)).compile().as_text()
    setting, facts = main_setting((), 2_000)
    with jax.enable_x64(True):
        wishes = [_wish_text(setting, facts, place) for place in range(len(setting.scenarios))]
        compiled = _compilations(lambda: [simulate_draw(setting, draw, facts(draw)) for draw in range(3)])
    del small
    return [
        Figure("kernel, relative to a plain Python addition", "times", relative, "least", note=f"{plain * 1e9:.1f} ns"),
        Figure("kernel: fusions over units", "", (float(fusions(kernel)),), bound=1.0),
        Figure("kernel: sums in the generator's program", "", (float(sums(kernel)),), bound=0.0),
        Figure("wish: most fusions over units", "", (float(max(map(fusions, wishes))),), bound=1.0),
        Figure("wish: sums in it", "", (float(max(map(sums, wishes))),), bound=0.0),
        Figure("compilations in a second run of the same setting", "", (float(compiled),), bound=0.0),
    ], []


def fusions(text: str) -> int:
    """How many fusions of a compiled program run over units: those whose result is no scalar."""
    entry = text[text.index("ENTRY") :]
    shapes = re.findall(r"= \(?\w+\[([\d,]*)\]\S* fusion\(", entry)
    return sum(1 for shape in shapes if shape and np.prod([int(one) for one in shape.split(",")]) > 1)


def sums(text: str) -> int:
    """How many reductions a compiled program holds; a program that draws or chooses must hold none."""
    return sum(text.count(f" {word}") for word in _SUMS)


def holds_generator(text: str) -> bool:
    """Whether a compiled program draws random numbers."""
    return _PARITY in text


def _wish_text(setting: Any, facts: Callable[[int], Any], place: int) -> str:
    """The compiled text of a scenario's choice program."""
    draw = _Draw(setting, 0, facts(0))
    draw._begin()
    block = setting.source.block(0)
    view = draw._view(place, block, 0, draw.nobody)
    return setting.programs[place].wish.lower(view, draw._noise(block, 0)).compile().as_text()


def _compilations(run: Callable[[], object]) -> int:
    """How many programs are compiled while a call runs that ran before."""
    run()
    heard: list[str] = []

    def listen(event: str, seconds: float, **_: Any) -> None:
        if event.endswith("backend_compile_duration"):
            heard.append(event)

    monitoring.register_event_duration_secs_listener(listen)
    run()
    return len(heard)
