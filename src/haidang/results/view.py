"""What stands in each part of a report, in one language: words and tables, ready to be laid out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from haidang.results import compare
from haidang.results.catalogue import Catalogue, Evaluation
from haidang.results.cited import citation, evaluations, fact_range, fact_value, facts_read, href, sources
from haidang.results.figure import Figure
from haidang.results.headline import (
    Headline,
    count_unit,
    headlines,
    lead_outcome,
    priced,
    priced_outcomes,
    resource_title,
    resource_unit,
)  # fmt: skip
from haidang.results.manifest import Language, Outcome
from haidang.results.numerals import SHARE, interval, number, percent, quantity, told
from haidang.results.points import points
from haidang.results.run import Run
from haidang.results.tables import Table, shared_scale
from haidang.results.wording import answer

LIMITS = ("behaviour", "terms", "market", "population", "after", "interval")


@dataclass(frozen=True, slots=True)
class Tile:
    """One number in large type, its interval, and what it is."""

    value: str
    interval: str
    label: str


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a list: what it is about, what it says, and an address where there is one."""

    head: str
    text: str = ""
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a report."""

    id: str
    heading: str
    intro: str
    figures: tuple[Figure, ...] = ()
    tables: tuple[Table, ...] = ()
    evaluations: tuple[Evaluation, ...] = ()
    items: tuple[Item, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """A whole report in one language."""

    language: Language
    title: str
    subtitle: str
    made: str
    sentences: tuple[str, ...]
    tiles: tuple[Tile, ...]
    overview: Table
    sections: tuple[Section, ...] = field(default=())


def page(run: Run, scenario: str, figures: Sequence[Figure], words: Catalogue) -> Page:
    """A report in one language.

    Args:
        run: a finished run.
        scenario: whose report it is.
        figures: of this scenario, in this language.
        words: the catalogue of the language.
    """
    years = run.manifest.years
    return Page(
        words.language,
        run.scenario(scenario).title[words.language],
        words.text("report.subtitle", first=str(years[0]), last=str(years[-1])),
        _made(run, words),
        answer(run, scenario, words),
        _tiles(run, scenario, words),
        overview(run, scenario, words),
        tuple(_sections(run, scenario, figures, words)),
    )


def overview(run: Run, scenario: str, words: Catalogue) -> Table:
    """All headline numbers of a scenario."""
    rows: list[tuple[str, ...]] = []
    for headline in headlines(run, scenario):
        if headline.id.startswith("additional_share."):
            continue  # the deadweight share says the same
        found = headline.value.points
        if found is None:
            rows.append((headline.title[words.language], headline.told(words), ""))
        else:
            middle = quantity(found.p50, headline.unit, words)
            rows.append((headline.title[words.language], middle, interval(found, headline.unit, words)))
    columns = tuple(words.text(f"column.{name}") for name in ("headline", "median", "interval"))
    return Table(words.text("intro.overview"), columns, tuple(rows))


def variants_table(run: Run, scenario: str, words: Catalogue) -> Table | None:
    """All programmes of a run side by side; none where there is but one."""
    lead = lead_outcome(run, scenario)
    if lead is None or len(run.programmes) < 2:
        return None
    known = {other.id: {each.id: each for each in headlines(run, other.id)} for other in run.programmes}
    one = priced(lead)[words.language]
    asked = {
        "public_cost": words.text("column.cost"),
        f"effect.{lead.id}": lead.title[words.language],
        f"cost_per.{lead.id}": words.text("column.price", unit=one),
        f"deadweight_share.{lead.id}": words.text("column.deadweight"),
    }
    columns = {name: _column([known[other.id].get(name) for other in run.programmes], words) for name in asked}
    named = (
        f"{title} ({columns[name][0]})" if columns[name][0] else title for name, title in asked.items()
    )  # fmt: skip
    rows = tuple(
        (
            other.title[words.language], *(columns[name][1][index] for name in asked),
            *_chances(run, other.id, scenario, lead, words),
        )
        for index, other in enumerate(run.programmes)
    )  # fmt: skip
    titles = (words.text("column.variant"), *named, words.text("column.better"), words.text("column.better_per_cost"))
    return Table(words.text("intro.side_by_side"), titles, rows)


def _column(cells: Sequence[Headline | None], words: Catalogue) -> tuple[str, list[str]]:
    """A column of headlines in one scale: its label, and each cell without it."""
    found = [cell.value.points for cell in cells if cell is not None and cell.value.points is not None]
    unit = next((cell.unit for cell in cells if cell is not None), "")
    chosen = shared_scale(found, unit, words)
    told_cells = [
        "–" if cell is None
        else words.text("undefined.short") if cell.value.points is None
        else told(cell.value.points, unit, words, chosen)
        for cell in cells
    ]  # fmt: skip
    return "" if unit == SHARE else chosen.label, told_cells


def _chances(run: Run, one: str, other: str, lead: Outcome, words: Catalogue) -> tuple[str, str]:
    """How likely a variant gains more than the programme, and more per VND."""
    if one == other:
        return "–", "–"
    more = percent(compare.chance_better(run, one, other, lead.id), words.language)
    if not run.has_outcome(run.manifest.roles.cost):
        return more, "–"
    return more, percent(compare.chance_better_per_cost(run, one, other, lead.id), words.language)


def command(run: Run) -> str:
    """The command that makes this run again."""
    own = run.manifest
    made = (
        f"haidang run {own.pack}/{own.programme} --variants all --draws {own.draws} --seed {own.seed} --rows {own.rows}"
    )
    return own.command or made


def _made(run: Run, words: Catalogue) -> str:
    own = run.manifest
    stands_for = own.population.units
    units = "–" if stands_for is None else quantity(round(stands_for), count_unit(run), words)
    rows = number(own.rows, words.language, 7)
    if own.draws == 1:
        return words.text("report.made_one", rows=rows, units=units)
    return words.text("report.made", draws=number(own.draws, words.language, 7), rows=rows, units=units)


def _tiles(run: Run, scenario: str, words: Catalogue) -> tuple[Tile, ...]:
    known = {each.id: each for each in headlines(run, scenario)}
    lead = lead_outcome(run, scenario)
    labels: list[tuple[str, str]] = [
        (name, words.text("report.tile.money")) for name in known if name.startswith("money_used_share.")
    ][:1]
    if lead is not None:
        labels.append((f"effect.{lead.id}", words.text("report.tile.gain", outcome=lead.title[words.language])))
        labels.append((f"deadweight_share.{lead.id}", words.text("report.tile.deadweight")))
        one = priced(lead)[words.language]
        labels.append((f"cost_per.{lead.id}", words.text("report.tile.price", unit=one)))
    return tuple(_tile(known[name], label, words) for name, label in labels if name in known)


def _tile(headline: Headline, label: str, words: Catalogue) -> Tile:
    found = headline.value.points
    if found is None:
        return Tile("–", headline.told(words), label)
    unit = headline.unit.partition("/")[0] if headline.id.startswith("cost_per") else headline.unit
    spread = "" if found.p5 == found.p95 else interval(found, unit, words)
    return Tile(quantity(found.p50, unit, words), spread, label)


def _sections(run: Run, scenario: str, figures: Sequence[Figure], words: Catalogue) -> list[Section]:
    by_section: dict[str, tuple[Figure, ...]] = {}
    for figure in figures:
        by_section[figure.section] = (*by_section.get(figure.section, ()), figure)

    def section(name: str, **parts: object) -> Section:
        return Section(
            name, words.text(f"section.{name}"), words.text(f"intro.{name}"), by_section.get(name, ()), **parts  # pyright: ignore[reportArgumentType]
        )  # fmt: skip

    def absent(name: str, key: str) -> tuple[str, ...]:
        return () if name in by_section else (words.text(f"intro.{key}"),)

    variants = variants_table(run, scenario, words)
    return [
        section("money", tables=_instruments(run, scenario, words)),
        section("funnel", notes=absent("funnel", "no_funnel")),
        section("who", notes=absent("who", "no_users")),
        section("additional", evaluations=evaluations(run, words), notes=absent("additional", "no_users")),
        section("effects"),
        section("price", tables=(_prices(run, scenario, words),)),
        section("variants", tables=(variants,) if variants else (), notes=absent("variants", "no_variants")),
        section("variance", notes=_method(run, words)),
        section("backtest", notes=absent("backtest", "no_backtest")),
        section("assumptions", tables=_assumptions(run, words)),
        section("sources", items=_sources(run, words)),
        Section("limits", words.text("section.limits"), "", items=_limits(words)),
        Section(
            "reproduce", words.text("section.reproduce"), words.text("reproduce.note"), items=_reproduce(run, words)
        ),
    ]


def _instruments(run: Run, scenario: str, words: Catalogue) -> tuple[Table, ...]:
    rows: list[tuple[str, ...]] = []
    for resource in compare.resources(run, scenario):
        used, unit = compare.money_used(run, scenario, resource), resource_unit(run, resource)
        asked = points(compare.requested(run, scenario, resource))
        refused = points(compare.refused(run, scenario, resource))
        rows.append(
            (
                resource_title(run, resource, words.language),
                words.text("undefined.no_line") if used.line is None else quantity(used.line, unit, words),
                told(asked, unit, words), told(points(used.total), unit, words), told(refused, "", words),
            )
        )  # fmt: skip
    columns = tuple(words.text(f"column.{name}") for name in ("budget", "line", "requested", "spent", "refused"))
    return (Table(words.text("intro.instruments"), columns, tuple(rows)),) if rows else ()


def _prices(run: Run, scenario: str, words: Catalogue) -> Table:
    known = {each.id: each for each in headlines(run, scenario)}
    wanted = ["public_cost", *(f"cost_per.{outcome.id}" for outcome in priced_outcomes(run))]
    rows = tuple((known[name].title[words.language], known[name].told(words)) for name in wanted if name in known)
    return Table(words.text("intro.price_table"), (words.text("column.headline"), words.text("why.interval")), rows)


def _method(run: Run, words: Catalogue) -> tuple[str, ...]:
    method = words.text("method.variance", draws=number(run.manifest.draws, words.language, 7))
    return (words.text("intro.note", method=method),)


def _assumptions(run: Run, words: Catalogue) -> tuple[Table, ...]:
    rows = tuple(
        (fact.title[words.language], fact_value(fact, words), fact_range(fact, words), fact.assumption[words.language])
        for fact in facts_read(run).values()
        if fact.assumption is not None
    )
    columns = tuple(words.text(f"column.{name}") for name in ("fact", "value", "range", "reason"))
    return (Table(words.text("section.assumptions"), columns, rows),) if rows else ()


def _sources(run: Run, words: Catalogue) -> tuple[Item, ...]:
    return tuple(
        Item(citation(source, words), source.address or "", href(source.address))
        for source, _ in sorted(sources(run).values(), key=lambda each: each[0].title)
    )


def _limits(words: Catalogue) -> tuple[Item, ...]:
    told_limits = (words.text(f"limits.{name}").partition(": ") for name in LIMITS)
    return tuple(Item(head, text[:1].upper() + text[1:]) for head, _, text in told_limits)


def _reproduce(run: Run, words: Catalogue) -> tuple[Item, ...]:
    own = run.manifest
    versions = ", ".join(f"{name} {version}" for name, version in sorted(own.versions.items()))
    inputs = ", ".join(f"{name} {digest[:12]}" for name, digest in sorted(own.inputs.items()))
    known = {
        "command": command(run), "seed": str(own.seed), "draws": str(own.draws), "rows": str(own.rows),
        "versions": versions, "digest": own.digest, "inputs": inputs,
    }  # fmt: skip
    return tuple(Item(words.text(f"reproduce.{name}"), text) for name, text in known.items() if text)
