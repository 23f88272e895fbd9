"""What to do next: the formula by hand, what waits, and how firm the order is."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from haidang.errors import HaidangError
from haidang.frameworks.assessment import AssessmentError, Campaign
from haidang.frameworks.priorities import TERMS, Priorities, priorities
from haidang.frameworks.relevance import Relevance, load_relevance
from haidang.frameworks.score import score
from haidang.frameworks.technology import (
    TechnologyMap,
    in_place,
    levels_implied,
    load_technologies,
    model_levels,
)
from haidang.frameworks.words import words
from tests.frameworks.answers import ALL_YES, campaign
from tests.frameworks.small import small

CAPABILITIES = [one.id for one in small().capabilities]
MAP = """framework: small
date: 2026-11-22
technologies:
  sensors:
    area: flow
    level: 1
    capabilities: {visibility: 1}
    cost: sensors_cost
    productivity: sensors_productivity
    energy: sensors_energy
  robots:
    area: process
    level: 3
    capabilities: {standard-work: 3}
    after: [sensors]
    cost: robots_cost
    productivity: robots_productivity
    energy: robots_energy
"""


def matrix(folder: Path, kind: str, weight: Callable[[str, str], int] = lambda target, capability: 1) -> Relevance:
    lines = [f"{kind},capability,weight,author,date,reason_vi,reason_en"]
    for target in words("costs" if kind == "cost" else "results"):
        for capability in CAPABILITIES:
            lines.append(f"{target},{capability},{weight(target, capability)},Tester,2026-11-22,Vì,Because")
    path = folder / f"{kind}.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return load_relevance(path, kind, small())


def technologies(folder: Path, text: str = MAP) -> TechnologyMap:
    path = folder / "map.yaml"
    path.write_text(text, encoding="utf-8")
    return load_technologies(path, small())


def asked(**changes: str) -> Campaign:
    base = campaign({**ALL_YES, **{name.replace("_", "-"): text for name, text in changes.items()}})
    one = replace(base.factories[0], costs={"energy": 0.2, "labour": 0.6}, results=("quality",))
    return replace(base, factories=(one,))


def ranked(folder: Path, base: Campaign, **more: object) -> Priorities:
    costs = matrix(folder, "cost", lambda target, capability: 3 * (target == "energy" and capability == "visibility"))
    goals = matrix(
        folder, "goal", lambda target, capability: 3 * (target == "quality" and capability == "standard-work")
    )
    return priorities(base, score(base), 0, (costs, goals), draws=200, **more)  # type: ignore[arg-type]


def test_the_formula_is_the_one_that_is_written(tmp_path: Path) -> None:
    found = ranked(tmp_path, asked(P1_3="no", F1_2="no"))
    by = {one.capability: one for one in found.ranked}
    assert [one.capability for one in found.ranked] == ["standard-work", "visibility"]
    assert by["visibility"].terms == {"costs": 0.25, "results": 0.0, "risk": 0.0}
    assert by["visibility"].value == pytest.approx(0.25 / 3)
    assert by["standard-work"].value == pytest.approx(1 / 3)
    assert found.weights == pytest.approx(dict.fromkeys(TERMS, 0.25))


def test_what_cannot_rise_or_is_not_known_is_not_ranked(tmp_path: Path) -> None:
    found = ranked(tmp_path, asked(P1_1="", F1_2="no"))
    assert [one.capability for one in found.ranked] == ["visibility"]
    assert found.to_answer == ("standard-work",)


def test_weights_decide(tmp_path: Path) -> None:
    weights = {"costs": 1.0, "results": 0.0, "gap": 0.0, "risk": 0.0}
    found = ranked(tmp_path, asked(P1_3="no", F1_2="no"), weights=weights)
    assert found.ranked[0].capability == "visibility"
    assert found.ranked[0].first_three == 1.0
    with pytest.raises(AssessmentError, match="expected weights of costs, results, gap, risk"):
        ranked(tmp_path, asked(), weights={"costs": 1.0})


def test_what_needs_another_first_waits_and_says_for_what(tmp_path: Path) -> None:
    found = ranked(tmp_path, asked(P1_3="no", F1_1="no"), technologies=technologies(tmp_path))
    assert [one.capability for one in found.ranked] == ["visibility", "standard-work"]
    assert found.ranked[1].waits_for == {"visibility": 1}


def test_the_same_seed_gives_the_same_stability(tmp_path: Path) -> None:
    base = asked(P1_3="no", F1_2="no", P2_1="no")
    assert ranked(tmp_path, base) == ranked(tmp_path, base)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("energy,standard-work,1", "energy,standard-wrk,1", "costs.csv:2: capability: expected a capability"),
        ("energy,standard-work,1", "enrgy,standard-work,1", "did you mean 'energy'?"),
        ("energy,standard-work,1", "energy,standard-work,7", "expected a weight from 0 to 3, found 7"),
        ("energy,standard-work,1", "energy,quality,1", "expected each pair once"),
        (
            "energy,standard-work,1,Tester,2026-11-22,Vì,Because\n",
            "",
            "expected a weight for 'energy' and 'standard-work'",
        ),
        ("2026-11-22,Vì", ",Vì", "expected a date, found an empty cell"),
        ("Vì,Because", "Vì,", "reason_en: expected a text, found an empty cell"),
    ],
)
def test_a_matrix_without_author_date_or_reason_is_refused(tmp_path: Path, before: str, after: str, said: str) -> None:
    matrix(tmp_path, "cost")
    text = (tmp_path / "cost.csv").read_text(encoding="utf-8")
    assert before in text
    (tmp_path / "costs.csv").write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(HaidangError) as mistake:
        load_relevance(tmp_path / "costs.csv", "cost", small())
    assert said in str(mistake.value)


def test_a_group_is_in_place_where_its_capabilities_stand(tmp_path: Path) -> None:
    groups = technologies(tmp_path)
    base = campaign(ALL_YES, {**ALL_YES, "P1-3": "no", "F1-1": ""})
    scores = score(base)
    assert in_place(groups, scores, 0) == {"sensors": True, "robots": True}
    assert in_place(groups, scores, 1) == {"sensors": None, "robots": False}
    assert model_levels(groups, scores, 0) == {"process": 3, "flow": 2}
    assert model_levels(groups, scores, 1) == {"process": 2, "flow": None}
    assert levels_implied(groups, ["robots", "sensors"]) == {"standard-work": 3, "visibility": 1}


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("after: [sensors]", "after: [sensor]", "did you mean 'sensors'?"),
        ("{visibility: 1}", "{visibilty: 1}", "did you mean 'visibility'?"),
        ("{standard-work: 3}", "{standard-work: 4}", "expected a level from 1 to 3, found 4"),
        ("    cost: sensors_cost", "    after: [robots]\n    cost: sensors_cost", "found a circle"),
        ("framework: small", "framework: other", "expected a map of 'small'"),
    ],
)
def test_a_map_that_names_what_is_not_there_is_refused(tmp_path: Path, before: str, after: str, said: str) -> None:
    with pytest.raises(HaidangError) as mistake:
        technologies(tmp_path, MAP.replace(before, after, 1))
    assert said in str(mistake.value)
