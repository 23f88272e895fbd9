"""A cluster's crew without a cluster: workers that die at any moment, and the bytes of a run that met no death."""

from dataclasses import dataclass, field

import jax
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haidang.engine import simulate_draw
from haidang.engine.part import Part
from haidang.study import StudyError
from haidang.study.cluster import RayCrew
from tests.engine.city import city, draw_of, facts, instrument, programme, setting_of
from tests.engine.exchange import exchange, market, plants


class DeadError(Exception):
    """A worker's death, as Ray tells it."""


@dataclass
class FakeRay:
    """As much of Ray as a crew uses, in this process; the calls of these numbers kill the worker that gets them."""

    setting: object
    known: object
    deadly: set
    calls: int = 0
    deaths: int = 0
    laid: list = field(default_factory=list)

    class exceptions:  # noqa: N801
        RayActorError = DeadError
        RayTaskError = type("RayTaskError", (Exception,), {})
        WorkerCrashedError = type("WorkerCrashedError", (Exception,), {})
        RayError = Exception

    def put(self, thing):
        return thing

    def kill(self, part):
        part.part = None

    def get(self, answer):
        if isinstance(answer, Exception):
            raise answer
        return answer

    def remote(self, **_):
        ray = self

        class Actor:
            def __init__(self, job, draw, blocks, number):
                ray.laid.append(number)
                self.part = Part(ray.setting, [draw], [ray.known], blocks, number)
                self.call = Method(self)
                self.close = Method(self)

        class Method:
            def __init__(self, actor):
                self.actor = actor

            def remote(self, *given):
                if not given:
                    return None
                ray.calls += 1
                if ray.calls in ray.deadly and self.actor.part is not None:
                    self.actor.part = None
                    ray.deaths += 1
                if self.actor.part is None:
                    return DeadError()
                return self.actor.part.call(*given)

        class Factory:
            def __init__(self, kind):
                self.kind = kind

            @staticmethod
            def remote(*given):
                return Actor(*given)

        return Factory


def crew_of(setting, known, deadly):
    ray = FakeRay(setting, known, deadly)
    blocks = tuple(range(k, k + 1) for k in range(setting.source.count))
    return ray, RayCrew(ray, {}, 0, blocks)


TABLE = city(700, 3, weight=None)
TEXT = programme(
    instrument("grant", budget="resource: grant, amount: 200e6 VND, per_unit: 15e6 VND", ration="lottery"),
    instrument("loan", levers="loan_share: 40 %", budget="resource: loan, per_year: 90e6 VND", ration="first_come")
    + "\n    capacity: {resource: loan, by: [place, member], amount: 30e6 VND}",
)


@settings(max_examples=3, deadline=None)
@given(deadly=st.sets(st.integers(1, 250), max_size=4))
def test_whoever_dies_when_budgets_places_and_peers_are_served_the_sums_are_the_same(deadly):
    setting = setting_of(TABLE, TEXT, block_rows=256)
    ray, crew = crew_of(setting, facts(), deadly)
    with jax.enable_x64(True):
        found = simulate_draw(setting, 0, facts(), crew)
    whole = draw_of(setting_of(TABLE, TEXT))
    np.testing.assert_array_equal(found.totals, whole.totals)
    np.testing.assert_array_equal(found.users, whole.users)
    assert found.budgets == whole.budgets
    assert len(ray.laid) == setting.source.count + ray.deaths


@settings(max_examples=2, deadline=None)
@given(deadly=st.sets(st.integers(1, 60), max_size=3))
def test_whoever_dies_while_a_price_is_looked_for_the_price_is_the_same(deadly):
    chance = np.random.default_rng(2)
    many = [(float(a), float(min(a, b)), float(c)) for a, b, c in chance.integers(1, 900, (600, 3))]
    text = market("{given: 80 %, owed: 100 %}")
    setting = exchange(plants(many), text, block_rows=256)
    known = tuple(np.zeros(1, np.float32) for _ in setting.years)
    _, crew = crew_of(setting, known, deadly)
    with jax.enable_x64(True):
        found = simulate_draw(setting, 0, known, crew)
        whole = simulate_draw(exchange(plants(many), text), 0, known)
    np.testing.assert_array_equal(found.totals, whole.totals)
    assert found.markets == whole.markets


def test_work_that_kills_every_worker_ends_with_a_reason():
    setting = setting_of(TABLE, TEXT, block_rows=256)
    _, crew = crew_of(setting, facts(), set(range(1, 10_000)))
    with pytest.raises(StudyError, match="its worker died each time"), jax.enable_x64(True):
        simulate_draw(setting, 0, facts(), crew)
