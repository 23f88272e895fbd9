"""Searching for a design: spaces from words, optima that are known, and a winner that the command line runs again."""

from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from haidang.allocate.design_search import NoDesignError, Trial, best_of, frontier_of, search_design
from haidang.allocate.design_space import DesignError, Parameter, Space, read_space
from haidang.allocate.design_trial import Measured, Trials, goal_of
from haidang.packs import load_pack
from haidang.programmes import parse_programme, to_yaml
from haidang.study import Question, prepare

PACK = load_pack("hcmc")
BASE = PACK.programme("smart-manufacturing-credit").base
CARD = PACK.model("factories").card


def space_of(text: str) -> Space:
    return read_space(text, BASE, CARD, PACK.book)


def test_a_share_may_be_anything_and_a_rate_anything_below_the_markets():
    rate, share = space_of("loan_rate, guarantee_share").parameters
    assert (rate.low, rate.high) == (0.0, PACK.book.value("market_rate"))
    assert (share.low, share.high) == (0.0, 1.0)
    gap = PACK.book.value("market_rate") - PACK.book.value("credit_rate_gap")
    assert rate.declared == pytest.approx(gap)
    assert share.declared == 0.0


def test_bounds_are_taken_in_the_levers_unit():
    (rate,) = space_of("loan_rate=2 %/year..5 %/year").parameters
    assert (rate.low, rate.high) == (0.02, 0.05)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("loan_rte", "did you mean 'loan_rate'"),
        ("loan_rate,loan_rate", "each lever once"),
        ("loan_rate=5 %/year..2 %/year", "bounds that rise"),
        ("loan_rate=2..5", "a number without a unit"),
        ("loan_rate=2 VND..5 VND", "expected %/year"),
        ("loan_rate=2 %/year", "expected bounds such as"),
        ("loan_years", "expected bounds for 'loan_years'"),
    ],
)
def test_words_that_are_no_space_are_refused(text, problem):
    with pytest.raises(DesignError, match=problem):
        space_of(text)


def test_a_goal_is_an_outcome_or_the_part_it_plays():
    assert goal_of(CARD, "levels").outcome.id == goal_of(CARD, "level_gain").outcome.id == "level_gain"
    with pytest.raises(DesignError, match="did you mean 'level_gain'"):
        goal_of(CARD, "level_gian")


@dataclass
class Hill:
    """Gain falls with the square of the distance from (0.3, 0.7); cost is the sum."""

    seen: list = field(default_factory=list)

    def measure(self, values, draws):
        self.seen.append(values)
        x, y = values
        noise = np.linspace(-1e-3, 1e-3, len(draws)) if draws.start == 0 else np.zeros(len(draws))
        return Measured(1.0 - (x - 0.3) ** 2 - (y - 0.7) ** 2 + noise, np.full(len(draws), x + y))


PLANE = Space(
    tuple(Parameter(name, "one", "%", 0.0, 1.0, declared) for name, declared in (("a", 0.9), ("b", 0.1))), BASE
)


def search(hill, bound, budget=150):
    return search_design(PLANE, hill, bound=bound, draws=4, fresh=6, budget=budget, progress=lambda done, allowed: None)


def test_without_a_bound_the_top_is_found():
    found = search(Hill(), None)
    assert found.winner.values == pytest.approx((0.3, 0.7), abs=0.01)
    assert found.measured.gain.shape == (6,)


def test_under_a_bound_the_nearest_point_to_the_top_is_found():
    # On the line a + b = 0.6 the point nearest to (0.3, 0.7) is (0.1, 0.5).
    found = search(Hill(), 0.6)
    assert found.winner.cost <= 0.6
    assert found.winner.values == pytest.approx((0.1, 0.5), abs=0.02)
    assert found.runner_up is not None
    assert found.runner_up.share == 1.0


def test_a_search_keeps_to_what_it_may_try():
    hill = Hill()
    search(hill, 0.6, budget=40)
    # The winner and the runner-up are measured once more on other draws; dividing may end one round late.
    assert len(set(hill.seen)) <= 40 + 12


def test_a_bound_that_nothing_keeps_is_said():
    with pytest.raises(NoDesignError, match="found none under"):
        search(Hill(), -1.0, budget=12)


def test_the_frontier_has_only_what_no_other_beats():
    trials = tuple(
        Trial((cost,), (cost,), gain, cost)
        for cost, gain in [(1.0, 1.0), (2.0, 0.5), (3.0, 4.0), (3.0, 2.0), (4.0, 4.0)]
    )
    assert [(one.cost, one.gain) for one in frontier_of(trials)] == [(1.0, 1.0), (3.0, 4.0)]
    assert best_of(trials, 2.5).gain == 1.0
    assert best_of(trials, None).cost == 3.0


def test_a_design_measured_is_the_programme_written_out_and_run():
    space, goal = space_of("loan_rate,guarantee_share"), goal_of(CARD, "levels")
    question = Question(BASE.id, draws=2, rows=256, seed=5, workers=1)
    values = space.values(np.array([0.4, 0.8]))
    measured = Trials(PACK, space, goal, question).measure(values, range(2))
    written = replace(space.written(values), id="best")
    file = parse_programme(to_yaml(written), "best.yaml", PACK.book)
    assert {name: file.base.instruments[0].levers[name].text for name in ("loan_rate", "guarantee_share")} == {
        one.lever: one.text(value) for one, value in zip(space.parameters, values, strict=True)
    }
    PACK.__dict__["programmes"] = {**PACK.programmes, "best": file}
    prepared = prepare(PACK, replace(question, programme="best"))
    totals = [_totals(prepared, draw) for draw in range(2)]
    np.testing.assert_allclose(measured.gain, [gain for gain, _ in totals], rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(measured.cost, [cost for _, cost in totals], rtol=1e-6, atol=1.0)


def _totals(prepared, draw):
    import jax

    from haidang.engine import simulate_draw

    setting = prepared.setting
    with jax.enable_x64(True):
        totals = simulate_draw(setting, draw, prepared.facts.of(draw, setting.years)).totals[:, :, :, 0].sum(axis=1)
    names = ["units", *(one.id for one in CARD.outcomes)]
    return tuple(totals[1, names.index(one)] - totals[0, names.index(one)] for one in ("level_gain", "subsidy"))
