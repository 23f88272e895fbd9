"""A fit as facts of a pack: values, one joint covariance, source, date, and the hash of the data."""

from __future__ import annotations

import os
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from haidang.errors import did_you_mean
from haidang.facts import FactBook, Reader, canonical, parse_yaml, semidefinite_factor
from haidang.learn.fit.choices import Floats
from haidang.learn.fit.declared import Declared, Written
from haidang.learn.fit.errors import FitError
from haidang.learn.fit.fitted import Fitted
from haidang.learn.fit.words import say

if TYPE_CHECKING:
    from haidang.learn.fit.figures import Figures
    from haidang.learn.fit.moments import Posterior

WIDTH = 116
DIGITS = ".10g"


@dataclass(frozen=True, slots=True)
class Result:
    """Numbers known together that become facts.

    Args:
        id: the name of their joint distribution.
        facts: what each is called, in order.
        units: the unit of measure of each.
        values: in those units.
        covariance: zero in the rows of what was held.
        sources: ids of the pack's sources.
        as_of: the last day of the time that the data speak of.
        note: in both languages.
        head: comments on top of the file.
        free: how many were estimated, where restrictions tie the others to them; none where nothing is tied.
    """

    id: str
    facts: Sequence[Written]
    units: Sequence[str]
    values: Floats
    covariance: Floats
    sources: Sequence[str]
    as_of: str | None
    note: Mapping[str, str]
    head: Sequence[str]
    free: int | None = None


def fit_result(fitted: Fitted, declared: Declared, data: str, sha256: str, rows: int, today: date) -> Result:
    """What a fit states as facts; a lone spread or scale is a fact as well.

    Raises:
        FitError: the description names no source.
    """
    if not declared.sources:
        raise FitError("expected a source of the data for facts, found none", declared.place("source"))
    errors = fitted.best_errors
    named = {
        "kind": fitted.kind,
        "observations": f"{fitted.observations:,}",
        "units": f"{fitted.units:,}",
        "errors": errors,
        "data": data,
        "sha256": sha256,
        "date": today,
        "log_likelihood": f"{fitted.log_likelihood:.3f}",
        "rows": f"{rows:,}",
    }
    note = {lang: say(lang, "fact_note", **_spoken(lang, named)) for lang in ("vi", "en")}
    plain = [{"vi": name.replace("_", " "), "en": name.replace("_", " ")} for name in fitted.names]
    facts = [declared.facts.get(name, Written(name, plain[at])) for at, name in enumerate(fitted.names)]
    head = [
        "Written by haidang fit; do not edit by hand.",
        f"Data: {data}, sha256 {sha256}, {rows:,} rows, {fitted.observations:,} of them used.",
        f"{fitted.kind}: log-likelihood {fitted.log_likelihood:.3f}, {errors} covariance, {today.isoformat()}.",
    ]
    return Result(
        id=f"fit-{Path(declared.path).stem}",
        facts=facts,
        units=["1"] * len(facts),
        values=fitted.values,
        covariance=fitted.covariance(),
        sources=declared.sources,
        as_of=declared.as_of,
        note=note,
        head=[*head, *(f"Restriction: {text}" for text in fitted.restrictions)],
        free=fitted.free if fitted.restrictions else None,
    )


def _spoken(lang: str, named: Mapping[str, object]) -> dict[str, str]:
    """Kinds and errors in words, the date and numbers as the language writes them."""
    found = {key: str(value) for key, value in named.items()}
    for key in ("kind", "errors"):
        found[key] = say(lang, f"{key}_{found[key]}")
    if lang == "vi":
        day = date.fromisoformat(found["date"])
        found["date"] = f"{day.day}/{day.month}/{day.year}"
        for key in ("observations", "units", "log_likelihood", "rows"):
            found[key] = found[key].translate(str.maketrans(",.", ".,"))
    return found


def facts_text(result: Result) -> str:
    """The facts file, YAML that a pack's facts folder takes.

    Raises:
        FitError: the covariance of what was estimated freely is not positive definite.
    """
    drawn = [at for at in range(len(result.facts)) if result.covariance[at, at] > 0]
    covariance = result.covariance[np.ix_(drawn, drawn)]
    rank = _rank_of(covariance, result.free)
    lines = [f"# {line}" for line in result.head]
    for fact, unit, value in zip(result.facts, result.units, result.values, strict=True):
        lines += [
            f"{fact.id}:",
            f"  title: {{vi: {_quoted(fact.title['vi'])}, en: {_quoted(fact.title['en'])}}}",
            f"  value: {value:{DIGITS}}",
            *([f"  unit: {unit}"] if unit != "1" else []),
            f"  source: [{', '.join(result.sources)}]",
            *([f"  as_of: {result.as_of}"] if result.as_of else []),
            "  note:",
        ]
        for lang, words in result.note.items():
            filled = textwrap.fill(words, WIDTH, initial_indent="      ", subsequent_indent="      ",
                                   break_on_hyphens=False, break_long_words=False)  # fmt: skip
            lines += [f"    {lang}: >-", filled]
    if drawn:
        ids = ", ".join(result.facts[at].id for at in drawn)
        lines += ["joint:", f"  {result.id}:", f"    facts: [{ids}]"]
        lines += [f"    rank: {rank}"] if rank < len(drawn) else []
        lines += ["    covariance:"]
        lines += ["      - [" + ", ".join(f"{value:.9e}" for value in row) + "]" for row in covariance]
    return "\n".join(lines) + "\n"


def _rank_of(covariance: Floats, free: int | None) -> int:
    """How many facts are drawn freely; the others follow from them by the fit's restrictions."""
    if not len(covariance):
        return 0
    scale = np.sqrt(np.diag(covariance))
    rank = int(np.count_nonzero(np.diag(semidefinite_factor(covariance / np.outer(scale, scale)))))
    if rank < (len(covariance) if free is None else free):
        hint = "hold what the data do not tell apart, or restrict it"
        raise FitError("expected a covariance in which every free fact has an error of its own, found none", hint=hint)
    return rank


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def write_facts(result: Result, path: Path, known: Mapping[str, object]) -> None:
    """Write the facts file, whole or not at all.

    Args:
        result: the facts.
        path: a file, `.yaml`.
        known: the pack's sources, by id.

    Raises:
        FitError: a source is none of the pack's, or the file cannot be written.
    """
    for name in result.sources:
        if name not in known:
            raise FitError(f"expected a source of the pack, found '{name}'", hint=did_you_mean(name, known))
    text = facts_text(result)
    Reader(parse_yaml(text, str(path)), path)
    if path.suffix != ".yaml":
        raise FitError(f"expected a file that ends in .yaml, found '{path.name}'")
    if not path.parent.is_dir():
        raise FitError(f"expected a folder to write to, found none: {path.parent}")
    temporary = path.with_name(f".{path.name}")
    temporary.write_text(text, encoding="utf-8")
    os.replace(temporary, path)


def moments_result(posterior: Posterior, plan: Figures, book: FactBook, sha256: str, today: date) -> Result:
    """What a posterior states as facts: its mean and covariance, in the units in which the pack states the facts."""
    facts = [book.fact(name) for name in posterior.names]
    # How many canonical units one of the fact's own is.
    scale = np.array([canonical(1.0, one.unit) for one in facts])
    said = {
        "members": str(len(posterior.members)),
        "steps": str(posterior.steps),
        "data": Path(plan.path).name,
        "sha256": sha256,
    }
    days = {"vi": f"{today.day}/{today.month}/{today.year}", "en": today.isoformat()}
    return Result(
        id=f"fit-{Path(plan.path).stem}",
        facts=[Written(one.id, one.title) for one in facts],
        units=[one.unit for one in facts],
        values=posterior.mean / scale,
        covariance=posterior.covariance / np.outer(scale, scale),
        sources=plan.sources,
        as_of=plan.as_of,
        note={lang: say(lang, "moments_note", date=days[lang], **said) for lang in ("vi", "en")},
        head=["Written by haidang fit; do not edit by hand.", f"Description: {said['data']}, sha256 {sha256}."],
    )
