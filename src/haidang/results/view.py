"""A report in one language, ready to be laid out: the answer, the tiles, all headline numbers, the parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from haidang.results import budgets
from haidang.results.catalogue import Catalogue
from haidang.results.figure import Figure
from haidang.results.headline import Headline, headlines
from haidang.results.manifest import Language
from haidang.results.numerals import SHARE, middle_and_interval, number, quantity
from haidang.results.parts import count_unit, hands_out, lead_outcome, priced
from haidang.results.run import Run
from haidang.results.sections import Section, sections
from haidang.results.tables import Table, ends_table
from haidang.results.wording import answer_by_part, scenario_note


@dataclass(frozen=True, slots=True)
class Tile:
    """One number in large type, its interval, what it is, and the part of the report that it comes from."""

    value: str
    interval: str
    label: str
    section: str


@dataclass(frozen=True, slots=True)
class Lead:
    """A sentence of the answer, and the part of the report that holds its numbers; empty where it has none."""

    text: str
    section: str


@dataclass(frozen=True, slots=True)
class Page:
    """A whole report in one language."""

    language: Language
    title: str
    subtitle: str
    made: str
    leads: tuple[Lead, ...]
    note: str
    tiles: tuple[Tile, ...]
    overview: Table
    sections: tuple[Section, ...]

    @property
    def headings(self) -> Mapping[str, str]:
        """The heading of each part."""
        return {each.id: each.heading for each in self.sections}

    @property
    def places(self) -> Mapping[str, str]:
        """Where each fact stands: under the first document that states it, by its id; among the assumptions, empty."""
        items = (item for each in self.sections for item in each.items)
        stated = {fact.id: item.document for item in reversed([*items]) for fact in item.facts}
        assumed = (
            name for each in self.sections if each.id == "assumptions" for one in each.tables for name in one.facts
        )
        return stated | dict.fromkeys(assumed, "")


def page(run: Run, scenario: str, figures: Sequence[Figure], words: Catalogue) -> Page:
    """A report in one language.

    Args:
        run: a finished run.
        scenario: whose report it is.
        figures: of this scenario, in this language.
        words: the catalogue of the language.
    """
    parts = sections(run, scenario, figures, words)
    known = {each.id for each in parts}
    years = run.manifest.years
    span = {"first": str(years[0]), "last": str(years[-1])}
    return Page(
        words.language,
        run.scenario(scenario).title[words.language],
        words.text("report.subtitle", **span) if len(years) > 1 else words.text("report.subtitle_one", **span),
        _made(run, words),
        tuple(Lead(text, part if part in known else "") for text, part in answer_by_part(run, scenario, words)),
        scenario_note(run, scenario, words),
        tiles(run, scenario, words),
        headline_table(run, scenario, words),
        parts,
    )


def headline_table(run: Run, scenario: str, words: Catalogue) -> Table:
    """All headline numbers of a scenario."""
    rows = [
        (each.title[words.language], each.value.points or each.told(words), each.unit)
        for each in headlines(run, scenario)
        if not each.id.startswith("additional_share.")  # the deadweight share says the same
    ]
    return ends_table(words.text("intro.overview"), words.text("column.headline"), rows, words)


def _made(run: Run, words: Catalogue) -> str:
    own = run.manifest
    stands_for = own.population.units
    units = "–" if stands_for is None else quantity(round(stands_for), count_unit(run), words)
    rows = number(own.rows, words.language, 7)
    if own.draws == 1:
        return words.text("report.made_one", rows=rows, units=units)
    return words.text("report.made", draws=number(own.draws, words.language, 7), rows=rows, units=units)


def tiles(run: Run, scenario: str, words: Catalogue) -> tuple[Tile, ...]:
    """The numbers in large type: the main effect, then money, room, price, deadweight and cost; four at most."""
    known = {each.id: each for each in headlines(run, scenario)}
    lead = lead_outcome(run, scenario)
    labels: list[tuple[str, str]] = []
    if lead is not None:
        labels.append((f"effect.{lead.id}", words.text("report.tile.gain", outcome=lead.title[words.language])))
    for resource in budgets.resources(run, scenario)[:1]:
        bound = "line_share" if budgets.money_used(run, scenario, resource).fed is None else "fed_share"
        name = f"{hands_out(run, resource)}_used_share.{resource}"
        labels.append((name, words.text(f"report.tile.{bound}")))
    for resource in budgets.resources(run, scenario, "capacity")[:1]:
        labels.append((f"capacity_used_share.{resource}", words.text("report.tile.capacity_used_share")))
    if run.manifest.market is not None:
        labels.append(("price", words.text("report.tile.market", year=str(run.manifest.years[-1]))))
    if lead is not None:
        labels.append((f"deadweight_share.{lead.id}", words.text("report.tile.deadweight")))
        one = priced(run, lead)[words.language]
        labels.append((f"cost_per.{lead.id}", words.text("report.tile.price", unit=one)))
        labels.append((f"private_cost_per.{lead.id}", words.text("report.tile.private_price", unit=one)))
    return tuple(_tile(known[name], label, words) for name, label in labels if name in known)[:4]


_PARTS = {
    "effect": "effects", "money_used_share": "money", "amount_used_share": "amount", "capacity_used_share": "capacity",
    "price": "market", "deadweight_share": "additional", "cost_per": "price", "private_cost_per": "price",
}  # fmt: skip
"""The part of a report that shows how a headline comes about, by the first word of its identifier."""


def _tile(headline: Headline, label: str, words: Catalogue) -> Tile:
    found, part = headline.value.points, _PARTS[headline.id.partition(".")[0]]
    if found is None:
        return Tile("–", headline.told(words), label, part)
    per = headline.id.startswith(("cost_per", "private_cost_per")) and headline.unit != SHARE
    unit = headline.unit.partition("/")[0] if per else headline.unit
    return Tile(*middle_and_interval(found, unit, words), label, part)
