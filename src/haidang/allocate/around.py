"""Models around a model: the same in all but what they add, so that the engine need not know of allocation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from haidang.models import Columns, Model, Option, Outcome, Scene, Taken

Array = Any
_MONEY = "VND"


class Around(Model):
    """A model that is another one.

    Args:
        inner: the other.
    """

    def __init__(self, inner: Model) -> None:
        """Take over the card."""
        self.inner, self.card = inner, inner.card

    def start(self, units: Columns, fact: Mapping[str, Array]) -> Mapping[str, Array]:
        """As in the model."""
        return self.inner.start(units, fact)

    def prepare(self, units: Columns, fact: Mapping[str, Array]) -> Mapping[str, Array]:
        """As in the model."""
        return self.inner.prepare(units, fact)

    def derive(self, units: Columns, state: Mapping[str, Array]) -> Mapping[str, Array]:
        """As in the model."""
        return self.inner.derive(units, state)

    def observe(self, units: Columns, state: Mapping[str, Array]) -> Mapping[str, Array]:
        """As in the model."""
        return self.inner.observe(units, state)

    def options(self, scene: Scene) -> Mapping[str, Option]:
        """As in the model."""
        return self.inner.options(scene)

    def stages(self, scene: Scene) -> Mapping[str, Array]:
        """As in the model."""
        return self.inner.stages(scene)

    def rank(self, scene: Scene, choice: Array, names: tuple[str, ...]) -> Mapping[str, Array]:
        """As in the model."""
        return self.inner.rank(scene, choice, names)

    def move(self, scene: Scene, taken: Taken) -> Mapping[str, Array]:
        """As in the model."""
        return self.inner.move(scene, taken)

    def outcomes(self, scene: Scene, taken: Taken, after: Mapping[str, Array]) -> Mapping[str, Array]:
        """As in the model."""
        return self.inner.outcomes(scene, taken, after)


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
