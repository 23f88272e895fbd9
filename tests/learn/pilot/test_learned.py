"""What a pilot found is carried to the facts, and the pack with it stays whole."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from haidang.facts import Distribution, draw_facts
from haidang.learn.pilot.declaration import PilotError
from haidang.learn.pilot.learned import (
    Result,
    cut_normal,
    effective,
    hang_together,
    learn,
    most_narrowed,
    moved,
    normal_posterior,
    weights_of,
    write_back,
)
from haidang.learn.pilot.together import near_correlation, scores_for
from haidang.packs import load_pack
from tests.learn.pilot.plans import declared


def test_weighing_draws_by_their_likelihood_is_the_normal_posterior() -> None:
    # Prior N(0.1, 0.04), estimate 0.2 with error 0.03: posterior mean 0.164, deviation 0.024.
    prior = np.random.default_rng(0).normal(0.1, 0.04, 400_000)
    weights = weights_of(prior, 0.2, 0.03)
    mean = float(weights @ prior)
    assert mean == pytest.approx(0.164, abs=5e-4)
    assert float(np.sqrt(weights @ (prior - mean) ** 2)) == pytest.approx(0.024, abs=5e-4)


def test_facts_behind_an_effect_learn_as_the_normal_closed_form_says(tmp_path: Path) -> None:
    """Two normal facts and an effect that is a sum of both: the regression of each on the effect, Kalman's update."""
    declaration = declared(
        tmp_path, ("smallest_worthwhile", "learns: [management_attention, advisory_places]\nsmallest_worthwhile")
    )
    generator = np.random.default_rng(3)
    attention, places = generator.normal(6.0, 1.0, 400_000), generator.normal(3.0, 0.5, 400_000)
    effects = 0.01 * attention + 0.004 * places
    prior, spread, error = 0.01 * 6.0 + 0.004 * 3.0, np.hypot(0.01, 0.002), 0.006
    weights = weights_of(effects, 0.09, error)
    drawn = {"management_attention": attention / 100.0, "advisory_places": places}
    first, second = learn(load_pack("hcmc").book, declaration, drawn, weights)
    for one, mean, sd, slope in ((first, 6.0, 1.0, 0.01), (second, 3.0, 0.5, 0.004)):
        gain = slope * sd**2 / (spread**2 + error**2)
        assert one.after == pytest.approx(mean + gain * (0.09 - prior), rel=2e-3)
        assert one.after_sd == pytest.approx(sd * (1.0 - gain * slope) ** 0.5, rel=5e-3)
    slopes, prior_sd = np.array([0.01, 0.004]), np.array([1.0, 0.5])
    left = np.diag(prior_sd**2) - np.outer(slopes * prior_sd**2, slopes * prior_sd**2) / (spread**2 + error**2)
    together = hang_together(load_pack("hcmc").book, [first, second], drawn, weights)
    assert together[0, 1] == pytest.approx(left[0, 1] / (left[0, 0] * left[1, 1]) ** 0.5, abs=5e-3)
    after = moved(effects, weights, effects, 0.09, error)
    assert (after.closed, after.closed_sd) == pytest.approx(normal_posterior(prior, spread, 0.09, error), rel=1e-2)
    assert (after.after, after.after_sd) == pytest.approx((after.closed, after.closed_sd), rel=5e-3)


def test_a_normal_effect_after_a_normal_estimate_is_as_in_the_textbook() -> None:
    # The pilot of the tutorial: 0.066 (0.014) before, 0.060 (0.025) found: a quarter of the way, an eighth narrower.
    mean, spread = normal_posterior(0.066, 0.014, 0.060, 0.025)
    assert mean == pytest.approx(0.0646, abs=5e-5)
    assert spread == pytest.approx(0.01222, abs=5e-6)
    # An exact pilot says all, one without units nothing.
    assert normal_posterior(0.066, 0.014, 0.060, 1e-9) == pytest.approx((0.060, 0.0), abs=1e-8)
    assert normal_posterior(0.066, 0.014, 0.060, 1e9) == pytest.approx((0.066, 0.014))


CUT = [
    (8.8, 2.8, (0.0, 13.4)),
    (3.0, 1.2, (0.0, 6.0)),
    (0.9, 0.5, (0.0, 6.0)),
    (5.0, 1.0, (-np.inf, np.inf)),
    (2.0, 1.5, (0.0, np.inf)),
]


@pytest.mark.parametrize(("mean", "spread", "ends"), CUT)
def test_what_is_written_has_the_mean_and_spread_that_were_learned_once_it_is_cut_off(mean, spread, ends) -> None:
    centre, width = cut_normal(mean, spread, *ends)
    points = (np.arange(100_000) + 0.5) / 100_000
    drawn = Distribution("normal", (centre, width, *ends)).quantile(points)
    assert ends[0] <= centre <= ends[1]
    assert drawn.mean() == pytest.approx(mean, rel=2e-3)
    assert drawn.std() == pytest.approx(spread, rel=5e-3)


def test_a_forecast_narrows_no_further_than_it_hangs_on_the_effect() -> None:
    effects = np.random.default_rng(1).normal(size=20_000)
    other = np.random.default_rng(2).normal(size=20_000)
    assert most_narrowed(effects, 3.0 * effects) == pytest.approx(1.0)
    assert most_narrowed(effects, other) == pytest.approx(0.0, abs=1e-3)
    # Half of the variance: the deviation of what is left is 0.71 of the whole.
    assert most_narrowed(effects, effects + other) == pytest.approx(1.0 - 0.5**0.5, abs=0.01)
    assert most_narrowed(effects, np.ones(20_000)) == 0.0


def test_an_estimate_that_says_nothing_moves_no_weight() -> None:
    prior = np.linspace(0.0, 0.1, 50)
    assert effective(weights_of(prior, 0.05, 1e6)) == pytest.approx(50.0)


def test_an_estimate_that_no_draw_agrees_with_is_refused() -> None:
    with pytest.raises(PilotError, match="expected draws that agree with the pilot"):
        weights_of(np.linspace(0.0, 0.1, 50), 5.0, 0.01)


def test_the_pack_that_learned_differs_in_the_facts_that_were_learned_and_in_nothing_else(tmp_path: Path) -> None:
    pack = load_pack("hcmc")
    declaration = declared(
        tmp_path, ("smallest_worthwhile", "learns: [management_attention, advisory_places]\nsmallest_worthwhile")
    )
    draws = {
        name: np.linspace(*ends, 50)
        for name, ends in {"management_attention": (0.0, 0.13), "advisory_places": (0.0, 6.0)}.items()
    }
    learned = learn(pack.book, declaration, draws, weights_of(np.linspace(0.0, 0.1, 50), 0.08, 0.02))
    assert [one.after > one.before and one.after_sd < one.before_sd for one in learned] == [True, True]
    result = Result(0.08, 0.02, date(2028, 1, 1), 50)
    after = write_back(pack, tmp_path / "pack", declaration, result, learned, np.array([[1.0, -0.4], [-0.4, 1.0]]))
    changed = {name for name in after.book.facts if after.book.explain([name]) != (
        pack.book.explain([name]) if name in pack.book.facts else None
    )}  # fmt: skip
    assert changed == {"management_attention", "advisory_places", "pilot_advice_effect"}
    assert set(after.book.joints) - set(pack.book.joints) == {"pilot-advice"}
    assert set(pack.book.facts) - set(after.book.facts) == set()
    for one, scale in zip(learned, (100.0, 1.0), strict=True):
        drawn = draw_facts(after.book, [one.fact], 4096, 1)[one.fact] * scale
        assert drawn.mean() == pytest.approx(one.after, rel=2e-3)
        assert drawn.std() == pytest.approx(one.after_sd, rel=0.02)
    both = draw_facts(after.book, [one.fact for one in learned], 4096, 1)
    assert np.corrcoef(both["management_attention"], both["advisory_places"])[0, 1] == pytest.approx(-0.4, abs=0.01)
    assert after.book.fact("pilot_advice_effect").source == ("pilot-advice",)
    assert set(after.programmes) == set(pack.programmes)


def test_a_second_pilot_of_the_same_facts_begins_with_what_the_first_left(tmp_path: Path) -> None:
    pack = load_pack("hcmc")
    names = ["management_attention", "advisory_places"]
    change = ("smallest_worthwhile", f"learns: [{', '.join(names)}]\nsmallest_worthwhile")
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    first, second = declared(tmp_path / "a", change), declared(tmp_path / "b", change, ("id: advice", "id: again"))
    together = np.array([[1.0, -0.5], [-0.5, 1.0]])
    result = Result(0.08, 0.02, date(2028, 1, 1), 50)
    drawn = draw_facts(pack.book, names, 512, 1)
    learned = learn(pack.book, first, drawn, np.full(512, 1.0 / 512))
    one = write_back(pack, tmp_path / "one", first, result, learned, together)
    drawn = draw_facts(one.book, names, 512, 1)
    equal = np.full(512, 1.0 / 512)
    # A pilot that says nothing leaves the facts as they stood, and how they hang together.
    left = hang_together(one.book, learn(one.book, second, drawn, equal), drawn, equal)
    assert left[0, 1] == pytest.approx(-0.5, abs=0.02)
    two = write_back(one, tmp_path / "two", second, result, learn(one.book, second, drawn, equal), left)
    assert set(two.book.joints) - set(pack.book.joints) == {"pilot-again"}
    alone = declared(tmp_path, ("smallest_worthwhile", "learns: [advisory_places]\nsmallest_worthwhile"))
    with pytest.raises(PilotError, match="a range of its own to learn, found 'advisory_places'"):
        learn(one.book, alone, drawn, equal)


def test_scores_give_facts_with_ends_the_correlation_wanted() -> None:
    """Of two uniform facts the scores' correlation is 2 sin(pi r / 6) (Pearson 1907)."""
    wanted = np.array([[1.0, -0.6], [-0.6, 1.0]])
    flat = Distribution("uniform", (0.0, 3.0))
    assert scores_for(wanted, [flat, flat])[0, 1] == pytest.approx(2 * np.sin(np.pi * -0.6 / 6), abs=2e-3)
    bell = Distribution("normal", (5.0, 2.0, -np.inf, np.inf))
    assert scores_for(wanted, [bell, bell])[0, 1] == pytest.approx(-0.6, abs=1e-6)


def test_a_matrix_with_something_negative_is_brought_to_a_correlation() -> None:
    found = near_correlation(np.array([[1.0, 0.9, -0.9], [0.9, 1.0, 0.9], [-0.9, 0.9, 1.0]]))
    assert np.linalg.eigvalsh(found).min() > 0.0
    assert found.diagonal() == pytest.approx(1.0)


def test_a_certain_or_unknown_fact_cannot_learn(tmp_path: Path) -> None:
    declaration = declared(tmp_path, ("smallest_worthwhile", "learns: [advisory_place]\nsmallest_worthwhile"))
    with pytest.raises(PilotError, match="did you mean 'advisory_places'"):
        learn(load_pack("hcmc").book, declaration, {"advisory_places": np.zeros(3)}, np.full(3, 1.0 / 3.0))
