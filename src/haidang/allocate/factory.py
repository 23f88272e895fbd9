"""Everything that one factory is told: where it stands, what to do next, in which order, and who would pay."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from haidang.allocate.payers import Payer, known_of, payers
from haidang.allocate.roadmap import Change, Goal, Question, Roadmap
from haidang.allocate.roadmap_change import changes
from haidang.allocate.roadmap_solve import roadmap
from haidang.allocate.steps import Choices, choices
from haidang.errors import Place
from haidang.facts import FactBook, UnitError, canonical, parse_quantity, same_dimension
from haidang.frameworks.assessment import Campaign, Factory
from haidang.frameworks.benchmarks import Benchmarks
from haidang.frameworks.findings import Finding, findings
from haidang.frameworks.priorities import Priorities, priorities
from haidang.frameworks.relevance import Relevance
from haidang.frameworks.score import Scores
from haidang.frameworks.technology import TechnologyMap
from haidang.programmes import Programme


@dataclass(frozen=True)
class Advice:
    """What one factory takes away.

    Args:
        row: its row in the campaign and the scores.
        priorities: none where the framework has no relevance matrices.
        roadmap: none where the framework has no technology map or the factory's numbers are not known.
        changes: what would change the roadmap; empty where its goal is not measured in money.
    """

    campaign: Campaign
    scores: Scores
    row: int
    findings: tuple[Finding, ...]
    peers: Benchmarks | None
    priorities: Priorities | None
    choices: Choices | None
    roadmap: Roadmap | None
    changes: tuple[Change, ...]
    payers: tuple[Payer, ...]

    @property
    def factory(self) -> Factory:
        """Who it is for."""
        return self.campaign.factories[self.row]


def yearly_budget(text: str) -> float:
    """VND a year from a text such as `5e9 VND/year`.

    Raises:
        UnitError: it is no amount of dong a year, or below nothing.
    """
    place = Place("--budget")
    value, unit = parse_quantity(text, place)
    if not same_dimension(unit or "1", "VND/year"):
        raise UnitError(f"expected an amount in VND/year, found '{text}'", place, "such as '5e9 VND/year'")
    if value < 0:
        raise UnitError(f"expected at least 0, found '{text}'", place)
    return canonical(value, unit)


def question_of(found: Choices, years: tuple[int, ...], budget: float, goal: Goal) -> Question:
    """The question of a factory with the same budget every year, VND."""
    return Question(found.steps, found.start, years, (budget,) * len(years), found.rate, goal)


def advise(
    campaign: Campaign,
    scores: Scores,
    row: int,
    *,
    relevance: tuple[Relevance, Relevance] | None = None,
    peers: Benchmarks | None = None,
    technologies: TechnologyMap | None = None,
    book: FactBook | None = None,
    programmes: Iterable[Programme] = (),
    years: tuple[int, ...] = (),
    budget: float = 0.0,
    goal: Goal | None = None,
) -> Advice:
    """What one factory takes away.

    Args:
        campaign: the raw answers.
        scores: what they come to.
        row: which factory.
        relevance: the matrices on costs and on goals; without them nothing is ranked.
        peers: where peers stand.
        technologies: which levels stand for which technology groups; without it, or without `book`, no roadmap.
        book: the facts of cost and effect.
        programmes: that may pay for a step.
        years: of the roadmap; without years there is none.
        budget: VND for steps in each year.
        goal: of the roadmap; the highest net present value unless given.

    Raises:
        HaidangError: a number of the factory that the roadmap needs is not known, or the question cannot be asked.
    """
    ranked = None if relevance is None else priorities(campaign, scores, row, relevance, peers, technologies)
    found, answer, would_change, who = None, None, (), ()
    if technologies is not None and book is not None and years:
        factory = campaign.factories[row]
        found = choices(factory, scores, row, technologies, book, years[0])
        if found.steps:
            answer = roadmap(question_of(found, years, budget, goal or Goal()))
            would_change = _changes(answer)
            who = payers([one.id for one in found.steps], programmes, known_of(factory, found.start), book)
    return Advice(
        campaign, scores, row, findings(campaign, scores, row), peers, ranked, found, answer, would_change, who
    )


def _changes(answer: Roadmap) -> tuple[Change, ...]:
    goal = answer.question.goal
    in_money = goal.kind == "npv" or (goal.kind == "level" and goal.level is not None)
    return changes(answer) if in_money and answer.best is not None else ()


def roadmap_json(answer: Roadmap, would_change: tuple[Change, ...], who: tuple[Payer, ...]) -> Mapping[str, object]:
    """The roadmap as JSON takes it; money in VND, emissions in tCO2e."""
    from dataclasses import asdict

    question = answer.question
    return {
        "format": 1,
        "years": list(question.years),
        "budgets": list(question.budgets),
        "discount_rate": question.rate,
        "goal": asdict(question.goal),
        "steps": [asdict(one) for one in question.steps],
        "objective": answer.objective,
        "bound": answer.bound,
        "proven": answer.proven,
        "best": None if answer.best is None else asdict(answer.best),
        "next_best": [asdict(one) for one in answer.next_best],
        "obstacle": None if answer.obstacle is None else asdict(answer.obstacle),
        "changes": [asdict(one) for one in would_change],
        "payers": [asdict(one) for one in who],
    }
