"""Shifts that make a baseline reach published rates."""

from math import log

import numpy as np
import polars as pl
import pytest

from haidang.facts import read_yaml
from haidang.learn.calibrate import (
    RESULT,
    Calibrated,
    CalibrationError,
    Shift,
    as_yaml,
    find_shifts,
    load_calibration,
)
from haidang.learn.counted import OPEN, TAKEN, Baseline, Counted, read_by
from haidang.models import Alternative, Attribute, Card, Model, Option, State
from haidang.packs import find_pack, load_pack
from haidang.packs.hcmc.models.technologies import TECHNOLOGIES
from haidang.population import build_population
from haidang.study.draws import FactDraws

ROWS = 200_000
SETS = {"first": ("a", "b"), "second": ("c",)}


class Plain(Model):
    """Three alternatives open to everybody every year; the shift of its set is all that an alternative has."""

    card = Card(
        id="plain",
        title={"vi": "", "en": ""},
        population="plain",
        attributes={"side": Attribute("category", categories=("left", "right"))},
        derived={},
        ranks={},
        states={"seen": State("int8")},
        alternatives=tuple(Alternative(name, {"vi": name, "en": name}) for name in "abc"),
        levers={},
        resources={},
        outcomes=(),
        facts=("first", "second"),
    )

    def start(self, units, fact):
        return {"seen": 0}

    def options(self, scene):
        fact = scene.fact
        shifts = {"a": fact["first"], "b": fact["first"] + log(0.5), "c": fact["second"]}
        return {name: Option(True, shift) for name, shift in shifts.items()}

    def move(self, scene, taken):
        return {"seen": scene.state["seen"]}

    def outcomes(self, scene, taken, after):
        return {}


@pytest.fixture(scope="module")
def table():
    return pl.DataFrame({"id": np.arange(ROWS), "weight": np.ones(ROWS), "side": ["left", "right"] * (ROWS // 2)})


def rates_of(table, years):
    base = Baseline(Counted(Plain(), SETS, "side"), table, ("first", "second"), years, 11)

    def rates(shifts):
        facts = tuple(np.array([shifts["first"], shifts["second"]], np.float32) for _ in years)
        return dict(zip(SETS, base.shares(facts, 0)[:, 0], strict=False))

    return rates


def test_a_year_of_free_choice_is_shifted_by_the_closed_form_of_the_logit(table):
    wanted = {"first": 0.25, "second": 0.4}
    found = find_shifts(rates_of(table, (2026,)), wanted)
    # Shares are exp(s1) (1 + 1/2), exp(s2) and 1 over their sum, so odds over nothing give the shifts.
    assert found["first"] == pytest.approx(log(0.25 / 0.35 / 1.5), abs=0.03)
    assert found["second"] == pytest.approx(log(0.4 / 0.35), abs=0.03)


def test_a_rate_over_three_years_counts_who_chose_at_least_once(table):
    rates = rates_of(table, (2026, 2027, 2028))
    found = find_shifts(rates, {"first": 1 - 0.75**3, "second": 1 - 0.6**3})
    assert found["first"] == pytest.approx(log(0.25 / 0.35 / 1.5), abs=0.03)
    assert found["second"] == pytest.approx(log(0.4 / 0.35), abs=0.03)


def test_shifts_that_work_on_each_other_settle():
    def rates(shifts):
        a, b = np.exp(shifts["a"]), np.exp(shifts["b"])
        return {"a": a / (1 + a + b), "b": b / (1 + a + b)}

    found = find_shifts(rates, {"a": 0.6, "b": 0.3})
    assert found["a"] == pytest.approx(log(6), abs=0.01)
    assert found["b"] == pytest.approx(log(3), abs=0.01)


def test_a_rate_out_of_reach_is_told():
    with pytest.raises(CalibrationError, match=r"expected a rate of 0\.9000 within reach of 'a'"):
        find_shifts(lambda shifts: {"a": 0.5 / (1 + np.exp(-shifts["a"]))}, {"a": 0.9})


def test_every_technology_group_is_counted_by_the_rate_of_its_kind():
    plan = load_calibration(find_pack("hcmc") / "fits" / "calibration.yaml")
    for kind in ("process", "energy"):
        assert plan.targets[f"shift_{kind}"].alternatives == tuple(one.id for one in TECHNOLOGIES if one.kind == kind)


@pytest.fixture(scope="module")
def city():
    """The pack's baseline on a small population, its facts, and its plan."""
    pack = load_pack("hcmc")
    plan = load_calibration(pack.root / "fits" / "calibration.yaml")
    model = Counted(pack.model("factories"), {name: one.alternatives for name, one in plan.targets.items()}, "size")
    names = read_by(pack.book, model)
    built = build_population(pack.population("factories"), pack.book, 20_000, 2).table
    return pack, plan, Baseline(model, built, names, plan.years, 2), names


def test_the_packs_shifts_give_the_published_rates_on_another_sample(city):
    pack, plan, base, names = city
    facts = FactDraws(pack.book, names, 1, 1).of(0, plan.years)
    reached = np.mean([base.shares(facts, draw)[:, 0] for draw in range(3)], axis=0)
    for place, target in enumerate(plan.targets.values()):
        fact = pack.book.fact(target.rate)
        assert abs(reached[place] - fact.canonical) < fact.se / 100 / 2


def test_over_draws_of_all_facts_the_rates_spread_about_as_the_survey_says(city):
    pack, plan, base, names = city
    drawn = FactDraws(pack.book, names, 64, 1)
    found = np.array([base.shares(drawn.of(draw, plan.years), draw)[:, 0] for draw in range(64)])
    for place, target in enumerate(plan.targets.values()):
        fact = pack.book.fact(target.rate)
        assert abs(found[:, place].mean() - fact.canonical) < fact.se / 100
        assert 0.7 < found[:, place].std() / (fact.se / 100) < 1.4


def test_who_can_choose_is_who_has_an_occasion_to_invest(city):
    pack, plan, base, names = city
    facts = FactDraws(pack.book, names, 1, 1).of(0, plan.years)
    shares = base.shares(facts, 0)
    for group, rate in plan.beside.items():
        column = 1 + base.groups.index(group)
        could, chose = shares[base.names.index(OPEN), column], shares[base.names.index(TAKEN), column]
        assert could == pytest.approx(pack.book.value(rate), abs=0.03)
        assert 0 < chose < could


def test_what_is_written_reads_back(tmp_path):
    pack = load_pack("hcmc")
    plan = load_calibration(pack.root / "fits" / "calibration.yaml")
    shift = Shift(-1.25, 0.5, 0.1, 0.128, 0.0317, 0.1281, 0.02, 0.13)
    text = as_yaml(plan, Calibrated(dict.fromkeys(plan.targets, shift), {"small": (0.2, 0.19, 0.1)}, "0" * 64))
    assert max(map(len, text.splitlines())) <= 120
    (tmp_path / "calibrated.yaml").write_text(text, encoding="utf-8")
    read_yaml(tmp_path / "calibrated.yaml")
    assert (pack.root / RESULT).read_text(encoding="utf-8").splitlines()[0] == text.splitlines()[0]
    for name in plan.targets:
        assert pack.book.fact(name).distribution.kind == "normal"
