"""The shapes of what is answered of pilots."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ninja import Field, Schema

from haidang.web.api.shapes import Text


class Pilot(Schema):
    """A pilot."""

    number: int
    id: str
    title: Text
    made: datetime
    registered: datetime | None
    hash: str = Field(description="SHA-256 of its declaration as it stands.")


class Registered(Schema):
    """A line of the register."""

    when: date
    kind: str
    hash: str
    reason: str
    seal: str
    after_lots: bool = Field(description="Whether it came once the lots were drawn.")


class Arm(Schema):
    """What a part of the units gets."""

    id: str
    title: Text
    share: float


class Decision(Schema):
    """What was decided; by whom is told to the pilot's readers alone."""

    what: str
    reason: str
    at: datetime
    by: str | None
    plan: str = Field(description="Hash of the registered declaration that it rests on; empty for an old decision.")
    register_end: str = Field(description="Hash of the register's last line.")
    outcomes: str | None = Field(description="SHA-256 of the outcomes that were evaluated; null before any evaluation.")
    evaluation: str | None = Field(description="SHA-256 of the evaluation; null where it was made before any.")


class PilotWhole(Pilot):
    """A pilot as declared and registered, and what was decided."""

    question: Text
    declaration: str = Field(description="YAML.")
    arms: list[Arm]
    units: int
    rule: str
    watched: bool = Field(
        description="Whether reports are looked at while it runs; else nothing warns by its guardrails nor stops it."
    )
    outcome: str
    unit: str
    start: date
    end: date
    registrations: list[Registered]
    in_force: bool = Field(description="Whether what is registered is what is declared now.")
    decisions: list[Decision]


class Look(Schema):
    """What was known at the end of a day, or after an arrival."""

    day: date
    arrivals: dict[str, int] = Field(description="Reports so far, by arm.")
    estimate: float | None = Field(description="The effect so far, in the outcome's unit.")
    low: float | None = Field(description="Lower end of the interval that holds at all looks together.")
    high: float | None
    evidence: dict[str, float] = Field(description="The largest e-value so far, by what it is against.")
    fired: list[str] = Field(description="The stop rules that have spoken.")


class Balance(Schema):
    """How alike the arms were before."""

    about: str
    value: float | None
    verdict: str


class Monitoring(Schema):
    """The lots and what was seen since."""

    drawn: bool = Field(description="Whether every unit has its arm.")
    balance: list[Balance]
    looks: list[Look]


class Power(Schema):
    """What the designs can find, as last told; null where nobody asked."""

    told: dict[str, Any] | None


class Evaluated(Schema):
    """An evaluation that was made; its file is `evaluation-HASH.json` by the hash of what it found."""

    at: datetime
    plan: str = Field(description="Hash of the registered declaration.")
    outcomes: str = Field(description="SHA-256 of the outcomes.")
    found: str = Field(description="SHA-256 of what it found.")
    action: str


class Evaluation(Schema):
    """What the last evaluation as registered found, null where there was none yet; and every one, the newest first."""

    found: dict[str, Any] | None
    every: list[Evaluated]


class Work(Schema):
    """Work for the pilot that was asked for."""

    number: int
    kind: str
    state: str
    mistake: str


class Reports(Schema):
    """Every report of the pilot's units so far, as a table: new ones after those that were sent before."""

    table: str = Field(min_length=1, max_length=2_000_000, description="CSV with its headings.")


class Seen(Schema):
    """That reports were taken."""

    days: int = Field(description="Days that the log did not hold yet.")


class Declared(Schema):
    """A pilot as its file says it."""

    declaration: str = Field(min_length=1, max_length=200_000, description="YAML, as `haidang pilot` reads it.")


class Amended(Schema):
    """That a plan stands from now on."""

    amendment: str = Field("", max_length=2000, description="Why a registered plan is changed; empty the first time.")
    after_lots: bool = Field(False, description="That it is meant, where the lots are drawn already.")


class Lots(Schema):
    """The units that get their arms."""

    table: str = Field(min_length=1, max_length=2_000_000, description="CSV with its headings.")
    salt: str = Field(
        "", max_length=200,
        description="A text that nobody could choose beforehand, of 4 letters or more; none where a score decides.",
    )  # fmt: skip


class SiteLots(Schema):
    """That this site's factories get their arms, as they were when their table was taken."""

    units: str = Field(
        pattern="^[0-9a-f]{64}$", description="SHA-256 of the table that `GET /pilots/units` gave, byte for byte."
    )
    salt: str = Field(
        "", max_length=200,
        description="A text that nobody could choose beforehand, of 4 letters or more; none where a score decides.",
    )  # fmt: skip


class PowerAsked(Schema):
    """How many pilots of each design to simulate."""

    pilots_simulated: int = Field(100, ge=20, le=1000)


class Decided(Schema):
    """What is to become of a programme, and why."""

    what: str = Field(max_length=10, description="scale, change or stop.")
    reason: str = Field(min_length=1, max_length=5000)
    before_evaluation: bool = Field(False, description="That it is meant, where nothing was evaluated yet.")
