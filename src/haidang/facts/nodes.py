"""What a YAML file becomes: texts, lists and mappings that know their line, and what may be wrong with one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from haidang.errors import HaidangError


class YamlError(HaidangError):
    """A file that cannot be read as plain YAML: missing, too large, badly encoded, malformed or a bomb."""


class UnknownKeyError(HaidangError):
    """A key that nothing reads, most often a misspelt one."""


class MissingKeyError(HaidangError):
    """A key that must be there and is not."""


class WrongValueError(HaidangError):
    """A value of another kind than the key takes: a list for a mapping, a word for a number, a date that is none."""


@dataclass(frozen=True, slots=True)
class Scalar:
    """One text; `quoted` tells `"12"` from `12`, and an empty unquoted text means that nothing was written."""

    text: str
    line: int
    quoted: bool = False

    @property
    def absent(self) -> bool:
        """Whether nothing was written where a value should stand."""
        return not self.quoted and self.text in {"", "~", "null"}


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list of nodes."""

    items: tuple[Node, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Table:
    """Keys in the order of the file, each with its line and its node."""

    entries: Mapping[str, Node]
    key_lines: Mapping[str, int]
    line: int


Node: TypeAlias = Scalar | Sequence | Table


def kind(node: Node) -> str:
    """The node's kind in words, for a message."""
    if isinstance(node, Table):
        return "a mapping"
    if isinstance(node, Sequence):
        return "a list"
    return "nothing" if node.absent else f"'{node.text if len(node.text) <= 60 else node.text[:57] + '...'}'"
