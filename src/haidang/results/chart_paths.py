"""A quantity along time in several scenarios: a line for each, a band for some, and the bounds that hold it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt

from haidang.results.charts import Rows, as_data, layer
from haidang.results.manifest import Language
from haidang.results.points import Points
from haidang.results.theme import BLUE, GREEN, GREY, INK, MUTED, ORANGE, PINK, themed

COLOURS = (GREY, BLUE, ORANGE, PINK, GREEN)
_DASHES = ((1, 0), (7, 4), (2, 3))


@dataclass(frozen=True, slots=True)
class Series:
    """A line: its label, its points at each time, and whether its 90 % band is drawn. `grey` is the line beside."""

    label: str
    points: tuple[Points, ...]
    band: bool = False
    grey: bool = False


@dataclass(frozen=True, slots=True)
class Bound:
    """A bound along time, none where there is none."""

    label: str
    values: tuple[float | None, ...]


def paths(
    times: Sequence[tuple[int, int]],
    series: Sequence[Series],
    title: str,
    language: Language,
    bounds: Sequence[Bound] = (),
) -> alt.LayerChart:
    """Lines along years or months.

    Args:
        times: year and month of each point; one point a year stands at its year.
        series: the lines, in the legend's order, in the scale of `title`.
        title: of the vertical axis.
        language: of the numbers on the axes.
        bounds: what holds them from below and from above, dashed.
    """
    monthly = len({year for year, _ in times}) < len(times)
    places = [year + (month - 1) / 12 if monthly else float(year) for year, month in times]
    rows: Rows = [
        {"time": place, "line": each.label, "band": each.band, **found.as_dict()}
        # What comes last lies on top: the line beside below all, the lines with a band above the others.
        for each in sorted(series, key=lambda one: (not one.grey, one.band))
        for place, found in zip(places, each.points, strict=True)
    ]
    held: Rows = [
        {"time": place, "bound": bound.label, "value": value}
        for bound in bounds
        for place, value in zip(places, bound.values, strict=True)
        if value is not None
    ]
    x = alt.X(
        "time:Q", title=None, scale=alt.Scale(nice=False, zero=False, padding=12), axis=_time_axis(places, monthly)
    )
    axis = alt.Axis(
        tickCount=5, format=",~r", titleAngle=0, titleAlign="left", titleAnchor="start", titleBaseline="bottom",
        titleX=-36, titleY=-10,
    )  # fmt: skip

    # Where all lines run far above zero, an axis from zero would hide what tells them apart.
    every = [each for one in series for each in one.points]
    from_zero = min(each.p5 for each in every) < 0.7 * max(each.p95 for each in every)

    def y(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", title=title, axis=axis, scale=alt.Scale(zero=from_zero, nice=True))

    labels = [each.label for each in series]
    # The legend leaves room for the vertical axis' title below it; one line alone needs none.
    legend = (
        alt.Legend(columns=1, offset=24, symbolType="stroke", symbolOpacity=1, symbolStrokeWidth=3)
        if len(series) > 1
        else None
    )
    colour = alt.Color("line:N", scale=alt.Scale(domain=labels, range=_colours(series)), legend=legend)
    dash = alt.StrokeDash("line:N", scale=alt.Scale(domain=labels, range=_dashes(series)), legend=legend)
    base = alt.Chart(as_data(rows))
    points = alt.OverlayMarkDef(size=30) if len(times) <= 12 else False
    layers = [
        base.transform_filter("datum.band").mark_area(opacity=0.2).encode(
            x=x, y=y("p5"), y2="p95:Q", color=colour,
        ),
        base.mark_line(strokeWidth=2.2, point=points).encode(x=x, y=y("p50"), color=colour, strokeDash=dash),
    ]  # fmt: skip
    if from_zero:
        layers.append(alt.Chart(as_data([{"zero": 0}])).mark_rule(color=MUTED, strokeWidth=1).encode(y=y("zero")))
    if held:
        limits = alt.Chart(as_data(held))
        layers.append(
            limits.mark_line(color=INK, strokeWidth=1.4, strokeDash=[3, 3]).encode(x=x, y=y("value"), detail="bound:N")
        )
        # The floor's name stands above it and the ceiling's below: both inside.
        for bound, baseline, up in zip(bounds, ("bottom", "top"), (-3, 4), strict=False):
            named = limits.transform_filter(f"datum.time == {places[0]} && datum.bound == {json.dumps(bound.label)}")
            mark = named.mark_text(color=INK, align="left", baseline=baseline, dx=3, dy=up, fontSize=12)
            layers.append(mark.encode(x=x, y=y("value"), text="bound:N"))
    return themed(layer(*layers), 270 + (24 + 18 * len(series) if len(series) > 1 else 0), language)


def _time_axis(places: Sequence[float], monthly: bool) -> alt.Axis:
    """Years at their beginning, or every third month where there are few."""
    if not monthly:
        return alt.Axis(values=list(places), format="d", grid=False, labelAngle=0)
    first, last = places[0], places[-1]
    if last - first >= 2:
        whole = [year for year in range(int(first), int(last) + 2) if first <= year <= last]
        return alt.Axis(values=whole, format="d", grid=False, labelAngle=0)
    month = "round((datum.value - floor(datum.value)) * 12) + 1"
    quarters = [place for place in places if round((place - int(place)) * 12) % 3 == 0]
    return alt.Axis(values=quarters, labelExpr=f"({month}) + '/' + floor(datum.value)", grid=False, labelAngle=0)


def _colours(series: Sequence[Series]) -> list[str]:
    own = [each for each in series if not each.grey]
    return [GREY if each.grey else COLOURS[1 + own.index(each) % (len(COLOURS) - 1)] for each in series]


def _dashes(series: Sequence[Series]) -> list[list[int]]:
    """Lines beyond the colours are told apart by their dashes."""
    own = [each for each in series if not each.grey]
    rounds = [0 if each.grey else own.index(each) // (len(COLOURS) - 1) for each in series]
    return [list(_DASHES[min(each, len(_DASHES) - 1)]) for each in rounds]
