"""The whole circle on a city that the model made: design, register, draw lots, run, watch, evaluate, learn, forecast.

Everything is written into one folder, from which each step can be gone through again with the commands for a real
pilot. What no real pilot has is there too: the truth.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from haidang.errors import Place
from haidang.learn.evaluate import Diagnostic, write_evaluation
from haidang.learn.monitor.record import record_looks
from haidang.learn.monitor.watch import Look
from haidang.learn.pilot.analysis import Analysed, analyse, balance_of
from haidang.learn.pilot.assign import ARM, ID, assign
from haidang.learn.pilot.assignment_file import read_assignment, write_assignment
from haidang.learn.pilot.declaration import Declaration, PilotError
from haidang.learn.pilot.declaration_file import load_declaration, load_designs
from haidang.learn.pilot.deviations import Analysis
from haidang.learn.pilot.keys import public_chance
from haidang.learn.pilot.learned import (
    Learned,
    Moved,
    Result,
    effective,
    hang_together,
    learn,
    most_narrowed,
    moved,
    weights_of,
    write_back,
)
from haidang.learn.pilot.power import Power, Progress, power_table
from haidang.learn.pilot.registration import Registered, register
from haidang.learn.pilot.tables import write_table, write_text
from haidang.learn.pilot.world import World, lay_out, potential, simulate_arms, worlds_of
from haidang.packs import Pack
from haidang.results.compare import horizon_effect
from haidang.results.points import Points, points
from haidang.results.run import Run
from haidang.study import Question, run_study

Floats = NDArray[np.float64]
Tell = Callable[[str, Any], None]
"""Told each step when it is done: its name, and what came of it."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much is simulated.

    Args:
        worlds: draws of the uncertain facts from which pilots are sampled and facts are learned.
        power_worlds: those among them that the power table uses.
        pilots: simulated pilots of each design.
        frame: firms that may take part.
        rows: rows of the population around them, and of the forecast's.
        draws: of the forecast.
        seed: of all chance.
        world: which world is the true one.
    """

    worlds: int = 96
    power_worlds: int = 16
    pilots: int = 200
    frame: int = 6000
    rows: int = 8000
    draws: int = 32
    seed: int = 1
    world: int = 7


@dataclass(frozen=True, slots=True)
class Truth:
    """What is known because the model made the data, in the outcome's unit.

    Args:
        frame: the effect over all units that could take part.
        own: over those that did.
        peers: the part of the arms' difference that came through peers.
        estimate: what the pilot found.
        low: lower end of its interval.
        high: upper end.
        covers: whether the interval holds the truth over all that could take part.
    """

    frame: float
    own: float
    peers: float
    estimate: float
    low: float
    high: float
    covers: bool


@dataclass(frozen=True, slots=True)
class Forecast:
    """The programme's forecast before and after the pilot, one outcome over the horizon against the baseline.

    Args:
        variant: the programme, or one of its variants.
        outcome: what is forecast.
        year: the last.
        before: from the pack's own facts.
        after: from those that learned.
        most: by which part even a pilot without error would narrow it.
    """

    variant: str
    outcome: str
    year: int
    before: Points
    after: Points
    most: float


@dataclass(frozen=True, slots=True)
class Circled:
    """What the circle found: the last word of each step."""

    powers: tuple[Power, ...]
    registered: Registered
    balance: tuple[Diagnostic, ...]
    looks: tuple[Look, ...]
    analysed: Analysed
    truth: Truth
    learned: tuple[Learned, ...]
    effect: Moved
    forecast: Forecast


def declared_in(pack: Pack, programme: str) -> Path:
    """The declaration of the pilot that a pack has for a programme.

    Raises:
        PilotError: it has none.
    """
    path = pack.root / "pilots" / f"{programme}.yaml"
    if not path.is_file():
        known = sorted(one.stem for one in (pack.root / "pilots").glob("*.yaml"))
        hint = f"declared are: {', '.join(known)}" if known else "declare one in the pack's folder 'pilots'"
        raise PilotError(f"expected the declaration of a pilot of '{programme}'", Place(str(path)), hint)
    return path


def go_round(
    pack: Pack, source: Path, folder: Path, size: Size, tell: Tell, progress: Progress | None = None
) -> Circled:
    """Go through a pilot from its design to the forecast that has learned from it.

    Args:
        pack: the pack.
        source: the declaration.
        folder: where everything is written; must not hold a circle yet.
        size: how much is simulated.
        tell: told each step when it is done.
        progress: called with the designs done and the designs in all.

    Raises:
        HaidangError: whatever the user can mend.
    """
    if folder.exists() and any(folder.iterdir()):
        raise PilotError("expected a new folder, found one with files in it", Place(str(folder)), "choose another")
    if not 0 <= size.world < size.worlds:
        raise PilotError(f"expected a world from 0 to {size.worlds - 1}, found {size.world}")
    designs = load_designs(source)
    declaration = designs["declared"]
    _refuse_other_rules(declaration)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "pilot.yaml"
    shutil.copyfile(source, path)
    declaration = load_declaration(path)
    worlds = worlds_of(pack, designs, draws=size.power_worlds, seed=size.seed, frame=size.frame, rows=size.rows)
    powers = tuple(power_table(worlds, designs, pilots=size.pilots, seed=size.seed, progress=progress))
    _write_json(folder / "power.json", [asdict(one) for one in powers])
    tell("design", powers)
    known = register(path, declaration, declaration.start - timedelta(days=30))
    tell("register", known)
    world = lay_out(pack, declaration, draws=size.worlds, seed=size.seed, frame=size.frame, rows=size.rows)
    assigned = _assign(folder, declaration, world, size, tell)
    data = _two_years(folder, declaration, world, assigned, size, tell)
    looks = tuple(_monitor(folder, declaration, data, assigned, size))
    tell("monitor", looks)
    analysed = _evaluate(path, declaration, data, assigned, world, folder)
    tell("evaluate", analysed)
    truth = _truth(declaration, world, data, analysed, size)
    _write_json(folder / "truth.json", asdict(truth))
    tell("truth", truth)
    learned, effect, forecast = _learn(pack, folder, declaration, world, analysed, size, tell)
    balance = balance_of(declaration, assigned)
    return Circled(powers, known, balance, looks, analysed, truth, tuple(learned), effect, forecast)


def _refuse_other_rules(declaration: Declaration) -> None:
    rule = declaration.assignment.rule
    if rule in {"phased", "encouragement", "cutoff", "cluster"} or len(declaration.arms) != 2:
        problem = f"expected a pilot of two arms with a lot by unit for the circle, found the rule '{rule}'"
        raise PilotError(problem, declaration.place, "the other designs stand in its power table")


def _assign(folder: Path, declaration: Declaration, world: World, size: Size, tell: Tell) -> pl.DataFrame:
    units = world.frame.head(declaration.units.size).select(ID, *declaration.columns)
    if units.height < declaration.units.size:
        problem = f"expected a frame of {declaration.units.size} units or more, found {world.frame.height}"
        raise PilotError(problem, hint="raise --frame")
    write_table(folder / "units.csv", units)
    made = assign(declaration, units, f"circle-{size.seed}")
    write_assignment(folder / "assignment.csv", made)
    table = read_assignment(folder / "assignment.csv", declaration).table
    tell("assign", (made, balance_of(declaration, table)))
    return table


@dataclass(frozen=True, slots=True, eq=False)
class _Data:
    """What came of the pilot's units: the table of results, that of first-year reports, and the outcomes by year."""

    results: pl.DataFrame
    reports: pl.DataFrame
    arm: NDArray[np.int64]
    seen: Mapping[str, Floats]


def _two_years(
    folder: Path, declaration: Declaration, world: World, assigned: pl.DataFrame, size: Size, tell: Tell
) -> _Data:
    """The engine runs the true world with the pilot in it, the whole population around it and peers seeing peers."""
    names = {one.id: place for place, one in enumerate(declaration.arms)}
    chosen = dict(zip(assigned[ID].to_list(), assigned[ARM].to_list(), strict=True))
    ids = world.frame[ID].cast(pl.String).to_list()
    arm = np.array([names[chosen[one]] if one in chosen else -1 for one in ids], np.int64)
    seen = simulate_arms(world, size.world, arm, apart=False)
    own = np.flatnonzero(arm >= 0)
    results = pl.DataFrame(
        {ID: [ids[place] for place in own], **{name: seen[name][-1, own] for name in world.outcomes}}
    )
    reports = _first_year(declaration, world, results[ID], {name: seen[name][0, own] for name in world.outcomes}, size)
    write_table(folder / "results.csv", results)
    write_table(folder / "reports.csv", reports)
    tell("run", (results, arm, size.world))
    return _Data(results, reports, arm, seen)


def _first_year(
    declaration: Declaration, world: World, ids: pl.Series, seen: Mapping[str, Floats], size: Size
) -> pl.DataFrame:
    """The reports of the first year, in an order by chance, spread over the year after."""
    names: list[str] = ids.to_list()
    chance = public_chance(f"circle {size.seed}", "reports")
    order = np.argsort(chance("order", names), kind="stable")
    first = date(declaration.years[0] + 1, 1, 1)
    days = [first + timedelta(days=int(360 * place / len(names))) for place in range(len(names))]
    columns: dict[str, Any] = {ID: [names[place] for place in order], "date": days}
    columns |= {name: values[order] for name, values in seen.items()}
    if "loan" in seen and "guarantee_loss" in world.setting.facts:
        risk = float(world.fact_values("guarantee_loss")[size.world])
        number = chance("default", names).astype(np.float64) / 2.0**64
        fell = np.where(seen["loan"] > 0, (number < risk).astype(np.float64), np.nan)
        columns["defaulted"] = pl.Series(fell[order]).fill_nan(None)
    return pl.DataFrame(columns)


def _monitor(folder: Path, declaration: Declaration, data: _Data, assigned: pl.DataFrame, size: Size) -> list[Look]:
    del size
    place = Place(str(folder / "reports.csv"))
    found, _ = record_looks(folder / "monitor.jsonl", declaration, data.reports, assigned, place)
    return found


def _evaluate(
    path: Path, declaration: Declaration, data: _Data, assigned: pl.DataFrame, world: World, folder: Path
) -> Analysed:
    plan = Analysis(
        declaration.outcome.column, declaration.estimator, declaration.covariates, declaration.end + timedelta(days=1)
    )
    titles = {one.id: one.title for one in world.setting.model.card.outcomes}
    found = analyse(path, declaration, data.results, assigned, plan, titles=titles)
    for language in ("vi", "en"):
        write_evaluation(found.evaluation, folder / "evaluation" / language, language)
    return found


def _truth(declaration: Declaration, world: World, data: _Data, analysed: Analysed, size: Size) -> Truth:
    known = potential(world, size.world)[declaration.outcome.column][:, -1]
    gain, own = known[1] - known[0], data.arm >= 0
    shift = data.seen[declaration.outcome.column][-1] - known[np.maximum(data.arm, 0), np.arange(len(data.arm))]
    peers = float(shift[data.arm == 1].mean() - shift[data.arm == 0].mean())
    effect, truth = analysed.effect, float(gain.mean())
    return Truth(
        truth,
        float(gain[own].mean()),
        peers,
        effect.estimate,
        effect.low,
        effect.high,
        effect.low <= truth <= effect.high,
    )


def _learn(
    pack: Pack, folder: Path, declaration: Declaration, world: World, analysed: Analysed, size: Size, tell: Tell
) -> tuple[list[Learned], Moved, Forecast]:
    """Weigh all worlds but the true one by the pilot's result, write the facts, and forecast before and after."""
    column, places = declaration.outcome.column, np.arange(size.worlds)
    others, effects = places != size.world, _effects(world, places, column)
    estimate, error = analysed.effect.estimate, float(analysed.effect.standard_error or np.nan)
    weights = weights_of(effects[others], estimate, error)
    drawn = {name: world.fact_values(name) for name in world.setting.facts}
    kept = {name: values[others] for name, values in drawn.items()}
    learned = learn(pack.book, declaration, kept, weights)
    correlation = hang_together(pack.book, learned, kept, weights)
    true = {name: float(drawn[name][size.world]) for name in declaration.learns}
    result = Result(estimate, error, declaration.end + timedelta(days=1), int(others.sum()))
    after = write_back(pack, folder / "pack", declaration, result, learned, correlation)
    anew = lay_out(after, declaration, draws=size.worlds, seed=size.seed, frame=size.frame, rows=size.rows)
    effect = moved(effects[others], weights, _effects(anew, places, column), estimate, error)
    tell("learn", (learned, true, result.worlds, effective(weights), effect))
    variant = declaration.treated[0].offers[0].split("/")[0]
    runs = [
        _forecast(which, variant, declaration, folder / name, size)
        for which, name in ((pack, "forecast-before"), (after, "forecast-after"))
    ]
    scenario = variant if variant in {one.id for one in runs[0].manifest.scenarios} else runs[0].programmes[0].id
    before, behind = (horizon_effect(run, scenario, column) for run in runs)
    # A fact's first draws are the same however many follow, so these are forecasts of the worlds that were weighed.
    both = min(size.worlds, size.draws)
    most = most_narrowed(effects[:both], before[:both])
    year = runs[0].manifest.years[-1]
    forecast = Forecast(variant, column, year, points(before), points(behind), most)
    facts = {"facts": [asdict(one) for one in learned], "truth": true, "effect": asdict(effect)}
    facts["correlation"] = correlation.tolist()
    _write_json(folder / "learned.json", facts | {"worlds": result.worlds, "effective": effective(weights)})
    _write_json(
        folder / "forecast.json",
        {
            "variant": variant, "outcome": column, "before": forecast.before.as_dict(),
            "after": forecast.after.as_dict(), "narrowed_by_a_pilot_without_error": most,
        },
    )  # fmt: skip
    tell("forecast", forecast)
    return learned, effect, forecast


def _effects(world: World, draws: NDArray[np.int64], column: str) -> Floats:
    return np.array([_effect_in(world, int(draw), column) for draw in draws], np.float64)


def _effect_in(world: World, draw: int, column: str) -> float:
    found = potential(world, draw)[column][:, -1]
    return float((found[1] - found[0]).mean())


def _forecast(pack: Pack, variant: str, declaration: Declaration, folder: Path, size: Size) -> Run:
    programme = str(declaration.programme).rpartition("/")[2]
    variants = () if variant == programme else (variant,)
    question = Question(programme, variants, draws=size.draws, seed=size.seed, rows=size.rows, workers=1)
    return run_study(pack, question, folder)


def _write_json(path: Path, document: Any) -> None:
    text = json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True, allow_nan=False, default=str)
    write_text(path, f"{text}\n")
