"""The two charts of an evaluation: estimators side by side, and the effect over time."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

import altair as alt

from haidang.frameworks.framework import Language
from haidang.learn.evaluate.effect import Point
from haidang.results.charts import Rows, as_data, layer, wrap
from haidang.results.theme import BLUE, INK, MUTED, ORANGE, themed


def estimators(
    rows: Sequence[tuple[str, float | None, float, float]],
    nothing: float,
    worthwhile: float,
    title: str,
    language: Language,
) -> alt.LayerChart:
    """Estimates as dots with their intervals, beside no effect and the smallest worthwhile one.

    Args:
        rows: label, estimate (none where there is no single one), low and high; an end that is not finite is drawn to
            the edge of the others.
        nothing: no effect.
        worthwhile: the smallest worthwhile one.
        title: of the axis.
        language: of the numbers.
    """
    ends = [value for _, *values in rows for value in values]
    known = [*(one for one in ends if one is not None and isfinite(one)), nothing, worthwhile]
    room = 0.08 * (max(known) - min(known) or 1.0)
    least, most = min(known) - room, max(known) + room
    data: Rows = [
        {"label": wrap(label), "estimate": estimate, "low": max(low, least), "high": min(high, most)}
        for label, estimate, low, high in rows
    ]
    scale = alt.Scale(domain=[least, most], zero=False, nice=False)
    base = alt.Chart(as_data(data))
    labels = alt.Axis(labelExpr="split(datum.label, '\\n')", title=None, ticks=False, domain=False, labelColor=INK)
    y = alt.Y("label:N", sort=None, axis=labels)
    axis = alt.Axis(tickCount=5, format=",~r")
    drawn = [
        base.mark_rule(color=BLUE, strokeWidth=3).encode(
            y=y, x=alt.X("low:Q", title=title, scale=scale, axis=axis), x2="high:Q"
        ),
        base.mark_circle(color=BLUE, size=110, opacity=1.0).encode(y=y, x=alt.X("estimate:Q", scale=scale, axis=axis)),
    ]
    for value, colour, dashes in ((nothing, MUTED, [1, 0]), (worthwhile, ORANGE, [6, 4])):
        line = alt.Chart(as_data([{"value": value}]))
        drawn.append(
            line.mark_rule(color=colour, strokeWidth=1.6, strokeDash=dashes).encode(
                x=alt.X("value:Q", scale=scale, axis=axis)
            )
        )
    return themed(layer(*drawn), 70 + 52 * len(rows), language)


def over_time(path: Sequence[Point], start: float, title: str, language: Language) -> alt.LayerChart:
    """The effect by time, with its intervals where it has them, and a line where treatment begins.

    Args:
        path: the points, in the order of time.
        start: just before the first treated time.
        title: of the vertical axis.
        language: of the numbers.
    """
    data: Rows = [{"at": one.at, "estimate": one.estimate, "low": one.low, "high": one.high} for one in path]
    base = alt.Chart(as_data(data))
    x = alt.X(
        "at:Q",
        title=None,
        scale=alt.Scale(zero=False, nice=False, padding=12),
        axis=alt.Axis(format="d", grid=False, tickMinStep=1),
    )
    upright = alt.Axis(tickCount=5, format=",~r")
    drawn = [
        alt.Chart(as_data([{"zero": 0.0}]))
        .mark_rule(color=MUTED, strokeWidth=1)
        .encode(y=alt.Y("zero:Q", title=title, axis=upright)),
        alt.Chart(as_data([{"start": start}]))
        .mark_rule(color=ORANGE, strokeWidth=1.6, strokeDash=[6, 4])
        .encode(x=alt.X("start:Q")),
        base.mark_line(color=BLUE, strokeWidth=2, point=alt.OverlayMarkDef(color=BLUE, size=50)).encode(
            x=x, y=alt.Y("estimate:Q", title=title, axis=upright)
        ),
    ]
    if any(one.low is not None for one in path):
        drawn.append(
            base.mark_rule(color=BLUE, strokeWidth=1.6).encode(
                x=x, y=alt.Y("low:Q", title=title, axis=upright), y2="high:Q"
            )
        )
    return themed(layer(*drawn), 270, language)
