"""The main job's setting, ready to be simulated in this process."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from haidang.packs import load_pack
from haidang.study import Question, prepare

PACK = "hcmc"
PROGRAMME = "smart-manufacturing-credit"
ROWS = 50_000


def main_setting(variants: tuple[str, ...], rows: int = ROWS, draws: int = 16) -> tuple[Any, Callable[[int], Any]]:
    """The setting of baseline, programme and these variants, and the facts of a draw."""
    return setting_of(PROGRAMME, variants, rows, draws)


def setting_of(
    programme: str, variants: tuple[str, ...], rows: int | None, draws: int
) -> tuple[Any, Callable[[int], Any]]:
    """The setting of a programme of the pack, and the facts of a draw."""
    prepared = prepare(load_pack(PACK), Question(programme, variants, draws, 1, rows))
    return prepared.setting, lambda draw: prepared.facts.of(draw, prepared.setting.years)
