"""What was registered cannot be changed unseen, and an analysis that departs from it says so."""

from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from haidang.learn.monitor.chain import ChainError
from haidang.learn.pilot.analysis import analyse, balance_of
from haidang.learn.pilot.assign import assign
from haidang.learn.pilot.declaration import Declaration, PilotError
from haidang.learn.pilot.declaration_file import load_declaration
from haidang.learn.pilot.deviations import Analysis
from haidang.learn.pilot.registration import (
    UnregisteredError,
    register,
    register_path,
    registered,
    require_registered,
    versions,
)
from tests.learn.pilot.plans import plan, units

BEFORE = date(2025, 12, 1)
AFTER = date(2028, 1, 10)


def as_planned(declaration: Declaration, day: date = AFTER) -> Analysis:
    """The analysis that the declaration plans."""
    return Analysis(declaration.outcome.column, declaration.estimator, declaration.covariates, day)


def results(declaration: Declaration, effect: float) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Units with outcomes in which treatment adds an effect, and the units as assigned."""
    assigned = assign(declaration, units(), "salt").table
    generator = np.random.default_rng(2)
    level = 3.0 + generator.normal(0.0, 0.5, assigned.height) + effect * (assigned["arm"] == "advised").to_numpy()
    return pl.DataFrame({"id": assigned["id"], "level": level, "second": level**2}), assigned


def test_an_amendment_needs_a_reason_and_tells_what_changed(tmp_path: Path) -> None:
    path = plan(tmp_path)
    register(path, load_declaration(path), BEFORE)
    with pytest.raises(PilotError, match="expected a change to register, found none"):
        register(path, load_declaration(path), BEFORE)
    plan(tmp_path, ("smallest_worthwhile: 0.5", "smallest_worthwhile: 0.4"))
    changed = load_declaration(path)
    with pytest.raises(PilotError, match="expected a reason for the amendment of: smallest_worthwhile"):
        register(path, changed, BEFORE)
    with pytest.raises(UnregisteredError, match="found changes of: smallest_worthwhile"):
        require_registered(path, changed)
    found = register(path, changed, date(2026, 3, 1), "cheaper than thought")
    (one,) = found.amendments
    assert (one.day, one.reason) == (date(2026, 3, 1), "cheaper than thought")
    assert [(each.key, each.before, each.after) for each in one.changes] == [("smallest_worthwhile", 0.5, 0.4)]


def test_a_register_gives_back_every_version_that_it_holds(tmp_path: Path) -> None:
    path = plan(tmp_path)
    first = load_declaration(path)
    assert versions(path) == ()
    register(path, first, BEFORE)
    second = load_declaration(plan(tmp_path, ("title: {vi: Tư vấn, en: Advice}\nq", "title: {vi: Khác, en: Other}\nq")))
    register(path, second, BEFORE, "a better name")
    assert versions(path) == (first, second)


def test_an_amendment_after_the_lots_is_a_departure_of_its_own(tmp_path: Path) -> None:
    path = plan(tmp_path)
    drawn = load_declaration(path)
    register(path, drawn, BEFORE)
    data, assigned = results(drawn, 1.0)
    amended = load_declaration(plan(tmp_path, ("smallest_worthwhile: 0.5", "smallest_worthwhile: 0.4")))
    register(path, amended, BEFORE, "cheaper")
    for by, said in ((drawn, "after the lots were drawn (smallest_worthwhile): cheaper"), (amended, "amended on")):
        found = analyse(path, amended, data, assigned, as_planned(amended), lots=0, drawn_by=by).evaluation
        (told,) = (one.what["en"] for one in found.deviations)
        assert said in told
        assert ("after the lots" in told) == (by is drawn)
    # Taken back, the amendments stand in the register all the same.
    register(path, drawn, BEFORE, "no")
    found = analyse(path, drawn, data, assigned, as_planned(drawn), lots=0).evaluation
    assert len(found.deviations) == 2


def test_a_register_that_was_tampered_with_is_found_out(tmp_path: Path) -> None:
    path = plan(tmp_path)
    register(path, load_declaration(path), BEFORE)
    log = register_path(path)
    log.write_text(log.read_text(encoding="utf-8").replace("2025-12-01", "2025-11-01"), encoding="utf-8")
    with pytest.raises(ChainError, match="expected a line that follows from the one before"):
        registered(path)


def test_an_unregistered_analysis_is_refused(tmp_path: Path) -> None:
    path = plan(tmp_path)
    declaration = load_declaration(path)
    data, assigned = results(declaration, 1.0)
    with pytest.raises(UnregisteredError, match="expected a registered pilot, found no register"):
        analyse(path, declaration, data, assigned, as_planned(declaration))


def test_an_analysis_as_planned_finds_the_effect_and_departs_in_nothing(tmp_path: Path) -> None:
    path = plan(tmp_path)
    declaration = load_declaration(path)
    register(path, declaration, BEFORE)
    data, assigned = results(declaration, 1.0)
    found = analyse(path, declaration, data, assigned, as_planned(declaration), lots=199)
    assert found.effect.low < 1.0 < found.effect.high
    assert found.evaluation.deviations == ()
    assert found.evaluation.lot is not None
    assert found.evaluation.lot.p_value == pytest.approx(1.0 / 200.0)
    assert found.evaluation.decision.action == "scale"


def test_every_departure_is_found_by_comparing(tmp_path: Path) -> None:
    path = plan(tmp_path)
    declaration = load_declaration(path)
    register(path, declaration, date(2026, 2, 1))
    data, assigned = results(declaration, 1.0)
    lost = data.head(55).with_columns(
        pl.when(pl.col("id") == "f003").then(None).otherwise(pl.col("second")).alias("second"),
        pl.lit("advised").alias("arm"),
    )
    asked = Analysis("second", "difference", (), date(2027, 6, 1))
    told = [one.what["en"] for one in analyse(path, declaration, lost, assigned, asked).evaluation.deviations]
    for words in (
        "registered on 2026-02-01, after its start",
        "registered outcome is level; this analysis uses second",
        "registered estimator is adjusted; this analysis uses difference",
        "registered covariates are employees; this analysis uses -",
        "5 of the 60 units assigned are not in the data, the first being f055",
        "are said to be in another arm than was assigned",
        "before the registered end on 2027-12-31",
        "Outcomes are missing of",
    ):
        assert any(words in one for one in told), words


def test_missing_outcomes_are_counted_by_arm_and_bounded(tmp_path: Path) -> None:
    path = plan(tmp_path)
    declaration = load_declaration(path)
    register(path, declaration, BEFORE)
    data, assigned = results(declaration, 1.0)
    advised = assigned.filter(pl.col("arm") == "advised")["id"].to_list()[:4]
    holes = data.with_columns(pl.when(pl.col("id").is_in(advised)).then(None).otherwise(pl.col("level")).alias("level"))
    found = analyse(path, declaration, holes, assigned, as_planned(declaration)).evaluation
    assert found.bounds is not None
    assert found.bounds.lower <= found.effect.estimate <= found.bounds.upper
    assert any("of 4 units of advised and 0 controls" in one.what["en"] for one in found.deviations)
    assert found.effect.n == 56


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (
            lambda data: data.rename({"level": "levels"}),
            "expected the column 'level', found none; did you mean 'levels'",
        ),
        (lambda data: pl.concat([data, data.head(1)]), "expected each unit once, found 'f000' again"),
    ],
)
def test_data_that_cannot_be_analysed_are_named(tmp_path: Path, spoil, said: str) -> None:
    path = plan(tmp_path)
    declaration = load_declaration(path)
    register(path, declaration, BEFORE)
    data, assigned = results(declaration, 1.0)
    with pytest.raises(PilotError, match=said):
        analyse(path, declaration, spoil(data), assigned, as_planned(declaration))


def test_the_balance_table_has_every_column_known_before_and_a_joint_test(tmp_path: Path) -> None:
    declaration = load_declaration(plan(tmp_path))
    found = balance_of(declaration, assign(declaration, units(), "salt").table)
    assert [one.about for one in found[:-1]] == ["sector: metal", "sector: other", "employees"]
    assert found[-1].name == "balance_joint"
    assert 0.0 < (found[-1].value or 0.0) <= 1.0
