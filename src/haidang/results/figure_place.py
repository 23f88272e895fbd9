"""The figure of who gets the money, or where the change comes from, on a map of the city's parts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from haidang.results.catalogue import Catalogue
from haidang.results.cited import citation
from haidang.results.figure import Figure
from haidang.results.groups import covered_groups, divided, group_shares, is_given, shown_groupings
from haidang.results.manifest import Named, OutlineText
from haidang.results.maps import Fill, Placed, place_map
from haidang.results.numerals import SHARE, pasted, percent, told
from haidang.results.parts import by_title, count_unit
from haidang.results.points import Points
from haidang.results.run import Run
from haidang.results.tables import Table
from haidang.results.theme import GRID, LESS, MORE, PAPER

Verdict = Literal["more", "less", "even", "none"]
Shares = list[tuple[Named, Points, float]]


def place_figures(run: Run, scenario: str, words: Catalogue) -> Iterator[Figure]:
    """The map, where the run is divided by place and says where the places lie."""
    outline, found = run.manifest.outline, divided(run, scenario)
    if outline is None or found is None or outline.column not in shown_groupings(run):
        return
    shares = [each for each in group_shares(run, scenario, found.outcome.id, outline.column) if outline.of(each[0].id)]
    if not shares:
        return
    units = words.unit(count_unit(run))
    what = words.text("figure.place.money") if found.is_money else found.outcome.title[words.language]
    placed = [
        *_placed(outline, shares, words, units, "money" if found.is_money else "gain"),
        *_veiled(run, outline, words),
    ]
    yield Figure(
        f"place_{outline.column}", "who" if found.is_money else "where",
        words.text("figure.place.title", by=by_title(run, outline.column, words.language)),
        " ".join(_sentence(one, words, what, units) for one in shares),
        place_map(outline, placed, _fills(words), words),
        _table(run, outline, shares, words, what, units),
        " ".join(
            (
                words.text("figure.place.rule", units=units),
                outline.note[words.language],
                words.text("figure.place.source", source=citation(outline.source, words)),
            )
        ),
    )  # fmt: skip


def verdict(share: Points, size: float) -> Verdict:
    """Whether nine draws in ten give a group more or less than its part of all units, or neither."""
    if share.p5 > size:
        return "more"
    return "less" if share.p95 < size else "even"


def _fills(words: Catalogue) -> dict[str, Fill]:
    colours: dict[Verdict, str] = {"none": GRID, "more": MORE, "even": PAPER, "less": LESS}
    return {
        name: Fill(colour, "" if name == "none" else words.text(f"figure.place.{name}"))
        for name, colour in colours.items()
    }


def _placed(outline: OutlineText, shares: Shares, words: Catalogue, units: str, kind: str) -> list[Placed]:
    found: list[Placed] = []
    for group, share, size in shares:
        parts, judged = outline.of(group.id), verdict(share, size)
        lines = [
            words.text(f"figure.place.of.{kind}", share=percent(share.p50, words.language)),
            words.text("figure.place.units", size=percent(size, words.language), units=units),
            words.text(f"figure.place.short.{judged}"),
        ]
        if len(parts) > 1:
            lines.insert(0, words.text("figure.place.together"))
        found.append(Placed(parts, tuple(lines), judged))
    return found


def _veiled(run: Run, outline: OutlineText, words: Catalogue) -> list[Placed]:
    """Groups that must not be told stand on the map and say so."""
    covered = sorted(covered_groups(run, outline.column)) if is_given(run) else []
    return [Placed(outline.of(group), (words.text("figure.place.few"),), "none") for group in covered]


def _sentence(one: tuple[Named, Points, float], words: Catalogue, what: str, units: str) -> str:
    group, share, size = one
    return words.text(
        f"figure.place.said.{verdict(share, size)}", group=group.title[words.language],
        share=told(share, SHARE, words), size=percent(size, words.language), what=what, units=units,
    )  # fmt: skip


def _table(run: Run, outline: OutlineText, shares: Shares, words: Catalogue, what: str, units: str) -> Table:
    columns = (
        by_title(run, outline.column, words.language),
        *(words.text(f"column.{name}") for name in ("median", "p5", "p95")),
        words.text("figure.place.part", units=units),
        words.text("figure.place.reading"),
    )
    rows = tuple(
        (
            group.title[words.language],
            *(
                pasted(percent(value, words.language), value, words.language)
                for value in (share.p50, share.p5, share.p95, size)
            ),
            words.text(f"figure.place.{verdict(share, size)}"),
        )
        for group, share, size in shares
    )
    return Table(words.text("figure.place.table", what=what), columns, rows)
