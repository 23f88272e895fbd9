"""What a design can find: closed forms, and pilots simulated by the programme's own model."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy.stats import norm

from haidang.learn.pilot.closed import Spread, detectable, explained_part, intracluster, power_of, standard_error
from haidang.learn.pilot.declaration import Declaration
from haidang.learn.pilot.declaration_file import load_declaration
from haidang.learn.pilot.power import power_table
from haidang.learn.pilot.world import World, lay_out, potential, simulate_arms
from haidang.packs import load_pack
from tests.learn.pilot.plans import plan

ADVISED = "share: 50 %, offers: [advice-first/advice]}\nassignment"
TWO_YEARS = ("years: 2026..2027", "programme: hcmc/smart-manufacturing-credit\nyears: 2026..2027")
CHANGES = (
    (TWO_YEARS[0], TWO_YEARS[1].replace("2026..2027", "2026..2026")),
    ("{size: 60, strata: [sector]}", "{size: 400, strata: [sector], where: 'level < 4 and size == \"medium\"'}"),
    ("share: 50 %}\nassignment", ADVISED),
    ("column: level, unit: level", "column: adoptions, unit: adoption"),
)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A small pilot of advice in the model of factories."""
    declaration = load_declaration(plan(tmp_path_factory.mktemp("plan"), *CHANGES))
    return lay_out(load_pack("hcmc"), declaration, draws=4, seed=1, frame=1200, rows=1000)


def test_two_means_need_what_the_textbook_says() -> None:
    # An effect of 0.2 standard deviations, 393 units an arm, level 5 %: power 80 % (Cohen 1988, table 2.4.1).
    error = standard_error("complete", (393.0, 393.0), Spread(1.0, 1.0))
    assert power_of(0.2, error, 0.05, 784.0) == pytest.approx(0.80, abs=0.002)
    assert detectable(error, 0.05, 0.8) == pytest.approx((1.959964 + 0.841621) * error, rel=1e-6)
    assert power_of(0.0, error, 0.05) == pytest.approx(0.05)
    assert power_of(0.2, error, 0.05) == pytest.approx(
        norm.sf(1.959964 - 0.2 / error) + norm.cdf(-1.959964 - 0.2 / error)
    )


def test_clusters_pairs_encouragement_and_cut_offs_change_the_error_as_their_formulas_say() -> None:
    plain = standard_error("complete", (100.0, 100.0), Spread(1.0, 1.0))
    clusters = standard_error("cluster", (100.0, 100.0), Spread(1.0, 1.0, alike=0.1), 21.0)
    assert clusters / plain == pytest.approx(3.0**0.5)
    assert standard_error("pairs", (100.0, 100.0), Spread(1.0, 1.0, alike=0.36)) / plain == pytest.approx(0.8)
    assert standard_error("encouragement", (100.0, 100.0), Spread(1.0, 1.0, moved=0.25)) / plain == pytest.approx(4.0)
    assert standard_error("cutoff", (100.0, 100.0), Spread(1.0, 1.0)) / plain == pytest.approx(2.75**0.5)


def test_what_explains_and_what_is_alike_is_measured_from_data() -> None:
    generator = np.random.default_rng(0)
    x = generator.normal(size=(20_000, 1))
    assert explained_part(x[:, 0] + generator.normal(size=20_000), x) == pytest.approx(0.5, abs=0.02)
    cluster = np.repeat(np.arange(2000), 10)
    y = np.repeat(generator.normal(size=2000), 10) + 2.0 * generator.normal(size=20_000)
    assert intracluster(y, cluster) == pytest.approx(0.2, abs=0.02)


def test_a_unit_in_the_control_arm_does_what_it_does_in_the_baseline(world: World) -> None:
    found = simulate_arms(world, 0, np.zeros(world.frame.height, np.int64), apart=False)
    assert np.array_equal(found["adoptions"], found["baseline:adoptions"])
    offered = potential(world, 0)
    assert np.array_equal(offered["adoptions"][0], found["adoptions"])
    assert (offered["adoptions"][1] - offered["adoptions"][0]).mean() > 0.0


def test_without_peers_nobody_is_moved_by_what_others_are_offered(world: World) -> None:
    arm = np.full(world.frame.height, -1, np.int64)
    arm[:600] = 1
    found, alone = simulate_arms(world, 1, arm, apart=True), potential(world, 1)
    assert np.array_equal(found["investment"][:, :600], alone["investment"][1][:, :600])
    assert np.array_equal(found["investment"][:, 600:], alone["investment"][0][:, 600:])


def test_peers_who_were_offered_something_move_a_unit_as_far_as_it_looks_at_them(tmp_path: Path) -> None:
    """The pilot's factories are the whole city here, since of two years a city's peers see next to nothing."""
    pack, declaration = load_pack("hcmc"), load_declaration(plan(tmp_path, *CHANGES[1:], TWO_YEARS))
    laid = lay_out(pack, declaration, draws=2, seed=1, frame=1200, rows=1000)
    assert laid.peers
    alone = replace(laid, around=laid.around.with_columns(weight=pl.lit(1e-3)))
    everybody = np.ones(1200, np.int64)
    moved: dict[float, int] = {}
    for size in (0.0, 20.0):
        fact = replace(pack.book.facts["peer_effect"], value=size, distribution=None, range=None)
        book = replace(pack.book, facts={**pack.book.facts, "peer_effect": fact})
        looking = replace(alone, facts=alone.facts.held(book, ["peer_effect"]))
        both = [simulate_arms(looking, 0, everybody, apart=apart)["investment"] for apart in (True, False)]
        assert np.array_equal(both[0][0], both[1][0]), "in the first year nobody has done anything yet"
        moved[size] = int(np.sum(both[0][1] != both[1][1]))
    assert moved[0.0] == 0
    assert moved[20.0] > 0


def test_simulated_pilots_are_unbiased_and_as_exact_as_the_closed_form(world: World) -> None:
    declaration: Declaration = world.declaration
    (found,) = power_table({"declared": world}, {"declared": declaration}, pilots=240, seed=2)
    assert abs(found.bias) < 4.0 * found.bias_error
    assert found.error == pytest.approx(found.closed_error, rel=0.1)
    assert found.spread == pytest.approx(found.error, rel=0.2)
    assert found.coverage > 0.95 - 3.0 * (0.05 * 0.95 / 240) ** 0.5
    assert found.power == pytest.approx(found.closed_power, abs=0.12)
    assert found.treated == 200
    assert found.offers_cost is not None
    assert found.offers_cost > 0.0
    both = dict.fromkeys(("before", "declared"), declaration)
    again = power_table(dict.fromkeys(both, world), both, pilots=240, seed=2)
    assert again == [replace(found, design="before"), found], "whatever else is told with it"


def test_an_offer_that_the_programme_does_not_have_is_named(tmp_path: Path) -> None:
    spoiled = (*CHANGES[:2], (CHANGES[2][0], ADVISED.replace("advice-first", "advice-frist")), CHANGES[3])
    declaration = load_declaration(plan(tmp_path, *spoiled))
    with pytest.raises(Exception, match="did you mean 'advice-first/advice'"):
        lay_out(load_pack("hcmc"), declaration, draws=1, seed=1, frame=100, rows=500)
