"""Simulated shares are those of the logit's closed form."""

import jax
import jax.numpy as jnp
import numpy as np
import polars as pl
import pytest
from scipy import stats

from haidang.models.logit import shares
from tests.engine.city import NAMES, draw_of, setting_of
from tests.engine.toy import BIT, COST, LIKING, Toy

MANY = 65_536
INCOME = 50e6


class Plain(Toy):
    """The toy without tastes of its own, so that the noise alone tells units apart."""

    def options(self, scene):
        """The toy's options less the taste."""
        return {
            name: option.__class__(option.available, option.utility - 0.5 * scene.chance["taste"], option.uses)
            for name, option in super().options(scene).items()
        }


class Owners(Plain):
    """Everybody has the large machine from the start."""

    def start(self, units, fact):
        """The bit of the large machine."""
        return {"has": jnp.full(units["income"].shape, BIT["large"], jnp.int8)}


def alike(rows=MANY):
    """Households that differ in nothing but their id."""
    ids = np.arange(rows, dtype=np.int64)
    return pl.DataFrame({"id": ids, "income": np.full(rows, INCOME, np.float32)}).with_columns(
        weight=pl.lit(1.0), place=pl.lit("north"), member=pl.lit(False)
    )


def counts(model, draws=3, liking=0.2):
    """Choices of the first year over a few draws."""
    setting = setting_of(alike(), model=model, years=(2026,))
    return sum(draw_of(setting, draw, liking=liking, copying=0.0).choices[0, 0] for draw in range(draws))


def utilities(liking):
    """The toy's utilities, nothing first."""
    return np.array([0.0, *(LIKING[name] + liking - 4.0 * COST[name] / INCOME for name in NAMES[1:])], np.float32)


def closed_form(liking):
    with jax.enable_x64(False):
        return np.asarray(shares(jnp.asarray(utilities(liking))), np.float64)


@pytest.fixture(scope="module")
def plain():
    """One model, so that it is compiled once."""
    return Plain()


@pytest.mark.parametrize("liking", [-1.0, 0.2, 2.5])
def test_simulated_shares_are_those_of_the_closed_form(plain, liking):
    found = counts(plain, liking=liking)
    expected = closed_form(liking)
    expected /= expected.sum()
    assert found.sum() == 3 * MANY
    assert stats.chisquare(found, expected * found.sum()).pvalue > 1e-3
    error = np.sqrt(expected * (1 - expected) / found.sum())
    assert np.all(np.abs(found / found.sum() - expected) < 4 * error)


def test_shutting_one_alternative_leaves_the_ratio_of_the_others(plain):
    whole, shut = counts(plain), counts(Owners())
    assert shut[2] == 0
    ratios = [found[1] / found[0] for found in (whole, shut)]
    error = np.sqrt(1 / whole[0] + 1 / whole[1])
    assert abs(np.log(ratios[0] / ratios[1])) < 4 * error
    assert ratios[0] == pytest.approx(np.exp(utilities(0.2)[1]), rel=4 * error)


def test_who_did_not_want_what_was_shut_chooses_as_before(plain):
    """Common random numbers: the counts of the others only grow, by those who lost their first wish."""
    whole, shut = counts(plain, draws=1), counts(Owners(), draws=1)
    assert np.all(shut[:2] >= whole[:2])
    assert shut[:2].sum() - whole[:2].sum() == whole[2]
