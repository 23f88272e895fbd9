"""Reading a pilot's declaration: every mistake names its file, line, key and the nearest spelling."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, cast

from haidang.errors import did_you_mean
from haidang.facts import Reader, Table, WrongValueError, canonical, read_yaml
from haidang.learn.pilot.declaration import (
    ESTIMATORS,
    GUARDRAIL_KINDS,
    RULES,
    Arm,
    Assignment,
    Declaration,
    Guardrail,
    Outcome,
    PilotError,
    StopRule,
    Units,
)

KEYS = (
    *("id", "title", "question", "programme", "years", "units", "arms", "assignment", "outcome", "covariates"),
    *("estimator", "smallest_worthwhile", "alpha", "power", "dates", "measuring_cost", "guardrails", "stop"),
    *("learns", "designs"),
)
CHANGED_BY_A_DESIGN = ("units", "arms", "assignment", "covariates", "estimator", "outcome", "years")
_YEARS = re.compile(r"(\d{4})(?:\.\.(\d{4}))?")
_NEEDS: Mapping[str, tuple[str, ...]] = {
    "rerandomised": ("balance",),
    "pairs": ("balance",),
    "encouragement": ("takeup",),
    "cutoff": ("score", "cutoff"),
}
CLUSTERED = ("cluster", "phased", "encouragement")
SUM_OF_SHARES = 1e-9


def load_declaration(path: Path) -> Declaration:
    """The pilot that a file declares.

    Raises:
        HaidangError: a key is missing, unknown or holds a value of another kind; the pilot contradicts itself.
    """
    reader = Reader(read_yaml(path), path)
    reader.forbid_unknown(KEYS)
    return _declaration(reader)


def load_designs(path: Path) -> dict[str, Declaration]:
    """The pilot and the other designs that its file sets beside it, by name; the pilot's own comes first.

    A design states the keys in which it differs; inside `units`, `arms` and the like, only those that differ.

    Raises:
        HaidangError: as `load_declaration`.
    """
    reader = Reader(read_yaml(path), path)
    reader.forbid_unknown(KEYS)
    found = {"declared": _declaration(reader)}
    others = reader.child_or("designs", None)
    for name in () if others is None else others.keys:
        change = others.child(name) if others is not None else reader
        change.forbid_unknown((*CHANGED_BY_A_DESIGN, "title"))
        merged = _merged(reader.table, change.table)
        found[name] = replace(_declaration(Reader(merged, path)), id=f"{found['declared'].id}/{name}")
    return found


def _merged(base: Table, change: Table) -> Table:
    """A mapping with some of its keys stated anew. Arms and rules are stated whole, since theirs belong together."""
    entries, lines = dict(base.entries), dict(base.key_lines)
    for key, node in change.entries.items():
        before = entries.get(key)
        parts = key in {"units", "outcome"} and isinstance(before, Table) and isinstance(node, Table)
        entries[key] = _merged(cast("Table", before), cast("Table", node)) if parts else node
        lines[key] = change.key_lines[key]
    return Table(entries, lines, base.line)


def _declaration(reader: Reader) -> Declaration:
    units, assignment = _units(reader.child("units")), _assignment(reader.child("assignment"))
    arms, years = _arms(reader, assignment), _years(reader)
    alpha, dates = _part(reader, "alpha", 0.05), reader.child("dates")
    dates.forbid_unknown(("start", "end"))
    start, end = _day(dates, "start"), _day(dates, "end")
    if end <= start:
        raise PilotError(f"expected an end after the start on {start}, found {end}", dates.place("end"))
    outcome = _outcome(reader.child("outcome"))
    guardrails = _guardrails(reader, arms, alpha)
    found = Declaration(
        id=reader.text("id"),
        title=reader.title(),
        question=reader.title("question"),
        programme=reader.text_or("programme", None),
        years=years,
        units=units,
        arms=arms,
        assignment=assignment,
        outcome=outcome,
        covariates=reader.texts_or("covariates", ()),
        estimator=cast("Any", reader.one_of_or("estimator", ESTIMATORS, "adjusted")),
        smallest_worthwhile=_amount(reader, "smallest_worthwhile", outcome.unit),
        alpha=alpha,
        power=_part(reader, "power", 0.8),
        start=start,
        end=end,
        measuring_cost=_amount(reader, "measuring_cost", "VND") if "measuring_cost" in reader.keys else 0.0,
        guardrails=guardrails,
        stop=_stop(reader, guardrails),
        learns=reader.texts_or("learns", ()),
        place=reader.place(),
    )
    _refuse_what_does_not_fit(found, reader)
    return found


def _units(reader: Reader) -> Units:
    reader.forbid_unknown(("size", "where", "strata", "cluster"))
    size = reader.integer("size")
    if size < 2:
        raise PilotError(f"expected two units or more, found {size}", reader.place("size"))
    return Units(size, reader.text_or("where", None), reader.texts_or("strata", ()), reader.text_or("cluster", None))


def _arms(reader: Reader, assignment: Assignment) -> tuple[Arm, ...]:
    around = reader.child("arms")
    found: list[Arm] = []
    for name, one in reader.children("arms").items():
        phased = ("start",) if assignment.rule == "phased" else ()
        one.forbid_unknown(("title", "share", "offers", *phased))
        share = 0.0 if assignment.rule == "cutoff" else _part(one, "share", None)
        start = one.integer_or("start", None) if phased else None
        found.append(Arm(name, one.title(), share, one.texts_or("offers", ()), start))
    if len(found) < 2:
        problem = f"expected two arms or more, found {len(found)}: nothing is left to compare with"
        raise PilotError(problem, reader.place("arms"))
    total = sum(one.share for one in found)
    if assignment.rule != "cutoff" and abs(total - 1.0) > SUM_OF_SHARES:
        raise PilotError(f"expected shares that sum to 1, found {total:g}", reader.place("arms"))
    for one in found:
        if one.share == 1.0:
            problem = f"expected some units in another arm, found all of them in '{one.id}'"
            raise PilotError(problem, around.place(one.id), "with all treated there is nothing to compare with")
    return tuple(found)


def _assignment(reader: Reader) -> Assignment:
    reader.forbid_unknown(("rule", "balance", "acceptance", "score", "cutoff", "above", "takeup"))
    rule = cast("Any", reader.one_of("rule", RULES))
    for key in _NEEDS.get(rule, ()):
        reader.required(key)
    return Assignment(
        rule,
        reader.texts_or("balance", ()),
        _part(reader, "acceptance", 0.05) if rule == "rerandomised" else None,
        reader.text_or("score", None),
        reader.number_or("cutoff", None),
        reader.flag_or("above", True),
        reader.text_or("takeup", None),
    )


def _outcome(reader: Reader) -> Outcome:
    reader.forbid_unknown(("column", "unit", "better", "between"))
    better = cast("Any", reader.one_of_or("better", ("more", "less"), "more"))
    between = _between(reader) if "between" in reader.keys else None
    return Outcome(reader.text("column"), reader.text("unit"), better, between)


def _between(reader: Reader) -> tuple[float, float]:
    numbers = reader.numbers("between")
    if len(numbers) != 2 or numbers[0] >= numbers[1]:
        problem = f"expected the least and the greatest value, found {list(numbers)}"
        raise WrongValueError(problem, reader.place("between"))
    return numbers[0], numbers[1]


def _guardrails(reader: Reader, arms: tuple[Arm, ...], alpha: float) -> tuple[Guardrail, ...]:
    if reader.optional("guardrails") is None:
        return ()
    found: list[Guardrail] = []
    entries = reader.children("guardrails")
    for name, one in entries.items():
        if name in {"found", "futile", "ratio"}:
            problem = f"expected another name than '{name}', which stop rules use"
            raise PilotError(problem, reader.child("guardrails").place(name))
        kind = cast("Any", one.one_of("kind", GUARDRAIL_KINDS))
        bound = {"harm": "tolerated", "rate": "at_most", "pace": "budget"}[kind]
        one.forbid_unknown(("title", "kind", "column", "between", "arm", "better", "alpha", bound))
        arm = one.one_of_or("arm", tuple(each.id for each in arms), arms[1].id)
        found.append(
            Guardrail(
                name,
                one.title(),
                kind,
                one.text("column"),
                _amount(one, bound, None),
                _between(one),
                arm,
                cast("Any", one.one_of_or("better", ("more", "less"), "more")),
                _part(one, "alpha", alpha / len(entries)),
            )
        )
    return tuple(found)


def _stop(reader: Reader, guardrails: tuple[Guardrail, ...]) -> tuple[StopRule, ...]:
    if reader.optional("stop") is None:
        return ()
    known = ("found", "futile", "ratio", *(one.id for one in guardrails))
    found: list[StopRule] = []
    for one in reader.each("stop"):
        one.forbid_unknown(("on", "reason"))
        found.append(StopRule(one.one_of("on", known), one.title("reason")))
    return tuple(found)


def _refuse_what_does_not_fit(one: Declaration, reader: Reader) -> None:
    rule, place = one.assignment.rule, reader.place("assignment")
    if rule == "cluster" and one.units.cluster is None:
        raise PilotError("expected the key 'cluster' under units, found none", reader.place("units"))
    if one.units.cluster is not None and rule not in CLUSTERED:
        problem = f"expected a rule that can draw whole clusters, found '{rule}' with units.cluster"
        raise PilotError(problem, place, f"such rules are: {', '.join(CLUSTERED)}")
    if rule == "stratified" and not one.units.strata:
        raise PilotError("expected the key 'strata' under units, found none", reader.place("units"))
    if rule in {"pairs", "encouragement", "cutoff"} and len(one.arms) != 2:
        raise PilotError(f"expected two arms for the rule '{rule}', found {len(one.arms)}", reader.place("arms"))
    if rule == "pairs" and one.arms[0].share != 0.5:
        raise PilotError(f"expected half of the units in each arm of pairs, found {one.arms[0].share:g}", place)
    if rule == "phased":
        _refuse_waves(one, reader)
    if one.smallest_worthwhile <= 0:
        problem = f"expected a number above 0, found {one.smallest_worthwhile:g}"
        raise PilotError(problem, reader.place("smallest_worthwhile"))


def _refuse_waves(one: Declaration, reader: Reader) -> None:
    starts = [arm.start for arm in one.arms]
    known = (*one.years, None)
    for arm in one.arms:
        if arm.start not in known:
            problem = f"expected a year of the pilot, found {arm.start}"
            raise PilotError(problem, reader.child("arms").place(arm.id), did_you_mean(str(arm.start), map(str, known)))
    if len(set(starts)) < len(starts):
        raise PilotError("expected each wave to start in another year", reader.place("arms"))


def _years(reader: Reader) -> tuple[int, ...]:
    found = _YEARS.fullmatch(reader.text("years"))
    if found is None:
        problem = f"expected years such as 2026..2027, found '{reader.text('years')}'"
        raise WrongValueError(problem, reader.place("years"))
    first, last = int(found[1]), int(found[2] or found[1])
    if last < first:
        raise WrongValueError(f"expected a last year from {first} on, found {last}", reader.place("years"))
    return tuple(range(first, last + 1))


def _day(reader: Reader, key: str) -> date:
    text = reader.text(key)
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise WrongValueError(f"expected a day such as 2026-01-31, found '{text}'", reader.place(key)) from None


def _part(reader: Reader, key: str, default: float | None) -> float:
    """A part of a whole, above 0 and at most 1, written as a number or with a percent sign."""
    if default is not None and reader.optional(key) is None:
        return default
    value, unit = reader.quantity(key)
    part = canonical(value, unit)
    if unit not in {"1", "%", ""} or not 0.0 < part <= 1.0:
        raise WrongValueError(f"expected a part of 1, found '{reader.text(key)}'", reader.place(key))
    return part


def _amount(reader: Reader, key: str, unit: str | None) -> float:
    """A number in a unit of measure, canonical; a bare number is taken in the unit expected."""
    value, written = reader.quantity(key)
    if written in {"1", ""}:
        return value
    if unit is not None and written != unit:
        raise WrongValueError(f"expected an amount in {unit}, found '{reader.text(key)}'", reader.place(key))
    return canonical(value, written)
