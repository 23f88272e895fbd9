"""What a pilot found is carried to the facts, and the pack with it stays whole."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from haidang.learn.pilot.declaration import PilotError
from haidang.learn.pilot.learned import Result, effective, learn, weights_of, write_back
from haidang.packs import load_pack
from tests.learn.pilot.plans import declared


def test_weighing_draws_by_their_likelihood_is_the_normal_posterior() -> None:
    # Prior N(0.1, 0.04), estimate 0.2 with error 0.03: posterior mean 0.164, deviation 0.024.
    prior = np.random.default_rng(0).normal(0.1, 0.04, 400_000)
    weights = weights_of(prior, 0.2, 0.03)
    mean = float(weights @ prior)
    assert mean == pytest.approx(0.164, abs=5e-4)
    assert float(np.sqrt(weights @ (prior - mean) ** 2)) == pytest.approx(0.024, abs=5e-4)


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
    after = write_back(pack, tmp_path / "pack", declaration, result, learned)
    changed = {name for name in after.book.facts if after.book.explain([name]) != (
        pack.book.explain([name]) if name in pack.book.facts else None
    )}  # fmt: skip
    assert changed == {"management_attention", "advisory_places", "pilot_advice_effect"}
    assert set(pack.book.facts) - set(after.book.facts) == set()
    assert after.book.value("management_attention") == pytest.approx(learned[0].after / 100.0, rel=1e-5)
    assert after.book.fact("pilot_advice_effect").source == ("pilot-advice",)
    assert set(after.programmes) == set(pack.programmes)


def test_a_certain_or_unknown_fact_cannot_learn(tmp_path: Path) -> None:
    declaration = declared(tmp_path, ("smallest_worthwhile", "learns: [advisory_place]\nsmallest_worthwhile"))
    with pytest.raises(PilotError, match="did you mean 'advisory_places'"):
        learn(load_pack("hcmc").book, declaration, {"advisory_places": np.zeros(3)}, np.full(3, 1.0 / 3.0))
