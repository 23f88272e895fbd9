"""What is to be simulated, and the scenarios that follow from it."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from haidang.errors import HaidangError, did_you_mean
from haidang.packs import Pack
from haidang.packs.design_file import designed, read_design, refuse_mixed, supposing
from haidang.programmes import Programme, check_programme

DEFAULT_DRAWS = 200
DEFAULT_MEMORY = 2_000_000_000
EVERY_VARIANT = ("all",)


class StudyError(HaidangError):
    """A study that cannot be made as asked."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be simulated.

    Args:
        programme: id of the programme in the pack.
        variants: ids of its variants; `("all",)` for every one.
        draws: how many draws; one draw takes every fact at its stated value.
        seed: the seed of all chance.
        rows: rows of the population that is built; as its description says where None.
        units: a file of units to run on instead of the pack's population.
        plan: the folder of a plan that is one more scenario.
        designs: files of designs, each of which is one more scenario.
        workers: how many groups of draws run at once.
        memory: bytes that the population may take; a larger file is streamed.

    Raises:
        StudyError: draws, rows or workers below one, or a negative seed.
    """

    programme: str
    variants: tuple[str, ...] = ()
    draws: int = DEFAULT_DRAWS
    seed: int = 1
    rows: int | None = None
    units: Path | None = None
    plan: Path | None = None
    designs: tuple[Path, ...] = ()
    workers: int = field(default_factory=lambda: os.cpu_count() or 1)
    memory: int = DEFAULT_MEMORY

    def __post_init__(self) -> None:
        """Refuse numbers that mean nothing."""
        for name, value, least in (("draws", self.draws, 1), ("workers", self.workers, 1), ("seed", self.seed, 0)):
            if value < least:
                raise StudyError(f"expected --{name} of {least} or more, found {value}")
        if self.rows is not None and self.rows < 1:
            raise StudyError(f"expected --rows of 1 or more, found {self.rows}")

    @property
    def identity(self) -> tuple[Any, ...]:
        """What of the question changes its numbers: not how many workers run it, nor how much memory they have."""
        return (self.programme, self.variants, self.draws, self.seed, self.rows)


def pack_of(pack: Pack, question: Question) -> Pack:
    """The pack as a question's designs suppose it to be; itself where they suppose nothing.

    Raises:
        HaidangError: a design that cannot be read, or facts that cannot be supposed.
    """
    return supposing(pack, [read_design(path) for path in question.designs])


def scenarios_of(pack: Pack, question: Question) -> tuple[tuple[str, Programme], ...]:
    """The programme, the variants and the designs asked for, by the id under which the run shows them.

    Args:
        pack: from `pack_of`.
        question: what is to be simulated.

    Raises:
        StudyError: a variant that the programme does not have.
        HaidangError: a programme that does not go with its model or the facts, or a design that cannot be run.
    """
    file = pack.programme(question.programme)
    asked = tuple(file.variants) if question.variants == EVERY_VARIANT else question.variants
    for name in asked:
        if name not in file.variants:
            raise StudyError(
                f"expected a variant of '{question.programme}', found '{name}'", None, did_you_mean(name, file.variants)
            )
    card = pack.model(file.base.model).card
    for programme in (file.base, *(file.variants[name] for name in asked)):
        check_programme(programme, card, pack.book)
    designs = [read_design(path) for path in question.designs]
    refuse_mixed(designs, question.programme)
    return (
        (file.base.id, file.base),
        *((name, file.variants[name]) for name in dict.fromkeys(asked)),
        *((one.id, designed(pack, one)) for one in designs),
    )
