"""The main job's setting, ready to be simulated in this process."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from haidang.packs import load_pack
from haidang.study import Question, prepare_jax, scenarios_of, setting_of, units_of
from haidang.study.draws import FactDraws, facts_read

PACK = "hcmc"
PROGRAMME = "smart-manufacturing-credit"
ROWS = 50_000


def main_setting(variants: tuple[str, ...], rows: int = ROWS, draws: int = 16) -> tuple[Any, Callable[[int], Any]]:
    """The setting of baseline, programme and these variants, and the facts of a draw."""
    prepare_jax()
    pack = load_pack(PACK)
    question = Question(PROGRAMME, variants, draws, 1, rows)
    programmes = scenarios_of(pack, question)
    card = pack.model(programmes[0][1].model).card
    _, source = units_of(pack, card, question)
    drawn = FactDraws(pack.book, facts_read(pack.book, card, [one for _, one in programmes]), draws, 1)
    setting = setting_of(pack, programmes, source, drawn.names, 1)
    return setting, lambda draw: drawn.of(draw, setting.years)
