"""The line's use beside the forecast: what was recorded, beside the newest run of the programme that was published."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from django.db.models import QuerySet

from haidang.results.budgets import money_used, resources
from haidang.results.parts import resource_title, resource_unit
from haidang.web.city.drawn import opened
from haidang.web.city.models import ShownRun
from haidang.web.city.moving import newest_runs
from haidang.web.factories.models import Factory
from haidang.web.lending.models import StageRecord
from haidang.web.once import once
from haidang.web.people.models import User
from haidang.web.words import LANGUAGES

COUNTED = ("approved", "disbursed", "repaid")
WIDE, HIGH, LEFT, BOTTOM = 760, 300, 74, 34


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a run forecasts of the money given out since the start, VND at the end of each year.

    Args:
        resource: what is given out, such as loans, in both languages.
        low: the 5 % point of each year.
        middle: the median.
        high: the 95 % point.
        line: what there is in all; none where that is not bounded.
    """

    run: ShownRun
    resource: Mapping[str, str]
    years: tuple[int, ...]
    low: tuple[float, ...]
    middle: tuple[float, ...]
    high: tuple[float, ...]
    line: float | None


@dataclass(frozen=True, slots=True)
class Year:
    """What was recorded by the end of a year, VND since the start."""

    year: int
    applications: int
    approved: int
    disbursed: int
    repaid: int


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What was recorded of example factories and is not counted, VND."""

    records: int
    applications: int
    approved: int
    disbursed: int
    repaid: int


def forecast_of(programme: str) -> Forecast | None:
    """The forecast of the newest run of a programme that was published; none where there is no run, or no money in it.

    Raises:
        HaidangError: the run is not whole.
    """
    shown = newest_runs().get(programme)
    return None if shown is None else _forecast(shown)


@once(maxsize=16)
def _forecast(shown: ShownRun) -> Forecast | None:
    """A run never changes, so neither does what it forecasts."""
    run = opened(shown)
    names = [name for name in resources(run, run.programme.id) if resource_unit(run, name) == "VND"]
    if not names:
        return None
    used = money_used(run, run.programme.id, names[0])
    titles = {language: resource_title(run, names[0], language) for language in LANGUAGES}
    return Forecast(
        shown, titles, used.years, tuple(each.p5 for each in used.cumulative),
        tuple(each.p50 for each in used.cumulative), tuple(each.p95 for each in used.cumulative), used.line,
    )  # fmt: skip


def recorded(user: User, programme: str, years: Sequence[int], until: int) -> list[Year]:
    """What the records that a user may see come to, by the end of each year from the programme's first to this one.

    Examples count only where there is no other factory; what then does not count `left_out` tells.
    """
    rows = _standing(user, programme)
    if _examples_apart():
        rows = rows.filter(application__factory__example=False)
    own = [(day.year, *rest) for day, *rest in rows.values_list("day", "application", "stage", "amount")]
    first = min([*years, *(one[0] for one in own)], default=until)
    return [_year(own, year) for year in range(first, until + 1)]


def left_out(user: User, programme: str) -> LeftOut | None:
    """The records that a user may see and that are not counted, since they are of example factories.

    Returns:
        None where nothing is left out.
    """
    if not _examples_apart():
        return None
    rows = _standing(user, programme).filter(application__factory__example=True)
    found = list(rows.values_list("application", "stage", "amount"))
    sums = {name: sum(amount or 0 for _, stage, amount in found if stage == name) for name in COUNTED}
    return LeftOut(len(found), len({number for number, _, _ in found}), **sums) if found else None


def _standing(user: User, programme: str) -> QuerySet[StageRecord]:
    return StageRecord.objects.standing(user).filter(application__programme=programme)


def _examples_apart() -> bool:
    """Whether there is any factory that is no example, beside which examples do not count."""
    return Factory.objects.filter(example=False).exists()


def _year(own: Iterable[tuple[Any, ...]], year: int) -> Year:
    """What records come to by the end of a year: of each its year, its application, its stage and its VND."""
    before = [rest for when, *rest in own if when <= year]

    def total(wanted: str) -> int:
        return sum(amount or 0 for _, stage, amount in before if stage == wanted)

    return Year(year, len({number for number, _, _ in before}), *(total(name) for name in COUNTED))


def drawing(
    forecast: Forecast | None, years: Sequence[Year], title: str, unit: str, written: Callable[[float], str]
) -> str:
    """The forecast as a band with its median, what was approved and paid out as lines; SVG.

    Args:
        forecast: the band and its median; none where there is no run.
        years: the lines.
        title: what it shows, for who does not see it.
        unit: the unit of the axis.
        written: an amount in VND as the axis has it.
    """
    every = sorted({*(forecast.years if forecast else ()), *(one.year for one in years)})
    top = max(
        [1.0, *(forecast.high if forecast else ()), *(float(max(one.approved, one.disbursed)) for one in years)]
    )  # fmt: skip
    if forecast and forecast.line and forecast.line <= 1.6 * top:
        top = max(top, forecast.line)

    def x(year: int) -> float:
        return LEFT + (WIDE - LEFT - 20) * (every.index(year) + 0.5) / len(every)

    def y(value: float) -> float:
        return 20 + (HIGH - 20 - BOTTOM) * (1 - value / (1.05 * top))

    parts: list[str] = []
    for at in range(5):
        value = top * at / 4
        parts.append(f'<line class="grid" x1="{LEFT}" x2="{WIDE}" y1="{y(value):.1f}" y2="{y(value):.1f}"/>')
        parts.append(
            f'<text class="axis" x="{LEFT - 8}" y="{y(value) + 5:.1f}" text-anchor="end">'
            f"{escape(written(value))}</text>"
        )
    for year in every:
        parts.append(f'<text class="axis" x="{x(year):.1f}" y="{HIGH - 10}" text-anchor="middle">{year}</text>')
    if forecast:
        upper = [f"{x(year):.1f},{y(value):.1f}" for year, value in zip(forecast.years, forecast.high, strict=True)]
        lower = [f"{x(year):.1f},{y(value):.1f}" for year, value in zip(forecast.years, forecast.low, strict=True)]
        parts.append(f'<polygon class="band" points="{" ".join([*upper, *reversed(lower)])}"/>')
        pairs = zip(forecast.years, forecast.middle, strict=True)
        parts.append(_path("median", [(x(year), y(value)) for year, value in pairs]))
        if forecast.line and forecast.line <= top:
            at = y(forecast.line)
            parts.append(f'<line class="line" x1="{LEFT}" x2="{WIDE}" y1="{at:.1f}" y2="{at:.1f}"/>')
    for name in ("approved", "disbursed"):
        dots = [(x(one.year), y(float(getattr(one, name)))) for one in years]
        parts.append(_path(name, dots))
        parts += [f'<circle class="{name}" cx="{at:.1f}" cy="{up:.1f}" r="4.5"/>' for at, up in dots]
    head = f'<svg class="use" viewBox="0 0 {WIDE} {HIGH}" role="img" font-size="14"><title>{escape(title)}</title>'
    return f'{head}<text class="axis" x="0" y="14">{escape(unit)}</text>{"".join(parts)}</svg>'


def _path(name: str, dots: Sequence[tuple[float, float]]) -> str:
    return f'<polyline class="{name}" points="{" ".join(f"{at:.1f},{up:.1f}" for at, up in dots)}"/>'
