"""A small pilot for the tests, and units for it."""

from pathlib import Path

import numpy as np
import polars as pl

from haidang.learn.pilot.declaration import Declaration
from haidang.learn.pilot.declaration_file import load_declaration

PLAN = """
id: advice
title: {vi: Tư vấn, en: Advice}
question: {vi: Có tác dụng không?, en: Does it work?}
years: 2026..2027
units: {size: 60, strata: [sector]}
arms:
  control: {title: {vi: Đối chứng, en: Control}, share: 50 %}
  advised: {title: {vi: Tư vấn, en: Advised}, share: 50 %}
assignment: {rule: stratified}
outcome: {column: level, unit: level, better: more, between: [0, 10]}
covariates: [employees]
smallest_worthwhile: 0.5
dates: {start: 2026-01-01, end: 2027-12-31}
guardrails:
  default: {title: {vi: Vỡ nợ, en: Default}, kind: rate, column: bad, at_most: 10 %, between: [0, 1]}
stop:
  - {on: default, reason: {vi: Vỡ nợ nhiều, en: Too many default}}
"""


def plan(folder: Path, *changes: tuple[str, str]) -> Path:
    """The declaration's file, some of its texts replaced."""
    text = PLAN
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    path = folder / "pilot.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def declared(folder: Path, *changes: tuple[str, str]) -> Declaration:
    """The declaration with some of its texts replaced."""
    return load_declaration(plan(folder, *changes))


def units(count: int = 60, seed: int = 0) -> pl.DataFrame:
    """Units with what the rules read."""
    generator = np.random.default_rng(seed)
    return pl.DataFrame(
        {
            "id": [f"f{place:03d}" for place in range(count)],
            "sector": generator.choice(["food", "metal", "other"], count),
            "employees": generator.integers(10, 300, count),
            "revenue": generator.lognormal(3.0, 1.0, count),
            "ward": [f"w{place // 6}" for place in range(count)],
        }
    )
