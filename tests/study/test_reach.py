"""Which of the units given a run treats alike: known answers, read off the table by hand."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from haidang.facts.few import alike
from haidang.packs import load_pack
from haidang.population import build_population
from haidang.study import Question
from haidang.study.manifest import manifest_of
from haidang.study.prepared import prepare
from haidang.study.question import pack_of
from haidang.study.reach import reach_of

PROGRAMME = "smart-manufacturing-credit"
DESIGN = """design: {name}
title: {{vi: Thử, en: Trial}}
programme: smart-manufacturing-credit
changes:
  credit:
"""


@pytest.fixture(scope="module")
def pack():
    """The first city."""
    return load_pack("hcmc")


@pytest.fixture(scope="module")
def table(pack):
    """Sixty factories in the order of their ids, which is not that of the file."""
    return build_population(pack.population("factories"), pack.book, 60, 1).table.sort("id")


@pytest.fixture(autouse=True)
def no_cache(monkeypatch):
    """These tests leave the compile cache of whoever runs them alone."""
    monkeypatch.setattr("haidang.study.prepared.prepare_jax", lambda: None)


def reach(pack, table: pl.DataFrame, folder: Path, *changes: str) -> pl.DataFrame:
    """What a run says of the units, with a design for each text of changes."""
    table.sort("employees").write_csv(folder / "units.csv")
    designs: list[Path] = []
    for number, text in enumerate(changes):
        (folder / f"d{number}.yaml").write_text(DESIGN.format(name=f"d{number}") + text)
        designs.append(folder / f"d{number}.yaml")
    asked = Question(PROGRAMME, draws=1, units=folder / "units.csv", designs=tuple(designs))
    own = pack_of(pack, asked)
    made = prepare(own, asked)
    told = manifest_of(own, asked, made.programmes, made.setting, made.population, {})
    return reach_of(made.setting, own.book, told)


def test_a_condition_divides_the_units_that_meet_it_from_the_others(pack, table, tmp_path):
    found = reach(pack, table, tmp_path, "    eligible: employees > 50\n", '    eligible: sector == "food" or zone\n')
    base = (table["level_process"] >= 0).to_list()  # the programme itself takes every factory of the table
    expected = alike(base, (table["employees"] > 50).to_list(), ((table["sector"] == "food") | table["zone"]).to_list())
    assert found["alike"].to_list() == expected
    assert len(set(expected)) == 4
    assert found["unit"].to_list() == list(range(60))
    assert found["group"].to_list() == table["size"].cast(pl.String).to_list()


def test_a_lever_that_only_some_feel_divides_as_a_condition_does(pack, table, tmp_path):
    rate = "    levers: {loan_rate: market_rate - (0.03 if employees > 50 else 0.02)}\n"
    assert reach(pack, table, tmp_path, rate)["alike"].to_list() == alike((table["employees"] > 50).to_list())
    same = reach(pack, table, tmp_path, "    levers: {loan_rate: market_rate - 0.05}\n")
    assert np.unique(same["alike"]).tolist() == [0]


def test_a_condition_that_holds_in_one_year_only_is_seen(pack, table, tmp_path):
    found = reach(pack, table, tmp_path, "    eligible: year == 2028 and employees > 50\n")
    assert found["alike"].to_list() == alike((table["employees"] > 50).to_list())
