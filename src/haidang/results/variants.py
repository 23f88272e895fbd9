"""All designs of a run side by side, as a table."""

from __future__ import annotations

from collections.abc import Sequence

from haidang.results import compare
from haidang.results.catalogue import Catalogue
from haidang.results.headline import Headline, headlines
from haidang.results.manifest import Outcome, Scenario
from haidang.results.numerals import SHARE, apart, pasted, percent
from haidang.results.parts import lead_outcome, priced, resource_title
from haidang.results.run import Run
from haidang.results.tables import ENDS, Table, shared_scale
from haidang.results.wording import scenario_note


def variants_tables(run: Run, scenario: str, words: Catalogue) -> tuple[Table, ...]:
    """The designs side by side, and apart from them what would come if something were so; none without a variant."""
    lead = lead_outcome(run, scenario)
    if lead is None or len(run.programmes) < 2:
        return ()
    found: list[Table] = []
    if len(run.designs) > 1:
        chances = [_chances(run, other.id, scenario, lead, words) for other in run.designs]
        priced_too = run.has_outcome(run.manifest.roles.cost)
        kinds = ("better", "same", "better_per_cost", "same_per_cost")[: 4 if priced_too else 2]
        named = [words.text(f"column.{name}") for name in kinds]
        found.append(_table(run, run.designs, lead, words.text("intro.side_by_side"), words, named, chances))
    if run.suppositions:
        own = run.scenario(scenario)
        beside = (own, *(each for each in run.suppositions if each != own))
        found.append(_table(run, beside, lead, words.text("intro.suppositions"), words))
    return tuple(found)


def _table(
    run: Run,
    beside: Sequence[Scenario],
    lead: Outcome,
    caption: str,
    words: Catalogue,
    more: Sequence[str] = (),
    cells: Sequence[tuple[str, ...]] = (),
) -> Table:
    """Scenarios by their headlines, with further columns where there are any, and each variant with its note."""
    known = [{each.id: each for each in headlines(run, other.id)} for other in beside]
    asked = {name: title for name, title in _asked(run, lead, words).items() if any(name in each for each in known)}
    columns = {name: _column([each.get(name) for each in known], words) for name in asked}
    named = (f"{title} ({columns[name][0]})" if columns[name][0] else title for name, title in asked.items())
    rows = tuple(
        (
            other.title[words.language], words.text(f"column.{end}"),
            *(columns[name][1][index][place] for name in asked),
            *((cells[index] if not place else ("",) * len(more)) if cells else ()),
        )
        for index, other in enumerate(beside)
        for place, end in enumerate(ENDS)
    )  # fmt: skip
    # The programme's own note stands at the top of the report.
    notes = ("" if other == run.programme else scenario_note(run, other.id, words) for other in beside)
    under = tuple(note if not place else "" for note in notes for place in range(len(ENDS)))
    heads = (words.text("column.variant"), words.text("column.point"), *named, *more)
    return Table(caption, heads, rows, under if any(under) else ())


def _asked(run: Run, lead: Outcome, words: Catalogue) -> dict[str, str]:
    """The headlines that designs are compared by, the main effect first, and what each is called."""
    one = priced(run, lead)[words.language]
    year = str(run.manifest.years[-1])
    bounded = list(dict.fromkeys(line.resource for line in run.manifest.budgets if line.kind == "capacity"))
    rooms = {
        f"capacity_used_share.{name}": words.text("column.capacity", resource=resource_title(run, name, words.language))
        for name in bounded
        if len(bounded) == 1  # more of them would leave no room for the rest
    }
    return {
        f"effect.{lead.id}": lead.title[words.language],
        "public_cost": words.text("column.cost"),
        f"cost_per.{lead.id}": words.text("column.price", unit=one),
        f"private_cost_per.{lead.id}": words.text("column.private_price", unit=one),
        f"deadweight_share.{lead.id}": words.text("column.deadweight"),
        "price": words.text("column.market_last", year=year),
        **rooms,
    }


def _column(cells: Sequence[Headline | None], words: Catalogue) -> tuple[str, list[tuple[str, str, str]]]:
    """A column of headlines in one scale: its label, and median and ends of each without it."""
    found = [cell.value.points for cell in cells if cell is not None and cell.value.points is not None]
    unit = next((cell.unit for cell in cells if cell is not None), "")
    chosen = shared_scale(found, unit, words)
    made: list[tuple[str, str, str]] = []
    for cell in cells:
        points = None if cell is None else cell.value.points
        if points is None:
            made.append(("–" if cell is None else words.text("undefined.short"), "", ""))
        else:
            made.append(apart(points, unit, words, chosen)[:3])
    return "" if unit == SHARE else chosen.label, made


def _chances(run: Run, one: str, other: str, lead: Outcome, words: Catalogue) -> tuple[str, ...]:
    """How likely a variant gains more than the programme, or the same; and per VND where the public cost is told."""
    kinds = 2 if run.has_outcome(run.manifest.roles.cost) else 1
    if one == other:
        return ("–",) * (2 * kinds)
    found: list[compare.Chance | None] = [compare.chance_better(run, one, other, lead.id)]
    if kinds == 2:
        found.append(compare.chance_better_per_cost(run, one, other, lead.id))
    return tuple(
        cell
        for chance in found
        for cell in ((words.text("undefined.short"), "") if chance is None else _odds(chance, words))
    )


def _odds(chance: compare.Chance, words: Catalogue) -> tuple[str, str]:
    return (
        pasted(percent(chance.better, words.language), chance.better, words.language),
        pasted(percent(chance.same, words.language), chance.same, words.language),
    )
