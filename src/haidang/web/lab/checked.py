"""Whether what was written in the places of a programme can be run, and at which place it cannot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from haidang.errors import HaidangError
from haidang.packs import Pack
from haidang.packs.design_file import design_mistakes, parse_design, supposing, write_design
from haidang.web.lab.beyond import beyond
from haidang.web.lab.slots import Board, Slot
from haidang.web.words import Language

CHECKED = "checked"
"""The id of a design that is only looked at."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What was written.

    Args:
        changes: by instrument.
        facts: what is supposed.
        mistakes: by name of a place; under the empty name what concerns no single one.
    """

    changes: Mapping[str, Mapping[str, object]]
    facts: Mapping[str, str]
    mistakes: Mapping[str, tuple[HaidangError, ...]]


def check(
    pack: Pack, programme: str, origin: str, board: Board, written: Mapping[str, str], language: Language
) -> Checked:
    """Check each place by itself, so that every mistake is said beside it, and then all together.

    Args:
        pack: whose programme it is.
        programme: its id.
        origin: the variant that the design begins with; empty for the programme itself.
        board: the places.
        written: by name of a place, what was written there.
        language: in which numbers are told.
    """
    changes, facts = board.changes(written)
    found: dict[str, tuple[HaidangError, ...]] = {}
    for slot in board.slots:
        mistakes = _alone(pack, programme, origin, board, slot, written)
        mistakes = mistakes or _senseless(slot, written.get(slot.name, "").strip(), language)
        if mistakes:
            found[slot.name] = mistakes
    if not found:
        together = mistakes_of(pack, _text(programme, origin, changes, facts))
        if together:
            found[""] = together
    return Checked(changes, facts, found)


def _alone(
    pack: Pack, programme: str, origin: str, board: Board, slot: Slot, written: Mapping[str, str]
) -> tuple[HaidangError, ...]:
    changes, facts = board.changes({slot.name: written.get(slot.name, "")})
    if not changes and not facts:
        return ()
    return mistakes_of(pack, _text(programme, origin, changes, facts))


def _senseless(slot: Slot, text: str, language: Language) -> tuple[HaidangError, ...]:
    """What is wrong with a number that the program would read, where nothing such makes sense."""
    found = beyond(slot, text, language)
    return () if found is None or not found.refused else (found.mistake,)


def mistakes_of(pack: Pack, text: str) -> tuple[HaidangError, ...]:
    """What is wrong with the file of a design; empty where it can be run."""
    try:
        design = parse_design(text, "design.yaml")
        return design_mistakes(supposing(pack, [design]), design)
    except HaidangError as mistake:
        return (mistake,)


def _text(
    programme: str, origin: str, changes: Mapping[str, Mapping[str, object]], facts: Mapping[str, str]
) -> str:  # fmt: skip
    return write_design(CHECKED, {"vi": CHECKED, "en": CHECKED}, programme, origin or None, changes, facts)
