"""A plan as one more scenario of a run: the allocation's own outcome to the last bit, and only for its units."""

import hashlib
import json
import shutil
from dataclasses import replace

import polars as pl
import pytest

from haidang.allocate.allocation import Request, allocate
from haidang.allocate.list_report import write_list
from haidang.allocate.list_tables import listed
from haidang.engine import Desk
from haidang.errors import HaidangError
from haidang.packs import load_pack
from haidang.study import Question, StudyError, run_study
from haidang.study.company import _job, question_of
from haidang.study.plan_file import OPTIMAL, planned_scenario

PROGRAMME = "smart-manufacturing-credit"
ROWS, DRAWS, SEED = 64, 6, 1
FRESH = SEED + 10_007
"""The seed with which the allocation judges what it made with `SEED`."""


@pytest.fixture(scope="module")
def pack():
    return load_pack("hcmc")


@pytest.fixture(scope="module")
def found(pack):
    return allocate(pack, Request(PROGRAMME, draws=DRAWS, seed=SEED, rows=ROWS, resolves=1, scales=(1.0,), facts=0))


@pytest.fixture(scope="module")
def folder(found, tmp_path_factory):
    place = tmp_path_factory.mktemp("plan")
    write_list(found, listed(found), place, "vi")
    return place


@pytest.fixture(scope="module")
def judged(pack, folder, tmp_path_factory):
    """The plan's units, the draws on which the allocation judged it, and a variant beside it."""
    question = Question(
        PROGRAMME, ("best-first",), DRAWS, FRESH, units=folder / "units.parquet", plan=folder, workers=1
    )  # fmt: skip
    return run_study(pack, question, tmp_path_factory.mktemp("runs") / "planned")


def rows(run, name, scenario, **where):
    """The rows of one scenario of a table."""
    return run.table(name).filter(pl.col("scenario") == scenario, **where).drop("scenario")


def whole(run, scenario, outcome):
    """An outcome of everybody (draws, years)."""
    found = rows(run, "totals", scenario, outcome=outcome, by="all").sort("draw", "year")
    return found["value"].to_numpy().reshape(run.manifest.draws, -1)


def test_the_run_gives_to_the_last_bit_what_the_allocation_judged(found, judged):
    theirs = found.judged.trials[OPTIMAL]
    assert found.card.tracked
    for name in found.card.tracked:
        added = whole(judged, OPTIMAL, name).sum(axis=1) - whole(judged, "baseline", name).sum(axis=1)
        assert added.tolist() == theirs.added[name].tolist()
    assert theirs.added[found.goal].any()
    for one in found.resources:
        spent = rows(judged, "budgets", OPTIMAL, resource=one.id).sort("draw", "year")["spent"].to_numpy()
        assert spent.reshape(DRAWS, -1).tolist() == theirs.spent[one.id].tolist()
        assert spent.any()


def test_the_plan_never_spends_more_than_there_is(judged):
    budgets = rows(judged, "budgets", OPTIMAL)
    assert (budgets["spent"] <= budgets["available"]).all()
    lines = [one for one in judged.manifest.budgets if one.scenario == OPTIMAL]
    assert {one.resource for one in lines} == set(budgets["resource"])
    for one in lines:
        if one.line is not None and not one.revolving:
            sums = budgets.filter(resource=one.resource).group_by("draw").agg(pl.col("spent").sum())
            assert (sums["spent"] <= one.line).all()


def test_the_other_scenarios_are_what_they_are_without_the_plan(pack, folder, judged, tmp_path):
    question = Question(PROGRAMME, (), DRAWS, FRESH, units=folder / "units.parquet", workers=1)
    plain = run_study(pack, question, tmp_path / "plain")
    for scenario in ("baseline", PROGRAMME):
        for name in ("totals", "budgets", "users"):
            assert rows(plain, name, scenario).equals(rows(judged, name, scenario))


def test_a_plan_without_offers_changes_nothing(pack, folder, tmp_path):
    empty = shutil.copytree(folder, tmp_path / "empty")
    pl.read_parquet(empty / "offers.parquet").clear().write_parquet(empty / "offers.parquet")
    question = Question(PROGRAMME, (), 2, FRESH, units=folder / "units.parquet", plan=empty, workers=1)
    run = run_study(pack, question, tmp_path / "run")
    assert rows(run, "totals", OPTIMAL).equals(rows(run, "totals", "baseline"))
    assert rows(run, "budgets", OPTIMAL)["spent"].sum() == 0


def test_a_run_says_which_plan_it_shows_and_on_which_draws_it_was_made(pack, folder, judged):
    digest = hashlib.sha256((folder / "offers.parquet").read_bytes()).hexdigest()
    told = json.loads((judged.path / "manifest.json").read_text(encoding="utf-8"))
    assert told["plan"]["digest"] == told["inputs"]["plan/offers.parquet"] == digest
    assert (told["plan"]["seed"], told["plan"]["draws"]) == (SEED, DRAWS)
    note = judged.scenario(OPTIMAL).note
    assert "draws that it has not seen" in note.en
    assert "chưa thấy" in note.vi


@pytest.mark.parametrize(
    ("rows", "seed", "message"),
    [
        (ROWS, SEED + 1, r"\(seed 1, digest \w+\), found another \(seed 2, digest \w+\)"),
        (ROWS + 8, SEED + 1, r"\(rows 64, seed 1, digest \w+\), found another \(rows 72, seed 2, digest \w+\)"),
    ],
)
def test_a_plan_for_another_population_is_refused_with_what_differs(pack, folder, tmp_path, rows, seed, message):
    with pytest.raises(StudyError, match=message):
        run_study(pack, Question(PROGRAMME, (), 2, seed, rows, plan=folder, workers=1), tmp_path / "run")
    assert not (tmp_path / "run" / "manifest.json").exists()


def test_a_plan_is_never_judged_on_the_draws_that_made_it(pack, folder):
    question = Question(PROGRAMME, seed=SEED, units=folder / "units.parquet", plan=folder)
    with pytest.raises(StudyError, match=r"found those of its own seed 1; .*another --seed"):
        planned_scenario(pack, question)


def test_units_of_which_one_number_differs_are_refused(pack, folder, tmp_path):
    other = tmp_path / "units.parquet"
    pl.read_parquet(folder / "units.parquet").with_columns(pl.col("weight") * 1.001).write_parquet(other)
    with pytest.raises(StudyError, match=r"made for \(digest \w+\), found another \(digest \w+\)"):
        run_study(pack, Question(PROGRAMME, (), 2, FRESH, units=other, plan=folder, workers=1), tmp_path / "run")


@pytest.mark.parametrize(
    ("served", "message"),
    [
        ({"by": "luck / subsidy"}, "expected an order by what the model tells of a wish, found 'luck'"),
        ({"by": "1 +", "tranches": {}}, "allocation.json: served: expected"),
        ({"by": None, "tranches": {"subsidy": [1, 2]}}, "expected 5 years of a budget, found 2 of 'subsidy'"),
        ({"by": None, "tranches": {"subsidy": [1.5]}}, "expected whole amounts by year of 'subsidy'"),
        ({"by": 3}, "expected an order and tranches by resource"),
    ],
)
def test_a_plan_with_an_order_or_years_that_are_not_there_is_refused(pack, folder, tmp_path, served, message):
    other = shutil.copytree(folder, tmp_path / "other")
    told = json.loads((other / "allocation.json").read_text(encoding="utf-8"))
    (other / "allocation.json").write_text(json.dumps(told | {"served": served}), encoding="utf-8")
    with pytest.raises(HaidangError, match=message):
        planned_scenario(pack, Question(PROGRAMME, seed=FRESH, plan=other))


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("programme", "green-trucks", "found one of 'green-trucks'"),
        ("programme_digest", "0", "found one made when it or a variant was another"),
        ("seed", None, "expected a plan that tells its 'seed'"),
    ],
)
def test_a_plan_that_is_not_of_this_programme_is_refused(pack, folder, tmp_path, key, value, message):
    other = shutil.copytree(folder, tmp_path / "other")
    told = json.loads((other / "allocation.json").read_text(encoding="utf-8"))
    (other / "allocation.json").write_text(json.dumps(told | {key: value}), encoding="utf-8")
    with pytest.raises(StudyError, match=message):
        run_study(pack, Question(PROGRAMME, plan=other), tmp_path / "run")


def test_a_plan_made_on_other_facts_is_refused_and_the_facts_are_named(pack, folder):
    book = pack.book
    dearer = replace(book.facts["market_rate"], value=9.0, range=(8.0, 10.0))
    other = replace(pack, book=replace(book, facts={**book.facts, "market_rate": dearer}))
    question = Question(PROGRAMME, seed=FRESH, units=folder / "units.parquet", plan=folder)
    with pytest.raises(StudyError, match="found others: 'market_rate'; make the plan again"):
        planned_scenario(other, question)


def test_a_fact_told_in_other_words_is_the_same_fact(pack, folder):
    book = pack.book
    told = replace(book.facts["market_rate"], title={"vi": "Lãi suất", "en": "The rate"})
    same = replace(pack, book=replace(book, facts={**book.facts, "market_rate": told}))
    question = Question(PROGRAMME, seed=FRESH, units=folder / "units.parquet", plan=folder)
    assert planned_scenario(same, question) is not None


def test_a_folder_without_a_plan_is_refused(pack, tmp_path):
    with pytest.raises(StudyError, match="make one with haidang allocate"):
        run_study(pack, Question(PROGRAMME, plan=tmp_path), tmp_path / "run")


def test_a_helping_process_is_told_of_the_plan(pack, folder, tmp_path):
    question = Question(PROGRAMME, ("all",), plan=folder, workers=2)
    job = json.loads(json.dumps(_job(pack, question, Desk(tmp_path, "digest"))))
    assert question_of(job)[1] == question
