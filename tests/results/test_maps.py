"""Maps: areas against closed forms and against what is published, towns in their parts, words that are true."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import combinations_with_replacement, pairwise
from pathlib import Path

import pytest

from haidang.packs import OutlineError, described, find_pack, load_pack
from haidang.packs.outline import load_outline
from haidang.results.catalogue import catalogue, words_of
from haidang.results.figure_place import place_figures, verdict
from haidang.results.manifest import OutlineText, PartText, Text
from haidang.results.maps import PLAIN, RADIUS, Placed, Plane, area, place_map, plane
from haidang.results.points import Points
from haidang.results.run import Run
from haidang.results.theme import svg
from tests.results.example import write_example

PACK = load_pack("hcmc")
TOWNS = {
    "hcmc": {"city hall": (106.701, 10.777), "Cu Chi": (106.493, 10.973), "Can Gio": (106.955, 10.411),
             "Thu Duc": (106.77, 10.85), "Nha Be": (106.73, 10.69)},
    "binh_duong": {"Thu Dau Mot": (106.65, 10.98), "Di An": (106.77, 10.906), "Ben Cat": (106.59, 11.15),
                   "Phu Giao": (106.79, 11.29)},
    "vung_tau": {"Vung Tau": (107.084, 10.346), "Ba Ria": (107.17, 10.496), "Phu My": (107.055, 10.59)},
    None: {"Bien Hoa": (106.82, 10.95), "Tan An": (106.41, 10.53), "Long Khanh": (107.24, 10.93),
           "Trang Bang": (106.36, 11.03)},
}  # fmt: skip
"""Where towns lie, each in the part that it belonged to before 1 July 2025, and neighbours that belong to none."""

Line = tuple[tuple[float, float], ...]


def outline() -> OutlineText:
    assert PACK.outline is not None
    return OutlineText.model_validate(described(PACK.outline, PACK.book))


def edges(ring: Line) -> Iterator[Line]:
    return pairwise((*ring, ring[0]))


def inside(spot: tuple[float, float], ring: Line) -> bool:
    """By the parity of the edges to its east."""
    x, y = spot
    east = (
        x < (x1 - x0) * (y - y0) / (y1 - y0) + x0 for (x0, y0), (x1, y1) in edges(ring) if (y0 > y) != (y1 > y)
    )  # fmt: skip
    return sum(east) % 2 == 1


def side(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def cross(first: Line, second: Line) -> bool:
    (a, b), (c, d) = first, second
    return not {a, b} & {c, d} and side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0


def square(name: str, west: float, south: float, size: float = 0.1) -> PartText:
    ring = ((west, south), (west + size, south), (west + size, south + size), (west, south + size))
    return PartText(id=name, title=Text(vi=name, en=name), at=(west + size / 2, south + size / 2), rings=(ring,))


@pytest.mark.parametrize("latitude", [-33.9, 0.0, 10.9, 52.5])
def test_the_area_of_a_cell_of_the_globe_is_that_of_the_closed_form(latitude: float) -> None:
    cell = square("cell", 106.5, latitude)
    bounds = math.sin(math.radians(latitude + 0.1)) - math.sin(math.radians(latitude))
    assert area(cell, plane([cell])) == pytest.approx(RADIUS**2 * math.radians(0.1) * bounds, rel=1e-5)


def test_a_kilometre_is_a_kilometre_in_every_direction_over_the_whole_city() -> None:
    on = plane(outline().parts)
    corners = [corner for part in outline().parts for ring in part.rings for corner in ring]
    for latitude in (min(each[1] for each in corners), max(each[1] for each in corners)):
        east = on.at((on.longitude + 0.1, latitude))[0]
        true = RADIUS * math.radians(0.1) * math.cos(math.radians(latitude))
        assert east == pytest.approx(true, rel=3e-3)
    assert Plane(106.0, 10.0).at((106.0, 11.0)) == pytest.approx((0.0, RADIUS * math.radians(1)))


def test_the_outlines_hold_the_published_land_up_to_the_tenth_that_the_note_tells() -> None:
    on = plane(outline().parts)
    off = {part.id: area(part, on) / PACK.book.fact(f"land_{part.id}").value - 1 for part in outline().parts}
    assert min(off.values()) == pytest.approx(-0.1, abs=5e-4)
    assert max(off.values()) == pytest.approx(-0.045, abs=5e-4)


def test_every_town_lies_in_its_own_part_and_neighbours_in_none() -> None:
    for part, towns in TOWNS.items():
        for town, spot in towns.items():
            found = [one.id for one in outline().parts for ring in one.rings if inside(spot, ring)]
            assert found == ([part] if part else []), town


def test_no_line_crosses_another_and_neighbours_share_their_border() -> None:
    lines = [(part.id, ring) for part in outline().parts for ring in part.rings]
    for (_, first), (_, second) in combinations_with_replacement(lines, 2):
        assert not any(cross(one, other) for one in edges(first) for other in edges(second))
    shared = {name: {corner for part, ring in lines for corner in ring if part == name} for name in dict(lines)}
    assert len(shared["hcmc"] & shared["binh_duong"]) > 5


def test_a_map_names_its_parts_and_carries_its_scale_and_loads_nothing() -> None:
    own, words = outline(), catalogue("vi")
    drawn = svg(place_map(own, [Placed((own.parts[0],), ("12.600 doanh nghiệp",), "plain", 2.0)], PLAIN, words))
    for told in ("TP.HCM cũ", "Bình Dương cũ", "Bà Rịa - Vũng Tàu cũ", "12.600 doanh nghiệp", "20 km", "Bắc"):
        assert told in drawn
    assert "href" not in drawn
    assert "<image" not in drawn


def test_a_place_gets_more_than_its_part_only_where_nine_draws_in_ten_say_so() -> None:
    share = Points(p5=0.3, p25=0.35, p50=0.4, p75=0.45, p95=0.5)
    assert [verdict(share, size) for size in (0.29, 0.3, 0.4, 0.5, 0.51)] == ["more", "even", "even", "even", "less"]


def placed_run(tmp_path: Path, outline: OutlineText | None) -> Run:
    base = write_example(tmp_path / "run", draws=5)
    return Run(base.path, base.manifest.model_copy(update={"outline": outline}))


def test_a_run_that_knows_its_places_has_a_map_with_the_numbers_of_its_table(tmp_path: Path) -> None:
    run = placed_run(tmp_path, outline())
    for language in ("vi", "en"):
        (figure,) = place_figures(run, "credit", words_of(run.manifest, language))
        assert figure.section == "who"
        assert [row[0] for row in figure.table.rows] == [one.title[language] for one in run.manifest.groups["area"]]
        drawn = svg(figure.chart)
        for row in figure.table.rows:
            assert row[1] in drawn  # the median
            assert row[4] in drawn  # its part of all units
            assert row[0] in figure.sentence
        assert "Natural Earth" in figure.note


def test_a_run_that_knows_no_places_has_no_map(tmp_path: Path) -> None:
    run = placed_run(tmp_path, None)
    assert list(place_figures(run, "credit", catalogue("vi"))) == []


def test_a_group_of_several_places_tells_its_number_once_for_all_of_them(tmp_path: Path) -> None:
    own = outline().model_copy(update={"together": {"binh_duong": ("binh_duong", "vung_tau")}})
    run = placed_run(tmp_path, own)
    two = {**run.manifest.groups, "area": run.manifest.groups["area"][:2]}
    run = Run(run.path, run.manifest.model_copy(update={"groups": two}))
    (figure,) = place_figures(run, "credit", words_of(run.manifest, "en"))
    assert svg(figure.chart).count("both places:") == 2


MISTAKES = [
    ("source: natural-earth-admin1", "source: natural-earth-admin2", "source: expected a source"),
    ("firms_vung_tau}", "firms_vung_tao}", "found 'firms_vung_tao'"),
    ("firms_vung_tau}", "land_vung_tau}", "expected facts of one unit, found firm, km2"),
    (", vung_tau: firms_vung_tau}", "}", "expected a fact for each part, found none for 'vung_tau'"),
    ("other: [binh_duong, vung_tau]", "other: [binh_duong, vung_tao]", "found 'vung_tao'; did you mean 'vung_tau'"),
    ("at: [106.655, 11.22]", "at: [106.655, 111.22]", "expected a longitude and a latitude in degrees"),
    ("  hcmc:\n    title", "  hcmc:\n    titel: x\n    title", "titel"),
]


@pytest.mark.parametrize(("found", "put", "told"), MISTAKES)
def test_a_mistake_in_a_map_is_told_with_its_line(tmp_path: Path, found: str, put: str, told: str) -> None:
    text = (find_pack("hcmc") / "map.yaml").read_text(encoding="utf-8")
    assert found in text
    (tmp_path / "map.yaml").write_text(text.replace(found, put, 1), encoding="utf-8")
    with pytest.raises(Exception, match=r"map\.yaml:[0-9]+") as caught:
        load_outline(tmp_path, PACK.book)
    assert told in str(caught.value)


def test_a_line_that_comes_back_to_a_corner_is_none(tmp_path: Path) -> None:
    text = (find_pack("hcmc") / "map.yaml").read_text(encoding="utf-8")
    head, _, tail = text.partition("      mainland:\n        [[")
    doubled = tail[: tail.index("]") + 1]
    (tmp_path / "map.yaml").write_text(f"{head}      mainland:\n        [[{doubled}, [{tail}", encoding="utf-8")
    with pytest.raises(OutlineError, match="each once"):
        load_outline(tmp_path, PACK.book)


def test_a_pack_without_a_map_has_none(tmp_path: Path) -> None:
    assert load_outline(tmp_path, PACK.book) is None
