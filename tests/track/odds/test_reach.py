"""Stage survival given rates against closed forms, and its odds against promises that were simulated."""

from __future__ import annotations

import itertools
import math
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from haidang.track.odds import StageWait, arrival, reaches, stage_waits, together
from haidang.track.odds.priors import STAGES

ORDER = ("signed", "planned", "running", "delivered")
SURE = 10**7


def known(name: str, moves: float, lapses: float) -> StageWait:
    """A stage whose rates a year are all but known."""
    return StageWait(name, round(SURE * moves), round(SURE * lapses), float(SURE), 1e-6, 0.0, 1e-6)


@given(st.floats(0.05, 4.0), st.floats(0.0, 2.0), st.floats(0.1, 8.0))
def test_one_stage_of_known_rates_is_exponential_with_competing_risks(moves: float, lapses: float, years: float):
    found = reaches({"running": known("running", moves, lapses)}, ("running", "delivered"), "delivered", 10.0)
    mean, (low, high) = together([(found["running"], years)])
    closed = moves / (moves + lapses) * -math.expm1(-(moves + lapses) * years)
    assert mean == pytest.approx(closed, abs=2e-3)
    assert low == pytest.approx(closed, abs=4e-3)
    assert high == pytest.approx(closed, abs=4e-3)


@pytest.mark.parametrize("years", [0.5, 2.0, 6.0])
def test_two_stages_of_known_rates_are_the_closed_form_of_two_exponentials(years: float):
    (m1, l1), (m2, l2) = (0.9, 0.3), (0.4, 0.1)
    stages = {"planned": known("planned", m1, l1), "running": known("running", m2, l2)}
    found = reaches(stages, ("planned", "running", "delivered"), "delivered", 8.0)
    a, b = m1 + l1, m2 + l2
    closed = m1 / a * m2 / b * (1 - (b * math.exp(-a * years) - a * math.exp(-b * years)) / (b - a))
    assert together([(found["planned"], years)])[0] == pytest.approx(closed, abs=1e-3)
    assert float(found["planned"].at(years).mean()) == pytest.approx(closed, abs=1e-3)


def test_the_mean_over_equally_likely_rates_is_the_integrated_probability():
    waits = stage_waits([], date(2026, 1, 1))
    order = tuple(STAGES)
    for name, found in reaches(waits, order, "delivered", 6.0).items():
        for years in (1.0, 3.0, 6.0):
            assert float(found.at(years).mean()) == pytest.approx(found.mean.by(years), abs=0.02), name


def test_two_promises_that_share_their_rates_are_likelier_both_kept_than_by_independence():
    waits = stage_waits([], date(2026, 1, 1))
    found = reaches(waits, tuple(STAGES), "delivered", 6.0)["running"]
    one, _ = together([(found, 4.0)])
    both, (low, high) = together([(found, 4.0), (found, 4.0)])
    assert one**2 < both < one
    assert low <= both <= high


def test_the_range_closes_as_the_record_grows():
    few = reaches({"running": StageWait("running", 1, 0, 1.0, 1.0, 0.125, 1.0)}, ("running", "d"), "d", 5.0)
    many = reaches({"running": StageWait("running", 100, 10, 100.0, 1.0, 0.125, 1.0)}, ("running", "d"), "d", 5.0)
    widths = [np.subtract(*reversed(together([(one["running"], 2.0)])[1])) for one in (few, many)]
    assert widths[1] < 0.4 * widths[0]


def test_the_odds_are_calibrated_on_promises_whose_rates_come_from_the_prior():
    """Rates from the prior, a record of twelve promises watched for three years, and one more promise to tell."""
    random = np.random.default_rng(11)
    start, today = date(2020, 1, 1), date(2023, 1, 1)
    priors = {name: STAGES[name] for name in ORDER[:-1]}
    told: list[float] = []
    came: list[bool] = []
    for _ in range(500):
        rates = {
            name: (random.gamma(one.moved) / one.years, random.gamma(one.lapsed) / one.years)
            for name, one in priors.items()
        }
        histories = [_walk(random, rates, start, today) for _ in range(12)]
        waits = stage_waits(histories, today, None, priors)
        told.append(arrival([waits[name] for name in ORDER[:-1]], 2.0).by(2.0))
        came.append(_walk(random, rates, today, today + timedelta(days=730))[-1][0] == "delivered")
    chances, outcomes = np.array(told), np.array(came, np.float64)
    spread = math.sqrt(float(np.sum(chances * (1 - chances)))) / len(told)
    assert abs(outcomes.mean() - chances.mean()) < 3.5 * spread
    for low, high in ((0.0, 0.2), (0.2, 0.5), (0.5, 1.01)):
        some = (chances >= low) & (chances < high)
        assert some.sum() > 30
        close = 3.5 * math.sqrt(float(np.sum(chances[some] * (1 - chances[some])))) / some.sum()
        assert abs(outcomes[some].mean() - chances[some].mean()) < close + 0.01


def _walk(
    random: np.random.Generator, rates: dict[str, tuple[float, float]], start: date, end: date
) -> list[tuple[str, date]]:
    """A promise that goes through its stages from a day on, as far as it came by another."""
    found, years = [(ORDER[0], start)], 0.0
    for name, following in itertools.pairwise(ORDER):
        moves, lapses = rates[name]
        years += random.exponential(1.0) / max(moves + lapses, 1e-12)
        day = start + timedelta(days=min(365.2425 * years, 1e5))
        if day > end:
            break
        if random.random() >= moves / (moves + lapses):
            found.append(("lapsed", day))
            break
        found.append((following, day))
    return found


@pytest.mark.parametrize(
    ("goal", "years", "published"),
    [("planned", 5.3, 0.72), ("funded", 5.3, 0.72), ("planned", 2.0, 0.89), ("delivered", 10.0, 0.094)],
)
def test_what_others_published_of_memoranda_lies_within_the_assumed_range(goal: str, years: float, published: float):
    # Tamil Nadu, memoranda of 2015 and 2019 at the end of 2020, and what its critics said (The New Indian Express,
    # 31 December 2020): at least buying land or asking for permits, which lies between planned and funded.
    order = tuple(STAGES)
    waits = {name: StageWait(name, 0, 0, 0.0, one.moved, one.lapsed, one.years) for name, one in STAGES.items()}
    found = reaches(waits, (*order, "evaluated"), goal, years)["signed"]
    mean, (low, high) = together([(found, years)])
    assert low < published < high
    assert 0.3 < mean < 0.8
