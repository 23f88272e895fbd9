"""From a measured factory to its report: steps as in the model, payers with conditions, pages that load nothing."""

import re
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from pathlib import Path

import pytest
from openpyxl import load_workbook

from haidang.allocate.factory import Advice, advise, roadmap_json, yearly_budget
from haidang.allocate.factory_report import (
    factory_html,
    write_factory_pdf,
    write_factory_report,
    write_factory_workbook,
)
from haidang.allocate.payers import known_of, payers
from haidang.allocate.roadmap import Goal, RoadmapError
from haidang.allocate.steps import choices
from haidang.errors import HaidangError
from haidang.frameworks import (
    Campaign,
    benchmarks,
    find_framework,
    find_relevance,
    find_technologies,
    read_assessments,
    score,
)
from haidang.packs.load import Pack, load_pack

FRAMEWORK = find_framework("smart-responsible")
EXAMPLES = sorted(Path(str(files("haidang.frameworks").joinpath("shipped", "examples"))).glob("*.yaml"))
YEARS = (2026, 2027, 2028, 2029, 2030)


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack("hcmc")


@pytest.fixture(scope="module")
def campaign() -> Campaign:
    return read_assessments(EXAMPLES, FRAMEWORK)


@pytest.fixture(scope="module")
def advised(campaign: Campaign, pack: Pack) -> Callable[[int, Goal], Advice]:
    """The advice to an example for a goal; found once, since it takes seconds."""
    return cache(lambda row, goal: advice(campaign, pack, row, goal))


def advice(campaign: Campaign, pack: Pack, row: int, goal: Goal | None = None, budget: float = 2e9) -> Advice:
    scores = score(campaign)
    return advise(
        campaign, scores, row, relevance=find_relevance(FRAMEWORK), peers=benchmarks(campaign, scores),
        technologies=find_technologies(FRAMEWORK), book=pack.book,
        programmes=[one.base for one in pack.programmes.values()], years=YEARS, budget=budget, goal=goal,
    )  # fmt: skip


def test_a_step_costs_and_saves_what_the_model_says(campaign: Campaign, pack: Pack) -> None:
    technologies = find_technologies(FRAMEWORK)
    assert technologies is not None
    factory, book = campaign.factories[0], pack.book
    found = choices(factory, score(campaign), 0, technologies, book, 2026)
    step = next(one for one in found.steps if one.id == "planning")
    assert factory.revenue is not None
    assert factory.value_added is not None
    assert factory.electricity is not None
    middling = book.value("reference_revenue")
    scale = (factory.revenue / middling) ** book.value("cost_elasticity")
    assert step.cost == pytest.approx(book.value("planning_cost") * middling * scale)
    assert step.running == pytest.approx(book.value("planning_running") * factory.revenue)
    saved = factory.electricity * book.value("planning_energy")
    assert step.saving == pytest.approx(
        saved * book.value("electricity_price") + factory.value_added * book.value("planning_productivity")
    )
    assert step.carbon == pytest.approx(saved * book.value("grid_factor", 2026))
    assert found.rate == pytest.approx(0.1)


def test_a_number_that_is_not_known_is_asked_for(campaign: Campaign, pack: Pack) -> None:
    from dataclasses import replace

    poor = replace(campaign, factories=(replace(campaign.factories[0], revenue=None), *campaign.factories[1:]))
    with pytest.raises(RoadmapError, match=r"expected the revenue of .* found none"):
        advice(poor, pack, 0)


def test_a_programme_shows_each_condition_as_met_not_met_or_not_known(pack: Pack, campaign: Campaign) -> None:
    from dataclasses import replace

    from haidang.programmes import parse

    base = pack.programmes["smart-manufacturing-credit"].base
    instrument = replace(base.instruments[0], eligible=parse('size == "large" and level < 4 and zone'))
    asked = replace(base, instruments=(instrument,))
    (found,) = payers(["planning"], [asked], known_of(campaign.factories[0], {"flow": 1, "sync": 2}), pack.book)
    assert [(one.text, one.met) for one in found.conditions] == [
        ('size == "large"', False),
        ("level < 4", True),
        ("zone", None),
    ]
    assert found.eligible is False


def test_a_step_that_an_instrument_does_not_pay_for_is_left_out(pack: Pack) -> None:
    from dataclasses import replace

    from haidang.programmes import parse

    base = pack.programmes["smart-manufacturing-credit"].base
    levers = {**base.instruments[0].levers, "pays_planning": parse("0")}
    asked = replace(base, instruments=(replace(base.instruments[0], levers=levers),))
    assert [one.step for one in payers(["planning", "training"], [asked], {"level": 1.0}, pack.book)] == ["training"]


def test_the_report_is_in_both_languages_and_loads_nothing(
    tmp_path: Path, advised: Callable[[int, Goal], Advice]
) -> None:
    text = write_factory_report(advised(0, Goal()), tmp_path / "a.html").read_text(encoding="utf-8")
    assert "Nhà máy ví dụ A" in text
    assert 'lang="vi"' in text
    assert 'lang="en"' in text
    assert "What to do next, and why" in text
    assert "<script" not in text
    assert not re.search(r'(?:src|href)="', text)
    assert "{" not in re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL)


@pytest.mark.parametrize("row", range(3))
@pytest.mark.parametrize("goal", [Goal(), Goal("carbon"), Goal("level"), Goal("level", 3, 2027), Goal("level", 5)])
def test_every_example_has_a_report_for_every_goal(
    campaign: Campaign, advised: Callable[[int, Goal], Advice], row: int, goal: Goal
) -> None:
    text = factory_html(advised(row, goal))
    assert campaign.factories[row].name in text


def test_a_goal_out_of_reach_tells_what_would_be_enough(campaign: Campaign, pack: Pack) -> None:
    found = advice(campaign, pack, 0, Goal("level", 3, 2028), budget=1e6)
    assert found.roadmap is not None
    assert found.roadmap.obstacle is not None
    assert found.roadmap.obstacle.budget is not None
    assert "would be enough" in factory_html(found)


def test_names_are_escaped(campaign: Campaign, pack: Pack) -> None:
    from dataclasses import replace

    evil = replace(campaign.factories[2], name="<script>alert(1)</script>")
    text = factory_html(advice(replace(campaign, factories=(*campaign.factories[:2], evil)), pack, 2))
    assert "&lt;script&gt;" in text
    assert "<script>" not in text


def test_the_workbook_holds_numbers_and_no_formulas(tmp_path: Path, advised: Callable[[int, Goal], Advice]) -> None:
    path = write_factory_workbook(advised(0, Goal()), tmp_path / "a.xlsx", "en")
    book = load_workbook(path)
    assert book.sheetnames == ["Every capability", "Findings", "Roadmap", "What would change this advice"]
    assert isinstance(book["Roadmap"]["C2"].value, int | float)
    assert all(cell.data_type != "f" for page in book for row in page for cell in row)


def test_the_report_is_a_pdf(tmp_path: Path, advised: Callable[[int, Goal], Advice]) -> None:
    path = write_factory_pdf(advised(1, Goal()), tmp_path / "a.pdf", "vi")
    assert path.read_bytes().startswith(b"%PDF")


def test_the_roadmap_is_json(advised: Callable[[int, Goal], Advice]) -> None:
    import json

    found = advised(0, Goal())
    assert found.roadmap is not None
    text = json.dumps(roadmap_json(found.roadmap, found.changes, found.payers))
    assert json.loads(text)["proven"] is True


@pytest.mark.parametrize(
    ("text", "said"), [("5e9", "VND/year"), ("5e9 USD/year", "VND/year"), ("-1 VND/year", "at least 0")]
)
def test_a_budget_that_is_none_is_refused(text: str, said: str) -> None:
    with pytest.raises(HaidangError, match=said):
        yearly_budget(text)
    assert yearly_budget("5e9 VND/year") == 5e9
