"""A finished run stands in for the one asked for only where it is the same; what a study says of its budgets."""

from __future__ import annotations

from pathlib import Path

import pytest

from haidang.faces import overview
from haidang.faces.words import CommandError
from haidang.packs import Pack, load_pack
from haidang.results import Run, write_run
from haidang.study import Question
from haidang.study.manifest import command_of, hash_inputs, manifest_of
from haidang.study.prepared import prepare
from tests.results.example import fact_texts, manifest, write_example

QUESTION = Question("smart-manufacturing-credit", (), 30, 1, 512)


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack("hcmc")


def finished(folder: Path, pack: Pack, inputs: dict[str, str]) -> Run:
    """An invented run that says it was made by the question's command from these inputs."""
    first = write_example(folder / "first", draws=30)
    tables = {name: first.table(name) for name in ("totals", "users", "budgets", "funnel", "choices", "facts")}
    told = manifest(30, 7) | {"command": command_of(pack, QUESTION), "inputs": inputs}
    return write_run(folder / "run", tables, told, fact_texts())


def test_a_finished_run_of_the_same_question_is_taken_as_it_is(tmp_path: Path, pack: Pack) -> None:
    run = finished(tmp_path, pack, hash_inputs(pack, QUESTION) | {"backtests/one.yaml": "changed since"})
    assert overview._finished(pack, QUESTION, run.path).manifest == run.manifest


@pytest.mark.parametrize(
    "other",
    [
        Question("smart-manufacturing-credit", (), 31, 1, 512),
        Question("smart-manufacturing-credit", (), 30, 2, 512),
        Question("smart-manufacturing-credit", (), 30, 1, 513),
    ],
    ids=["draws", "seed", "rows"],
)
def test_a_finished_run_of_another_question_is_refused(tmp_path: Path, pack: Pack, other: Question) -> None:
    run = finished(tmp_path, pack, hash_inputs(pack, QUESTION))
    with pytest.raises(CommandError, match="expected the run of"):
        overview._finished(pack, other, run.path)


def test_a_finished_run_of_a_pack_that_was_changed_is_refused(tmp_path: Path, pack: Pack) -> None:
    run = finished(tmp_path, pack, hash_inputs(pack, QUESTION) | {"pack.yaml": "changed since"})
    with pytest.raises(CommandError, match="before it was changed"):
        overview._finished(pack, QUESTION, run.path)


def told_by(pack: Pack, programme: str, *variants: str) -> dict[str, object]:
    question = Question(programme, variants, 1, 1, 512)
    made = prepare(pack, question)
    return manifest_of(pack, question, made.programmes, made.setting, made.population, {})


def test_a_manifest_tells_what_a_budget_gives_in_each_year_and_where_its_money_comes_from(pack: Pack) -> None:
    budgets = told_by(pack, "smart-manufacturing-credit", "remittances")["budgets"]
    assert isinstance(budgets, list)
    fed = next(each["fed_by"] for each in budgets if each["fed_by"] is not None)
    assert fed["title"] == pack.programme("remittances").base.title
    assert fed["outcome_title"]["en"] == "Money raised"
    assert all(each["years"] == [2026, 2027, 2028, 2029, 2030] for each in budgets)


def test_a_manifest_tells_suppositions_and_the_titles_of_places(pack: Pack) -> None:
    scenarios = told_by(pack, "remittances", "all")["scenarios"]
    assert isinstance(scenarios, list)
    supposed = [each["id"] for each in scenarios if each.get("supposition")]
    assert supposed == ["banks-right", "survey-right"]
    bikes = told_by(pack, "public-e-bikes")
    columns = bikes["columns"]
    assert isinstance(columns, dict)
    assert all(columns[name]["vi"] != name for name in ("origin", "destination", "hour"))
    assert bikes["groupings"] == [name for name in columns if name in bikes["groups"]]  # type: ignore[operator]
