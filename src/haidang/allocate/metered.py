"""A model that also tells what each unit takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from haidang.models import Model, Outcome, Scene, Taken
from haidang.study.around import Around

Array = Any
_MONEY = "VND"


class Metered(Around):
    """A model that also tells what each unit takes of each resource, over all years.

    Args:
        inner: the model.
    """

    def __init__(self, inner: Model) -> None:
        """Put the resources among the tracked outcomes."""
        super().__init__(inner)
        taken = tuple(
            Outcome(use_of(name), one.title, one.unit, good="neutral", quantum=1.0 if one.unit == _MONEY else 1e-3)
            for name, one in inner.card.resources.items()
        )
        self.card = replace(
            inner.card,
            outcomes=(*inner.card.outcomes, *taken),
            tracked=(*inner.card.tracked, *(one.id for one in taken)),
        )

    def outcomes(self, scene: Scene, taken: Taken, after: Mapping[str, Array]) -> Mapping[str, Array]:
        """As in the model, and what was taken."""
        found = self.inner.outcomes(scene, taken, after)
        return {**found, **{use_of(name): taken.uses[name] for name in self.inner.card.resources}}


def use_of(resource: str) -> str:
    """The outcome that tells the use of a resource."""
    return f"use_of_{resource}"
