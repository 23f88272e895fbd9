"""The weight of our paths beside the mean pace: learned from trials, by the two things a suite is judged by."""

import numpy as np
import pytest
from scipy.stats import norm

from haidang.learn.forecasts.diffusion import Bounds, Pool
from haidang.learn.forecasts.mixed import (
    FOLDS,
    best_weight,
    learn_weight,
    mixed,
    trials_across,
    trials_before,
    trials_within,
)
from haidang.learn.forecasts.scored import inside_of
from haidang.learn.scores import crps
from tests.learn.forecasts.worlds import panel

BOUNDS = Bounds(100.0, 0.5)
SERIES = [(one.id, one, BOUNDS) for one in panel()]


def normal(mean, spread, count=400):
    """As many points of a normal distribution, shuffled."""
    points = norm(mean, spread).ppf((np.arange(count) + 0.5) / count)
    return np.random.default_rng(1).permutation(points)[None, :]


def test_the_weight_of_two_point_forecasts_is_where_the_quadratic_has_its_lowest_point():
    # CRPS of w at distance a on one side and 1 - w at distance b on the other: w a + (1 - w) b - w (1 - w) (a + b).
    # Its lowest point is w = b / (a + b); a wide unit lets the intervals of every weight hold.
    a, b = 1.0, 3.0
    one = (np.full((1, 400), 10.0 + a), np.full((1, 400), 10.0 - b), np.array([10.0]), 1e-9)
    # A trial in ten that neither holds keeps the coverage of a true mixture at 90 %.
    far = (np.full((1, 400), 10.0 + a), np.full((1, 400), 10.0 - b), np.array([1e3]), 1e-9)
    found = best_weight([one] * 9 + [far])
    scores = {w: 0.9 * (w * a + (1 - w) * b) + 0.1 * (w * (990 - a) + (1 - w) * (990 + b)) - w * (1 - w) * (a + b)
              for w in np.linspace(0.1, 0.9, 17)}  # fmt: skip
    assert found.weight == pytest.approx(min(scores, key=scores.get))
    assert found.crps == pytest.approx(min(scores.values()))
    assert found.coverage == pytest.approx(0.9)


def test_a_nearer_mixture_whose_intervals_fail_in_training_is_passed_over():
    # The pace is nearer and far too sure of itself; only with enough of ours do intervals reach what came.
    came = 0.5 * np.random.default_rng(2).standard_normal(200)
    off = np.resize([-2.0, 2.0], 200)
    made = [
        (normal(far, 2.0), normal(0.0, 0.02), np.array([value]), 1e-9) for far, value in zip(off, came, strict=True)
    ]
    found = best_weight(made)
    assert 0.85 <= found.coverage <= 0.95
    assert 0.0 < found.weight < 1.0
    # A little less of ours is nearer, and does not hold.
    less = [(mixed(own, pace, 0.5 * found.weight), came) for own, pace, came, _ in made]
    assert np.mean([crps(draws[0], came[0]) for draws, came in less]) < found.crps
    assert np.mean([inside_of(draws, came, 1e-9, 0.9)[0] for draws, came in less]) < 0.85


def test_where_no_weight_holds_the_nearest_to_nine_tenths_is_taken():
    sure = (normal(5.0, 0.1), normal(-5.0, 0.1), np.array([50.0]), 1e-9)
    assert best_weight([sure]).coverage == 0.0


def test_without_trials_nothing_is_learned():
    assert best_weight([]) is None


def test_a_mixture_takes_its_share_of_each():
    own, pace = np.arange(10.0)[None, :], 100.0 + np.arange(10.0)[None, :]
    assert mixed(own, pace, 0.3)[0].tolist() == [0.0, 3.0, 6.0, 100.0, 101.0, 102.0, 104.0, 105.0, 107.0, 108.0]
    assert mixed(own, pace, 1.0)[0].tolist() == own[0].tolist()
    assert mixed(own, pace, 0.0)[0].tolist() == pace[0].tolist()


def test_trials_across_read_nothing_of_the_group_they_are_for():
    names = sorted(name for name, _, _ in SERIES)
    for group in range(FOLDS):
        left_out = {name for place, name in enumerate(names) if place % FOLDS == group}
        for trial in trials_across(SERIES, 1 / 3, group):
            read = {trial.known.id, *(name for name, _, _ in trial.others)}
            assert not read & left_out
            assert trial.known.id not in {name for name, _, _ in trial.others}
            assert (len(trial.known), len(trial.came)) == (6, 12)


def test_trials_before_an_origin_read_nothing_behind_it_nor_priors_behind_their_own():
    trials = list(trials_before(SERIES, [], 2000.0))
    assert {trial.known.times[-1] for trial in trials} == {1995.0, 1996.0, 1997.0, 1998.0}
    for trial in trials:
        assert trial.came.times[0] == trial.known.times[-1] + 1.0
        assert trial.came.times[-1] == 2000.0
        assert all(one.times[-1] <= trial.known.times[-1] for _, one, _ in trial.others)


def test_trials_within_cut_known_parts_at_their_half():
    parts = [(name, one.first(5 if name == "pumps" else 3), BOUNDS) for name, one, _ in SERIES]
    trials = list(trials_within(parts))
    assert [(trial.known.id, len(trial.known), len(trial.came)) for trial in trials] == [("pumps", 3, 2)]


def test_the_same_trials_teach_the_same_weight():
    trials = list(trials_before(SERIES, [], 1999.0))[:4]
    first, second = (learn_weight(trials, Pool(40, 1), 1) for _ in range(2))
    assert first == second
    assert first.trials == 4
