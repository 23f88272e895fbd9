"""Colours that stand together, as colour-blind people see them and in grey; a second sign where they mean something.

Colour blindness is simulated in linear light by the matrices of Machado, Oliveira and Fernandes (2009) for a full lack
of one cone; distances are those of CIE 1976 in L*a*b*, where about 2.3 is just seen.
"""

from __future__ import annotations

import re
from importlib.resources import files
from itertools import combinations

import pytest

from haidang.results import theme
from haidang.results.chart_paths import COLOURS
from haidang.results.figure_backtest import _LOOKS  # pyright: ignore[reportPrivateUsage]

SHEET = files("haidang.web").joinpath("static/haidang/haidang.css").read_text(encoding="utf-8")
DARK = dict(re.findall(r'\[fill="(#[0-9a-f]{6})"\] \{ fill: (#[0-9a-f]{6})', theme.dark_rules()))
SIGHT = {
    "trichromat": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "protanope": (
        (0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranope": (
        (0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881),
    ),
}  # fmt: skip
WHITE = (0.95047, 1.0, 1.08883)
XYZ = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
INK, PAPER = ("#1c2733", "#e6ebf0"), ("#ffffff", "#141b22")
LEAST = 8.0
"""Distance that two colours beside each other must have in every sight."""


def linear(colour: str) -> list[float]:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def lab(light: list[float]) -> tuple[float, float, float]:
    x, y, z = (
        (value ** (1 / 3) if value > 0.008856 else 7.787 * value + 16 / 116)
        for value in (
            sum(a * b for a, b in zip(row, light, strict=True)) / white
            for row, white in zip(XYZ, WHITE, strict=True)
        )
    )  # fmt: skip
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def seen(colour: str, sight: str) -> tuple[float, float, float]:
    light = linear(colour)
    return lab([min(1.0, max(0.0, sum(a * b for a, b in zip(row, light, strict=True)))) for row in SIGHT[sight]])


def distance(one: str, other: str, sight: str) -> float:
    return sum((a - b) ** 2 for a, b in zip(seen(one, sight), seen(other, sight), strict=True)) ** 0.5


def contrast(one: str, other: str) -> float:
    light, dark = sorted((0.2126 * r + 0.7152 * g + 0.0722 * b for r, g, b in map(linear, (one, other))), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def named(pattern: str) -> str:
    """The colour that the first rule of the site's sheet of this form names."""
    found = re.search(pattern, SHEET)
    assert found, pattern
    return found[1]


def night(selector: str) -> str:
    return named(rf"prefers-color-scheme: dark\) \{{ [^\n]*{re.escape(selector)}[^{{}}]*\{{ \w[\w-]*: (#[0-9a-f]{{6}})")


GROUPS = {
    "series by day": COLOURS,
    "series by night": tuple(DARK[each] for each in COLOURS),
    "a map by day": (theme.MORE, theme.PAPER, theme.LESS),
    "a map by night": tuple(DARK[each] for each in (theme.MORE, theme.PAPER, theme.LESS)),
    "conditions by day": (
        named(r"\.conditions \.met \{ border-color: (#\w+)"), named(r"\.conditions \.not_met \{ border-color: (#\w+)"),
        INK[0],
    ),
    "conditions by night": (night(".conditions .met"), night(".conditions .not_met"), INK[1]),
    "lines of use by day": (theme.BLUE, named(r"\.use polyline\.disbursed \{ stroke: (#\w+)")),
    "lines of use by night": (DARK[theme.BLUE], night(".use polyline.disbursed")),
    "decisions on pilots": tuple(
        named(rf"\.action\.{each} \{{ background: (#\w+)") for each in ("scale", "change", "stop")
    ),
}  # fmt: skip


def test_distances_are_those_of_known_colours() -> None:
    assert distance("#ffffff", "#000000", "trichromat") == pytest.approx(100, abs=0.1)
    # Red and green of equal luminance are far apart, and near to whom a cone is lacking.
    assert distance("#d04040", "#5a8a1e", "deuteranope") < 0.4 * distance("#d04040", "#5a8a1e", "trichromat")
    for sight in SIGHT:  # a grey stays grey
        assert distance("#808080", "#808080", sight) == 0
        assert abs(seen("#808080", sight)[1]) + abs(seen("#808080", sight)[2]) < 1.0


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("group", GROUPS)
def test_colours_that_stand_together_are_told_apart(group: str, sight: str) -> None:
    near = {pair: distance(*pair, sight) for pair in combinations(GROUPS[group], 2)}
    assert {pair: round(each, 1) for pair, each in near.items() if each < LEAST} == {}


def test_grounds_of_a_map_are_told_apart_in_grey() -> None:
    for grounds in (GROUPS["a map by day"], GROUPS["a map by night"]):
        for one, other in combinations(grounds, 2):
            assert abs(lab(linear(one))[0] - lab(linear(other))[0]) > 8


def test_words_stand_out_from_every_ground_by_day_and_by_night() -> None:
    for ground in (theme.MORE, theme.LESS, theme.GRID, theme.PAPER):
        assert contrast(INK[0], ground) >= 4.5
        assert contrast(INK[1], DARK[ground]) >= 4.5
    for colour in COLOURS:
        assert contrast(DARK[colour], PAPER[1]) >= 4.5
    for ground in GROUPS["decisions on pilots"]:
        assert contrast("#ffffff", ground) >= 4.5


def test_no_state_is_told_by_its_colour_alone() -> None:
    # A condition by the form of its border and a word, a line by its dashes, a mark by its shape, a decision by words.
    assert re.search(r"\.conditions \.not_met \{[^}]*border-left-style: double", SHEET)
    assert re.search(r"\.conditions \.not_known \{[^}]*border-left-style: dashed", SHEET)
    assert re.search(r"\.use polyline\.approved \{[^}]*stroke-dasharray", SHEET)
    assert re.search(r"\.key \.k\.approved \{[^}]*dashed", SHEET)
    assert re.search(r"tr\.gone th, tr\.gone td \{[^}]*line-through", SHEET)
    assert len({shape for _, shape in _LOOKS.values()}) == len(_LOOKS)


def test_a_decision_can_be_read_on_paper_that_has_no_backgrounds() -> None:
    assert re.search(r"@media print \{[^@]*\.evaluation \.action \{ color: inherit;", SHEET)
