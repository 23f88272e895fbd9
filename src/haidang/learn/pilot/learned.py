"""Carrying a pilot's result to the facts that the forecast is made of.

Each draw of the uncertain facts says what the pilot should have found. Draws that agree with what it found weigh more:
the weight is the normal likelihood of the estimate (importance weighting of prior draws; Rubin 1988). The facts that
the declaration names are written anew with the weighted mean, standard deviation and correlation, into a copy of the
pack.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from haidang.errors import Place, did_you_mean
from haidang.facts import Distribution, Fact, FactBook, UnitError, canonical, parse_unit, read_yaml
from haidang.facts.nodes import Table
from haidang.learn.pilot.declaration import Declaration, PilotError
from haidang.learn.pilot.tables import write_text
from haidang.learn.pilot.together import learned_correlation, scores_for, stated_correlation
from haidang.learn.pilot.words import text
from haidang.packs import Pack, load_pack

Floats = NDArray[np.float64]
LEAST_EFFECTIVE = 5.0
_LEFT_OUT = ("__pycache__", "*.pyc")


@dataclass(frozen=True, slots=True)
class Learned:
    """A fact before and after the pilot, in its own unit of measure.

    Args:
        fact: its id.
        unit: as the pack writes it.
        before: mean over the draws.
        before_sd: their standard deviation.
        after: weighted mean.
        after_sd: weighted standard deviation.
    """

    fact: str
    unit: str
    before: float
    before_sd: float
    after: float
    after_sd: float


def weights_of(effects: Floats, estimate: float, error: float) -> Floats:
    """How much each draw weighs after the pilot; summing to one (draws).

    Args:
        effects: the effect that the model has in each draw (draws).
        estimate: what the pilot found.
        error: its standard error.

    Raises:
        PilotError: almost no draw agrees with the pilot, so that nothing can be told from weighing them.
    """
    log = -0.5 * np.square((effects - estimate) / error)
    found = np.exp(log - log.max())
    found /= found.sum()
    if effective(found) < LEAST_EFFECTIVE:
        problem = f"expected draws that agree with the pilot, found effects from {effects.min():.3g}"
        raise PilotError(
            f"{problem} to {effects.max():.3g} beside an estimate of {estimate:.3g} ({error:.3g})",
            hint="the model does not hold what the pilot found: widen its facts, or look at the pilot again",
        )
    return found


def effective(weights: Floats) -> float:
    """To how many equal draws the weights amount (Kish 1965)."""
    return float(1.0 / np.square(weights).sum())


def normal_posterior(mean: float, spread: float, estimate: float, error: float) -> tuple[float, float]:
    """Mean and deviation of an effect after an estimate, both being normal (Gelman and others 2013, section 2.5)."""
    trust = spread**2 / (spread**2 + error**2)
    return mean + trust * (estimate - mean), error * trust**0.5


@dataclass(frozen=True, slots=True)
class Moved:
    """The effect that the model has for the pilot's units, before and after it, in the outcome's unit.

    Args:
        before: mean over the draws.
        before_sd: their standard deviation.
        after: weighted mean.
        after_sd: weighted standard deviation.
        closed: the mean that the normal closed form gives, as a check.
        closed_sd: its standard deviation.
        redrawn: mean over worlds drawn anew from the facts that were written; what they keep of what was learned.
        redrawn_sd: their standard deviation.
    """

    before: float
    before_sd: float
    after: float
    after_sd: float
    closed: float
    closed_sd: float
    redrawn: float
    redrawn_sd: float


def moved(effects: Floats, weights: Floats, redrawn: Floats, estimate: float, error: float) -> Moved:
    """How far a pilot moved the effect that the model has.

    Args:
        effects: in each draw (draws).
        weights: of the draws after the pilot (draws).
        redrawn: the effect in worlds of the pack that learned (worlds).
        estimate: what the pilot found.
        error: its standard error.
    """
    before, spread = float(effects.mean()), float(effects.std())
    after = float(weights @ effects)
    left = float(np.sqrt(weights @ np.square(effects - after)))
    closed = normal_posterior(before, spread, estimate, error)
    return Moved(before, spread, after, left, *closed, float(redrawn.mean()), float(redrawn.std()))


def most_narrowed(effects: Floats, forecast: Floats) -> float:
    """By which part even a pilot without error would narrow a forecast that hangs on its effect in a straight line.

    With the correlation r over draws, the standard deviation of what is left is sqrt(1 - r^2) of the whole.

    Args:
        effects: the pilot's effect in each draw (draws).
        forecast: the forecast in the same draws (draws).
    """
    if len(effects) < 3 or float(np.std(effects)) == 0.0 or float(np.std(forecast)) == 0.0:
        return 0.0
    together = float(np.corrcoef(effects, forecast)[0, 1])
    return 1.0 - max(1.0 - together**2, 0.0) ** 0.5


def learn(book: FactBook, declaration: Declaration, draws: Mapping[str, Floats], weights: Floats) -> list[Learned]:
    """The declared facts before and after.

    Args:
        book: of the pack.
        declaration: the pilot.
        draws: each fact's value in every draw, canonical (draws).
        weights: of the draws.

    Raises:
        PilotError: a fact is not there, is certain, or is drawn together with others that do not learn.
    """
    joint = _not_by_itself(book, declaration.learns)
    found: list[Learned] = []
    for name in declaration.learns:
        if name not in draws:
            problem = f"expected a fact that the model reads, found '{name}'"
            raise PilotError(problem, declaration.place, did_you_mean(name, draws))
        if book.fact(name).distribution is None or name in joint:
            problem = f"expected a fact with a range of its own to learn, found '{name}'"
            raise PilotError(problem, declaration.place)
        unit = book.fact(name).unit
        values = draws[name] / canonical(1.0, unit)
        mean = float(weights @ values)
        spread = float(np.sqrt(weights @ np.square(values - mean)))
        found.append(Learned(name, unit, float(values.mean()), float(values.std()), mean, spread))
    return found


def _not_by_itself(book: FactBook, names: Sequence[str]) -> set[str]:
    """Facts that are drawn with others which the pilot does not learn."""
    return {name for one in book.joints.values() if not set(one.facts) <= set(names) for name in one.facts}


def hang_together(book: FactBook, learned: Sequence[Learned], draws: Mapping[str, Floats], weights: Floats) -> Floats:
    """The correlation of the facts that learned, after the pilot (facts x facts).

    Args:
        book: of the pack.
        learned: the facts.
        draws: each fact's value in every draw (draws).
        weights: of the draws.
    """
    names = [one.fact for one in learned]
    if len(names) < 2:
        return np.eye(len(names))
    return learned_correlation(np.stack([draws[name] for name in names]), weights, stated_correlation(book, names))


@dataclass(frozen=True, slots=True)
class Result:
    """What a pilot found: its effect with its standard error, and the day."""

    estimate: float
    error: float
    day: date
    worlds: int


def write_back(
    pack: Pack, folder: Path, declaration: Declaration, result: Result, learned: list[Learned], correlation: Floats
) -> Pack:
    """A copy of the pack with the effect as a fact of its own, and the facts that were learned written anew.

    The old statements are taken out of their files, every other line stays as it stood. The copy is read whole before
    it is given back.

    Args:
        pack: the pack.
        folder: of the copy; must not be there.
        declaration: the pilot.
        result: what it found.
        learned: the facts.
        correlation: how they hang together (facts x facts).

    Raises:
        PilotError: the folder is there already.
        HaidangError: the copy cannot be read, which would be a defect.
    """
    if folder.exists():
        raise PilotError("expected a new folder, found one that is there", Place(str(folder)))
    shutil.copytree(pack.root, folder, ignore=shutil.ignore_patterns(*_LEFT_OUT))
    names = {one.fact for one in learned}
    joints = {name for name, one in pack.book.joints.items() if set(one.facts) <= names}
    for path in sorted((folder / "facts").glob("*.yaml")):
        _take_out(path, names, joints)
    source = f"pilot-{declaration.id}"
    write_text(
        folder / "facts" / f"{source}.yaml", _facts_text(pack.book, declaration, result, learned, correlation, source)
    )
    write_text(folder / "sources" / f"{source}.yaml", _source_text(declaration, result, source))
    return load_pack(str(folder))


def _take_out(path: Path, names: set[str], joints: set[str]) -> None:
    """Take the statements of some facts and joints out of a file, by the lines on which they stand."""
    node = read_yaml(path)
    if not isinstance(node, Table):
        return
    together = node.entries.get("joint")
    inner = together if isinstance(together, Table) else None
    gone = names & set(node.entries)
    if inner is not None and set(inner.entries) <= joints:
        gone |= {"joint"}
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    left_out = _lines_of(node, gone, len(lines))
    if inner is not None and "joint" not in gone:
        end = _lines_of(node, {"joint"}, len(lines))[-1]
        left_out += _lines_of(inner, joints & set(inner.entries), end)
    if not left_out:
        return
    if set(node.entries) <= gone:
        path.unlink()
    else:
        write_text(path, "".join(line for at, line in enumerate(lines, 1) if at not in set(left_out)))


def _lines_of(table: Table, names: set[str], end: int) -> list[int]:
    """The numbers of the lines on which entries of a table stand, each up to where the next begins."""
    starts = sorted(table.key_lines.values())
    found: list[int] = []
    for name in names:
        start = table.key_lines[name]
        after = [line for line in starts if line > start]
        found += range(start, after[0] if after else end + 1)
    return sorted(found)


def _facts_text(
    book: FactBook, declaration: Declaration, result: Result, learned: list[Learned], correlation: Floats, source: str
) -> str:
    values = {"worlds": str(result.worlds), "estimate": f"{result.estimate:.4g}", "error": f"{result.error:.3g}"}
    note = _both("note", {lang: text("fact_note", lang, **values) for lang in ("vi", "en")})
    identifier = f"pilot_{declaration.id.replace('-', '_')}_effect"
    title = {lang: text("fact_effect_title", lang, id=declaration.id) for lang in ("vi", "en")}
    parts = [
        f"{identifier}:\n{_both('title', title)}"
        f"  value: {result.estimate:.6g} {_unit(declaration.outcome.unit)}\n  se: {result.error:.6g}\n"
        f"  source: {source}\n  as_of: {result.day.isoformat()}\n{note}"
    ]
    laws: list[Distribution] = []
    for one in learned:
        fact = book.fact(one.fact)
        low, high = _range(fact)
        centre, width = cut_normal(one.after, one.after_sd, low, high)
        laws.append(Distribution("normal", (centre, width, low, high)))
        limits = "" if fact.range is None else f"  range: [{low:.6g}, {high:.6g}]\n"
        parts.append(
            f"{one.fact}:\n{_both('title', dict(fact.title))}"
            f"  value: {centre:.6g} {one.unit}\n  se: {width:.6g}\n{limits}"
            f"  source: {source}\n  as_of: {result.day.isoformat()}\n{_note(one, values)}"
        )
    return "".join(parts) + _joint_text(learned, scores_for(correlation, laws), source)


def _joint_text(learned: list[Learned], scores: Floats, source: str) -> str:
    """How the facts hang together, where there are two or more."""
    if len(learned) < 2:
        return ""
    facts = ", ".join(one.fact for one in learned)
    rows = "".join(f"      - [{', '.join(f'{value:.6g}' for value in row)}]\n" for row in scores)
    return f"joint:\n  {source}:\n    facts: [{facts}]\n    correlation:\n{rows}"


def _note(one: Learned, values: Mapping[str, str]) -> str:
    told = {**values, "mean": f"{one.after:.4g}", "spread": f"{one.after_sd:.3g}", "unit": one.unit}
    return _both("note", {lang: text("fact_learned_note", lang, **told) for lang in ("vi", "en")})


def cut_normal(mean: float, spread: float, low: float, high: float) -> tuple[float, float]:
    """The centre and width of a normal distribution that, cut off at a range, has this mean and standard deviation.

    What is written as a fact's `value` and `se` is the normal before it is cut (Johnson, Kotz and Balakrishnan 1994,
    section 13.10.1); with the mean itself as centre, draws would lie nearer to the middle than was learned.
    The centre stays inside the range, as a fact's value must; a mean that this cannot reach is met as nearly as it can.

    Args:
        mean: wanted.
        spread: wanted, above zero.
        low: lower end of the range; may be infinite.
        high: upper end.
    """
    if not np.isfinite([low, high]).any():
        return mean, spread
    from scipy import optimize, stats

    tools: Any = (optimize, stats)

    def gap(found: Floats) -> list[float]:
        centre, width = float(found[0]), float(np.exp(found[1]))
        law = tools[1].truncnorm((low - centre) / width, (high - centre) / width, centre, width)
        return [(float(law.mean()) - mean) / spread, float(law.std()) / spread - 1.0]

    centre = min(max(mean, low + 1e-6 * spread), high - 1e-6 * spread)
    limits = ([low, np.log(spread) - 3.0], [high, np.log(spread) + 3.0])
    best = tools[0].least_squares(gap, [centre, np.log(spread)], bounds=limits)
    return float(best.x[0]), float(np.exp(best.x[1]))


def _unit(name: str) -> str:
    """The unit of measure where facts know it; what is counted, such as adoptions, is a plain number."""
    try:
        parse_unit(name)
    except UnitError:
        return "1"
    return name


def _range(fact: Fact) -> tuple[float, float]:
    return fact.range if fact.range is not None else (-np.inf, np.inf)


def _source_text(declaration: Declaration, result: Result, source: str) -> str:
    title = text("source_title", "en", id=declaration.id)
    return f"{source}:\n  title: {_quoted(title)}\n  publisher: haidang pilot\n  date: {result.day.isoformat()}\n"


def _both(key: str, words: Mapping[str, str]) -> str:
    return f"  {key}:\n" + "".join(f"    {lang}: {_quoted(words[lang])}\n" for lang in ("vi", "en"))


def _quoted(words: str) -> str:
    return "'" + words.replace("'", "''") + "'"
