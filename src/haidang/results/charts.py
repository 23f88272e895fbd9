"""The five kinds of charts a report needs, drawn from numbers already in the scale they are shown in.

Each takes rows and words and gives an altair chart; none knows what a run is.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from haidang.results.manifest import Language
from haidang.results.points import Points
from haidang.results.theme import BLUE, GREY, GRID, INK, MUTED, ORANGE, themed

Rows = list[dict[str, Any]]

# A label of several lines hangs from its first one: lifting it by half a line for each further line centres it.
_WRAPPED = alt.Axis(
    labelExpr="split(datum.label, '\\n')", title=None, ticks=False, domain=False, labelColor=INK,
    labelOffset=alt.ConditionalAxisNumber(
        condition=[
            alt.ConditionalPredicateValueDefnumberExprRef(test="length(split(datum.label, '\\n')) > 2", value=-16),
            alt.ConditionalPredicateValueDefnumberExprRef(test="length(split(datum.label, '\\n')) > 1", value=-8),
        ],
        value=0,
    ),
)  # fmt: skip
_NUMBERS = ",~r"
# The unit stands above the axis and reads from left to right.
_UPRIGHT = alt.Axis(
    tickCount=5, format=_NUMBERS, titleAngle=0, titleAlign="left", titleAnchor="start", titleBaseline="bottom",
    titleX=-36, titleY=-10,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mark:
    """A single value beside an interval: an outcome, an official forecast, a share of the population."""

    label: str
    value: float
    kind: str


def as_data(rows: Rows) -> alt.InlineData:
    """Rows as a chart takes them."""
    return alt.InlineData(values=rows)


def layer(*layers: alt.Chart) -> alt.LayerChart:
    """Charts on top of each other."""
    return alt.LayerChart(layer=list(layers))


def _row(points: Points) -> dict[str, float]:
    return points.as_dict()


def _from_zero(points: Sequence[Points]) -> alt.Scale:
    """An axis that holds zero; from zero to one where all is zero, which else would stand in the middle."""
    if any(value for each in points for value in (each.p5, each.p50, each.p95)):
        return alt.Scale(zero=True, nice=True)
    return alt.Scale(domain=[0, 1])


def wrap(label: str, width: int = 24) -> str:
    """A long label on several lines."""
    return "\n".join(textwrap.wrap(label, width)) or label


def year_band(
    years: Sequence[int],
    points: Sequence[Points],
    title: str,
    language: Language,
    line: tuple[float, str] | None = None,
) -> alt.LayerChart:
    """A quantity over years: median, half of the draws, nine in ten of them; and a line where there is a bound."""
    rows: Rows = [{"year": year, **_row(each)} for year, each in zip(years, points, strict=True)]
    base = alt.Chart(as_data(rows))
    x = alt.X("year:O", title=None, axis=alt.Axis(labelAngle=0, grid=False))
    scale = _from_zero(points)

    def y(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", title=title, scale=scale, axis=_UPRIGHT)

    layers = [
        base.mark_area(color=BLUE, opacity=0.18).encode(x=x, y=y("p5"), y2="p95:Q"),
        base.mark_area(color=BLUE, opacity=0.3).encode(x=x, y=y("p25"), y2="p75:Q"),
        base.mark_line(color=BLUE, strokeWidth=2.5, point=alt.OverlayMarkDef(color=BLUE, size=45)).encode(
            x=x, y=y("p50")
        ),
        alt.Chart(as_data([{"zero": 0}])).mark_rule(color=MUTED, strokeWidth=1).encode(y=y("zero")),
    ]
    if line is not None:
        limit = alt.Chart(as_data([{"line": line[0], "text": line[1]}]))
        layers += [
            limit.mark_rule(color=ORANGE, strokeWidth=2, strokeDash=[6, 4]).encode(y=y("line")),
            limit.mark_text(
                color=ORANGE, align="right", baseline="bottom", dx=-2, dy=-4, fontSize=12.5, fontWeight=600
            ).encode(x=alt.value("width"), y=y("line"), text="text:N"),
        ]
    return themed(layer(*layers), 270, language)


def year_bars(years: Sequence[int], points: Sequence[Points], title: str, language: Language) -> alt.LayerChart:
    """A flow by year: the median as a bar, its interval as a whisker."""
    rows: Rows = [{"year": year, **_row(each)} for year, each in zip(years, points, strict=True)]
    base = alt.Chart(as_data(rows))
    x = alt.X("year:O", title=None, axis=alt.Axis(labelAngle=0, grid=False))
    bars = base.mark_bar(color=BLUE, size=36, cornerRadiusEnd=2).encode(
        x=x, y=alt.Y("p50:Q", title=title, axis=_UPRIGHT, scale=_from_zero(points))
    )
    whiskers = base.mark_rule(color=INK, strokeWidth=1.6).encode(x=x, y=alt.Y("p5:Q", title=title), y2="p95:Q")
    return themed(layer(bars, whiskers), 270, language)


def intervals(
    rows: Sequence[tuple[str, Points]],
    title: str,
    language: Language,
    *,
    marks: Sequence[Mark] = (),
    kinds: Mapping[str, tuple[str, str]] | None = None,
    emphasis: str | None = None,
    logarithmic: float | None = None,
) -> alt.LayerChart:
    """Quantities side by side: a dot at the median, thick for half of the draws, thin for nine in ten.

    Args:
        rows: label and points, top to bottom.
        title: of the axis.
        language: of the numbers on the axis.
        marks: single values to stand beside the intervals.
        kinds: colour and shape of each kind of mark, in the legend's order.
        emphasis: the label drawn in a colour of its own.
        logarithmic: the axis' lower end, where it runs in powers of ten.
    """
    labels = [wrap(label) for label, _ in rows]
    data: Rows = [
        {"label": label, "own": name == emphasis, **_row(points)}
        for label, (name, points) in zip(labels, rows, strict=True)
    ]
    y = alt.Y("label:N", sort=labels, axis=_WRAPPED)
    scale = (
        _from_zero([points for _, points in rows])
        if logarithmic is None
        else alt.Scale(type="log", domainMin=logarithmic)
    )
    axis = alt.Axis(tickCount=5, format=_NUMBERS)
    if logarithmic is not None:
        axis = alt.Axis(values=[10.0**power for power in range(-3, 16)], format=_NUMBERS)

    def x(field: str) -> alt.X:
        return alt.X(f"{field}:Q", title=title, scale=scale, axis=axis)

    colour = alt.condition("datum.own", alt.value(ORANGE), alt.value(BLUE))
    base = alt.Chart(as_data(data))
    layers = [
        base.mark_rule(strokeWidth=1.8).encode(x=x("p5"), x2="p95:Q", y=y, color=colour),
        base.mark_rule(strokeWidth=6, opacity=0.45).encode(x=x("p25"), x2="p75:Q", y=y, color=colour),
        base.mark_circle(size=95, opacity=1).encode(x=x("p50"), y=y, color=colour),
    ]
    if logarithmic is None:
        layers.insert(0, alt.Chart(as_data([{"zero": 0}])).mark_rule(color=MUTED, strokeWidth=1).encode(x=x("zero")))
    if marks and kinds:
        layers.append(_marks(marks, kinds, labels, x("value")))
    return themed(
        layer(*layers), _height(labels, bool(marks)) + 36 * (len({mark.kind for mark in marks}) > 2), language
    )


def _marks(marks: Sequence[Mark], kinds: Mapping[str, tuple[str, str]], labels: list[str], x: alt.X) -> alt.Chart:
    shown = [kind for kind in kinds if any(mark.kind == kind for mark in marks)]
    columns = 1 if len(shown) > 2 else 2
    rows: Rows = [{"label": wrap(mark.label), "value": mark.value, "kind": mark.kind} for mark in marks]
    colours, shapes = [kinds[kind][0] for kind in shown], [kinds[kind][1] for kind in shown]
    return (
        alt.Chart(as_data(rows))
        .mark_point(size=110, filled=True, opacity=1)
        .encode(
            x=x,
            y=alt.Y("label:N", sort=labels, axis=_WRAPPED),
            color=alt.Color("kind:N", scale=alt.Scale(domain=shown, range=colours), legend=alt.Legend(columns=columns)),
            shape=alt.Shape("kind:N", scale=alt.Scale(domain=shown, range=shapes), legend=alt.Legend(columns=columns)),
        )
    )


def split_bars(
    rows: Sequence[tuple[str, Points]], parts: tuple[str, str], title: str, language: Language
) -> alt.LayerChart:
    """Shares of a whole in two parts: the first part's share by label, in percent, with its interval at the seam."""
    labels = [wrap(label) for label, _ in rows]
    data: Rows = []
    for label, (_, points) in zip(labels, rows, strict=True):
        seam = min(100.0, max(0.0, points.p50))
        data.append({"label": label, "part": parts[0], "from": 0.0, "to": seam, **_row(points)})
        data.append({"label": label, "part": parts[1], "from": seam, "to": 100.0, **_row(points)})
    y = alt.Y("label:N", sort=labels, axis=_WRAPPED)
    scale = alt.Scale(domain=[0, 100], clamp=True)
    base = alt.Chart(as_data(data))
    colour = alt.Color("part:N", scale=alt.Scale(domain=list(parts), range=[BLUE, GRID]), legend=alt.Legend(columns=1))
    bars = base.mark_bar(size=24).encode(
        x=alt.X("from:Q", title=title, scale=scale, axis=alt.Axis(tickCount=5)), x2="to:Q", y=y, color=colour
    )
    seams = base.mark_rule(color=INK, strokeWidth=1.8).encode(x=alt.X("p5:Q", scale=scale), x2="p95:Q", y=y)
    return themed(layer(bars, seams), _height(labels, True) + 20, language)


def bars(
    rows: Sequence[tuple[str, Points]], title: str, language: Language, *, grey: str | None = None
) -> alt.LayerChart:
    """Lengths side by side: the median as a bar, its interval as a whisker; one of them may be grey."""
    labels = [wrap(label, 26) for label, _ in rows]
    data: Rows = [
        {"label": label, "grey": name == grey, **_row(points)}
        for label, (name, points) in zip(labels, rows, strict=True)
    ]
    y = alt.Y("label:N", sort=labels, axis=_WRAPPED)
    colour = alt.condition("datum.grey", alt.value(GREY), alt.value(BLUE))
    base = alt.Chart(as_data(data))
    x = alt.X(
        "p50:Q", title=title, axis=alt.Axis(tickCount=5, format=_NUMBERS), scale=_from_zero([each for _, each in rows])
    )
    lengths = base.mark_bar(size=16, cornerRadiusEnd=2).encode(x=x, y=y, color=colour)
    whiskers = base.mark_rule(color=INK, strokeWidth=1.6).encode(x=alt.X("p5:Q", title=title), x2="p95:Q", y=y)
    return themed(layer(lengths, whiskers), _height(labels, False), language)


def analogues(
    forecast: tuple[str, Points],
    rows: Sequence[tuple[str, float, str]],
    title: str,
    language: Language,
    *,
    kinds: Mapping[str, tuple[str, str]],
    beside: tuple[float, str] | None = None,
    logarithmic: float | None = None,
) -> alt.LayerChart:
    """One forecast as a band through many rows, and in each row what came in a case of the same kind.

    Args:
        forecast: label and points of the forecast; it has the first row.
        rows: label, value and kind of each case, top to bottom.
        title: of the axis.
        language: of the numbers on the axis.
        kinds: colour and shape of each kind of case, in the legend's order.
        beside: another forecast, as a line through all rows, and its kind.
        logarithmic: the axis' lower end, where it runs in powers of ten.
    """
    name, points = forecast
    labels = [wrap(label) for label in (name, *(label for label, _, _ in rows))]
    scale = _from_zero([points, *(Points(*[value] * 5) for _, value, _ in rows)])
    axis = alt.Axis(tickCount=5, format=_NUMBERS)
    if logarithmic is not None:
        scale = alt.Scale(type="log", domainMin=logarithmic)
        axis = alt.Axis(values=[10.0**power for power in range(-4, 16)], format=_NUMBERS)

    def x(field: str) -> alt.X:
        return alt.X(f"{field}:Q", title=title, scale=scale, axis=axis)

    y = alt.Y("label:N", sort=labels, axis=_WRAPPED)
    own = alt.Chart(as_data([{"label": labels[0], **_row(points)}]))
    layers = [
        own.mark_rect(color=BLUE, opacity=0.13).encode(x=x("p5"), x2="p95:Q"),
        own.mark_rule(color=BLUE, strokeWidth=1.8).encode(x=x("p5"), x2="p95:Q", y=y),
        own.mark_rule(color=BLUE, strokeWidth=6, opacity=0.45).encode(x=x("p25"), x2="p75:Q", y=y),
        own.mark_circle(color=BLUE, size=95, opacity=1).encode(x=x("p50"), y=y),
    ]
    marks = [Mark(label, value, kind) for label, value, kind in rows]
    if beside is not None:
        other = alt.Chart(as_data([{"value": beside[0]}]))
        layers.append(other.mark_rule(color=GREY, strokeWidth=1.6, strokeDash=[5, 4]).encode(x=x("value")))
        marks.append(Mark(name, beside[0], beside[1]))
    layers.append(_marks(marks, kinds, labels, x("value")))
    return themed(layer(*layers), _height(labels, True) + 20 * len(kinds), language)


def _height(labels: Sequence[str], has_legend: bool) -> int:
    lines = sum(max(34, 12 + 16 * (label.count("\n") + 1)) for label in labels)
    return max(110, lines + 50 + (30 if has_legend else 0))
