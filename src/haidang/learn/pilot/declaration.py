"""A pilot as declared: who takes part, who gets what by which rule, what is measured, and when it stops."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Literal, cast, get_args

from haidang.errors import HaidangError, Place

Text = Mapping[str, str]
Rule = Literal[
    "simple", "complete", "stratified", "cluster", "pairs", "rerandomised", "phased", "encouragement", "cutoff"
]
RULES: tuple[Rule, ...] = get_args(Rule)
Estimator = Literal["difference", "adjusted"]
ESTIMATORS: tuple[Estimator, ...] = get_args(Estimator)
GuardrailKind = Literal["harm", "rate", "pace"]
GUARDRAIL_KINDS: tuple[GuardrailKind, ...] = get_args(GuardrailKind)


class PilotError(HaidangError):
    """A pilot that cannot answer what it asks, or data that are not those of the pilot."""


@dataclass(frozen=True, slots=True)
class Arm:
    """What a part of the units gets.

    Args:
        id: its name in the data.
        title: in both languages.
        share: the part of the units that it gets, 0 to 1; of a phased pilot, the part that starts in its year.
        offers: `VARIANT/INSTRUMENT` of the programme, each; none for a control.
        start: the year from which a phased pilot makes the offers of the wave; none otherwise.
    """

    id: str
    title: Text
    share: float
    offers: tuple[str, ...] = ()
    start: int | None = None


@dataclass(frozen=True, slots=True)
class Units:
    """Who takes part.

    Args:
        size: how many units.
        where: the condition on their columns; none for all.
        strata: columns whose every combination is a stratum.
        cluster: the column of what is assigned together; none where each unit is.
    """

    size: int
    where: str | None = None
    strata: tuple[str, ...] = ()
    cluster: str | None = None


@dataclass(frozen=True, slots=True)
class Assignment:
    """By which rule units get their arm.

    Args:
        rule: its name.
        balance: columns that pairs are alike in, or that a redrawn assignment must balance.
        acceptance: the part of assignments that a redrawn one must be among (Morgan and Rubin 2012).
        score: the column that decides at a cut-off.
        cutoff: the score from which, or up to which, units are treated.
        above: whether those at or above the cut-off are treated.
        takeup: the column with 0 and 1 that says who used what was encouraged.
    """

    rule: Rule
    balance: tuple[str, ...] = ()
    acceptance: float | None = None
    score: str | None = None
    cutoff: float | None = None
    above: bool = True
    takeup: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is measured: a column, its unit of measure, whether more is better, and between what it must lie."""

    column: str
    unit: str
    better: Literal["more", "less"] = "more"
    between: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Guardrail:
    """What must not happen, as a one-sided test that may be read after every arrival.

    Args:
        id: its name.
        title: in both languages.
        kind: `harm`: the effect on a column is worse than tolerated; `rate`: the mean of a column in an arm lies above
            its bound; `pace`: what an arm spends on a unit lies above the budget's share of one.
        column: what is read.
        bound: the tolerated loss, the highest mean, or the budget over all units of the arm.
        between: the least and the greatest value that a unit can have.
        arm: whose mean is held against the bound; the first treated one unless told.
        better: of a harm, whether more of the column is better.
        alpha: how often it may warn though all is well.
    """

    id: str
    title: Text
    kind: GuardrailKind
    column: str
    bound: float
    between: tuple[float, float]
    arm: str
    better: Literal["more", "less"]
    alpha: float


@dataclass(frozen=True, slots=True)
class StopRule:
    """What ends the pilot early, and why: the effect is `found`, the pilot is `futile`, or a guardrail by its name."""

    on: str
    reason: Text


@dataclass(frozen=True, slots=True)
class Declaration:
    """A whole pilot. The first arm is what the others are compared with.

    Args:
        id: its name.
        title: in both languages.
        question: what it is to answer, in both languages.
        programme: `PACK/PROGRAMME` whose model generates its data; none where it has no model.
        years: the years that units are followed.
        units: who takes part.
        arms: what they get.
        assignment: by which rule.
        outcome: the one by which the pilot is judged.
        covariates: columns known before that the estimator adjusts for.
        estimator: `difference` of means, or `adjusted` for strata and covariates (Lin 2013).
        smallest_worthwhile: the effect below which the programme is not worth its cost, in the outcome's unit.
        alpha: how often a pilot of nothing may find something.
        power: how often one of the smallest worthwhile effect must find it.
        start: the first day.
        end: the last day on which outcomes are measured.
        measuring_cost: what measuring one unit costs, VND.
        guardrails: what must not happen.
        stop: what ends it early.
        learns: the facts of the pack that its result is carried to.
        place: where it stands.
    """

    id: str
    title: Text
    question: Text
    programme: str | None
    years: tuple[int, ...]
    units: Units
    arms: tuple[Arm, ...]
    assignment: Assignment
    outcome: Outcome
    covariates: tuple[str, ...]
    estimator: Estimator
    smallest_worthwhile: float
    alpha: float
    power: float
    start: date
    end: date
    measuring_cost: float = 0.0
    guardrails: tuple[Guardrail, ...] = ()
    stop: tuple[StopRule, ...] = ()
    learns: tuple[str, ...] = ()
    place: Place | None = field(default=None, compare=False, repr=False)

    @property
    def control(self) -> Arm:
        """The arm that the others are compared with."""
        return self.arms[0]

    @property
    def treated(self) -> tuple[Arm, ...]:
        """All other arms."""
        return self.arms[1:]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that must be known of a unit before it is assigned, each once."""
        named = (*self.units.strata, self.units.cluster, *self.assignment.balance, self.assignment.score)
        return tuple(dict.fromkeys(name for name in (*named, *self.covariates) if name is not None))

    def arm(self, name: str) -> Arm:
        """The arm of this id."""
        return next(one for one in self.arms if one.id == name)


def canonical_json(document: Any) -> str:
    """JSON that is the same for the same content: sorted keys, no space, UTF-8, no number that JSON lacks."""
    return json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def as_json(declaration: Declaration) -> dict[str, Any]:
    """The declaration as JSON takes it, without the place of its file."""
    plain = asdict(declaration)
    del plain["place"]
    plain |= {"start": declaration.start.isoformat(), "end": declaration.end.isoformat()}
    found: dict[str, Any] = json.loads(canonical_json(_plain(plain)))
    return found


def digest(declaration: Declaration) -> str:
    """SHA-256 of the declaration's canonical JSON: what freezes it, whatever its file looks like."""
    return hashlib.sha256(canonical_json(as_json(declaration)).encode()).hexdigest()


def from_json(document: Mapping[str, Any]) -> Declaration:
    """The declaration that `as_json` wrote down, as a register keeps it; it has no place in a file.

    Raises:
        PilotError: it is not what this program writes down: an older one may have known other keys.
    """
    try:
        parts: dict[str, Any] = {
            "years": tuple(document["years"]),
            "units": Units(**_tuples(document["units"])),
            "arms": tuple(Arm(**_tuples(one)) for one in document["arms"]),
            "assignment": Assignment(**_tuples(document["assignment"])),
            "outcome": Outcome(**_tuples(document["outcome"])),
            "covariates": tuple(document["covariates"]),
            "start": date.fromisoformat(document["start"]),
            "end": date.fromisoformat(document["end"]),
            "guardrails": tuple(Guardrail(**_tuples(one)) for one in document["guardrails"]),
            "stop": tuple(StopRule(**one) for one in document["stop"]),
            "learns": tuple(document["learns"]),
        }
        return Declaration(**{**document, **parts})
    except (KeyError, TypeError, ValueError):
        raise PilotError("expected a declaration as a register keeps it, found another") from None


def _tuples(part: Mapping[str, Any]) -> dict[str, Any]:
    """A part of a declaration with its lists as declarations have them."""
    return {key: tuple(cast("list[Any]", one)) if isinstance(one, list) else one for key, one in part.items()}


def of_the_lots(declaration: Declaration) -> Mapping[str, object]:
    """What the lots follow from besides the hash, by key: once they are drawn, no amendment can change it."""
    rule = declaration.assignment
    return {
        "units.size": declaration.units.size,
        "units.strata": declaration.units.strata,
        "units.cluster": declaration.units.cluster,
        "arms": tuple((one.id, one.share) for one in declaration.arms),
        "assignment": (rule.rule, rule.balance, rule.acceptance, rule.score, rule.cutoff, rule.above),
    }


def _plain(value: Any) -> Any:
    """Mappings of any kind as dictionaries, which is what JSON writes."""
    if isinstance(value, Mapping):
        entries = cast("Mapping[str, Any]", value)
        return {key: _plain(one) for key, one in entries.items()}
    if isinstance(value, (tuple, list)):
        return [_plain(one) for one in cast("Sequence[Any]", value)]
    return value
