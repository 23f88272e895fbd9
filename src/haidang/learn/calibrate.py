"""Fitting a model's shifts so that its baseline reaches published rates: `python -m haidang.learn.calibrate PACK`.

The pack says which fact is fitted to which rate (`fits/calibration.yaml`). With every other fact at its stated value
and the same chance each time, the shifts are found at which the rates come out. What the survey leaves open about a
rate is carried to its shift, less what the other facts' own ranges already spread the rate by: over many draws the
baseline's rates then have the survey's standard error, not that and the other facts' on top of it.
"""

from __future__ import annotations

import hashlib
import os
import sys
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from haidang.errors import HaidangError
from haidang.facts import FactBook, Reader, Scalar, read_yaml
from haidang.learn.counted import OPEN, TAKEN, Baseline, Counted, read_by
from haidang.packs import Pack, load_pack
from haidang.population import build_population
from haidang.study import prepare_jax
from haidang.study.draws import FactDraws

FILE = Path("fits") / "calibration.yaml"
RESULT = Path("facts") / "calibrated.yaml"
LEAST, MOST = -12.0, 12.0
ROUNDS, SETTLED = 60, 1e-3
WIDTH = 116
NOTE = {
    "vi": "Đơn vị logit, cho {alternatives}. Trong {years} năm không có chương trình, {reached} % doanh nghiệp chọn ít "
    "nhất một công nghệ trong số này; {rate} được công bố là {published} % với sai số chuẩn {error}. Tăng thêm một đơn "
    "vị thì tỷ lệ tăng {slope} điểm. Qua các lần rút mọi dữ kiện khác, tỷ lệ có trung bình {mean} % và độ lệch chuẩn "
    "{spread} điểm: sai số chuẩn ở đây là phần còn lại của sai số khảo sát.",
    "en": "Logit units, for {alternatives}. Within {years} years without a programme {reached} % of firms take at "
    "least one; the published {rate} is {published} % with a standard error of {error}. One unit more is {slope} "
    "points of the rate. Over draws of all other facts the rate has a mean of {mean} % and a standard deviation of "
    "{spread} points: the standard error here is what that leaves of the survey's.",
}
LEAST_SHARE_OF_ERROR = 0.2
"""However much the other facts spread a rate, a shift keeps this part of the survey's error as its own."""

Rates = Callable[[Mapping[str, float]], Mapping[str, float]]


class CalibrationError(HaidangError):
    """A rate that no shift reaches, or a description that names what is not there."""


@dataclass(frozen=True, slots=True)
class Target:
    """A fact that is fitted: its title, the fact with the published rate, and the alternatives that the rate counts."""

    title: Mapping[str, str]
    rate: str
    alternatives: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Calibration:
    """What is fitted to what, as the pack's file says."""

    model: str
    population: str
    years: tuple[int, ...]
    targets: Mapping[str, Target]
    sources: tuple[str, ...]
    by: str
    beside: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Shift:
    """A fitted fact.

    Args:
        value: where the rate is the published one.
        se: its own standard error.
        slope: how much the rate rises by one unit of it.
        published: the published rate.
        published_se: its standard error.
        reached: the model's rate at the value.
        spread: standard deviation of the rate over draws of all other facts.
        mean: mean of the rate over these draws.
    """

    value: float
    se: float
    slope: float
    published: float
    published_se: float
    reached: float
    spread: float
    mean: float


@dataclass(frozen=True, slots=True)
class Calibrated:
    """The fitted facts, by id, and beside them by group: the published yearly rate, who could choose, who chose."""

    shifts: Mapping[str, Shift]
    beside: Mapping[str, tuple[float, float, float]]
    inputs: str


def load_calibration(path: Path) -> Calibration:
    """Read a pack's description of what is fitted.

    Raises:
        HaidangError: a key is missing, unknown or holds a value of another kind.
    """
    reader = Reader(read_yaml(path), path)
    reader.forbid_unknown(("model", "population", "first_year", "years", "targets", "sources", "beside"))
    targets: dict[str, Target] = {}
    for name, one in reader.children("targets").items():
        one.forbid_unknown(("title", "rate", "alternatives"))
        targets[name] = Target(one.title(), one.text("rate"), _words(one, "alternatives"))
    beside = reader.child("beside")
    rates = beside.child("rates")
    first = reader.integer("first_year")
    return Calibration(
        reader.text("model"),
        reader.text("population"),
        tuple(range(first, first + reader.integer("years"))),
        targets,
        _words(reader, "sources"),
        beside.text("by"),
        {group: rates.text(group) for group in rates.keys},
    )


def _words(reader: Reader, key: str) -> tuple[str, ...]:
    return tuple(node.text for node in reader.items(key) if isinstance(node, Scalar))


def find_shifts(rates: Rates, wanted: Mapping[str, float]) -> dict[str, float]:
    """The shifts at which each rate is the one wanted.

    One shift after the other is brought to its rate by Brent's method (1973), until none moves any more. Each rate must
    rise with its own shift; the same chance in every call keeps that so in a simulation.

    Args:
        rates: the rate of each name at given shifts.
        wanted: the rate of each name.

    Raises:
        CalibrationError: a rate is not reached, or the shifts do not settle.
    """
    shifts = dict.fromkeys(wanted, 0.0)
    for _ in range(ROUNDS):
        before = dict(shifts)
        for name in wanted:
            shifts[name] = _root(rates, shifts, name, wanted[name])
        if all(abs(shifts[name] - before[name]) < SETTLED for name in wanted):
            return shifts
    raise CalibrationError(f"expected shifts that settle, found them moving after {ROUNDS} rounds")


def _root(rates: Rates, shifts: Mapping[str, float], name: str, wanted: float) -> float:
    from scipy import optimize

    def missing(value: float) -> float:
        return rates({**shifts, name: value})[name] - wanted

    low, high = missing(LEAST), missing(MOST)
    if low > 0 or high < 0:
        span = f"{low + wanted:.4f} to {high + wanted:.4f}"
        raise CalibrationError(f"expected a rate of {wanted:.4f} within reach of '{name}', found rates of {span}")
    find: Any = optimize
    return float(find.brentq(missing, LEAST, MOST, xtol=SETTLED / 10.0))


def calibrate(pack: Pack, rows: int | None = None, chances: int = 4, draws: int = 128, seed: int = 1) -> Calibrated:
    """Fit the pack's shifts.

    Args:
        pack: the pack.
        rows: rows of its population.
        chances: over how many draws of chance a rate is averaged.
        draws: how many draws of the other facts tell how far they spread the rates.
        seed: of all chance.
    """
    plan = load_calibration(pack.root / FILE)
    prepare_jax()
    inner = pack.model(plan.model)
    for target in plan.targets.values():
        for one in target.alternatives:
            if one not in {alternative.id for alternative in inner.card.alternatives}:
                raise CalibrationError(f"expected an alternative of '{plan.model}', found '{one}'")
    model = Counted(inner, {name: one.alternatives for name, one in plan.targets.items()}, plan.by)
    table = build_population(pack.population(plan.population), pack.book, rows, seed).table
    names = read_by(pack.book, model)
    base = Baseline(model, table, names, plan.years, seed)
    stated = FactDraws(pack.book, names, 1, seed).of(0, plan.years)

    def shares(shifts: Mapping[str, float]) -> NDArray[np.float64]:
        facts = _with(stated, names, shifts)
        return np.mean([base.shares(facts, draw) for draw in range(chances)], axis=0)

    def rates(shifts: Mapping[str, float]) -> dict[str, float]:
        return dict(zip(plan.targets, shares(shifts)[:, 0].tolist(), strict=False))

    wanted = {name: pack.book.value(one.rate) for name, one in plan.targets.items()}
    shifts = find_shifts(rates, wanted)
    drawn = FactDraws(pack.book, names, draws, seed)
    spread = np.array(
        [base.shares(_with(drawn.of(draw, plan.years), names, shifts), draw)[:, 0] for draw in range(draws)]
    )
    reached = shares(shifts)
    found: dict[str, Shift] = {}
    for place, (name, target) in enumerate(plan.targets.items()):
        se = _error(pack.book, target.rate)
        width = _root(rates, shifts, name, wanted[name] + se) - _root(rates, shifts, name, wanted[name] - se)
        rest = float(spread[:, place].std())
        own = max(se**2 - rest**2, (LEAST_SHARE_OF_ERROR * se) ** 2) ** 0.5
        found[name] = Shift(
            value=shifts[name],
            se=own * width / (2.0 * se),
            slope=2.0 * se / width,
            published=wanted[name],
            published_se=se,
            reached=float(reached[place, 0]),
            spread=rest,
            mean=float(spread[:, place].mean()),
        )
    return Calibrated(found, _beside(pack.book, plan, base, reached), _hash(pack, plan))


def _with(
    facts: tuple[NDArray[np.float32], ...], names: tuple[str, ...], shifts: Mapping[str, float]
) -> tuple[NDArray[np.float32], ...]:
    """The facts of every year with the shifts in place."""
    changed = tuple(one.copy() for one in facts)
    for name, value in shifts.items():
        for one in changed:
            one[names.index(name)] = value
    return changed


def _error(book: FactBook, name: str) -> float:
    fact = book.fact(name)
    if fact.se is None:
        raise CalibrationError(f"expected a rate with its standard error, found '{name}' without one", fact.where)
    return fact.se * fact.canonical / fact.value


def _beside(
    book: FactBook, plan: Calibration, base: Baseline, reached: NDArray[np.float64]
) -> dict[str, tuple[float, float, float]]:
    could, chose = base.names.index(OPEN), base.names.index(TAKEN)
    return {
        group: (
            book.value(rate),
            float(reached[could, 1 + base.groups.index(group)]),
            float(reached[chose, 1 + base.groups.index(group)]),
        )
        for group, rate in plan.beside.items()
    }


def _hash(pack: Pack, plan: Calibration) -> str:
    """SHA-256 of what the fit rests on: all facts but the fitted ones, the population, the models, the description."""
    rest = {name: fact for name, fact in pack.book.facts.items() if name not in plan.targets}
    total = hashlib.sha256(replace(pack.book, facts=rest).digest().encode())
    models = sorted((pack.root / "models").glob("*.py"))
    for path in (pack.root / FILE, Path(pack.population(plan.population).path), *models):
        total.update(path.read_bytes())
    return total.hexdigest()


def as_yaml(plan: Calibration, found: Calibrated) -> str:
    """The facts file, with what was reached."""
    lines = [
        "# Fitted to published rates by `python -m haidang.learn.calibrate`; do not edit by hand.",
        f"# Inputs: sha256 {found.inputs}",
        "# Firms a year, published to buy fixed assets / in the model free to choose something / that take something:",
        *(
            f"#   {group}: {100 * published:.1f} % / {100 * could:.1f} % / {100 * chose:.1f} %"
            for group, (published, could, chose) in found.beside.items()
        ),
    ]
    for name, target in plan.targets.items():
        one = found.shifts[name]
        lines += [
            f"{name}:",
            f'  title: {{vi: "{target.title["vi"]}", en: "{target.title["en"]}"}}',
            f"  value: {one.value:.4f}",
            f"  se: {one.se:.4f}",
            f"  source: [{', '.join(plan.sources)}]",
            "  as_of: 2025",
            "  note:",
        ]
        for language, words in _note(target, one, len(plan.years)).items():
            lines += [f"    {language}: >-", _filled(words, "      ")]
    return "\n".join(lines) + "\n"


def _filled(words: str, indent: str) -> str:
    """Lines that end at a space only: folded, a line break becomes one."""
    return textwrap.fill(words, WIDTH, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)


def _note(target: Target, one: Shift, years: int) -> Mapping[str, str]:
    percents = {
        "reached": one.reached, "published": one.published, "error": one.published_se, "mean": one.mean,
        "spread": one.spread,
    }  # fmt: skip
    told = {name: f"{100 * share:.2f}" for name, share in percents.items()} | {"slope": f"{100 * one.slope:.1f}"}
    named = {"alternatives": ", ".join(target.alternatives), "years": years, "rate": target.rate}
    comma = {name: number.replace(".", ",") for name, number in told.items()}
    return {"vi": NOTE["vi"].format(**named, **comma), "en": NOTE["en"].format(**named, **told)}


def write_calibrated(pack: Pack, found: Calibrated) -> Path:
    """Write the fitted facts into the pack, whole or not at all."""
    path = pack.root / RESULT
    temporary = path.with_name(f".{path.name}")
    temporary.write_text(as_yaml(load_calibration(pack.root / FILE), found), encoding="utf-8")
    os.replace(temporary, path)
    return path


def main(arguments: list[str]) -> int:
    """Fit the shifts of the pack that is named, and write them into it."""
    try:
        if len(arguments) != 1:
            raise CalibrationError(f"expected the name of a pack, found {len(arguments)} words")
        pack = load_pack(arguments[0])
        print(write_calibrated(pack, calibrate(pack)))
    except HaidangError as mistake:
        print(f"haidang: {mistake}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
