"""Series and suites to try forecasts on, where the truth is known."""

import numpy as np

from haidang.errors import Place
from haidang.learn.forecasts.observed import Observed
from haidang.learn.forecasts.suite_file import Suite

WORDS = {"vi": "thử", "en": "trial"}


def suite(**given):
    """A suite of shares in per cent, cut at its first third unless said otherwise."""
    told = {
        "id": "trial", "title": WORDS, "file": "trial.csv", "source": "nobody",
        "columns": {"series": "name", "time": "year", "value": "share"}, "where": {}, "unit": "%", "top": 100.0,
        "resolution": 0.5, "by_share": True, "origins": (1 / 3,), "pool": "whole", "beside": None, "model": None,
        "note": None, "place": Place("trial.yaml"),
    }  # fmt: skip
    return Suite(**{**told, **given})


def grown(name, ceiling, innovation, imitation, years=18, noise=0.0, begin=1990.0, seed=1):
    """A Bass curve in per cent, seen with a little error."""
    t = np.arange(years) + 1.0
    left = np.exp(-(innovation + imitation) * t)
    share = ceiling * (1 - left) / (1 + imitation / innovation * left)
    share = share + noise * np.random.default_rng(seed).standard_normal(years)
    return Observed(name, begin + np.arange(years), np.clip(share, 0.0, 100.0))


def panel():
    """Four technologies that spread at different paces to different ceilings."""
    return (
        grown("ploughs", 95.0, 0.02, 0.30, noise=0.5, seed=1),
        grown("looms", 80.0, 0.01, 0.40, noise=0.5, seed=2),
        grown("pumps", 60.0, 0.03, 0.20, noise=0.5, seed=3),
        grown("lamps", 99.0, 0.02, 0.50, noise=0.5, seed=4),
    )
