"""Reading the keys of one mapping, so that every mistake names its file, line, key and nearest spelling."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TypeAlias, TypeVar

from haidang.errors import Place, did_you_mean, nearest
from haidang.facts.nodes import MissingKeyError, Node, Scalar, Sequence, Table, UnknownKeyError, WrongValueError, kind
from haidang.facts.units import NUMERAL, parse_quantity

T = TypeVar("T")

MOST_LISTED = 20

NUMBER = re.compile(NUMERAL)
INTEGER = re.compile(r"[+-]?[0-9](?:_?[0-9]){0,17}")
LANGUAGES = ("vi", "en")

Words: TypeAlias = str | Mapping[str, str]
"""A text for readers: in Vietnamese (`vi`) and English (`en`), or one that serves both languages."""


class Reader:
    """The keys of one mapping in a YAML file.

    `required`, `optional` and `forbid_unknown` give nodes; the other methods give a key's value in the kind asked
    for. A method `x_or` returns its default where the key is not written; `x` raises `MissingKeyError` instead.

    Args:
        node: what the file has at this place.
        path: the file, for messages.
        key: the dotted way from the file's top to this mapping.

    Raises:
        WrongValueError: the node is no mapping.
    """

    __slots__ = ("key", "path", "table")

    def __init__(self, node: Node, path: Path | str, key: str = "") -> None:
        """Take the node as a mapping."""
        self.path = str(path)
        self.key = key
        if not isinstance(node, Table):
            raise WrongValueError(f"expected a mapping, found {kind(node)}", Place(self.path, node.line, key or None))
        self.table = node

    @property
    def line(self) -> int:
        """The line where the mapping begins."""
        return self.table.line

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys in the order of the file."""
        return tuple(self.table.entries)

    def place(self, key: str | None = None) -> Place:
        """Where a key stands, or the mapping itself."""
        if key is None:
            return Place(self.path, self.line, self.key or None)
        node = self.table.entries.get(key)
        line = self.table.key_lines.get(key, self.line if node is None else node.line)
        return Place(self.path, line, self._way(key))

    def required(self, key: str) -> Node:
        """The key's node.

        Raises:
            MissingKeyError: the key is not there, or nothing is written behind it.
        """
        node = self.optional(key)
        if node is None and key in self.table.entries:
            raise MissingKeyError("expected a value, found nothing", self.place(key))
        if node is None:
            raise MissingKeyError(f"expected the key '{key}', found none", self.place(), self._near_miss(key))
        return node

    def optional(self, key: str) -> Node | None:
        """The key's node, or none where the key is not there or nothing is written behind it."""
        node = self.table.entries.get(key)
        return None if isinstance(node, Scalar) and node.absent else node

    def forbid_unknown(self, known: Collection[str]) -> None:
        """Refuse every key that is not among the known ones.

        Raises:
            UnknownKeyError: with the nearest known key.
        """
        for key in self.table.entries:
            if key not in known:
                raise UnknownKeyError("expected a known key, found this one", self.place(key), spelling(key, known))

    def forbid_empty(self) -> None:
        """Refuse every key behind which nothing is written.

        Raises:
            MissingKeyError: a key has no value.
        """
        for key in self.table.entries:
            self.required(key)

    def text(self, key: str) -> str:
        """The key's text."""
        return self._text(key, self.required(key))

    def text_or(self, key: str, default: T) -> str | T:
        """The key's text, or the default."""
        return default if self.optional(key) is None else self.text(key)

    def texts(self, key: str) -> tuple[str, ...]:
        """One text or a list of texts."""
        node = self.required(key)
        if isinstance(node, Sequence):
            return tuple(self._text(key, item) for item in node.items)
        return (self.text(key),)

    def texts_or(self, key: str, default: T) -> tuple[str, ...] | T:
        """One text or a list of texts, or the default."""
        return default if self.optional(key) is None else self.texts(key)

    def one_of(self, key: str, choices: Collection[str]) -> str:
        """The key's text, which must be one of the choices."""
        found = self.text(key)
        if found not in choices:
            raise WrongValueError(
                f"expected one of {', '.join(choices)}, found '{found}'",
                self._value_place(key),
                spelling(found, choices),
            )
        return found

    def one_of_or(self, key: str, choices: Collection[str], default: T) -> str | T:
        """The key's text among the choices, or the default."""
        return default if self.optional(key) is None else self.one_of(key, choices)

    def number(self, key: str) -> float:
        """The key's plain number, finite."""
        return self._number(key, self.required(key))

    def number_or(self, key: str, default: T) -> float | T:
        """The key's plain number, or the default."""
        return default if self.optional(key) is None else self.number(key)

    def numbers(self, key: str) -> tuple[float, ...]:
        """A list of plain numbers, finite."""
        return tuple(self._number(key, item) for item in self.items(key))

    def matrix(self, key: str) -> tuple[tuple[float, ...], ...]:
        """A list of lists of plain numbers, finite."""
        rows = self.items(key)
        for row in rows:
            if not isinstance(row, Sequence):
                raise WrongValueError(f"expected a list of numbers, found {kind(row)}", self._at(key, row))
        return tuple(tuple(self._number(key, item) for item in row.items) for row in rows if isinstance(row, Sequence))

    def integer(self, key: str) -> int:
        """The key's whole number."""
        node = self._scalar(key, self.required(key), "a whole number")
        if INTEGER.fullmatch(node.text) is None:
            raise WrongValueError(f"expected a whole number, found {kind(node)}", self._at(key, node))
        return int(node.text)

    def integer_or(self, key: str, default: T) -> int | T:
        """The key's whole number, or the default."""
        return default if self.optional(key) is None else self.integer(key)

    def flag(self, key: str) -> bool:
        """The key's `true` or `false`."""
        node = self._scalar(key, self.required(key), "true or false")
        if node.text not in {"true", "false"}:
            raise WrongValueError(f"expected true or false, found {kind(node)}", self._at(key, node))
        return node.text == "true"

    def flag_or(self, key: str, default: T) -> bool | T:
        """The key's `true` or `false`, or the default."""
        return default if self.optional(key) is None else self.flag(key)

    def quantity(self, key: str) -> tuple[float, str]:
        """The key's number and its unit's text: `1500e9 VND`."""
        node = self._scalar(key, self.required(key), "a number and its unit")
        return parse_quantity(node.text, self._at(key, node))

    def title(self, key: str = "title") -> Mapping[str, str]:
        """The key's text in Vietnamese (`vi`) and English (`en`)."""
        words = self.child(key)
        words.forbid_unknown(LANGUAGES)
        return {language: words.text(language) for language in LANGUAGES}

    def title_or(self, default: T, key: str = "title") -> Mapping[str, str] | T:
        """The key's text in both languages, or the default."""
        return default if self.optional(key) is None else self.title(key)

    def words(self, key: str) -> Words:
        """The key's text in both languages, or the one text that serves both."""
        return self.title(key) if isinstance(self.required(key), Table) else self.text(key)

    def words_or(self, key: str, default: T) -> Words | T:
        """The key's words, or the default."""
        return default if self.optional(key) is None else self.words(key)

    def items(self, key: str) -> tuple[Node, ...]:
        """The nodes of the key's list."""
        node = self.required(key)
        if not isinstance(node, Sequence):
            raise WrongValueError(f"expected a list, found {kind(node)}", self._at(key, node))
        return node.items

    def child(self, key: str) -> Reader:
        """The key's mapping."""
        return Reader(self.required(key), self.path, self._way(key))

    def child_or(self, key: str, default: T) -> Reader | T:
        """The key's mapping, or the default."""
        return default if self.optional(key) is None else self.child(key)

    def children(self, key: str) -> Mapping[str, Reader]:
        """The key's mapping of mappings."""
        around = self.child(key)
        return {name: around.child(name) for name in around.keys}

    def each(self, key: str) -> tuple[Reader, ...]:
        """The key's mapping, or each mapping of its list, which is the same for one and for several."""
        node = self.required(key)
        nodes = node.items if isinstance(node, Sequence) else (node,)
        return tuple(Reader(item, self.path, self._way(key)) for item in nodes)

    def _text(self, key: str, node: Node) -> str:
        text = self._scalar(key, node, "a text").text.strip()
        if not text:
            raise WrongValueError("expected a text, found an empty one", self._at(key, node))
        return text

    def _scalar(self, key: str, node: Node, wanted: str) -> Scalar:
        if not isinstance(node, Scalar) or node.absent:
            raise WrongValueError(f"expected {wanted}, found {kind(node)}", self._at(key, node))
        return node

    def _number(self, key: str, node: Node) -> float:
        scalar = self._scalar(key, node, "a number")
        value = float(scalar.text) if NUMBER.fullmatch(scalar.text) else math.nan
        if not math.isfinite(value):
            raise WrongValueError(f"expected a finite number, found {kind(scalar)}", self._at(key, scalar))
        return value

    def _near_miss(self, key: str) -> str | None:
        near = nearest(key, self.keys)
        return None if near is None else f"is '{near}' meant to be it?"

    def _way(self, key: str) -> str:
        return f"{self.key}.{key}" if self.key else key

    def _at(self, key: str, node: Node) -> Place:
        return Place(self.path, node.line, self._way(key))

    def _value_place(self, key: str) -> Place:
        return self._at(key, self.table.entries[key])


def spelling(word: str, choices: Collection[str]) -> str | None:
    """The nearest choice as a hint, else the list of all where it is short enough to be read."""
    return did_you_mean(word, choices) if len(choices) <= MOST_LISTED or nearest(word, choices) is not None else None
