"""The odds to look at: a fan behind what is published, a number's bars, a promise's rise; with words and tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import altair as alt

from haidang.results.catalogue import Catalogue
from haidang.results.charts import Rows, as_data, layer
from haidang.results.figure import Figure
from haidang.results.manifest import SHARE, Language
from haidang.results.numerals import Scale, day, number
from haidang.results.points import Points
from haidang.results.tables import Table, points_table, shared_scale
from haidang.results.theme import BLUE, GREEN, INK, MUTED, ORANGE, themed
from haidang.track.odds.forecast import Counted
from haidang.track.odds.records import Status
from haidang.track.odds.series import Series, clock
from haidang.track.odds.told import Fan, Odds
from haidang.track.odds.words import RANK, chance_text, odds_sentences, words

SECTION = "odds"
_SHORT = 3
"""A unit of so many letters or more stands above the legend, which it would cover."""
_LINES: Mapping[str, tuple[str, list[int]]] = {
    "published": (INK, [1, 0]),
    "expected": (BLUE, [6, 3]),
    "without": (BLUE, [6, 3]),
    "with": (GREEN, [2, 2]),
}
"""The colour and the dashes of each line."""


def fan_figure(odds: Odds, series: Series, title: str, unit: str, language: Language) -> Figure | None:
    """What is published, and the fan of what is expected, with the target; none where there is no number.

    Args:
        odds: of a target.
        series: that they were told from; for growth a series of the growth rates on the scale `identity`.
        title: of the target.
        unit: of the values: `share` for fractions of one, `rank`, or a unit of measure.
        language: of the reader.
    """
    table = fan_table(odds, series, title, unit, language)
    if table is None:
        return None
    said, fans = words(language), _fans(odds)
    sentence = " ".join(odds_sentences(odds, series, unit, language))
    chart = _fan_chart(odds, series, fans, _scale(fans, series, unit, language), unit, language)
    return Figure(
        f"odds_{odds.target}", SECTION, said.text("odds.figure.title", target=title), sentence, chart, table
    )  # fmt: skip


def fan_table(odds: Odds, series: Series, title: str, unit: str, language: Language) -> Table | None:
    """The fan in numbers, as `fan_figure` tells it beside the chart; none where there is no number."""
    said, fans = words(language), _fans(odds)
    rows: list[tuple[str, Points]] = []
    for key, fan in fans:
        tail = "" if key == "expected" else f", {said.text(f'odds.figure.{key}')}"
        rows += [
            (f"{_told(on, said)}{tail}", _whole(one) if unit == RANK else one)
            for on, one in zip(fan.dates, fan.points, strict=True)
        ]
    if not rows:
        return None
    caption, chosen = said.text("odds.figure.table", target=title), _scale(fans, series, unit, language)
    return points_table(caption, said.text("odds.figure.day"), rows, _measured(unit), said, chosen)


def _fans(odds: Odds) -> list[tuple[str, Fan]]:
    """The fans of a target with the word of each: as things go by themselves, and with its programme."""
    alone = "without" if odds.method == "definition" else "expected"
    ways = ((alone, odds.without), ("with", odds.programme))
    return [(key, way.fan) for key, way in ways if way is not None and way.fan.points]


def _scale(fans: Sequence[tuple[str, Fan]], series: Series, unit: str, language: Language) -> Scale:
    published = [Points(value, value, value, value, value) for value in series.values]
    every = [*published, *(one for _, fan in fans for one in fan.points)]
    return shared_scale(every, _measured(unit), words(language))


def _told(on: date, said: Catalogue) -> str:
    """A day as the reader's language writes it."""
    return day(on.isoformat(), said)


def _whole(points: Points) -> Points:
    return Points(*(float(round(value)) for value in points.as_dict().values()))


def _measured(unit: str) -> str:
    return "1" if unit == RANK else unit


def _fan_chart(
    odds: Odds, series: Series, fans: Sequence[tuple[str, Fan]], chosen: Scale, unit: str, language: Language
) -> alt.LayerChart:
    said = words(language)
    names = {key: said.text(f"odds.figure.{key}") for key in ("published", "expected", "without", "with", "bound")}
    # Values at the ends of years stand above their year; among others the year's name stands where it begins.
    begins = 1.0 if any(on.month != 12 for on in series.dates) else 0.0
    seen: Rows = [
        {"time": time + begins, "value": value / chosen.factor, "line": names["published"]}
        for time, value in zip(clock(series.dates), series.values, strict=True)
    ]
    bands: Rows = []
    lines: Rows = list(seen)
    for key, fan in fans:
        # The fan opens at the last value that is published, where nothing is uncertain.
        start = [] if not seen else [_row(seen[-1]["time"], Points(*[seen[-1]["value"]] * 5), names[key])]
        rows = [
            _row(time + begins, one.scaled(1 / chosen.factor), names[key])
            for time, one in zip(clock(fan.dates), fan.points, strict=True)
        ]
        bands += [*start, *rows]
        lines += [{"time": row["time"], "value": row["p50"], "line": row["line"]} for row in [*start, *rows]]
    kinds = [key for key in ("published", *(key for key, _ in fans)) if key != "published" or seen]
    shown = [names[key] for key in kinds]
    colour = alt.Color(
        "line:N",
        scale=alt.Scale(domain=shown, range=[_LINES[key][0] for key in kinds]),
        legend=alt.Legend(columns=3, symbolType="stroke", symbolOpacity=1, symbolStrokeWidth=3),
    )
    dash = alt.StrokeDash("line:N", scale=alt.Scale(domain=shown, range=[_LINES[key][1] for key in kinds]), legend=None)
    times = [row["time"] for row in lines]
    x = alt.X(
        "time:Q", title=None, scale=alt.Scale(nice=False, zero=False, padding=12),
        axis=alt.Axis(values=_years(min(times), max(times)), labelExpr="floor(datum.value + 0.01)", grid=False),
    )  # fmt: skip
    label = "" if unit == RANK else chosen.label

    def y(field: str) -> alt.Y:
        axis = _upright(len(label) >= _SHORT)
        return alt.Y(
            f"{field}:Q", title=label or None, axis=axis, scale=alt.Scale(zero=False, reverse=unit == RANK, nice=True)
        )

    spread, drawn = alt.Chart(as_data(bands)), alt.Chart(as_data(lines))
    layers = [
        spread.mark_area(opacity=0.16).encode(x=x, y=y("p5"), y2="p95:Q", color=colour),
        spread.mark_area(opacity=0.24).encode(x=x, y=y("p25"), y2="p75:Q", color=colour),
        drawn.mark_line(strokeWidth=2.2, point=alt.OverlayMarkDef(size=34)).encode(
            x=x, y=y("value"), color=colour, strokeDash=dash
        ),
        *_bounds(odds, chosen, names["bound"], y("value"), _below(odds, chosen, [*lines, *bands], unit)),
    ]
    return themed(layer(*layers), 290, language)


def _upright(above: bool = False) -> alt.Axis:
    """An axis with its unit upright at its head; a long one above the legend, which it would cover."""
    return alt.Axis(
        tickCount=5, format=",~r", titleAngle=0, titleAlign="left", titleAnchor="start", titleBaseline="bottom",
        titleX=-36, titleY=-34 if above else -10,
    )  # fmt: skip


def _row(time: float, points: Points, line: str) -> dict[str, Any]:
    return {"time": time, "line": line, **points.as_dict()}


def _years(first: float, last: float) -> list[float]:
    """Whole years: each where they are few, else every other, third and so on, back from the last."""
    every = range(int(first), int(last) + 2)
    step = 1 + len(every) // 9
    return [year for year in every if first <= year <= last + 0.1 and (int(last + 0.1) - year) % step == 0]


def _ends(odds: Odds, chosen: Scale) -> list[float]:
    return [value / chosen.factor for value in (odds.bound.low, odds.bound.high) if value is not None]


def _below(odds: Odds, chosen: Scale, rows: Rows, unit: str) -> bool:
    """Whether the target's name stands below its line: above it there is no room where nothing shown is beyond it."""
    target, *_ = reversed(_ends(odds, chosen))
    shown = [float(row[name]) for row in rows for name in ("value", "p5", "p95") if name in row]
    return target <= min(shown) if unit == RANK else target >= max(shown)


def _bounds(odds: Odds, chosen: Scale, name: str, y: alt.Y, below: bool) -> list[alt.Chart]:
    ends = _ends(odds, chosen)
    rows: Rows = [{"value": value, "text": name if place == len(ends) - 1 else ""} for place, value in enumerate(ends)]
    base = alt.Chart(as_data(rows))
    return [
        base.mark_rule(color=ORANGE, strokeWidth=2, strokeDash=[6, 4]).encode(y=y),
        base.mark_text(
            color=ORANGE,
            align="left",
            baseline="top" if below else "bottom",
            dx=4,
            dy=4 if below else -4,
            fontSize=12.5,
            fontWeight=600,
        ).encode(x=alt.value(0), y=y, text="text:N"),
    ]


def count_figure(odds: Odds, found: Counted, title: str, language: Language) -> Figure | None:
    """How likely each number is by the target's day; those that keep the bound in a colour and a dark frame."""
    if odds.without is None:
        return None
    said = words(language)
    low, high = odds.bound.low or 0.0, odds.bound.high
    numbers = range(found.first, found.first + len(found.probability))
    rows: Rows = [
        {"number": each, "chance": 100 * share, "kept": low <= each and (high is None or each <= high)}
        for each, share in zip(numbers, found.probability.tolist(), strict=True)
    ]
    base = alt.Chart(as_data(rows))
    bars = base.mark_bar(size=18, strokeWidth=2).encode(
        x=alt.X("number:O", title=said.text("odds.number"), axis=alt.Axis(labelAngle=0)),
        y=alt.Y("chance:Q", title="%", axis=_upright()),
        color=alt.condition("datum.kept", alt.value(BLUE), alt.value(MUTED)),
        stroke=alt.condition("datum.kept", alt.value(INK), alt.value(MUTED)),
    )
    table = Table(
        said.text("odds.count_table", target=title),
        (said.text("odds.number"), said.text("odds.probability")),
        tuple((number(row["number"], language), chance_text(row["chance"] / 100, language)) for row in rows),
    )
    return Figure(
        f"odds_{odds.target}", SECTION, said.text("odds.count_title", target=title),
        " ".join(odds_sentences(odds, None, "1", language)), themed(layer(bars), 240, language), table,
    )  # fmt: skip


def status_figure(status: Status, title: str, language: Language) -> Figure | None:
    """How likely a promise has arrived by the end of each year; none where there is no number."""
    if status.odds.without is None:
        return None
    said = words(language)
    rows: Rows = [
        {"time": time, "chance": 100 * share} for time, share in zip(clock(status.dates), status.arrived, strict=True)
    ]
    times = [row["time"] for row in rows]
    x = alt.X(
        "time:Q", title=None, scale=alt.Scale(nice=False, zero=False, padding=12),
        axis=alt.Axis(values=_years(min(times), max(times)), labelExpr="floor(datum.value + 0.01)", grid=False),
    )  # fmt: skip
    line = (
        alt.Chart(as_data(rows))
        .mark_line(color=BLUE, strokeWidth=2.4, point=alt.OverlayMarkDef(color=BLUE, size=40))
        .encode(x=x, y=alt.Y("chance:Q", title="%", axis=_upright(), scale=alt.Scale(domain=[0, 100])))
    )
    between: Rows = [
        {"time": time, "low": 100 * low, "high": 100 * high}
        for time, (low, high) in zip(clock(status.dates), _spreads(status), strict=True)
    ]
    band = (
        alt.Chart(as_data(between))
        .mark_area(color=BLUE, opacity=0.18)
        .encode(x=x, y=alt.Y("low:Q", title="%", axis=_upright(), scale=alt.Scale(domain=[0, 100])), y2="high:Q")
    )
    return Figure(
        f"odds_{status.odds.target}", SECTION, f"{title}: {said.text('odds.figure.arrived')}",
        " ".join(odds_sentences(status.odds, None, SHARE, language)), themed(layer(band, line), 240, language),
        status_table(status, title, language),
    )  # fmt: skip


def status_table(status: Status, title: str, language: Language) -> Table:
    """The rise in numbers, as `status_figure` tells it beside the chart."""
    said = words(language)
    return Table(
        said.text("odds.arrived_table", target=title),
        (said.text("odds.figure.day"), said.text("odds.probability"), said.text("odds.figure.between")),
        tuple(
            (_told(on, said), chance_text(share, language), " – ".join(chance_text(end, language) for end in ends))
            for on, share, ends in zip(status.dates, status.arrived, _spreads(status), strict=True)
        ),
    )


def _spreads(status: Status) -> tuple[tuple[float, float], ...]:
    """Between which each chance may lie; the chance itself where that is not known."""
    return status.spreads or tuple((share, share) for share in status.arrived)
