"""Models around a model: the same in all but what they add, so that the engine need not know of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from haidang.models import Columns, Model, Option, Scene, Taken

Array = Any


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
