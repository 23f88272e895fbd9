"""All designs of a run side by side, as a table."""

from __future__ import annotations

from collections.abc import Sequence

from haidang.results import compare
from haidang.results.catalogue import Catalogue
from haidang.results.headline import Headline, headlines
from haidang.results.manifest import Outcome, Scenario
from haidang.results.numerals import SHARE, percent, told
from haidang.results.parts import lead_outcome, priced, resource_title
from haidang.results.run import Run
from haidang.results.tables import Table, shared_scale
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
        kinds = ("better", "better_per_cost") if priced_too else ("better",)
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
            other.title[words.language], *(columns[name][1][index] for name in asked),
            *(cells[index] if cells else ()),
        )
        for index, other in enumerate(beside)
    )  # fmt: skip
    # The programme's own note stands at the top of the report.
    notes = tuple("" if other == run.programme else scenario_note(run, other.id, words) for other in beside)
    return Table(caption, (words.text("column.variant"), *named, *more), rows, notes if any(notes) else ())


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


def _chances(run: Run, one: str, other: str, lead: Outcome, words: Catalogue) -> tuple[str, ...]:
    """How likely a variant gains more than the programme, and more per VND where the public cost is told."""
    priced_too = run.has_outcome(run.manifest.roles.cost)
    if one == other:
        return ("–", "–") if priced_too else ("–",)
    more = chance_told(compare.chance_better(run, one, other, lead.id), words)
    if not priced_too:
        return (more,)
    per_cost = compare.chance_better_per_cost(run, one, other, lead.id)
    return more, words.text("undefined.short") if per_cost is None else chance_told(per_cost, words)


def chance_told(chance: compare.Chance, words: Catalogue) -> str:
    """How often one design does better than another, ties apart."""
    better = percent(chance.better, words.language)
    if not chance.same:
        return better
    return words.text("cell.better_or_same", better=better, same=percent(chance.same, words.language))
