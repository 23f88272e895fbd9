"""Charts of suites: a fan with what came, how reliable each level is, and where what came stood in the forecasts."""

from __future__ import annotations

# altair leaves the keywords of its methods untyped.
# pyright: reportUnknownMemberType=false
from collections.abc import Sequence
from typing import Any

import altair as alt
import numpy as np

from haidang.learn.forecasts.scored import POINTS, SHARES, Judged, Line
from haidang.results.charts import as_data, layer
from haidang.results.manifest import Language
from haidang.results.numerals import number
from haidang.results.theme import BLUE, GREEN, GREY, INK, MUTED, ORANGE, PINK, themed

_TALL, _WIDE_FAN = 190, 300
BARS = 10
_COLOURS = (BLUE, ORANGE, GREEN, PINK, GREY)


def fan(one: Judged, name: str, rival: str, unit: str, top: float | None, language: Language) -> alt.LayerChart:
    """One series: what was known, a forecaster's bands from the origin on, a rival's median, and what came.

    Args:
        one: the series.
        name: whose bands.
        rival: whose median.
        unit: of the values.
        top: what no value can pass; the axis ends at it or a little over what is drawn.
        language: of the numbers on the axis.
    """
    known, came, scored = one.cut.known, one.cut.came, one.scores[name]
    begin: dict[str, Any] = {f"p{point}": float(known.values[-1]) for point in POINTS}
    rows = [{"time": float(known.times[-1]), "rival": float(known.values[-1]), **begin}]
    middle = POINTS.index(50)
    for time, row, other in zip(came.times, scored.quantiles, one.scores[rival].quantiles, strict=True):
        told = {f"p{point}": float(value) for point, value in zip(POINTS, row, strict=True)}
        rows.append({"time": float(time), "rival": float(other[middle]), **told})
    highest = max(max(row["p95"] for row in rows), float(came.values.max()), float(known.values.max()))
    scale = alt.Scale(domain=[0, highest if top is None else min(top, 1.08 * highest)], nice=False)
    x = alt.X(
        "time:Q", title=None, scale=alt.Scale(zero=False, nice=False, padding=6),
        axis=alt.Axis(tickCount=5, grid=False, format=_time_format(known.times, came.times)),
    )  # fmt: skip

    def y(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", title=unit, scale=scale, axis=_upright(-30, tickCount=4, format=",~r"))

    band = alt.Chart(as_data(rows))
    layers = [
        band.mark_area(color=BLUE, opacity=0.18).encode(x=x, y=y("p5"), y2="p95:Q"),
        band.mark_area(color=BLUE, opacity=0.3).encode(x=x, y=y("p25"), y2="p75:Q"),
        band.mark_line(color=BLUE, strokeWidth=2.2).encode(x=x, y=y("p50")),
        band.mark_line(color=ORANGE, strokeWidth=1.6, strokeDash=[5, 4]).encode(x=x, y=y("rival")),
        _dots(known.times, known.values, x, y("value")).mark_point(color=MUTED, filled=True, size=20, opacity=0.9),
        _dots(came.times, came.values, x, y("value")).mark_point(
            color=PINK, filled=True, size=34, shape="diamond", opacity=1.0
        ),
    ]
    return themed(layer(*layers), _TALL, language).properties(width=_WIDE_FAN)


def _upright(title_x: int, **more: Any) -> alt.Axis:
    """An axis whose title stands above it and reads from left to right."""
    options: dict[str, Any] = {
        "titleAngle": 0, "titleAlign": "left", "titleAnchor": "start", "titleBaseline": "bottom", "titleX": title_x,
        "titleY": -6, **more,
    }  # fmt: skip
    return alt.Axis(**options)


def _time_format(known: np.ndarray, came: np.ndarray) -> str:
    """Years as they are written, without separators; parts of a year where the series runs over days."""
    times = np.concatenate([known, came])
    return "d" if np.all(times == np.rint(times)) else ".1f"


def _dots(times: np.ndarray, values: np.ndarray, x: alt.X, y: alt.Y) -> alt.Chart:
    rows = [{"time": float(time), "value": float(value)} for time, value in zip(times, values, strict=True)]
    return alt.Chart(as_data(rows)).encode(x=x, y=y)


def reliability(lines: Sequence[tuple[str, Line]], titles: tuple[str, str], language: Language) -> alt.LayerChart:
    """For each level of a forecast, which part of what came lay below it; the diagonal is right.

    Args:
        lines: name and row of each forecaster, five at most.
        titles: of the two axes.
        language: of the numbers on the axes.
    """
    rows = [
        {"level": float(level), "reached": float(value), "name": name}
        for name, line in lines
        for level, value in zip(SHARES, line.reached, strict=True)
    ]
    names = [name for name, _ in lines]
    unit = alt.Scale(domain=[0, 1], nice=False)
    x = alt.X("level:Q", title=titles[0], scale=unit, axis=alt.Axis(format="%", tickCount=5))
    y = alt.Y(
        "reached:Q", title=titles[1], scale=unit,
        axis=alt.Axis(format="%", tickCount=5),
    )  # fmt: skip
    colour = alt.Color(
        "name:N", sort=names, scale=alt.Scale(domain=names, range=list(_COLOURS[: len(names)])),
        legend=alt.Legend(columns=2, title=None),
    )  # fmt: skip
    diagonal = alt.Chart(as_data([{"level": 0, "reached": 0}, {"level": 1, "reached": 1}]))
    layers = [
        diagonal.mark_line(color=INK, strokeWidth=1, strokeDash=[3, 3]).encode(x=x, y=y),
        alt.Chart(as_data(rows)).mark_line(strokeWidth=2.2, point=alt.OverlayMarkDef(size=28)).encode(
            x=x, y=y, color=colour
        ),
    ]  # fmt: skip
    return themed(layer(*layers), 380, language)


def pit_bars(judged: Sequence[Judged], name: str, titles: tuple[str, str], language: Language) -> alt.LayerChart:
    """Which part of what came stood in each tenth of the forecasts; each series weighs the same.

    Args:
        judged: all series.
        name: whose forecasts.
        titles: of the two axes.
        language: of the numbers on the axes.
    """
    edges = np.linspace(0.0, 1.0, BARS + 1)
    parts = [np.histogram(one.scores[name].pit, edges)[0] / len(one.cut.came) for one in judged]
    rows = [
        {"bin": f"{number(edge, language)}", "share": float(share)}
        for edge, share in zip(edges[:-1], np.mean(parts, axis=0), strict=True)
    ]
    x = alt.X("bin:O", title=titles[0], sort=None, axis=alt.Axis(labelAngle=0))
    y = alt.Y(
        "share:Q", title=titles[1], axis=_upright(-40, format="%", tickCount=5),
        scale=alt.Scale(zero=True, nice=True),
    )  # fmt: skip
    right = alt.Chart(as_data([{"share": 1.0 / BARS}]))
    layers = [
        alt.Chart(as_data(rows)).mark_bar(color=BLUE, cornerRadiusEnd=2).encode(x=x, y=y),
        right.mark_rule(color=INK, strokeWidth=1, strokeDash=[3, 3]).encode(y=y),
    ]
    return themed(layer(*layers), 380, language)
