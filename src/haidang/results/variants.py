"""All designs of a run side by side, as a table."""

from __future__ import annotations

from collections.abc import Sequence

from haidang.results import compare
from haidang.results.catalogue import Catalogue
from haidang.results.headline import Headline, headlines
from haidang.results.manifest import Outcome
from haidang.results.numerals import SHARE, percent, told
from haidang.results.parts import lead_outcome, priced, resource_title
from haidang.results.run import Run
from haidang.results.tables import Table, shared_scale


def variants_table(run: Run, scenario: str, words: Catalogue) -> Table | None:
    """All programmes of a run side by side; none where there is but one."""
    lead = lead_outcome(run, scenario)
    if lead is None or len(run.programmes) < 2:
        return None
    known = {other.id: {each.id: each for each in headlines(run, other.id)} for other in run.programmes}
    asked = {
        name: title for name, title in _asked(run, lead, words).items() if any(name in each for each in known.values())
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
    chances = ["better", "better_per_cost"] if run.has_outcome(run.manifest.roles.cost) else ["better"]
    titles = (words.text("column.variant"), *named, *(words.text(f"column.{name}") for name in chances))
    return Table(words.text("intro.side_by_side"), titles, rows)


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
    more = percent(compare.chance_better(run, one, other, lead.id), words.language)
    if not priced_too:
        return (more,)
    return more, percent(compare.chance_better_per_cost(run, one, other, lead.id), words.language)
