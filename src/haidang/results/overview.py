"""Several programmes in one table: what each is for, what it adds, what that costs, and how its backtests came out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from haidang.results.backtest import covered, enough_inside, worse_than_naive
from haidang.results.catalogue import Catalogue, catalogue
from haidang.results.compare import Ratio
from haidang.results.headline import headlines
from haidang.results.manifest import Backtest, Language, Outcome, Text
from haidang.results.numerals import SHARE, number, quantity, told
from haidang.results.parts import lead_outcome, priced
from haidang.results.points import Points
from haidang.results.run import Run
from haidang.results.tables import Table
from haidang.results.terminal import rich_table

if TYPE_CHECKING:
    from rich.console import RenderableType


@dataclass(frozen=True, slots=True)
class Score:
    """How a programme's backtests came out.

    `better` of the `scored` forecasts have a smaller error than the naive one; `inside` of the `held` outcomes lie in
    their 90 % interval. A reference class is one forecast, inside where the interval holds enough of its cases. `model`
    and `naive` are the error scores in `unit`, where there is one forecast alone.
    """

    scored: int
    better: int
    held: int
    inside: int
    model: float | None = None
    naive: float | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class OverviewRow:
    """One programme in the table of all.

    `effect` is that on the main outcome over the horizon, in `unit`. `cost` is the public cost, none where the model
    records none; `price` is what a unit of gain costs, in `price_unit`: the public, or where it pays nothing
    (`price_is_private`) those who take part. `price_of` names the unit of gain.
    """

    pack: str
    programme: str
    title: Text
    outcome: Outcome | None
    unit: str
    effect: Points | None
    cost: Points | None
    cost_unit: str
    price: Ratio | None
    price_unit: str
    price_of: Text | None
    price_is_private: bool
    score: Score | None
    draws: int


def overview(runs: Sequence[Run]) -> tuple[OverviewRow, ...]:
    """A row for each run's programme as declared, in the order of the runs.

    Raises:
        UnknownNameError: a run holds the baseline alone.
    """
    return tuple(_row(run) for run in runs)


def _row(run: Run) -> OverviewRow:
    own, lead = run.programme, lead_outcome(run, run.programme.id)
    known = {each.id: each for each in headlines(run, own.id)}
    name = lead.id if lead else ""
    effect, cost = known.get(f"effect.{name}"), known.get("public_cost")
    public, private = known.get(f"cost_per.{name}"), known.get(f"private_cost_per.{name}")
    price = public or private
    return OverviewRow(
        pack=run.manifest.pack,
        programme=run.manifest.programme,
        title=own.title,
        outcome=lead,
        unit=effect.unit if effect else "",
        effect=effect.value.points if effect else None,
        cost=cost.value.points if cost else None,
        cost_unit=cost.unit if cost else "",
        price=price.value if price else None,
        price_unit=price.unit if price else "",
        price_of=priced(run, lead) if lead and price else None,
        price_is_private=public is None and private is not None,
        score=score(run.backtests),
        draws=run.manifest.draws,
    )


def score(backtests: Sequence[Backtest]) -> Score | None:
    """How backtests came out together; none without any.

    A quantity that several files forecast counts once, for the first of them. A reference class is one forecast.
    """
    backtests = _once(backtests)
    verdicts = [worse for each in backtests if (worse := worse_than_naive(each)) is not None]
    shares = [found for each in backtests if (found := _inside(each)) is not None]
    if not verdicts and not shares:
        return None
    one = backtests[0] if len(backtests) == 1 else None
    return Score(
        scored=len(verdicts),
        better=verdicts.count(False),
        held=sum(count for _, count in shares),
        inside=sum(hits for hits, _ in shares),
        model=one.crps.model if one else None,
        naive=one.crps.naive if one else None,
        unit=one.unit if one else "",
    )


def _once(backtests: Sequence[Backtest]) -> tuple[Backtest, ...]:
    """The backtests, those left out that hold a quantity against the same outcomes as one before."""
    first: dict[object, Backtest] = {}
    for each in backtests:
        came = (each.outcome, *((case.id, case.outcome) for case in each.cases))
        first.setdefault((each.kind, each.quantity.en, each.unit, came), each)
    return tuple(first.values())


def _inside(backtest: Backtest) -> tuple[int, int] | None:
    """How many outcomes lie inside the 90 % interval and how many there are; a class counts as one, held or not."""
    found = covered(backtest)
    if found is None:
        return None
    share, count = found
    return (int(enough_inside(share, count)), 1) if backtest.kind == "class" else (round(share * count), count)


def overview_table(rows: Sequence[OverviewRow], language: Language = "vi") -> RenderableType:
    """The rows as rich prints them."""
    from rich.console import Group
    from rich.text import Text as Line

    words = catalogue(language)
    draws = sorted({row.draws for row in rows})
    told_draws = ", ".join(number(each, language, 7) for each in draws)
    return Group(rich_table(_table(rows, words)), Line(words.text("overview.note", draws=told_draws)))


def overview_json(rows: Sequence[OverviewRow]) -> dict[str, object]:
    """The rows as JSON takes them: numbers in canonical units, shares as fractions of one."""
    return {"format": 1, "programmes": [_as_json(row) for row in rows]}


def _table(rows: Sequence[OverviewRow], words: Catalogue) -> Table:
    columns = tuple(
        words.text(f"overview.{name}")
        for name in ("programme", "outcome", "effect", "cost", "price", "score", "coverage")
    )
    return Table(words.text("overview.title"), columns, tuple(_cells(row, words) for row in rows))


def _cells(row: OverviewRow, words: Catalogue) -> tuple[str, ...]:
    none = words.text("overview.none")
    return (
        row.title[words.language],
        "–" if row.outcome is None else row.outcome.title[words.language],
        "–" if row.effect is None else told(row.effect, row.unit, words),
        none if row.cost is None else told(row.cost, row.cost_unit, words),
        _price(row, words),
        *_score(row.score, words),
    )


def _price(row: OverviewRow, words: Catalogue) -> str:
    if row.price is None or row.price_of is None:
        return words.text("overview.none")
    if row.price.points is None:
        return words.text("undefined.short")
    unit = row.price_unit if row.price_unit == SHARE else row.price_unit.partition("/")[0]
    key = "overview.private_price" if row.price_is_private else "overview.one_price"
    return words.text(key, price=told(row.price.points, unit, words), one=row.price_of[words.language])


def _score(found: Score | None, words: Catalogue) -> tuple[str, str]:
    if found is None:
        return words.text("overview.no_backtest"), "–"
    inside = words.text("overview.inside", inside=str(found.inside), held=str(found.held)) if found.held else "–"
    if not found.scored:
        return "–", inside
    if found.model is None or found.naive is None:
        return words.text("overview.better", better=str(found.better), scored=str(found.scored)), inside
    model, naive = (quantity(each, found.unit, words) for each in (found.model, found.naive))
    key = "overview.one_same" if model == naive else "overview.one_better" if found.better else "overview.one_worse"
    return words.text(key, model=model, naive=naive), inside


def _as_json(row: OverviewRow) -> dict[str, object]:
    price: dict[str, object] | None = None
    if row.price is not None:
        said = {"undefined": row.price.undefined} if row.price.points is None else row.price.points.as_dict()
        payer = "private" if row.price_is_private else "public"
        price = {"unit": row.price_unit, "paid_by": payer, **said}
    score = row.score
    return {
        "pack": row.pack, "programme": row.programme, "title": row.title.model_dump(), "draws": row.draws,
        "outcome": None if row.outcome is None else {"id": row.outcome.id, "title": row.outcome.title.model_dump()},
        "effect": None if row.effect is None else {"unit": row.unit, **row.effect.as_dict()},
        "public_cost": None if row.cost is None else {"unit": row.cost_unit, **row.cost.as_dict()},
        "cost_per_unit": price,
        "backtests": None if score is None else {
            "scored": score.scored, "better_than_naive": score.better, "outcomes": score.held,
            "inside90": score.inside,
            "crps": None if score.model is None else {"unit": score.unit, "model": score.model, "naive": score.naive},
        },
    }  # fmt: skip
