"""The programme's own model as the generator of a pilot's data: what every unit would do in every arm.

Firms are sampled from the pack's population as often as they stand in it, each with an id, and so with a chance, of its
own; the rest of the population stays around them, so that peers are seen at their true weight. A draw of the uncertain
facts and of chance is one world; in it every unit's outcome in every arm is known, and so is the truth that a pilot
looks for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import jax
import numpy as np
import polars as pl
from numpy.typing import NDArray

from haidang.engine import MemorySource, Part, Setting, simulate_draw
from haidang.engine.compiled import jnp
from haidang.errors import did_you_mean
from haidang.learn.pilot.declaration import Declaration, PilotError
from haidang.learn.pilot.offered import ARM, NEVER, SINCE, pilot_programme, with_arms
from haidang.models import Columns, Model
from haidang.packs import Pack
from haidang.programmes import parse
from haidang.study import Question, prepare_jax, setting_of, units_of
from haidang.study.draws import FactDraws, facts_read

Floats = NDArray[np.float64]
_BASELINE, _PILOT = 0, 1


class _PilotPack(Pack):
    """A pack whose model carries arms."""

    def model(self, name: str) -> Model:
        """The model, with arms."""
        return with_arms(super().model(name))


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """A pack's model laid out for a pilot.

    Args:
        declaration: the pilot.
        setting: the baseline and the pilot; its source has everybody in no arm.
        facts: of each draw.
        draws: how many there are.
        frame: the units that may take part, one row each, ordered by id: what the model reads of them.
        around: the rest of the population.
        peers: whether units see what others did.
    """

    declaration: Declaration
    setting: Setting
    facts: FactDraws
    draws: int
    frame: pl.DataFrame
    around: pl.DataFrame
    peers: bool

    @property
    def outcomes(self) -> tuple[str, ...]:
        """The outcomes that are known of every unit."""
        card = self.setting.model.card
        return tuple(one.id for one in card.outcomes if one.id in card.tracked)

    def fact_values(self, name: str) -> Floats:
        """A fact in every draw, canonical (draws)."""
        place, years = self.setting.facts.index(name), self.setting.years[:1]
        return np.array([float(self.facts.of(draw, years)[0][place]) for draw in range(self.draws)])


class _Watched:
    """The whole population as one part, whose units' accounts are read after every period.

    Args:
        part: the part.
        apart: whether the pilot's units see the baseline's peers, as if they alone had been offered something.
    """

    alone = True

    def __init__(self, part: Part, apart: bool) -> None:
        self.part, self.apart = part, apart
        self.seen: list[Floats] = []

    def __call__(self, method: str, *given: Any) -> list[Any]:
        """Call a method of the part."""
        if method == "wish" and self.apart:
            places, period, words = given
            given = (places, period, tuple(words[0] for _ in words))
        answer = [self.part.call(method, *given)]
        if method == "move":
            self.seen.append(_accounts(self.part))
        return answer


def _accounts(part: Part) -> Floats:
    """The tracked outcomes so far by scenario, outcome and unit (scenarios, outcomes, units)."""
    source = part.setting.source
    sides: list[Floats] = []
    for side in part.sides:
        blocks = [
            np.stack([np.asarray(one, np.float64)[: source.block(k).rows] for one in side.holdings.whole(k).sums])
            for k in range(source.count)
        ]
        sides.append(np.concatenate(blocks, axis=-1))
    return np.stack(sides)


def lay_out(pack: Pack, declaration: Declaration, *, draws: int, seed: int, frame: int, rows: int | None) -> World:
    """Lay a pilot out in its programme's model.

    Args:
        pack: the pack of the programme.
        declaration: the pilot.
        draws: how many worlds; a single one takes every fact at its stated value.
        seed: of all chance.
        frame: how many firms are sampled as those that may take part.
        rows: rows of the population around them; as the pack says where None.

    Raises:
        HaidangError: an offer, a column or the outcome is not there; nobody meets the pilot's condition.
    """
    prepare_jax()
    programme = pilot_programme(pack, declaration)
    piloted = _PilotPack(pack.id, pack.title, pack.root, pack.book, pack.modules)
    plain, model = pack.model(programme.model), piloted.model(programme.model)
    card = plain.card
    if card.market is not None:
        problem = f"expected a model without a market, found '{card.id}', where one unit's offer moves the price of all"
        raise PilotError(problem, declaration.place)
    if declaration.outcome.column not in card.tracked:
        problem = f"expected an outcome that the model keeps for every unit, found '{declaration.outcome.column}'"
        raise PilotError(problem, declaration.place, did_you_mean(declaration.outcome.column, card.tracked))
    population, _ = units_of(pack, card, Question(programme.id, draws=1, seed=seed, rows=rows, workers=1))
    if population is None:
        raise PilotError("expected a population that fits into memory", declaration.place)
    table = population.table.sort("id")
    facts = FactDraws(pack.book, facts_read(pack.book, model.card, [programme]), draws, seed)
    able = _meets(pack, plain, table, declaration, facts)
    units, around = _sampled(table, able, frame, seed, declaration)
    source = MemorySource(_arranged(units, around, np.zeros(frame), np.full(frame, NEVER)), model.card)
    setting = setting_of(piloted, [(declaration.id, programme)], source, facts.names, seed)
    return World(declaration, setting, facts, draws, units, around, bool(card.peers))


def _meets(
    pack: Pack, model: Model, table: pl.DataFrame, declaration: Declaration, facts: FactDraws
) -> NDArray[np.bool_]:
    """Which units meet the pilot's condition before the first year, at the stated facts (units)."""
    if declaration.units.where is None:
        return np.ones(table.height, np.bool_)
    source = MemorySource(table, model.card, block_rows=table.height)
    condition = parse(declaration.units.where, declaration.place).bind(source.codes)
    stated = {name: np.float32(pack.book.value(name)) for name in facts.names}
    block = source.block(0)
    units = Columns(block.units, source.codes)
    with jax.enable_x64(False):
        names = {**stated, **block.units, **model.derive(units, model.start(units, stated))}
        met = np.asarray(condition.evaluate(names, jnp, length=source.length))
    return met[: block.rows].astype(np.bool_)


def _sampled(
    table: pl.DataFrame, able: NDArray[np.bool_], count: int, seed: int, declaration: Declaration
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Firms that may take part, as often as rows stand for, and the population without them."""
    weight = table["weight"].cast(pl.Float64).to_numpy()
    if not able.any():
        raise PilotError(f"expected units that meet '{declaration.units.where}', found none", declaration.place)
    stands_for = np.where(able, weight, 0.0)
    generator = np.random.default_rng(np.random.SeedSequence([seed, 0x9110]))
    places = generator.choice(table.height, count, p=stands_for / stands_for.sum())
    taken = np.bincount(places, minlength=table.height)
    first = int(table["id"].cast(pl.Int64).to_numpy().max()) + 1
    units = table[places].with_columns(pl.Series("id", np.arange(first, first + count)), pl.lit(1.0).alias("weight"))
    # A row that stands for fewer firms than were sampled of it keeps a trace: no weight may be nought.
    around = table.with_columns(pl.Series("weight", np.maximum(weight - taken, 1e-3)))
    return units, around.with_columns(pl.col("id").cast(pl.Int64))


def _arranged(units: pl.DataFrame, around: pl.DataFrame, arm: Floats, since: Floats) -> pl.DataFrame:
    own = units.with_columns(pl.Series(ARM, arm.astype(np.float64)), pl.Series(SINCE, since.astype(np.float64)))
    rest = around.with_columns(pl.lit(-1.0).alias(ARM), pl.lit(float(NEVER)).alias(SINCE))
    return pl.concat([rest, own.select(rest.columns)], how="vertical_relaxed")


def simulate_arms(
    world: World, draw: int, arm: NDArray[np.int64], since: NDArray[np.int64] | None = None, *, apart: bool
) -> dict[str, Floats]:
    """What the units of the frame do in one world when they are in these arms.

    Args:
        world: the pilot laid out.
        draw: the world.
        arm: the place of each unit's arm; below nought for a unit outside the pilot (units).
        since: the year from which its arm's offers hold; the first unless given (units).
        apart: whether each unit sees only what the baseline's peers did, so that nobody's offer reaches another.

    Returns:
        For each tracked outcome its sum up to each year's end (years, units); under `baseline:` the same of the
        baseline in that world.
    """
    years = world.setting.years
    held = np.full(len(arm), years[0]) if since is None else since
    source = MemorySource(
        _arranged(world.frame, world.around, arm.astype(np.float64), held.astype(np.float64)),
        world.setting.model.card,
    )
    setting = replace(world.setting, source=source)
    facts = world.facts.of(draw, years)
    part = Part(setting, [draw], [facts], range(source.count))
    crew = _Watched(part, apart)
    with jax.enable_x64(True):
        simulate_draw(setting, draw, facts, crew)
    own = slice(world.around.height, None)
    seen = np.stack(crew.seen)[..., own]
    found = {name: seen[:, _PILOT, k] for k, name in enumerate(world.outcomes)}
    return found | {f"baseline:{name}": seen[:, _BASELINE, k] for k, name in enumerate(world.outcomes)}


def potential(world: World, draw: int) -> Mapping[str, Floats]:
    """Every unit's outcomes in every arm of one world, nobody else being offered anything.

    Returns:
        For each tracked outcome, its sum up to each year's end (arms, years, units).
    """
    arms = world.declaration.arms
    units = world.frame.height
    found = [
        simulate_arms(world, draw, np.full(units, place), _since(world, place), apart=True)
        for place in range(len(arms))
    ]
    return {name: np.stack([one[name] for one in found]) for name in world.outcomes}


def _since(world: World, place: int) -> NDArray[np.int64] | None:
    """The year from which a wave's offers hold; a wave without a year is never made any."""
    if world.declaration.assignment.rule != "phased":
        return None
    start = world.declaration.arms[place].start
    return np.full(world.frame.height, NEVER if start is None else start)


def worlds_of(
    pack: Pack, designs: Mapping[str, Declaration], *, draws: int, seed: int, frame: int, rows: int | None
) -> dict[str, World]:
    """Each design laid out; designs of the same units, offers and years share one world.

    Raises:
        HaidangError: as `lay_out`.
    """
    known: dict[object, World] = {}
    found: dict[str, World] = {}
    for name, one in designs.items():
        offers = tuple((arm.offers, arm.start) for arm in one.arms)
        key = (one.units.where, offers, one.years, one.assignment.rule == "phased")
        if key not in known:
            known[key] = lay_out(pack, one, draws=draws, seed=seed, frame=frame, rows=rows)
        found[name] = known[key]
    return found
