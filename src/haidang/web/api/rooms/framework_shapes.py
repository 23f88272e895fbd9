"""The shapes of what a self-assessment asks."""

from __future__ import annotations

from ninja import Field, Schema

from haidang.web.api.shapes import Text


class FrameworkCriterion(Schema):
    """A statement that is true of a factory or not."""

    id: str
    level: int
    kind: str = Field(description="must decides the level; should is advice.")
    text: Text
    question: Text
    evidence_kinds: list[str]
    evidence_example: Text
    remedy: Text
    effort: str


class FrameworkCapability(Schema):
    """A part of an assessment."""

    id: str
    title: Text
    meaning: Text
    applies: dict[str, list[str]] = Field(description="Sectors or sizes of which it is asked; of all others not.")
    criteria: list[FrameworkCriterion]


class FrameworkArea(Schema):
    """Capabilities that belong together."""

    id: str
    title: Text
    meaning: Text
    capabilities: list[FrameworkCapability]


class FrameworkLevel(Schema):
    """A step of the scale, counted from zero."""

    level: int
    title: Text
    meaning: Text


class Framework(Schema):
    """What a self-assessment asks, and of whom."""

    id: str
    version: str
    title: Text
    levels: list[FrameworkLevel]
    areas: list[FrameworkArea]
