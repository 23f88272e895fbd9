"""Which of the units that somebody gave a run treats alike: what must be known before it is shown to everybody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl

from haidang.engine import Setting, treated_alike
from haidang.facts import FactBook
from haidang.results.groups import in_order
from haidang.study.draws import FactDraws


def reach_of(setting: Setting, book: FactBook, manifest: Mapping[str, Any]) -> pl.DataFrame:
    """For each unit its group, and the class of those that every scenario treats alike.

    Args:
        setting: of a run on units in memory.
        book: the facts as the run's designs suppose them; conditions are read at their stated values.
        manifest: of the run, for the grouping by which its units may be told apart.

    Returns:
        unit (its place by id), group, alike.
    """
    stated = FactDraws(book, setting.facts, 1, setting.seed)
    known = {name: [one["id"] for one in groups] for name, groups in manifest["groups"].items()}
    by = next(iter(in_order(known, manifest["groupings"])), None)
    return pl.DataFrame(
        {
            "unit": range(setting.source.rows),
            "group": [""] * setting.source.rows if by is None else _groups(setting, by, known[by]),
            "alike": treated_alike(setting, stated.of(0, setting.years)),
        }
    )


def _groups(setting: Setting, by: str, words: list[str]) -> list[str]:
    """The group of each unit; a flag's code is 0 for no and 1 for yes."""
    blocks = (setting.source.block(index) for index in range(setting.source.count))
    return [words[code] for block in blocks for code in np.asarray(block.units[by])[: block.rows].astype(int).tolist()]
