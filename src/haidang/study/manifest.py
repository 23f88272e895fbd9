"""What a run says of itself: its question, the words for everything in it, the hashes of its inputs."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import version
from typing import Any

from haidang import __version__
from haidang.engine import Scenario, Setting
from haidang.models import Card
from haidang.packs import Pack, described
from haidang.packs.design_file import read_design
from haidang.population import Population
from haidang.programmes import Feed, Programme
from haidang.study.plan_file import OFFERS, PlanFile, read_plan
from haidang.study.question import Question
from haidang.study.setting import BASELINE

_BASELINE_TITLE = {"vi": "Không có chương trình", "en": "No programme"}
_YES_NO = (
    {"id": "no", "title": {"vi": "Không", "en": "No"}},
    {"id": "yes", "title": {"vi": "Có", "en": "Yes"}},
)
_SUPPOSING = "Supposing"
_LIBRARIES = ("jax", "numpy", "polars", "scipy")


def hash_inputs(pack: Pack, question: Question) -> dict[str, str]:
    """The SHA-256 of every file that a run depends on."""
    found = {
        str(path.relative_to(pack.root)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(pack.root.rglob("*"))
        if path.is_file() and path.suffix in (".yaml", ".py")
    }
    if question.units is not None:
        with question.units.open("rb") as handle:
            found[question.units.name] = hashlib.file_digest(handle, "sha256").hexdigest()
    if question.plan is not None:
        found[f"plan/{OFFERS}"] = read_plan(question.plan).digest
    for path in question.designs:
        design = read_design(path)
        found[f"design/{design.id}.yaml"] = design.digest
    return found


def plan_of(plan: PlanFile) -> dict[str, Any]:
    """What a run says of the plan among its scenarios."""
    return {"digest": plan.digest, "population": plan.population, "seed": plan.seed, "draws": plan.draws}


def digest_of(question: Question, inputs: dict[str, str]) -> str:
    """One digest for everything that the numbers of a run follow from."""
    libraries = [f"{name} {version(name)}" for name in _LIBRARIES]
    lines = [
        __version__,
        *libraries,
        repr(question.identity),
        *(f"{name} {value}" for name, value in sorted(inputs.items())),
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def manifest_of(
    pack: Pack,
    question: Question,
    programmes: Sequence[tuple[str, Programme]],
    setting: Setting,
    population: Population | None,
    inputs: dict[str, str],
) -> dict[str, Any]:
    """The manifest of a run, without what is known only when it is over."""
    card = setting.model.card
    return {
        "haidang": __version__,
        "pack": pack.id,
        "programme": question.programme,
        "model": card.id,
        "seed": question.seed,
        "draws": question.draws,
        "rows": setting.source.rows,
        "years": list(setting.result_years),
        "scenarios": _scenarios(programmes),
        "period": card.period,
        "outcomes": [_units(pack, card), *_outcomes(card)],
        "market": _market(card),
        "roles": dict(card.roles),
        "alternatives": _titled(card.alternatives),
        "stages": _titled(card.stages),
        "groups": _groups(pack, card, population),
        "groupings": list(card.groups),
        "columns": _columns(pack, card, setting),
        "outline": _outline(pack, card),
        "resources": [{"id": name, "title": dict(one.title), "unit": one.unit} for name, one in card.resources.items()],
        "budgets": _budgets(pack, setting),
        "inputs": inputs,
        "versions": {
            "haidang": __version__,
            "python": platform.python_version(),
            **{name: version(name) for name in _LIBRARIES},
        },
        "population": {
            "rows": setting.source.rows,
            "units": None if population is None else population.units,
            "source": f"{pack.id}/{card.population}" if question.units is None else question.units.name,
        },
        "command": command_of(pack, question),
    }


def command_of(pack: Pack, question: Question) -> str:
    """The command line that makes the same run."""
    parts = [f"haidang run {pack.id}/{question.programme}"]
    if question.variants:
        parts.append(f"--variants {','.join(question.variants)}")
    parts.append(f"--draws {question.draws} --seed {question.seed}")
    if question.rows is not None:
        parts.append(f"--rows {question.rows}")
    if question.units is not None:
        parts.append(f"--units {question.units.name}")
    if question.plan is not None:
        parts.append(f"--plan {question.plan.name}")
    parts += [f"--design {path.name}" for path in question.designs]
    return " ".join(parts)


def _scenarios(programmes: Sequence[tuple[str, Programme]]) -> list[dict[str, Any]]:
    baseline: dict[str, Any] = {"id": BASELINE, "title": _BASELINE_TITLE, "note": None, "programme_digest": None}
    return [
        baseline,
        *(
            {
                "id": name,
                "title": dict(one.title),
                "note": None if one.note is None else dict(one.note),
                "programme_digest": one.digest,
                "supposition": is_supposition(one),
            }
            for name, one in programmes
        ),
    ]


def is_supposition(programme: Programme) -> bool:
    """Whether a variant supposes a fact rather than designs a programme: its title says so."""
    return programme.title.get("en", "").startswith(_SUPPOSING)


def _units(pack: Pack, card: Card) -> dict[str, Any]:
    """How many units there are: told like an outcome, under the population's own title."""
    title = dict(pack.population(card.population).title)
    return {"id": "units", "title": title, "unit": card.unit, "kind": "stock", "good": "neutral"}


def _market(card: Card) -> dict[str, Any] | None:
    if card.market is None:
        return None
    return {"title": dict(card.market.title), "unit": card.market.unit, "price_unit": card.market.price_unit}


def _outcomes(card: Card) -> list[dict[str, Any]]:
    return [
        {"id": one.id, "title": dict(one.title), "unit": one.unit, "kind": one.kind, "good": one.good}
        for one in card.outcomes
    ]


def _titled(things: Sequence[Any]) -> list[dict[str, Any]]:
    return [{"id": one.id, "title": dict(one.title)} for one in things]


def _budgets(pack: Pack, setting: Setting) -> list[dict[str, Any]]:
    return [
        {
            "scenario": scenario.id,
            "instrument": scenario.instruments[slot.instrument].id,
            "resource": slot.budget.resource,
            "line": slot.budget.amount,
            "per_year": slot.budget.per_year,
            "years": _running(setting, scenario, slot.instrument),
            "revolving": slot.budget.revolving,
            "title": dict(scenario.instruments[slot.instrument].title) or None,
            "kind": "capacity" if slot.by else "budget",
            "by": list(slot.by),
            "fed_by": None if slot.budget.fed_by is None else _fed(pack, slot.budget.fed_by),
        }
        for scenario in setting.scenarios
        for slot in scenario.slots
    ]


def _running(setting: Setting, scenario: Scenario, instrument: int) -> list[int]:
    """The years in which an instrument runs, if only for some months of them."""
    months = setting.months or (None,) * len(setting.years)
    periods = zip(setting.years, months, strict=True)
    return sorted({year for year, month in periods if scenario.active(year, month)[instrument]})


def _fed(pack: Pack, feed: Feed) -> dict[str, Any]:
    """Where a budget's money comes from, with the words for it."""
    file = pack.programme(feed.programme)
    origin = file.base if feed.variant is None else file.variants[feed.variant]
    outcomes = {one.id: one for one in pack.model(origin.model).card.outcomes}
    return {**asdict(feed), "title": dict(origin.title), "outcome_title": dict(outcomes[feed.outcome].title)}


def _groups(pack: Pack, card: Card, population: Population | None) -> dict[str, list[dict[str, Any]]]:
    """The words of each group in both languages, from the population's description."""
    columns = pack.population(card.population).columns if population is None else population.columns
    found: dict[str, list[dict[str, Any]]] = {}
    for name in card.groups:
        attribute = card.attributes[name]
        titles: Mapping[str, Mapping[str, str]] = columns[name].titles if name in columns else {}
        words = attribute.categories if attribute.kind == "category" else ()
        listed = [{"id": word, "title": dict(titles.get(word) or {"vi": word, "en": word})} for word in words]
        found[name] = listed or [dict(one) for one in _YES_NO]
    return found


def _outline(pack: Pack, card: Card) -> dict[str, Any] | None:
    """Where the groups of a run lie; none where it is not divided by place."""
    own = pack.outline
    return None if own is None or own.column not in card.groups else described(own, pack.book)


def _columns(pack: Pack, card: Card, setting: Setting) -> dict[str, dict[str, str]]:
    """The words for the columns by which results and capacities are divided."""
    columns = pack.population(card.population).columns
    places = (name for scenario in setting.scenarios for slot in scenario.slots for name in slot.by)
    names = dict.fromkeys((*card.groups, *places))
    return {name: dict(columns[name].title) or {"vi": name, "en": name} for name in names if name in columns}
