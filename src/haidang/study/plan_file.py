"""A plan on disk, as `haidang allocate` leaves it, made ready to be one more scenario of a run.

The plan is the list of who is offered what in which year. It is the plan of one population: for any other it says
nothing, so a run on other units is refused. On the draws that made it a plan looks better than it is, so a run of its
own seed is refused too.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import polars as pl
from numpy.typing import NDArray

from haidang.engine import MemorySource
from haidang.errors import Place
from haidang.models import Card
from haidang.packs import Pack
from haidang.population import Population
from haidang.programmes import Programme, ProgrammeFile, parse
from haidang.study.draws import amounts_read, facts_read
from haidang.study.offers import Offer, offers_of, refuse_unfit, resources_of
from haidang.study.planned import Planned, Served, plan_programme, with_plans
from haidang.study.question import Question, StudyError
from haidang.study.resource import Resource
from haidang.study.setting import periods_of

OPTIMAL = "optimal"
"""The scenario that a plan is in a run."""
WHOLE, OFFERS = "allocation.json", "offers.parquet"
_TITLE = {"vi": "Kế hoạch tối ưu", "en": "The optimal plan"}
_KINDS: Mapping[str, Any] = {"category": pl.String, "flag": pl.Boolean, "number": pl.Float64, "level": pl.Float64}
_NUMBERS = ("canonical", "canonical_unit", "range", "se", "distribution", "dated", "after", "rivals")
_NAMED = 3
"""So many facts that differ are named."""
_KEYS = {
    "programme": str, "seed": int, "draws": int, "units": int, "population": str, "programme_digest": str,
    "offers": dict, "facts": dict, "served": dict,
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class PlanFile:
    """A plan.

    Args:
        folder: where it was read.
        digest: SHA-256 of the table of its offers.
        programme: the id of its programme.
        programme_digest: of the programme and its variants as they stood.
        facts: a digest of each fact that it was made on.
        population: the digest of the units that it was made for.
        rows: how many units those are.
        seed: of the chance by which it was made.
        draws: how many draws it was made on.
        names: the offers that could be made.
        made: a row for each offer: id, year, offer.
        served: how those who take up its offers are served.
    """

    folder: Path
    digest: str
    programme: str
    programme_digest: str
    facts: Mapping[str, str]
    population: str
    rows: int
    seed: int
    draws: int
    names: tuple[str, ...]
    made: pl.DataFrame
    served: Served

    def offered(self, ids: NDArray[np.int64], years: Sequence[int], offers: Sequence[Offer]) -> NDArray[np.int8]:
        """The place of the offer of each unit in each year, -1 for none (units, years).

        Args:
            ids: of the units.
            years: of the result.
            offers: in the order of their places.

        Raises:
            StudyError: an offer to a unit, in a year or of a kind that there is not.
        """
        found = np.full((len(ids), len(years)), -1, np.int8)
        rows = {int(one): at for at, one in enumerate(ids)}
        columns = {year: at for at, year in enumerate(years)}
        places = {one.id: at for at, one in enumerate(offers)}
        for unit, year, offer in self.made.select("id", "year", "offer").iter_rows():
            if unit not in rows or year not in columns or offer not in places:
                problem = f"expected offers to the run's units in its years, found '{offer}' to {unit} in {year}"
                raise StudyError(problem, Place(str(self.folder / OFFERS)))
            found[rows[unit], columns[year]] = places[offer]
        return found


def read_plan(folder: Path) -> PlanFile:
    """A plan from the folder of `haidang allocate`.

    Raises:
        StudyError: the folder holds no plan, or one that does not say what it was made on.
    """
    for name in (WHOLE, OFFERS):
        if not (folder / name).is_file():
            problem = f"expected the folder of a plan, found none of its '{name}'"
            raise StudyError(problem, Place(str(folder)), "make one with haidang allocate")
    place = str(folder / WHOLE)
    try:
        whole = cast(object, json.loads((folder / WHOLE).read_bytes()))
    except ValueError as error:
        raise StudyError("expected a plan in JSON, found something else", Place(place)) from error
    told = cast("dict[str, Any]", whole) if isinstance(whole, dict) else {}
    for key, kind in _KEYS.items():
        if not isinstance(told.get(key), kind):
            hint = "make the plan again with haidang allocate"
            raise StudyError(f"expected a plan that tells its '{key}', found none", Place(place, key=key), hint)
    content = (folder / OFFERS).read_bytes()
    try:
        made = pl.read_parquet(content).select(
            pl.col("id").cast(pl.Int64), pl.col("year").cast(pl.Int32), pl.col("offer").cast(pl.String)
        )
    except pl.exceptions.PolarsError as error:
        problem = "expected a table with the columns id, year and offer, found something else"
        raise StudyError(problem, Place(str(folder / OFFERS))) from error
    return PlanFile(
        folder, hashlib.sha256(content).hexdigest(), told["programme"], told["programme_digest"], told["facts"],
        told["population"], told["units"], told["seed"], told["draws"], tuple(told["offers"]), made,
        _served(told["served"], Place(place, key="served")),
    )  # fmt: skip


def _served(told: Mapping[str, Any], place: Place) -> Served:
    """How a list is served, from its file.

    Raises:
        HaidangError: the order is no expression, or what is opened in a year no whole amount.
    """
    by, tranches = told.get("by"), cast(object, told.get("tranches", {}))
    if not (by is None or isinstance(by, str)) or not isinstance(tranches, dict):
        raise StudyError("expected an order and tranches by resource, found something else", place)
    if by is not None:
        parse(by, place)
    opened: dict[str, tuple[int, ...]] = {}
    for name, years in cast("dict[str, Any]", tranches).items():
        if not isinstance(years, list) or not all(type(one) is int and one >= 0 for one in cast("list[Any]", years)):
            raise StudyError(f"expected whole amounts by year of '{name}', found something else", place)
        opened[name] = tuple(cast("list[int]", years))
    return Served(by, opened)


@dataclass(frozen=True, slots=True, eq=False)
class PlannedScenario:
    """A plan as a scenario of a run.

    Args:
        plan: the plan.
        programme: that makes its offers and nothing else, under the programme's budgets.
        offers: in the order of their places.
        resources: the budgets.
    """

    plan: PlanFile
    programme: Programme
    offers: tuple[Offer, ...]
    resources: tuple[Resource, ...]

    def laid(
        self, pack: Pack, population: Population | None, question: Question, years: Sequence[int]
    ) -> tuple[Planned, MemorySource]:
        """The model whose units know what they are offered, and the units.

        Args:
            pack: the pack.
            population: the run's units; none where they are streamed.
            question: what is simulated.
            years: the year of each period.

        Raises:
            StudyError: the units are not those of the plan.
        """
        inner = pack.model(self.programme.model)
        if population is None:
            raise StudyError("expected units that fit in memory beside --plan, found a file that is streamed")
        self._refuse_others(population.table, inner.card, question)
        ids, result_years = population.table["id"].to_numpy(), tuple(dict.fromkeys(years))
        model = Planned(inner, (OPTIMAL,), years)
        offered = self.plan.offered(ids, result_years, self.offers)
        table = with_plans(population.table, ids, result_years, {OPTIMAL: offered}, {})
        return model, MemorySource(table, model.card, name=population.name)

    def _refuse_others(self, table: pl.DataFrame, card: Card, question: Question) -> None:
        digest = units_digest(table, card)
        if digest == self.plan.population:
            return
        pairs = [("rows", self.plan.rows, table.height)]
        if question.units is None:
            pairs.append(("seed", self.plan.seed, question.seed))
        differ = [(name, theirs, ours) for name, theirs, ours in pairs if theirs != ours]
        differ += [("digest", self.plan.population[:12], digest[:12])]
        expected = ", ".join(f"{name} {theirs}" for name, theirs, _ in differ)
        found = ", ".join(f"{name} {ours}" for name, _, ours in differ)
        hint = "run on the plan's own units with --units and the units.parquet in its folder"
        problem = f"expected the population that the plan was made for ({expected}), found another ({found})"
        raise StudyError(problem, Place(str(self.plan.folder)), hint)


def planned_scenario(pack: Pack, question: Question) -> PlannedScenario | None:
    """The plan that a question names, as a scenario; none where it names none.

    Raises:
        HaidangError: there is no plan, it is one of another programme, its name is taken, or its draws are the run's.
    """
    if question.plan is None:
        return None
    plan, file = read_plan(question.plan), pack.programme(question.programme)
    place = Place(str(plan.folder / WHOLE))
    if plan.programme != file.base.id:
        raise StudyError(f"expected a plan of '{file.base.id}', found one of '{plan.programme}'", place)
    if OPTIMAL in {file.base.id, *file.variants}:
        raise StudyError(f"expected no variant named '{OPTIMAL}' beside --plan, found one", file.base.place)
    if plan.programme_digest != programmes_digest(file):
        problem = "expected a plan of the programme as it stands, found one made when it or a variant was another"
        raise StudyError(problem, place, "make the plan again with haidang allocate")
    _refuse_other_facts(plan, facts_digests(pack, file), place)
    if plan.seed == question.seed:
        problem = f"expected draws on which the plan was not made, found those of its own seed {plan.seed}"
        hint = "run on the plan's own units, the units.parquet in its folder, with --units and another --seed"
        raise StudyError(problem, place, hint)
    refuse_unfit(file, pack.model(file.base.model).card)
    offers, resources = offers_of(file, plan.names), shared_budgets(pack, file)
    _refuse_unserved(plan, file.base, pack.model(file.base.model).card, resources, place)
    bare = plan_programme(file.base, OPTIMAL, offers, resources, plan.served)
    instruments = tuple(replace(one, title=_TITLE) for one in bare.instruments)
    programme = replace(bare, title=_TITLE, note=_note(plan, question), instruments=instruments)
    return PlannedScenario(plan, programme, offers, resources)


def _refuse_unserved(plan: PlanFile, base: Programme, card: Card, resources: Sequence[Resource], place: Place) -> None:
    """The order of a list's queue names what the model knows, and its tranches are the budgets' and the years'.

    Raises:
        StudyError: they are not.
    """
    place = replace(place, key="served")
    known = {*card.columns, *card.ranks, *card.resources}
    strange = [] if plan.served.by is None else sorted({*parse(plan.served.by).names} - known)
    if strange:
        raise StudyError(f"expected an order by what the model tells of a wish, found '{strange[0]}'", place)
    for name, opened in plan.served.tranches.items():
        if name not in {one.id for one in resources} or len(opened) != len(base.years):
            problem = f"expected {len(base.years)} years of a budget, found {len(opened)} of '{name}'"
            raise StudyError(problem, place, "make the plan again with haidang allocate")


def _refuse_other_facts(plan: PlanFile, stated: Mapping[str, str], place: Place) -> None:
    """A plan is best by the facts that it was made on; by others it is just a list.

    Raises:
        StudyError: a fact was another, with the names of the first few.
    """
    names = sorted({*stated, *plan.facts})
    differ = [name for name in names if stated.get(name) != plan.facts.get(name)]
    if differ:
        named = ", ".join(f"'{name}'" for name in differ[:_NAMED])
        more = f" and {len(differ) - _NAMED} more" if len(differ) > _NAMED else ""
        problem = f"expected the facts that the plan was made on, found others: {named}{more}"
        raise StudyError(problem, place, "make the plan again with haidang allocate")


def facts_digests(pack: Pack, file: ProgrammeFile) -> dict[str, str]:
    """By fact that the programme's simulation or budgets read, its numbers as the start of their SHA-256."""
    book = pack.book
    read = {*facts_read(book, pack.model(file.base.model).card, file.programmes), *amounts_read(file.programmes)}
    joints = {name: one.stated for one in book.joints.values() for name in one.facts}
    told = {name: {key: of[key] for key in _NUMBERS} for name, of in book.explain(sorted(read)).items()}
    for one in told.values():
        one["rivals"] = [{key: rival[key] for key in ("id", "value", "range", "se")} for rival in one["rivals"]]
    texts = {name: json.dumps([one, joints.get(name)], sort_keys=True, allow_nan=False) for name, one in told.items()}
    return {name: hashlib.sha256(text.encode()).hexdigest()[:16] for name, text in texts.items()}


def shared_budgets(pack: Pack, file: ProgrammeFile) -> tuple[Resource, ...]:
    """The budgets that all offers of a programme share, at the stated values of its facts."""
    card = pack.model(file.base.model).card
    names = facts_read(pack.book, card, file.programmes)
    central = {name: pack.book.value(name) for name in names if pack.book.facts[name].dated is None}
    years = tuple(dict.fromkeys(year for year, _ in periods_of(card, [file.base])))
    return resources_of(file, card, years, central)


def units_digest(table: pl.DataFrame, card: Card) -> str:
    """SHA-256 of the units that a model reads, whatever the order of rows and columns and the width of their types."""
    columns = {name: _KINDS[card.attributes[name].kind] for name in sorted(card.attributes)}
    ready = table.select(
        pl.col("id").cast(pl.Int64),
        pl.col("weight").cast(pl.Float64),
        *(pl.col(name).cast(kind) for name, kind in columns.items()),
    ).sort("id")
    digest = hashlib.sha256()
    for name in ready.columns:
        values = ready[name]
        digest.update(f"{name} {values.dtype}\n".encode())
        if values.dtype == pl.String:
            digest.update(json.dumps(values.to_list()).encode())
        else:
            digest.update(values.to_numpy().tobytes())
    return digest.hexdigest()


def programmes_digest(file: ProgrammeFile) -> str:
    """SHA-256 of a programme and its variants."""
    return hashlib.sha256("".join(one.digest for one in file.programmes).encode()).hexdigest()


def _note(plan: PlanFile, question: Question) -> dict[str, str]:
    made = {
        "vi": f"Danh sách do haidang allocate lập trên {plan.draws} lần rút với hạt giống {plan.seed}: chỉ mời đúng "
        "những đơn vị và đúng năm trong danh sách, trong phạm vi ngân sách của chương trình.",
        "en": f"The list that haidang allocate made on {plan.draws} draws with seed {plan.seed}: offers go to its "
        "units in its years and to nobody else, within the programme's budgets.",
    }
    fresh = {
        "vi": f"Lần chạy này dùng hạt giống {question.seed}: kế hoạch được đánh giá trên những lần rút mà nó "
        "chưa thấy.",
        "en": f"This run has seed {question.seed}: the plan is judged on draws that it has not seen.",
    }
    best = {
        "vi": "Nó tốt nhất theo ước lượng của chính nó, trong số các danh sách định trước; một quy tắc xét những ai "
        "thật sự đến xin có thể làm tăng thêm nhiều hơn.",
        "en": "It is the best by its own estimates, of lists fixed beforehand; a rule that looks at those who do ask "
        "may add more.",
    }
    return {language: f"{made[language]} {best[language]} {fresh[language]}" for language in ("vi", "en")}
