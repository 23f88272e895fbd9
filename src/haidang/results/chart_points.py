"""A chart of points: designs by what they cost and what they gain, with the line of those that none beats."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt

from haidang.results.charts import as_data, layer
from haidang.results.manifest import Language
from haidang.results.theme import BLUE, GREY, ORANGE, themed

_NUMBERS = ",.7~g"
_HEIGHT = 300


def frontier(
    points: Sequence[tuple[float, float, bool, bool]], across: str, up: str, language: Language
) -> alt.LayerChart:
    """Every design as a point, the frontier as a line, the winner in a colour of its own.

    Args:
        points: cost, gain, whether it is on the frontier, whether it is the winner.
        across: title of the axis of costs.
        up: title of the axis of gains.
        language: of the numbers on the axes.
    """
    data = [{"cost": cost, "gain": gain, "front": front, "best": best} for cost, gain, front, best in points]
    x = alt.X("cost:Q", title=across, axis=alt.Axis(tickCount=5, format=_NUMBERS))
    y = alt.Y("gain:Q", title=up, axis=alt.Axis(tickCount=5, format=_NUMBERS))
    tried = alt.Chart(as_data(data)).mark_circle(size=40, opacity=0.55, color=GREY).encode(x=x, y=y)
    front = (
        alt.Chart(as_data([row for row in data if row["front"]]))
        .mark_line(color=BLUE, strokeWidth=2, interpolate="step-after", point=True)
        .encode(x=x, y=y, order="cost:Q")
    )
    best = (
        alt.Chart(as_data([row for row in data if row["best"]]))
        .mark_point(size=170, filled=True, shape="diamond", color=ORANGE, opacity=1)
        .encode(x=x, y=y)
    )
    return themed(layer(tried, front, best), _HEIGHT, language)
