"""What a programme needs to know of a model, and nothing else of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class ModelColumn(Protocol):
    """A column that expressions may name."""

    @property
    def kind(self) -> str:
        """`category`, `flag`, `number` or `level`."""
        ...

    @property
    def unit(self) -> str:
        """The unit of measure of a number; empty for a plain one."""
        ...

    @property
    def categories(self) -> tuple[str, ...]:
        """The words of a category column; empty where the model leaves them open."""
        ...


class ModelLever(Protocol):
    """A number of the model that a programme may change."""

    @property
    def unit(self) -> str:
        """The unit of measure."""
        ...

    @property
    def default(self) -> float | str:
        """The value without a programme: a number in canonical units, or the id of a fact."""
        ...


class ModelResource(Protocol):
    """Something that a budget may limit."""

    @property
    def unit(self) -> str:
        """The unit of measure."""
        ...

    @property
    def returns(self) -> str | None:
        """The lever that says in how many years what was lent comes back; none where nothing does."""
        ...


class ModelCard(Protocol):
    """What a model declares, as far as programmes are checked against it."""

    @property
    def id(self) -> str:
        """The model's name, which a programme's `model` gives."""
        ...

    @property
    def period(self) -> str:
        """`year` or `month`."""
        ...

    @property
    def attributes(self) -> Mapping[str, ModelColumn]:
        """The columns of the population that the model reads, by which capacities are told apart."""
        ...

    @property
    def columns(self) -> Mapping[str, ModelColumn]:
        """Attributes, states and derived columns that every expression may name."""
        ...

    @property
    def ranks(self) -> Mapping[str, ModelColumn]:
        """Columns that describe the wish itself, which only `ration` may name."""
        ...

    @property
    def levers(self) -> Mapping[str, ModelLever]:
        """The levers by name."""
        ...

    @property
    def resources(self) -> Mapping[str, ModelResource]:
        """The resources by name."""
        ...
