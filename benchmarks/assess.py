"""A campaign of 100,000 assessments, scored and compared with peers, from memory."""

from __future__ import annotations

import gc
import time
from datetime import date

import numpy as np

from benchmarks.clock import forget_peak, peak_bytes
from benchmarks.figure import Figure
from haidang.frameworks import Campaign, Evidence, Factory, benchmarks, find_framework, score
from haidang.frameworks.assessment import DOCUMENTED, NO, NOT_ANSWERED, NOT_APPLICABLE, VERIFIED, YES
from haidang.frameworks.benchmarks import Benchmarks
from haidang.frameworks.framework import SECTORS, SIZES

FACTORIES = 100_000


def measure(small: bool) -> tuple[list[Figure], list[str]]:
    """Seconds from raw answers to levels and benchmarks, where neither was made before, and the peak of memory."""
    campaign = _campaign(2_000 if small else FACTORIES)
    gc.collect()
    forget_peak()
    scored, compared, found = _timed(campaign)
    scored_again, compared_again, _ = _timed(campaign)
    shown = sum(one.shown == "cell" for one in found.values())
    size = f"{len(campaign):,} assessments, {campaign.answers.shape[1]} criteria"
    return [
        Figure("scored and compared, the first time", "s", (scored + compared,), bound=10.0, note=size),
        Figure("of that: scored", "s", (scored,)),
        Figure("of that: compared with peers", "s", (compared,)),
        Figure("again in the same process", "s", (scored_again + compared_again,), note="intervals' ranks are kept"),
        Figure("peak memory of the process", "GB", (peak_bytes() / 1e9,), bound=1.0, note="answers included"),
    ], [f"{shown} of {len(found)} comparisons are of a cell of sector and size"]


def _timed(campaign: Campaign) -> tuple[float, float, Benchmarks]:
    """Seconds of scoring and of comparing, and the comparisons."""
    begun = time.perf_counter()
    scores = score(campaign)
    middle = time.perf_counter()
    found = benchmarks(campaign, scores)
    return middle - begun, time.perf_counter() - middle, found


def _campaign(factories: int) -> Campaign:
    """Invented answers: a factory's skill is normal, and a criterion is met the less often the higher its level."""
    framework = find_framework("smart-responsible")
    random = np.random.default_rng(1)
    skill = random.normal(2.0, 1.2, factories)
    shape = factories, len(framework.criteria)
    answers, statuses = np.empty(shape, np.int8), np.zeros(shape, np.int8)
    for at, criterion in enumerate(framework.criteria):
        met = random.random(factories) < 1.0 / (1.0 + np.exp(2.0 * (criterion.level - 1.0 - skill)))
        chance = random.random(factories)
        own = np.where(met, YES, NO)
        own[chance < 0.04] = NOT_ANSWERED
        own[chance > 0.98] = NOT_APPLICABLE
        answers[:, at] = own
        statuses[:, at] = np.where(random.random(factories) < 0.5, DOCUMENTED, VERIFIED)
    day = date(2026, 11, 22)
    sectors: list[int] = random.integers(len(SECTORS), size=factories).tolist()
    sizes: list[int] = random.integers(len(SIZES), size=factories).tolist()
    who = tuple(
        Factory(f"f{row}", f"Factory {row}", SECTORS[sector], SIZES[size], day, "an assessor")
        for row, (sector, size) in enumerate(zip(sectors, sizes, strict=True))
    )
    piece = (Evidence("document", None, None, date(2025, 1, 1), date(2026, 1, 1)),)
    columns: list[int] = random.integers(shape[1], size=factories).tolist()
    return Campaign(framework, who, answers, statuses, {(row, at): piece for row, at in enumerate(columns)})
