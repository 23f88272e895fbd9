"""The shapes of what the laboratory answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ninja import Field, Schema


class Design(Schema):
    """A programme with changes."""

    number: int
    id: str = Field(description="By which files and runs know it.")
    name: str
    owner: str
    parent: int | None
    programme: str
    origin: str = Field(description="The variant that it began with; empty for the programme as declared.")
    version: int
    made: datetime
    changed: datetime


class Place(Schema):
    """A place of a programme in which a design may say something else."""

    name: str = Field(description="By which it is saved.")
    title: str
    kind: str
    unit: str
    stated: str = Field(description="What the programme says there.")
    value: str = Field(description="What the design says there.")
    usual: str | None = Field(description="What holds where nothing is said there; null where nothing limits it.")
    flag: bool | None = Field(description="Of a lever that is yes or no (1 or 0), what holds where nothing is said.")
    low: float | None = Field(description="The least that is declared, likely or possible, in its unit.")
    high: float | None


class DesignWhole(Design):
    """A design with its changes, and its file, which the command line runs."""

    changes: dict[str, Any]
    facts: dict[str, Any]
    file: str = Field(description="YAML.")
    places: list[Place]
    people: list[str] = Field(description="With whom it is shared; told to its owner alone.")
    roles: list[str]
    trials: list[int]


class Number(Schema):
    """A number of the sample or of a run, in words."""

    value: str
    apart: str = Field(description="Difference to the programme as declared, in the same draws.")
    more: str = Field(description="In which share of draws it is larger.")
    cells: list[str] = Field(description="Median, both ends of the 90 % interval, unit; or empty ones and why none.")
    differs: list[str] = Field(description="Median and both ends of the difference.")


class Row(Schema):
    """A number of all scenarios."""

    title: str
    cells: list[Number]


class Told(Schema):
    """Designs beside the programme as declared."""

    rows: int
    draws: int
    titles: list[str]
    numbers: list[Row]
    sentence: str
    mistake: str = Field(description="Why there is no answer; empty where there is one.")


class Trial(Schema):
    """A run of designs in full, or a design's list of who should be offered what."""

    number: int
    kind: str
    designs: list[str]
    programme: str
    draws: int
    seed: int
    digest: str
    made: datetime
    state: str
    done: int = Field(description="Draws or steps done.")
    mistake: str


class Line(Schema):
    """A group; one of too few units has its title alone."""

    title: str
    units: str
    effect: list[str] = Field(description="Against no programme: median, both ends of the 90 % interval, unit.")
    apart: list[str] = Field(description="Against the programme as declared, same draws: median and both ends.")
    more: str = Field(description="In which share of draws it gains more than under the programme as declared.")
    verdict: str = Field(description="wins or loses where 95 % of the draws say so, alike, else open; may be empty.")


class Division(Schema):
    """Who wins and who loses, by one column."""

    title: str
    outcome: str
    lines: list[Line]


class Matter(Schema):
    """A fact that carries variance of the main effect."""

    fact: str
    title: str
    share: str


class ByDesign(Schema):
    """What a run says of one design."""

    id: str
    divisions: list[Division]
    matter: list[Matter]


class Table(Schema):
    """Rows in words under their headings."""

    heads: list[str]
    rows: list[list[str]]


class TrialWhole(Trial):
    """A trial and, once it is done, what came of it; words in the language that the header Accept-Language asks for."""

    headlines: dict[str, Any] | None = Field(description="Of a run: medians and 90 % intervals, by scenario.")
    told: Told | None
    by_design: list[ByDesign]
    sentences: list[str] = Field(description="Of a list: what it is expected to bring.")
    ways: Table | None = Field(description="Of a list: beside simple rules.")
    units: Table | None = Field(description="Of a list: its first units; the file offers has all.")
    downloads: list[str]


class SampleAsked(Schema):
    """The designs to be tried."""

    design: list[int] = Field(min_length=1, max_length=4, description="Numbers of designs of one programme.")


class RunAsked(Schema):
    """A run of a design in full, beside others of the same programme."""

    draws: int = Field(ge=2, le=1000)
    seed: int = Field(1, ge=1, le=2**31 - 1)
    beside: list[int] = Field([], max_length=3, description="Numbers of other designs.")


class ListAsked(Schema):
    """A list of who should be offered what under a design."""

    draws: int = Field(ge=4, le=256)
    seed: int = Field(1, ge=1, le=2**31 - 1)


class DesignBegun(Schema):
    """A new design."""

    name: str = Field(min_length=1, max_length=120)
    begin: str = Field(max_length=200, description="A programme, or programme/variant.")


class DesignForked(Schema):
    """A design of one's own that begins where another stands."""

    name: str = Field(min_length=1, max_length=120)


class DesignSaved(Schema):
    """A design as it shall stand."""

    name: str = Field(min_length=1, max_length=120)
    version: int = Field(ge=1, le=2**31 - 2, description="That was read; another means that somebody saved since.")
    places: dict[str, str] = Field(
        description="By name of a place what it says; one that is not named says what the programme says."
    )


class DesignTried(Schema):
    """A design as it might stand."""

    places: dict[str, str] = Field(
        description="By name of a place what it says; one that is not named says what the saved design says."
    )


class DesignShared(Schema):
    """With whom a design is shared, all told."""

    people: list[str] = Field([], max_length=200, description="Addresses of people of the city's staff.")
    roles: list[str] = Field([], max_length=10)
