"""How charts look: few colours, told apart by colour-blind readers and in grey, in daylight and at night.

The colours are from Okabe and Ito (2008), darkened for contrast on white. A chart is drawn once, in the colours of the
light page; the dark page maps each of them to its partner by a style sheet (`dark_rules`).
"""

from __future__ import annotations

# altair leaves the keywords of its configure methods untyped.
# pyright: reportUnknownMemberType=false
import re
from typing import cast

import altair as alt
import vl_convert

from haidang.results.manifest import Language

INK, MUTED, GRID, PAPER = "#1c2733", "#53606d", "#dde3e8", "#ffffff"
BLUE, ORANGE, GREY, PINK, GREEN = "#0b6796", "#c96a00", "#87929d", "#a8326e", "#0a7d5a"
MORE, LESS = "#5ba3cb", "#f2cf9c"
"""Grounds of a map under ink: told apart by their lightness too, so also in grey."""

_DARK = {
    INK: "#e6ebf0", MUTED: "#aab6c1", GRID: "#36424e", PAPER: "#141b22",
    BLUE: "#63b9e6", ORANGE: "#f0a54a", GREY: "#8f9ba6", PINK: "#f18cba", GREEN: "#4fc79d",
    MORE: "#1d6087", LESS: "#553a14",
}  # fmt: skip

FONTS = "'Noto Sans', 'Segoe UI', Roboto, 'DejaVu Sans', Arial, sans-serif"
WIDTH = 400
"""Width of a chart in pixels: it fits a phone almost unscaled, and two stand side by side on a desk."""


def themed(chart: alt.LayerChart, height: int, language: Language) -> alt.LayerChart:
    """A chart in the house's look, with the language's decimal comma or point."""
    separators = {"vi": (",", "."), "en": (".", ",")}[language]
    # One call with the whole configuration: each configure method of altair copies the chart with all its data.
    config = alt.Config(
        font=FONTS,
        locale=alt.Locale(
            number=alt.NumberLocale(
                decimal=separators[0], thousands=separators[1], grouping=[3], currency=["", " VND"], minus="−"
            )
        ),
        padding=4,
        axis=alt.AxisConfig(
            labelColor=MUTED, titleColor=MUTED, labelFontSize=12.5, titleFontSize=12.5, titleFontWeight="normal",
            gridColor=GRID, domainColor=GRID, tickColor=GRID, labelLimit=210, titleLimit=WIDTH - 20, labelPadding=5,
            labelSeparation=6, labelFlush=False,
        ),
        view=alt.ViewConfig(stroke=None),
        legend=alt.LegendConfig(
            orient="top", direction="horizontal", title=None, labelColor=INK, labelFontSize=12.5, symbolSize=110,
            labelLimit=400, columnPadding=14, offset=4, columns=3,
        ),
        title=alt.TitleConfig(
            color=INK, fontSize=16, anchor="start", offset=12, subtitleColor=MUTED, subtitleFontSize=12.5
        ),
    )  # fmt: skip
    fit = alt.AutoSizeParams(type="fit", contains="padding")
    return chart.properties(width=WIDTH, height=height, autosize=fit, background=PAPER, config=config)


def svg(chart: alt.LayerChart) -> str:
    """A chart as an SVG document that loads nothing."""
    document = vl_convert.vegalite_to_svg(_spec(chart), vl_version="6.4", allowed_base_urls=[])
    # The library numbers clips through its whole life; a chart's own count makes equal charts equal.
    names = dict.fromkeys(re.findall(r'\sid="([^"]+)"', document))
    for count, name in enumerate(names, start=1):
        document = re.sub(rf'(\sid="|url\(#){re.escape(name)}(?=["\)])', rf"\g<1>part-{count}", document)
    return document


def png(document: str) -> bytes:
    """An SVG from `svg` as a PNG image of twice the size, for slides and print."""
    return vl_convert.svg_to_png(document, scale=2)


def inline(document: str, name: str, label: str) -> str:
    """An SVG made to stand in a page: named for readers of the page by ear, scaling, with ids of its own.

    Args:
        document: from `svg`.
        name: prefix of the ids inside, since several charts share one page.
        label: what the chart shows, in a sentence; escaped here.
    """
    from markupsafe import escape

    body = re.sub(r'\sid="([^"]+)"', rf' id="{name}-\1"', document)
    body = re.sub(r"url\(#([^)]+)\)", rf"url(#{name}-\1)", body)
    body = re.sub(r'\s(?:aria-[a-z]+|role)="[^"]*"', "", body)
    size = re.search(r'<svg[^>]*?width="([\d.]+)"[^>]*?height="([\d.]+)"', body)
    width, height = (size.group(1), size.group(2)) if size else (str(WIDTH), str(WIDTH))
    named = f'viewBox="0 0 {width} {height}" role="img" aria-label="{escape(label)}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {named}>'
    return re.sub(r"^.*?<svg[^>]*>", lambda _: head, body, count=1, flags=re.DOTALL)


def dark_rules() -> str:
    """Style rules that turn the charts' colours to those of a dark page."""
    return "\n".join(
        f'svg [{what}="{light}"] {{ {what}: {dark}; }}' for light, dark in _DARK.items() for what in ("fill", "stroke")
    )


def _spec(chart: alt.LayerChart) -> dict[str, object]:
    # Tests hold every chart to the schema; holding it again for each reader took half of the report's time.
    return cast(dict[str, object], chart.to_dict(validate=False))
