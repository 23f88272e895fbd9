"""What the laboratory says of a run: who wins and loses by group, and what differs from the programme as declared."""

from __future__ import annotations

import json
from dataclasses import asdict

import numpy as np
import pytest

from haidang.results import Run, compare
from haidang.results.compare import horizon_effect
from haidang.web.lab.groups import divisions, verdict
from haidang.web.lab.told import tell, told_of
from tests.results.example import write_example


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return write_example(tmp_path_factory.mktemp("told") / "run", draws=40)


@pytest.mark.parametrize(
    ("above", "below", "good", "said"),
    [
        (24, 0, "more", "wins"),
        (23, 1, "more", "wins"),
        (22, 2, "more", "open"),
        (23, 1, "less", "loses"),
        (1, 23, "more", "loses"),
        (0, 24, "less", "wins"),
        (0, 2, "less", "open"),
        (0, 1, "more", "alike"),
        (24, 0, "neutral", ""),
    ],
)
def test_a_group_wins_or_loses_where_so_many_of_24_draws_say_so(above: int, below: int, good: str, said: str) -> None:
    differs = np.array([0.4] * above + [-0.04] * below + [0.0] * (24 - above - below))
    assert verdict(differs, good) == said


def test_the_verdict_on_a_group_is_that_of_its_own_draws(run: Run) -> None:
    assert all(not line.verdict for one in divisions(run, "credit", "en") for line in one.lines)
    for division, by in zip(divisions(run, "grant", "en"), ("size", "sector", "area"), strict=True):
        for line, group in zip(division.lines, run.manifest.groups[by], strict=True):
            gain = horizon_effect(run, "grant", "level_gain", by, group.id)
            more = (gain > horizon_effect(run, "credit", "level_gain", by, group.id)).mean()
            assert line.units
            assert (line.verdict == "wins") == (more >= 0.95)


def test_what_is_told_first_is_who_may_have_it_and_what_differs(run: Run) -> None:
    told = tell(run, ["credit", "grant"], "en")
    first = [row for row in told.numbers if row.first]
    titles = {"Eligible in an average year", "Users of the programme", "Public cost"}
    assert {row.title for row in first} == titles | {"Levels gained: difference from no programme, all years together"}
    assert first[0] is told.numbers[0]
    assert all(row.cells[1].apart and not row.cells[0].apart for row in first)
    assert not told.same
    assert told_of(json.loads(json.dumps(asdict(told)))) == told


def test_a_scenario_beside_itself_is_the_same(run: Run) -> None:
    assert tell(run, ["credit", "credit"], "vi").same


def test_the_sentence_of_the_chart_names_a_best_one_only_where_the_draws_agree(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ["credit", "grant"]
    credit = horizon_effect(run, "credit", "level_gain")
    assert (credit > horizon_effect(run, "grant", "level_gain")).all()
    assert "“Preferential credit” gains most" in tell(run, names, "en").sentence
    turns = np.where(np.arange(len(credit)) % 2 == 0, credit + 1, credit - 2)
    monkeypatch.setattr(compare, "horizon_effect", lambda _, name, __: credit if name == "credit" else turns)
    for language, said in (("en", "which is better is not clear"), ("vi", "chưa rõ phương án nào tốt hơn")):
        assert said in tell(run, names, language).sentence
