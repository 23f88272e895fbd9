"""A map of a city's parts, drawn from lines that a run or a pack carries: no tiles, nothing loaded.

Equirectangular about the middle latitude: over a city the scale is the same in all directions within a few parts in a
thousand, so lengths and areas may be compared by eye.
"""

# altair leaves the keywords of its mark methods untyped.
# pyright: reportUnknownMemberType=false
from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt

from haidang.results.catalogue import Catalogue
from haidang.results.charts import Rows, as_data, layer
from haidang.results.manifest import OutlineText, PartText
from haidang.results.theme import BLUE, GRID, INK, MUTED, themed

RADIUS = 6371.0088
"""Mean radius of the earth in km (IUGG)."""
BAR = 20
"""Length of the scale bar in km."""
_HEIGHT = 430
_LINE = 15
_CIRCLE = 9000


@dataclass(frozen=True, slots=True)
class Placed:
    """What a map says of one group.

    Args:
        parts: where it lies.
        lines: under the name of each of its parts.
        kind: one of the map's fills.
        size: of the circle on its first part, whose area tells it; none has no circle.
    """

    parts: tuple[PartText, ...]
    lines: tuple[str, ...]
    kind: str
    size: float | None = None


@dataclass(frozen=True, slots=True)
class Fill:
    """A colour of the map and what it says; without words it has no line in the legend."""

    colour: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Plane:
    """Degrees laid on a plane, in km from its middle."""

    longitude: float
    latitude: float

    def at(self, degrees: tuple[float, float]) -> tuple[float, float]:
        """East and north of the middle, in km."""
        east = math.radians(degrees[0] - self.longitude) * math.cos(math.radians(self.latitude))
        return RADIUS * east, RADIUS * math.radians(degrees[1] - self.latitude)


def plane(parts: Sequence[PartText]) -> Plane:
    """The plane about the middle of these parts."""
    corners = [corner for part in parts for ring in part.rings for corner in ring]
    middle = [(min(each) + max(each)) / 2 for each in zip(*corners, strict=True)]
    return Plane(middle[0], middle[1])


def area(part: PartText, on: Plane) -> float:
    """The area inside a part's lines, in km²."""
    return sum(abs(_signed([on.at(corner) for corner in ring])) for ring in part.rings)


def place_map(
    outline: OutlineText, placed: Sequence[Placed], fills: dict[str, Fill], words: Catalogue
) -> alt.LayerChart:
    """The parts in their colours, each under its name with what is told of it, a scale bar and where north is.

    Args:
        outline: the parts and their lines.
        placed: what is told; a part of which nothing is told stands under its name alone.
        fills: by kind, in the legend's order; the kind of a part without words is the first.
        words: of the language.
    """
    on = plane(outline.parts)
    told = {part.id: one for one in placed for part in one.parts}
    first = next(iter(fills))
    shapes = [_shape(part, told[part.id].kind if part.id in told else first, on) for part in outline.parts]
    layers = [_ground(shapes, fills)]
    if circles := [(one.parts[0], one.size) for one in placed if one.size]:
        layers.append(_circles(circles, on))
    for part in outline.parts:
        lines = told[part.id].lines if part.id in told else ()
        layers += _names(part, lines, on, words)
    layers += _scale_bar(on, outline.parts, words)
    chart = layer(*layers).project(type="identity", reflectY=True)
    return themed(chart, _HEIGHT + 22 * sum(1 for each in fills.values() if each.label), words.language)


def _signed(corners: Sequence[tuple[float, float]]) -> float:
    """The area inside a line, positive where it runs against the clock."""
    following = [*corners[1:], corners[0]]
    return sum(x * next_y - next_x * y for (x, y), (next_x, next_y) in zip(corners, following, strict=True)) / 2


def _shape(part: PartText, kind: str, on: Plane) -> dict[str, object]:
    rings = [[list(on.at(corner)) for corner in (*ring, ring[0])] for ring in part.rings]
    geometry = {"type": "MultiPolygon", "coordinates": [[ring] for ring in rings]}
    return {"type": "Feature", "properties": {"kind": kind}, "geometry": geometry}


def _ground(shapes: list[dict[str, object]], fills: dict[str, Fill]) -> alt.Chart:
    named = {kind: each for kind, each in fills.items() if each.label}
    words = json.dumps({kind: each.label for kind, each in named.items()}, ensure_ascii=False)
    legend = alt.Legend(
        columns=1, symbolType="square", symbolStrokeWidth=1, values=list(named), labelExpr=f"({words})[datum.label]"
    )
    colour = alt.Fill(
        "properties.kind:N",
        scale=alt.Scale(domain=list(fills), range=[each.colour for each in fills.values()]),
        legend=legend if named else None,
    )
    return alt.Chart(as_data(shapes)).mark_geoshape(stroke=INK, strokeWidth=1).encode(fill=colour)


def _circles(sizes: Sequence[tuple[PartText, float]], on: Plane) -> alt.Chart:
    rows: Rows = [{**_spot(on.at(part.at)), "size": size} for part, size in sizes]
    scale = alt.Scale(domain=[0, max(size for _, size in sizes)], range=[0, _CIRCLE])
    mark = alt.Chart(as_data(rows)).mark_circle(color=BLUE, opacity=0.3, stroke=BLUE, strokeWidth=1)
    return mark.encode(longitude="x:Q", latitude="y:Q", size=alt.Size("size:Q", scale=scale, legend=None))


def _names(part: PartText, lines: Sequence[str], on: Plane, words: Catalogue) -> list[alt.Chart]:
    """A part's name and what is told of it, one line under the other about where its words stand."""
    told = (part.title[words.language], *lines)
    top = -_LINE * (len(told) - 1) / 2
    spot = alt.Chart(as_data([_spot(on.at(part.at))]))
    return [
        spot.mark_text(
            color=INK, fontSize=12.5, fontWeight=600 if not count else 400, dy=top + count * _LINE
        ).encode(longitude="x:Q", latitude="y:Q", text=alt.value(line))
        for count, line in enumerate(told)
    ]  # fmt: skip


def _scale_bar(on: Plane, parts: Sequence[PartText], words: Catalogue) -> list[alt.Chart]:
    """The bar in the lower left corner, and the arrow to the north in the upper right one."""
    corners = [on.at(corner) for part in parts for ring in part.rings for corner in ring]
    west, south = (min(each) for each in zip(*corners, strict=True))
    east, north = (max(each) for each in zip(*corners, strict=True))
    bar = alt.Chart(as_data([{"x": west, "y": south, "x2": west + BAR}]))
    foot = alt.Chart(as_data([_spot((west, south))]))
    head = alt.Chart(as_data([_spot((east, north))]))
    return [
        bar.mark_rule(color=INK, strokeWidth=3).encode(
            longitude="x:Q", latitude="y:Q", longitude2="x2:Q", latitude2="y:Q"
        ),
        foot.mark_text(color=MUTED, fontSize=12, align="left", dy=-10).encode(
            longitude="x:Q", latitude="y:Q", text=alt.value(f"{BAR} km")
        ),
        head.mark_text(color=MUTED, fontSize=12, align="right", dx=-10).encode(
            longitude="x:Q", latitude="y:Q", text=alt.value(words.text("figure.place.north"))
        ),
        head.mark_point(color=MUTED, filled=True, opacity=1, shape="triangle-up", size=70).encode(
            longitude="x:Q", latitude="y:Q"
        ),
    ]


def _spot(at: tuple[float, float]) -> dict[str, float]:
    return {"x": at[0], "y": at[1]}


PLAIN = {"plain": Fill(GRID)}
"""A map whose colours say nothing."""
