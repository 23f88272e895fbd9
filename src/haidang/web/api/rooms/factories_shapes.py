"""The shapes of what factories are answered."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from ninja import Field, Schema

from haidang.web.api.shapes import Text
from haidang.web.factories.history import who_of
from haidang.web.ledger.models import Entry


class Factory(Schema):
    """A factory; what is not known is null."""

    number: int
    organisation: str
    name: str
    tax_code: str
    district: str
    sector: str
    size: str
    employees: int
    revenue: int | None = Field(description="VND a year.")
    value_added: int | None = Field(description="VND a year.")
    electricity: int | None = Field(description="kWh a year.")
    traits: dict[str, Any] = Field(description="Further columns of the population; what is not known is not there.")
    example: bool = Field(description="Made up, to look round.")
    version: int
    reading: str | None = Field(
        None, description="For an assessor, of what was handed in last: waits, begun or read; else null."
    )


class ProfileTold(Schema):
    """What a factory is; what is null or left out is not known."""

    name: str = Field(max_length=300)
    tax_code: str = Field(max_length=20)
    district: str = Field("", max_length=200)
    sector: str = Field(max_length=30)
    employees: int = Field(ge=1)
    revenue: int | None = Field(None, ge=0, description="VND a year.")
    value_added: int | None = Field(None, ge=0, description="VND a year.")
    electricity: int | None = Field(None, ge=0, description="kWh a year.")
    traits: dict[str, bool | str] = Field(default_factory=dict)


class ProfileSent(ProfileTold):
    """A factory's profile as it is to be."""

    version: int = Field(ge=0, le=2**31 - 1, description="As it was read.")


class FactorySent(ProfileTold):
    """A factory that is new here."""

    organisation: str = Field("", max_length=300, description="One's own by name, where one belongs to several.")


class Assessment(Schema):
    """An assessment, or an assessor's reading of one."""

    number: int
    factory: int
    of: int | None = Field(description="For a reading, the assessment that is read.")
    reader: str | None = Field(description="For a reading, the assessor's organisation.")
    framework: str
    framework_version: str
    begun: datetime
    submitted: datetime | None
    mean: float | None = Field(
        description="Claimed level, mean over areas; null where an area that applies has no level."
    )


class Answer(Schema):
    """One answer: 1 yes, 0 no, -1 not answered, 2 does not apply."""

    criterion: str
    value: int
    status: int = Field(description="How well it is backed: 0 claimed, 1 documented, 2 verified, 3 measured.")
    note: str
    given: datetime


class EvidenceSent(Schema):
    """What a file shows."""

    criterion: str = Field(max_length=100)
    kind: str = Field(max_length=30)
    caption: str = Field(max_length=300)
    day: date | None = None


class Evidence(Schema):
    """A file behind an answer."""

    number: int
    assessment: int
    criterion: str
    kind: str
    caption: str
    name: str
    media: str
    size: int = Field(description="Bytes.")
    sha256: str
    day: date | None


class Saved(Schema):
    """How often the answers of a part, which is a capability, were saved."""

    part: str
    version: int


class AssessmentWhole(Assessment):
    """An assessment with its answers and files."""

    parts: list[Saved] = Field(description="Parts in which something was saved; of any other the version is 0.")
    answers: list[Answer]
    evidence: list[Evidence]


class Quantile(Schema):
    """A quantile of peers and the 90 % interval that holds it."""

    q: float
    value: float
    low: float
    high: float


class Peers(Schema):
    """Whose quartiles stand beside a level."""

    shown: str = Field(
        description="cell (same sector and size), sector, all, or none: fewer than five are never shown."
    )
    factories: int
    quantiles: list[Quantile]


class Part(Schema):
    """An area, a capability or the whole, and where it stands."""

    id: str
    title: Text
    claimed: float | None
    verified: float | None
    peers: Peers


class Priority(Schema):
    """What to do next."""

    capability: str
    rank: int
    level: int
    first_three: float = Field(description="Share of draws in which it is among the first three.")
    terms: dict[str, float]
    waits_for: dict[str, int]


class Compared(Schema):
    """How far an assessor agrees with the factory."""

    reading: int
    reader: str
    pairs: int
    same: float | None
    kappa: float | None


class Result(Schema):
    """What an assessment comes to."""

    assessment: int
    factory: int
    whole: Part
    known: int = Field(description="Capabilities whose claimed level is known: the whole's mean is over these alone.")
    applying: int = Field(description="Capabilities that apply.")
    areas: list[Part]
    capabilities: list[Part]
    priorities: list[Priority]
    readings: list[Compared]


class Step(Schema):
    """A step of a roadmap; VND."""

    id: str
    title: Text
    year: int
    cost: float
    saving: float


class Year(Schema):
    """A year of a roadmap; VND, tCO2e."""

    year: int
    cost: float
    saving: float
    running: float
    level: float
    carbon: float


class RoadmapAsked(Schema):
    """The budget, the goal and the length of a roadmap."""

    budget: int = Field(2_000_000_000, ge=1, le=10**15, description="VND a year.")
    goal: Literal["npv", "level", "level:2", "level:3", "level:4", "carbon"] = "npv"
    years: int = Field(5, ge=1, le=10, description="From this one on.")


class Roadmap(Schema):
    """The best order of steps under a budget."""

    goal: str
    reached: bool
    proven: bool = Field(description="Whether no other order is better.")
    npv: float | None = Field(description="VND.")
    carbon: float | None = Field(description="tCO2e avoided.")
    level: float | None
    steps: list[Step]
    years: list[Year]
    missing: list[str] = Field(description="What the profile does not say and a roadmap needs; it is then empty.")


class Condition(Schema):
    """A condition of a programme, and whether the factory meets it."""

    text: Text
    written: str
    state: str = Field(description="met, not_met or not_known.")
    why: Text


class Offer(Schema):
    """An instrument of a programme as it stands to one factory."""

    title: Text
    state: str
    conditions: list[Condition]
    most: int | None = Field(description="VND that one factory may get; null where that is not bounded.")


class Chance(Schema):
    """A programme as it stands to one factory."""

    programme: str
    title: Text
    years: str
    state: str
    line: int | None = Field(description="VND that the programme may give in all; null where that is not bounded.")
    offers: list[Offer]


class Stage(Schema):
    """Something that a lender wrote down of an application."""

    number: int
    application: int
    programme: str
    lender: str
    stage: str
    amount: int | None = Field(description="VND.")
    day: date
    reason: str
    corrects: int | None
    corrected_by: int | None
    made: datetime


class Application(Schema):
    """An application to a programme."""

    number: int
    factory: int
    programme: str
    amount: int = Field(description="VND.")
    purpose: str
    state: str = Field(description="draft, sent or withdrawn.")
    version: int
    made: datetime
    sent: datetime | None
    withdrawn: datetime | None
    stages: list[Stage]


class Consent(Schema):
    """What a lender might see of a factory since a moment; no fields where the consent was withdrawn."""

    lender: str
    lender_number: int
    fields: list[str]
    current: bool
    given: datetime


class Done(Schema):
    """One thing that was done to a factory's papers."""

    number: int
    at: datetime
    who: str = Field(description="For what a lender wrote down: the lender.")
    action: str
    subject: str = Field(description="What it was done to: the kind of thing and its number.")
    details: str

    @staticmethod
    def resolve_who(entry: Entry) -> str:
        """As the page tells it."""
        return who_of(entry)


class Lender(Schema):
    """An organisation to which a factory may show something of itself."""

    number: int
    name: str


class GivenAnswer(Schema):
    """An answer as it shall stand."""

    value: Literal[-1, 0, 1, 2] = Field(-1, description="1 yes, 0 no, 2 does not apply, -1 not answered.")
    note: str = Field("", max_length=2000)
    status: int | None = Field(None, description="Of an assessor's reading: how well it is backed.")


class ReadAgain(Schema):
    """In whose name a reading is begun."""

    reader: str = Field("", max_length=300, description="One's organisation by name, where one is assessor in several.")


class Section(Schema):
    """The answers of a part of an assessment; a criterion that is not named is not answered."""

    version: int = Field(ge=0, le=2**31 - 2, description="That was read; 0 where nothing was saved yet.")
    answers: dict[str, GivenAnswer] = Field(description="By criterion.")


class ApplicationAsked(Schema):
    """An application as it shall stand."""

    amount: int = Field(ge=1, le=10**15, description="VND.")
    purpose: str = Field(min_length=1, max_length=4000)
    version: int = Field(0, ge=0, le=2**31 - 2, description="That was read; 0 for a new one.")
    sure: bool = Field(False, description="Whether an amount that is unlikely is meant.")


class Consented(Schema):
    """What a lender may see from now on; nothing withdraws the consent."""

    fields: list[str] = Field(max_length=100)
