"""Facts and sources as a reader sees them: values in words, citations, published evaluations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from haidang.results.catalogue import Catalogue, Evaluation
from haidang.results.manifest import FactText, SourceText
from haidang.results.numerals import Scale, day, number, pasted, scale, unit_text
from haidang.results.run import Run

EVALUATION = "evaluation_"
"""Facts whose identifiers begin so are published evaluations, shown beside the run's own deadweight."""


def facts_read(run: Run) -> Mapping[str, FactText]:
    """Texts of the facts that the run read, evaluations apart."""
    wanted = run.manifest.facts_read or tuple(sorted(run.facts))
    return {name: run.facts[name] for name in wanted if name in run.facts and not name.startswith(EVALUATION)}


def fact_value(fact: FactText, words: Catalogue) -> str:
    """A fact's value as its source gives it, with its unit; money in millions or billions."""
    if isinstance(fact.value, float):
        chosen = fact_scale(fact, words)
        return f"{number(fact.value / chosen.factor, words.language, 5)} {chosen.label}".strip()
    unit = unit_text(fact.unit, words)
    if fact.dated:
        by_year = "; ".join(f"{year}: {number(value, words.language, 5)}" for year, value in sorted(fact.dated.items()))
        return f"{by_year} {unit}".strip()
    return "–" if fact.value is None else f"{fact.value} {unit}".strip()


def fact_range(fact: FactText, words: Catalogue) -> str:
    """A fact's range, or its standard error, in the scale of its value and with its unit; empty where it is fixed."""
    chosen = fact_scale(fact, words)
    if fact.range is None:
        told = "" if fact.se is None else f"± {number(fact.se / chosen.factor, words.language, 5)}"
    else:
        told = " – ".join(number(value / chosen.factor, words.language, 5) for value in fact.range)
    return f"{told} {chosen.label}".strip() if told else ""


@dataclass(frozen=True, slots=True)
class FactLine:
    """A fact as a table has it: each number in a cell of its own; a dated fact has a line for each year."""

    value: str
    low: str
    high: str
    se: str
    unit: str
    when: str = ""


def fact_lines(fact: FactText, words: Catalogue) -> tuple[FactLine, ...]:
    """The lines of a fact in a table; a value that is no number stands as it is written."""
    chosen = fact_scale(fact, words)

    def cell(value: float | None) -> str:
        if value is None:
            return ""
        return pasted(number(value / chosen.factor, words.language, 5), value, words.language)

    low, high = fact.range or (None, None)
    if fact.dated:
        return tuple(
            FactLine(cell(value), "", "", "", unit_text(fact.unit, words), year)
            for year, value in sorted(fact.dated.items())
        )
    value = cell(fact.value) if isinstance(fact.value, float) else str(fact.value or "–")
    return (FactLine(value, cell(low), cell(high), cell(fact.se), chosen.label),)


def fact_scale(fact: FactText, words: Catalogue) -> Scale:
    """Money is scaled, other facts stay in their source's unit."""
    if fact.unit.partition("/")[0] != "VND":
        return Scale(1.0, unit_text(fact.unit, words))
    values = [*(fact.range or ()), fact.value if isinstance(fact.value, float) else 0.0]
    return scale(fact.unit, values, words)


def citation(source: SourceText, words: Catalogue) -> str:
    """Title, publisher and date of a source."""
    parts = (source.title or source.id, source.publisher, day(source.date, words) if source.date else None)
    return ", ".join(part for part in parts if part)


def href(address: str | None) -> str | None:
    """An address that a reader may follow; anything but the web is left as text."""
    return address if address and address.startswith(("https://", "http://")) else None


def sources(run: Run) -> dict[str, tuple[SourceText, tuple[str, ...]]]:
    """Every source by identifier, with the facts that rest on it."""
    found: dict[str, tuple[SourceText, tuple[str, ...]]] = {}
    for name, fact in facts_read(run).items():
        for source in fact.source:
            key = source.id or source.title
            found[key] = (source, (*found.get(key, (source, ()))[1], name))
    return found


def evaluations(run: Run, words: Catalogue) -> tuple[Evaluation, ...]:
    """Published evaluations: those of the pack, else those of the catalogue."""
    own = {name: fact for name, fact in run.facts.items() if name.startswith(EVALUATION)}
    found: list[Evaluation] = []
    for name, fact in own.items():
        source = fact.source[0] if fact.source else SourceText()
        finding = fact.note[words.language] if fact.note else fact_value(fact, words)
        title, address = fact.title[words.language], source.address or ""
        found.append(Evaluation(title, finding, citation(source, words), address, name))
    return tuple(found) or words.evaluations


def rivals(fact: FactText, words: Catalogue) -> tuple[str, ...]:
    """The other values of a fact: published ones with their sources, and those that are assumed."""
    unit = unit_text(fact.unit, words)

    def said(value: float, documents: tuple[SourceText, ...]) -> str:
        amount = f"{number(value, words.language, 5)} {unit}".strip()
        if not documents:
            return words.text("why.rival_assumed", value=amount)
        return words.text("why.rival", value=f"{amount}: {'; '.join(citation(each, words) for each in documents)}")

    return tuple(
        said(rival.value, rival.source) for rival in fact.rivals if rival.value is not None and rival.id != fact.chosen
    )
