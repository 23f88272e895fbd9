"""What comes with the program fits together: frameworks, technology map, relevance, examples named as examples."""

from importlib.resources import files
from pathlib import Path

import pytest

from haidang.frameworks.benchmarks import benchmarks
from haidang.frameworks.collect import read_assessments
from haidang.frameworks.priorities import priorities
from haidang.frameworks.read import find_framework, shipped
from haidang.frameworks.relevance import find_relevance
from haidang.frameworks.score import score
from haidang.frameworks.technology import find_technologies, in_place
from haidang.packs.hcmc.models.technologies import AREAS, TECHNOLOGIES

EXAMPLES = sorted(Path(str(files("haidang.frameworks").joinpath("shipped", "examples"))).glob("*.yaml"))


def test_the_two_frameworks_are_there_in_the_size_that_was_promised() -> None:
    assert shipped() == ("enterprise-digital", "smart-responsible")
    found = find_framework("smart-responsible")
    assert tuple(one.id for one in found.areas) == AREAS
    assert 24 <= len(found.capabilities) <= 30
    assert 130 <= len(found.criteria) <= 170
    assert all(one.crosswalks for one in map(find_framework, shipped()))


def test_the_map_names_the_groups_of_the_model_and_their_facts() -> None:
    groups = find_technologies(find_framework("smart-responsible"))
    assert groups is not None
    assert {one.id: (one.area, one.level) for one in groups.groups} == {
        one.id: (one.area, one.level) for one in TECHNOLOGIES
    }
    for one in groups.groups:
        assert (one.cost, one.productivity, one.energy) == tuple(
            f"{one.id}_{each}" for each in ("cost", "productivity", "energy")
        )


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_is_complete_and_called_an_example(path: Path) -> None:
    framework = find_framework("smart-responsible")
    base = read_assessments([path], framework)
    scores = score(base)
    assert "ví dụ" in base.factories[0].name.lower()
    assert (scores.claimed.level != -1).all()
    assert (scores.claimed.coverage == 1).all()


def test_the_examples_can_be_ranked() -> None:
    framework = find_framework("smart-responsible")
    base = read_assessments(EXAMPLES, framework)
    assert len(base) == 3
    scores, relevance, groups = score(base), find_relevance(framework), find_technologies(framework)
    assert relevance is not None
    assert groups is not None
    for row in range(3):
        found = priorities(base, scores, row, relevance, benchmarks(base, scores), groups, draws=50)
        assert found.ranked
        assert not found.to_answer
        assert None not in in_place(groups, scores, row).values()
