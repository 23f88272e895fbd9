"""Reading YAML as people write it in packs, and nothing else of YAML.

A file is refused before it can do harm: by its size before it is read, by its encoding before it is scanned, and by
the number of values it stands for before any alias is expanded. Values stay texts; whoever reads a key decides what
it means. Tags, merge keys and several documents in one file are refused. Two spellings go beyond YAML, because
packs are full of them: a range with its unit (`[6.1, 7.9] %/year`) and a unit that begins with `%` need no quotes.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn, cast

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.reader import ReaderError

from haidang.errors import Place
from haidang.facts.nodes import Node, Scalar, Sequence, Table, YamlError, kind
from haidang.facts.reader import Reader

__all__ = [
    "LARGEST_FILE",
    "Node",
    "Reader",
    "Scalar",
    "Sequence",
    "Table",
    "YamlError",
    "kind",
    "parse_yaml",
    "read_yaml",
]

LARGEST_FILE = 5_000_000
MOST_VALUES = 200_000
DEEPEST = 40

RANGE_WITH_UNIT = re.compile(r"\[[^\[\]{}\"'#\n]*\][ \t]+[A-Za-z%][^,\[\]{}#\n\0]*")
PERCENT_INSIDE = re.compile(r"(?<=[^\n])%")
"""A `%` that does not begin a line, where it would be a directive."""
VEILS = {sign: chr(0xF8F0 + place) for place, sign in enumerate("[],%")}
BRACKETS = str.maketrans({sign: veil for sign, veil in VEILS.items() if sign != "%"})
UNVEIL = str.maketrans({veil: sign for sign, veil in VEILS.items()})
PRIVATE = re.compile("[" + "".join(VEILS.values()) + "]")
HALF_A_CHARACTER = re.compile("[\ud800-\udfff]")
TAB_IN_INDENT = re.compile(r"^ *\t[ \t]*[^\s#]", re.MULTILINE)


def read_yaml(path: Path | str) -> Node:
    """The file's one document as a tree of nodes with line numbers.

    Raises:
        YamlError: the file is missing, too large, not UTF-8, empty, not YAML, or stands for too many values.
    """
    return parse_yaml(_read_text(Path(path)), str(path))


def parse_yaml(text: str, path: str) -> Node:
    """The text's one document as a tree of nodes; `path` is what errors name.

    Raises:
        YamlError: the text is empty, not YAML, or stands for too many values.
    """
    tab = TAB_IN_INDENT.search(text)
    if tab is not None:
        line = text.count("\n", 0, tab.start()) + 1
        raise YamlError("expected spaces before the first word, found a tab", Place(path, line))
    private = PRIVATE.search(text)
    if private is not None:
        line = text.count("\n", 0, private.start()) + 1
        raise YamlError("expected characters with a meaning, found one for private use", Place(path, line))
    try:
        node = _composed(text, path)
    except YAMLError as mistake:
        raise YamlError(*_said(mistake, text, path)) from None
    except (ValueError, OverflowError):
        # The parser lets these through where an escape such as "\\U99999999" stands for no character.
        raise YamlError("expected YAML, found an escape that is no character", Place(path)) from None
    if node is None or (isinstance(node, Scalar) and node.absent):
        raise YamlError("expected a mapping, found an empty file", Place(path))
    return node


def _read_text(path: Path) -> str:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise YamlError("expected a file, found something else of that name", Place(str(path)))
        if status.st_size > LARGEST_FILE:
            raise YamlError(
                f"expected at most {LARGEST_FILE / 1e6:g} MB, found {status.st_size / 1e6:.0f} MB", Place(str(path))
            )
        data = path.read_bytes()
    except OSError as mistake:
        reason = "no such file" if isinstance(mistake, FileNotFoundError) else mistake.strerror or "it failed"
        raise YamlError(f"expected a file that can be read: {reason}", Place(str(path))) from None
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as mistake:
        line = data.count(b"\n", 0, mistake.start) + 1
        found = f"byte 0x{data[mistake.start]:02x}"
        raise YamlError(
            f"expected UTF-8 text, found {found}", Place(str(path), line), "save the file as UTF-8"
        ) from None


def _composed(text: str, path: str) -> Node | None:
    """The tree, from the parser in C; where that one stumbles, the parser in Python says what is wrong."""
    veiled = _veil(text)
    try:
        return _Composer(path).compose(_events(veiled, pure=False))
    except YAMLError:
        return _Composer(path).compose(_events(veiled, pure=True))


def _veil(text: str) -> str:
    """The text with the two spellings of packs written so that they are plain YAML; `UNVEIL` brings them back.

    The signs stand for themselves again wherever they were, in quotes and comments too, so nothing else changes.
    """
    ranges = RANGE_WITH_UNIT.sub(lambda found: _veil_brackets(found[0]), text)
    return PERCENT_INSIDE.sub(VEILS["%"], ranges)


def _veil_brackets(text: str) -> str:
    end = text.index("]") + 1
    return text[:end].translate(BRACKETS) + text[end:]


def _events(text: str, pure: bool) -> Iterator[Any]:
    yaml: Any = YAML(typ="safe", pure=pure)
    return yaml.parse(text)


def _said(mistake: YAMLError, text: str, path: str) -> tuple[str, Place]:
    """What the parser or, on a control character, its reader met, and where."""
    met = cast("Any", mistake)
    if isinstance(mistake, ReaderError):
        place = Place(path, text.count("\n", 0, int(met.position)) + 1)
        return "expected printable characters, found a control character", place
    mark = met.problem_mark or met.context_mark
    said = " ".join(str(part) for part in (met.problem, met.context) if part)
    return f"expected YAML: {said.translate(UNVEIL)}", Place(path, None if mark is None else int(mark.line) + 1)


@dataclass(slots=True)
class _Open:
    """A list or mapping that is still being read."""

    line: int
    anchor: str | None
    items: list[Node] | None = None
    entries: dict[str, Node] = field(default_factory=dict[str, Node])
    key_lines: dict[str, int] = field(default_factory=dict[str, int])
    key: str | None = None
    values: int = 1


class _Composer:
    """Builds the tree from the parser's events, counting what aliases would stand for when written out."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.open: list[_Open] = []
        self.anchors: dict[str, tuple[Node, int]] = {}
        self.root: Node | None = None
        self.documents = 0

    def compose(self, events: Iterator[Any]) -> Node | None:
        for event in events:
            self.take(event)
        return self.root

    def take(self, event: Any) -> None:
        line = int(event.start_mark.line) + 1
        form = cast("type[object]", type(event))
        if getattr(event, "tag", None) is not None:
            self.refuse(line, "expected plain YAML, found a tag", "tags such as '!name' are not read")
        if form is ScalarEvent:
            node = Scalar(str(event.value).translate(UNVEIL), line, quoted=bool(event.style))
            if HALF_A_CHARACTER.search(node.text) is not None:
                self.refuse(line, "expected characters, found half a surrogate pair")
            self.place(node, 1, event.anchor, line)
        elif form is AliasEvent:
            self.take_alias(str(event.anchor), line)
        elif form is MappingStartEvent or form is SequenceStartEvent:
            if len(self.open) >= DEEPEST:
                self.refuse(line, f"expected at most {DEEPEST} levels of nesting, found more")
            self.open.append(_Open(line, event.anchor, [] if form is SequenceStartEvent else None))
        elif form is MappingEndEvent or form is SequenceEndEvent:
            self.close()
        elif form is DocumentStartEvent:
            self.documents += 1
            if self.documents > 1:
                self.refuse(line, "expected one document, found a second one")

    def take_alias(self, name: str, line: int) -> None:
        if name not in self.anchors:
            self.refuse(line, f"expected an anchor that is complete, found '*{name}'")
        node, values = self.anchors[name]
        self.place(node, values, None, line)

    def close(self) -> None:
        done = self.open.pop()
        node = (
            Table(done.entries, done.key_lines, done.line)
            if done.items is None
            else Sequence(tuple(done.items), done.line)
        )
        self.place(node, done.values, done.anchor, done.line)

    def place(self, node: Node, values: int, anchor: str | None, line: int) -> None:
        """Put a finished node where it belongs; `values` is how many it stands for, aliases written out."""
        if anchor is not None:
            self.anchors[anchor] = (node, values)
        if not self.open:
            self.root = node
            return
        around = self.open[-1]
        around.values += values
        if sum(one.values for one in self.open) > MOST_VALUES:
            self.refuse(line, f"expected at most {MOST_VALUES} values with aliases written out, found more")
        if around.items is not None:
            around.items.append(node)
        elif around.key is None:
            around.key = self.key(node, line, around)
        else:
            around.entries[around.key] = node
            around.key = None

    def key(self, node: Node, line: int, around: _Open) -> str:
        if not isinstance(node, Scalar):
            self.refuse(line, f"expected a key, found {kind(node)}")
        key = node.text
        if key == "<<" and not node.quoted:
            self.refuse(line, "expected a key, found '<<'", "merge keys are not read, write the values out")
        if key in around.entries:
            first = around.key_lines[key]
            raise YamlError(
                f"expected each key once, found it first in line {first}", Place(self.path, line, self.path_to(key))
            )
        around.key_lines[key] = line
        return key

    def path_to(self, key: str) -> str:
        return ".".join([*(one.key for one in self.open if one.key is not None), key])

    def refuse(self, line: int, problem: str, hint: str | None = None) -> NoReturn:
        raise YamlError(problem, Place(self.path, line), hint)
