"""The parts of a report: which of them a run has, and what stands in each beside its figures.

A model without money, a market, months or a funnel has a report without those parts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from haidang.facts.few import hidden
from haidang.results import budgets, compare
from haidang.results.backtest import is_foresight
from haidang.results.catalogue import Catalogue, Evaluation
from haidang.results.cited import (
    citation,
    evaluations,
    fact_lines,
    fact_range,
    fact_value,
    facts_read,
    href,
    sources,
)
from haidang.results.figure import Figure
from haidang.results.groups import is_given
from haidang.results.headline import Headline, headlines
from haidang.results.manifest import FactText
from haidang.results.markets import market_path
from haidang.results.months import has_months
from haidang.results.numerals import Scale, apart, number
from haidang.results.parts import (
    count_unit,
    hands_out,
    ordered_outcomes,
    priced_outcomes,
    raises_money,
    resource_title,
    resource_unit,
    shown_outcomes,
)
from haidang.results.points import Points, points
from haidang.results.run import Run
from haidang.results.tables import ENDS, Table, ends_table, shared_scale
from haidang.results.variants import variants_tables
from haidang.results.why import explained, no_ranking
from haidang.results.wording import places_told

LIMITS = ("behaviour", "terms", "market", "population", "after", "interval")


@dataclass(frozen=True, slots=True)
class Stated:
    """A fact that rests on a document, as the run read it: its id, its title, its value with its range."""

    id: str
    title: str
    value: str


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a list: what it is about, what it says, an address where there is one; a document with its facts."""

    head: str
    text: str = ""
    href: str | None = None
    document: str = ""
    facts: tuple[Stated, ...] = ()


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
    rests: tuple[str, ...] = ()
    """The parts that say what its numbers rest on."""


RESTS = ("variance", "assumptions", "sources")


def sections(run: Run, scenario: str, figures: Sequence[Figure], words: Catalogue) -> tuple[Section, ...]:
    """The parts of a scenario's report, in the order in which a reader asks.

    Args:
        run: a finished run.
        scenario: whose report it is.
        figures: of this scenario, in this language.
        words: the catalogue of the language.
    """
    drawn: dict[str, tuple[Figure, ...]] = {}
    for figure in figures:
        drawn[figure.section] = (*drawn.get(figure.section, ()), figure)
    numbers = (*_use(run, scenario, drawn, words), *_effect(run, scenario, drawn, words))
    told = (replace(each, rests=RESTS if each.figures or each.tables else ()) for each in numbers)
    return (*told, *_trust(run, scenario, drawn, words))


Drawn = dict[str, tuple[Figure, ...]]


def _section(name: str, drawn: Drawn, words: Catalogue, **parts: object) -> Section:
    return Section(
        name, words.text(f"section.{name}"), words.text(f"intro.{name}"), drawn.get(name, ()), **parts  # pyright: ignore[reportArgumentType]
    )  # fmt: skip


def _absent(name: str, key: str, drawn: Drawn, words: Catalogue) -> tuple[str, ...]:
    """What stands where a part has no figure."""
    return () if name in drawn else (words.text(f"intro.{key}"),)


def _use(run: Run, scenario: str, drawn: Drawn, words: Catalogue) -> Iterator[Section]:
    """Money, room, the market, the funnel, and who gets what: each where the model has it."""
    has_money = run.has_outcome(run.manifest.roles.money) and not raises_money(run)
    bounded = budgets.resources(run, scenario)
    money = [name for name in bounded if hands_out(run, name) == "money"]
    if money or has_money:
        yield _section("money", drawn, words, tables=_instruments(run, scenario, money, words))
    if budgets.resources(run, scenario, "capacity"):
        yield _section("capacity", drawn, words, tables=_capacities(run, scenario, words))
    if run.manifest.market is not None:
        yield _market(run, scenario, drawn, words)
    if len(bounded) > len(money):
        others = [name for name in bounded if name not in money]
        yield _section("amount", drawn, words, tables=_instruments(run, scenario, others, words))
    if run.manifest.stages:
        yield _section("funnel", drawn, words, notes=_absent("funnel", "no_funnel", drawn, words))
    if "who" in drawn or (has_money and run.manifest.groups):
        yield _section("who", drawn, words, notes=(*_absent("who", "no_users", drawn, words), *_few(run, words)))


def _few(run: Run, words: Catalogue) -> tuple[str, ...]:
    """That groups of too few are left out, where the units are somebody."""
    return (words.text("intro.few"),) if is_given(run) else ()


def _market(run: Run, scenario: str, drawn: Drawn, words: Catalogue) -> Section:
    table = _by_year(run, scenario, words)
    return _section(
        "market", drawn, words, tables=() if table is None else (table,),
        notes=_absent("market", "no_market", drawn, words),
    )  # fmt: skip


def _effect(run: Run, scenario: str, drawn: Drawn, words: Catalogue) -> Iterator[Section]:
    """What changes, what of it is additional, what it costs, and the other designs."""
    if "where" not in drawn and (run.has_outcome(run.manifest.roles.money) or "who" in drawn):
        yield from (*_additional(run, scenario, drawn, words), *_changes(run, scenario, drawn, words))
    else:
        yield from (*_changes(run, scenario, drawn, words), *_additional(run, scenario, drawn, words))
    prices = _prices(run, scenario, words)
    if prices.rows:
        yield _section("price", drawn, words, tables=(prices,))
    yield _section(
        "variants", drawn, words, tables=variants_tables(run, scenario, words),
        notes=_absent("variants", "no_variants", drawn, words),
    )  # fmt: skip


def _changes(run: Run, scenario: str, drawn: Drawn, words: Catalogue) -> Iterator[Section]:
    yield _section("effects", drawn, words, tables=_other_effects(run, scenario, words))
    if has_months(run):
        yield _section("months", drawn, words)
    if "where" in drawn:
        yield _section("where", drawn, words, notes=_few(run, words))


def _other_effects(run: Run, scenario: str, words: Catalogue) -> tuple[Table, ...]:
    """The outcomes without a chart of their own."""
    shown = {f"effect.{each.id}" for each in shown_outcomes(run, scenario)}
    hidden = {f"effect.{each.id}" for each in ordered_outcomes(run, scenario)} - shown
    rows = [_number(each, words) for each in headlines(run, scenario) if each.id in hidden]
    table = ends_table(words.text("intro.other_effects"), words.text("column.headline"), rows, words)
    return (table,) if rows else ()


def _number(headline: Headline, words: Catalogue) -> tuple[str, Points | str, str]:
    return headline.title[words.language], headline.value.points or headline.told(words), headline.unit


def _additional(run: Run, scenario: str, drawn: Drawn, words: Catalogue) -> Iterator[Section]:
    if compare.counts_users(run, scenario) and compare.divisible(run, scenario):
        # The catalogue's evaluations are of support for investment; they say nothing about other programmes.
        pays = any(hands_out(run, name) == "money" for name in budgets.resources(run, scenario))
        invests = run.has_outcome(run.manifest.roles.investment)
        published = evaluations(run, words) if pays and invests else ()
        yield _section(
            "additional", drawn, words, evaluations=published, notes=_absent("additional", "no_users", drawn, words)
        )


def _trust(run: Run, scenario: str, drawn: Drawn, words: Catalogue) -> Iterator[Section]:
    """What the result rests on, and how far to believe it."""
    yield _section("variance", drawn, words, notes=_method(run, scenario, words))
    yield Section(
        "backtest", words.text("section.backtest"), words.text(f"intro.{_tested(run)}"), drawn.get("backtest", ()),
        notes=_absent("backtest", "no_backtest", drawn, words),
    )  # fmt: skip
    assumed = _assumptions(run, words)
    text = words.text("intro.assumptions" if assumed else "intro.no_assumptions")
    yield Section("assumptions", words.text("section.assumptions"), text, tables=assumed)
    yield _section("sources", drawn, words, items=_sources(run, words))
    yield Section("limits", words.text("section.limits"), "", items=_limits(run, words))
    yield Section(
        "reproduce", words.text("section.reproduce"), words.text("reproduce.note"), items=_reproduce(run, words)
    )


def _tested(run: Run) -> str:
    """Whether the backtests are forecasts, or past cases that test the form of the model alone, or some of each."""
    ahead = {is_foresight(each) for each in run.backtests}
    return "backtest_form" if ahead == {False} else "backtest_mixed" if False in ahead else "backtest"


def _instruments(run: Run, scenario: str, resources: Sequence[str], words: Catalogue) -> tuple[Table, ...]:
    rows: list[tuple[str, Points | str, str]] = []
    for resource in resources:
        used, unit = budgets.money_used(run, scenario, resource), resource_unit(run, resource)
        line = words.text("cell.no_line") if used.line is None else Points(*[used.line] * 5)
        found: dict[str, tuple[Points | str, str]] = {
            "line": (line if used.fed is None else points(used.fed), unit),
            "requested": (points(budgets.requested(run, scenario, resource)), unit),
            "spent" if hands_out(run, resource) == "money" else "used": (points(used.total), unit),
            "refused": (_refused(run, [points(budgets.refused(run, scenario, resource))], words)[0], count_unit(run)),
        }
        called = resource_title(run, resource, words.language)
        rows += [(f"{called}: {words.text(f'column.{what}')}", *each) for what, each in found.items()]
    table = ends_table(words.text("intro.instruments"), words.text("column.budget"), rows, words)
    return (table,) if rows else ()


def refused_told(run: Run, counts: Sequence[Points]) -> list[Points | None]:
    """How many were refused, each beside the others of its column; none for too few of units that are somebody."""
    many = [each.p50 or each.p95 for each in counts]
    covered = hidden(many) if is_given(run) else frozenset[int]()
    return [None if at in covered else each for at, each in enumerate(counts)]


def _refused(run: Run, counts: Sequence[Points], words: Catalogue) -> list[Points | str]:
    return [words.text("cell.few") if each is None else each for each in refused_told(run, counts)]


def _capacities(run: Run, scenario: str, words: Catalogue) -> tuple[Table, ...]:
    """For each capacity, what there was, what was used and how many found no room, year by year."""
    tables: list[Table] = []
    for resource in budgets.resources(run, scenario, "capacity"):
        used, unit = budgets.capacity_used(run, scenario, resource), resource_unit(run, resource)
        chosen, refused = shared_scale(used.available, unit, words), _refused(run, used.refused, words)
        rows = tuple(
            (
                str(year), *_ends(used.available[place], unit, words, chosen),
                *_ends(used.used[place], unit, words, chosen), *_ends(refused[place], "", words),
            )
            for place, year in enumerate(used.years)
        )  # fmt: skip
        columns = [words.text(f"column.{name}") for name in ("there", "used", "no_room")]
        places = places_told(run, used.by, words)
        caption = words.text("intro.capacity_table", resource=resource_title(run, resource, words.language))
        label = f" ({chosen.label})" if chosen.label else ""
        tables.append(
            Table(f"{caption}{label}{f' · {places}' if places else ''}",
                  (words.text("column.year"), *_three(columns, words)), rows)
        )  # fmt: skip
    return tuple(tables)


def _by_year(run: Run, scenario: str, words: Catalogue) -> Table | None:
    """Price, quantity traded and what is left over, by year; none without a market."""
    market, own = run.manifest.market, market_path(run, scenario)
    if market is None or own is None:
        return None
    price, amount = (
        shared_scale(values, unit, words)
        for values, unit in ((own.price, market.price_unit), ((*own.traded, *own.surplus), market.unit))
    )
    columns = (
        words.text("column.market_price", unit=price.label), words.text("column.traded", unit=amount.label),
        words.text("column.left", unit=amount.label),
    )  # fmt: skip
    rows = tuple(
        (
            str(year), *_ends(own.price[place], market.price_unit, words, price),
            *_ends(own.traded[place], market.unit, words, amount),
            *_ends(own.surplus[place], market.unit, words, amount),
        )
        for place, year in enumerate(own.years)
    )  # fmt: skip
    return Table(words.text("intro.market_table"), (words.text("column.year"), *_three(columns, words)), rows)


def _ends(found: Points | str, unit: str, words: Catalogue, chosen: Scale | None = None) -> tuple[str, str, str]:
    """Median and ends of an interval in a cell each; the reason why there are none in the first."""
    return (found, "", "") if isinstance(found, str) else apart(found, unit, words, chosen)[:3]


def _three(columns: Sequence[str], words: Catalogue) -> tuple[str, ...]:
    """The heads of three cells for each column."""
    return tuple(f"{column}: {words.text(f'column.{end}')}" for column in columns for end in ENDS)


def _prices(run: Run, scenario: str, words: Catalogue) -> Table:
    known = {each.id: each for each in headlines(run, scenario)}
    each_kind = [
        f"{kind}.{outcome.id}"
        for outcome in priced_outcomes(run, scenario)
        for kind in ("cost_per", "private_cost_per")
    ]
    private = run.manifest.roles.private_cost
    rows = [_number(known[name], words) for name in ("public_cost",) if name in known]
    if run.has_outcome(private):
        paid = points(compare.cost_over(run, scenario, private))
        unit = run.outcome(private).unit.removesuffix("/year")
        rows.append((run.outcome(private).title[words.language], paid, unit))
    rows += [_number(known[name], words) for name in each_kind if name in known]
    return ends_table(words.text("intro.price_table"), words.text("column.headline"), rows, words)


def _method(run: Run, scenario: str, words: Catalogue) -> tuple[str, ...]:
    """Which results have no ranking, and how the shares are estimated."""
    unranked = (no_ranking(run, headline, words) for headline in explained(run, scenario))
    method = words.text("method.variance", draws=number(run.manifest.draws, words.language, 7))
    return (*(each for each in unranked if each), words.text("intro.note", method=method))


def _assumptions(run: Run, words: Catalogue) -> tuple[Table, ...]:
    lines = tuple(
        (name, f"{fact.title[words.language]} ({line.when})" if line.when else fact.title[words.language],
         line.value, line.low, line.high, line.se, line.unit, fact.assumption[words.language])
        for name, fact in facts_read(run).items()
        if fact.assumption is not None
        for line in fact_lines(fact, words)
    )  # fmt: skip
    columns = tuple(words.text(f"column.{name}") for name in ("fact", "value", "low", "high", "se", "unit", "reason"))
    names, rows = tuple(name for name, *_ in lines), tuple(tuple(cells) for _, *cells in lines)
    return (Table(words.text("section.assumptions"), columns, rows, facts=names),) if rows else ()


def _sources(run: Run, words: Catalogue) -> tuple[Item, ...]:
    return tuple(
        Item(
            citation(source, words), source.address or "", href(source.address), source.id,
            tuple(_stated(name, run.facts[name], words) for name in names),
        )
        for source, names in sorted(sources(run).values(), key=lambda each: each[0].title)
    )  # fmt: skip


def _stated(name: str, fact: FactText, words: Catalogue) -> Stated:
    value, spread = fact_value(fact, words), fact_range(fact, words)
    told = f"{value} ({spread})" if spread else value
    # A document may inform a number that it does not state.
    parts = (told,) if fact.assumption is None else (told, words.text("report.informed"))
    return Stated(name, fact.title[words.language], " · ".join(parts))


def _limits(run: Run, words: Catalogue) -> tuple[Item, ...]:
    market = run.manifest.market
    told_limits = (
        words.text("limits.priced", market=market.title[words.language])
        if name == "market" and market is not None
        else words.text(f"limits.{name}")
        for name in LIMITS
    )
    parts = (each.partition(": ") for each in told_limits)
    return tuple(Item(head, text[:1].upper() + text[1:]) for head, _, text in parts)


def command(run: Run) -> str:
    """The command that makes this run again."""
    own = run.manifest
    made = (
        f"haidang run {own.pack}/{own.programme} --variants all --draws {own.draws} --seed {own.seed} --rows {own.rows}"
    )
    return own.command or made


def _reproduce(run: Run, words: Catalogue) -> tuple[Item, ...]:
    own = run.manifest
    versions = ", ".join(f"{name} {version}" for name, version in sorted(own.versions.items()))
    inputs = ", ".join(f"{name} {digest[:12]}" for name, digest in sorted(own.inputs.items()))
    known = {
        "command": command(run), "seed": str(own.seed), "draws": str(own.draws), "rows": str(own.rows),
        "versions": versions, "digest": own.digest, "inputs": inputs,
    }  # fmt: skip
    return tuple(Item(words.text(f"reproduce.{name}"), text) for name, text in known.items() if text)
