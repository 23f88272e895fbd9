"""Reading YAML: what is read, and every way in which a file is refused."""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haidang.facts import Node, Scalar, Sequence, Table, YamlError, parse_yaml, read_yaml


def plain(node: Node) -> object:
    """The tree without its lines."""
    if isinstance(node, Table):
        return {key: plain(value) for key, value in node.entries.items()}
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return node.text


def refused(text: str) -> str:
    with pytest.raises(YamlError) as caught:
        parse_yaml(text, "money.yaml")
    return str(caught.value)


def test_a_tree_keeps_the_line_of_every_node() -> None:
    node = parse_yaml("rate:\n  value: 6.52 %/year\n\n  source:\n    - a\n    - b\n", "money.yaml")
    assert isinstance(node, Table)
    rate = node.entries["rate"]
    assert isinstance(rate, Table)
    assert rate.key_lines == {"value": 2, "source": 4}
    assert rate.entries["value"] == Scalar("6.52 %/year", 2)
    source = rate.entries["source"]
    assert isinstance(source, Sequence)
    assert [item.line for item in source.items] == [5, 6]


def test_values_stay_texts() -> None:
    text = "a: 2026..2030\nb: 0x10\nc: no\nd: 2025-10\ne: 1e3\nf: '12'\n"
    assert plain(parse_yaml(text, "f")) == {
        "a": "2026..2030",
        "b": "0x10",
        "c": "no",
        "d": "2025-10",
        "e": "1e3",
        "f": "12",
    }


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: [6.1, 7.9] %/year\n", "[6.1, 7.9] %/year"),
        ("a: [6.1, 7.9] %/year   # as published\n", "[6.1, 7.9] %/year"),
        ("a: [1e9, 2e9] VND", "[1e9, 2e9] VND"),
        ("a: '[6.1, 7.9] %/year'\n", "[6.1, 7.9] %/year"),
        ("a: %/year\n", "%/year"),
        ("a: 12 %\n", "12 %"),
        ("a: [6.1, 7.9]\n", ["6.1", "7.9"]),
        ("a: [6.1, 7.9]   # %/year\n", ["6.1", "7.9"]),
        ("a: [6.1 %, 7.9 %]\n", ["6.1 %", "7.9 %"]),
        ("a: [[1, 2], [3, 4]]\n", [["1", "2"], ["3", "4"]]),
        ("a: 'a [1, 2] VND text'\n", "a [1, 2] VND text"),
        ("a: |\n  range [1, 2] VND\n", "range [1, 2] VND\n"),
    ],
)
def test_a_range_with_its_unit_and_a_leading_percent_sign_need_no_quotes(text: str, value: object) -> None:
    assert plain(parse_yaml(text, "f")) == {"a": value}


def test_a_range_with_its_unit_stands_in_a_flow_mapping_too() -> None:
    text = "x: {value: 6.52 %/year, range: [6.1, 7.9] %/year, unit: %, source: a}\n"
    assert plain(parse_yaml(text, "f")) == {
        "x": {"value": "6.52 %/year", "range": "[6.1, 7.9] %/year", "unit": "%", "source": "a"}
    }


def test_lines_are_counted_alike_with_windows_line_ends_and_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "f.yaml"
    path.write_bytes("\ufeffa: 1\r\nb: Lãi suất\r\n".encode())
    node = read_yaml(path)
    assert isinstance(node, Table)
    assert node.entries["b"] == Scalar("Lãi suất", 2)


def test_an_alias_stands_for_its_value() -> None:
    assert plain(parse_yaml("a: &x [1, 2]\nb: *x\n", "f")) == {"a": ["1", "2"], "b": ["1", "2"]}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "money.yaml: expected a mapping, found an empty file"),
        ("# only a remark\n\n", "money.yaml: expected a mapping, found an empty file"),
        ("---\n", "money.yaml: expected a mapping, found an empty file"),
        ("a:\n\tb: 1\n", "money.yaml:2: expected spaces before the first word, found a tab"),
        ("a:\n  b: 1\n  \tc: 2\n", "money.yaml:3: expected spaces before the first word, found a tab"),
        ("a: 1\nb: 2\na: 3\n", "money.yaml:3: a: expected each key once, found it first in line 1"),
        (
            "x:\n  y: {a: 1,\n   a: 2}\n",
            "money.yaml:3: x.y.a: expected each key once, found it first in line 2",
        ),
        (
            "a: !!python/object:os.system 1\n",
            "money.yaml:1: expected plain YAML, found a tag; tags such as '!name' are not read",
        ),
        (
            "a: 1\nb: !secret {c: 1}\n",
            "money.yaml:2: expected plain YAML, found a tag; tags such as '!name' are not read",
        ),
        ("a: !!str 1\n", "money.yaml:1: expected plain YAML, found a tag; tags such as '!name' are not read"),
        (
            "a: &x {b: 1}\nc:\n  <<: *x\n",
            "money.yaml:3: expected a key, found '<<'; merge keys are not read, write the values out",
        ),
        ("a: *x\n", "money.yaml:1: expected an anchor that is complete, found '*x'"),
        ("a: &x [*x]\n", "money.yaml:1: expected an anchor that is complete, found '*x'"),
        ("a: 1\n---\nb: 2\n", "money.yaml:2: expected one document, found a second one"),
        ("[a, b]: 1\n", "money.yaml:1: expected a key, found a list"),
        ("a: 1\nb: \x07\n", "money.yaml:2: expected printable characters, found a control character"),
        ("a: 'no end\n", "money.yaml:2: expected YAML: found unexpected end of stream while scanning a quoted scalar"),
        ('a: "\\U99999999"\n', "money.yaml: expected YAML, found an escape that is no character"),
        ('a: 1\nb: "\\ud800"\n', "money.yaml:2: expected characters, found half a surrogate pair"),
        ("a: b: c\n", "money.yaml:1: expected YAML: mapping values are not allowed here"),
    ],
)
def test_each_way_of_not_being_plain_yaml_is_said_in_one_line(text: str, said: str) -> None:
    assert refused(text) == said


def test_a_bomb_of_aliases_is_refused_before_it_is_expanded() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 30)]
    said = refused("\n".join(lines))
    assert said == "money.yaml:6: expected at most 200000 values with aliases written out, found more"


def test_nesting_without_end_is_refused() -> None:
    assert refused("a: " + "[" * 100_000) == "money.yaml:1: expected at most 40 levels of nesting, found more"


def test_a_file_of_100_mb_is_refused_before_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "large.yaml"
    with path.open("wb") as file:
        file.truncate(100_000_000)
    monkeypatch.setattr(Path, "read_bytes", _never_called)
    with pytest.raises(YamlError) as caught:
        read_yaml(path)
    assert str(caught.value) == f"{path}: expected at most 5 MB, found 100 MB"


def _never_called(path: Path) -> bytes:
    raise AssertionError(f"{path} was read")


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16", "cp1258"])
def test_another_encoding_is_refused_with_its_line(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "f.yaml"
    path.write_bytes("a: 1\nb: café\n".encode(encoding))
    with pytest.raises(YamlError) as caught:
        read_yaml(path)
    line, byte = (1, "0xff") if encoding == "utf-16" else (2, "0xe9")
    assert str(caught.value) == f"{path}:{line}: expected UTF-8 text, found byte {byte}; save the file as UTF-8"


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(YamlError) as caught:
        read_yaml(tmp_path / "none.yaml")
    assert str(caught.value) == f"{tmp_path}/none.yaml: expected a file that can be read: no such file"


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo], ids=["folder", "pipe"])
def test_what_is_no_file_is_not_opened(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path / "f.yaml")
    with pytest.raises(YamlError, match=r"f\.yaml: expected a file, found something else of that name"):
        read_yaml(tmp_path / "f.yaml")


@given(st.text(max_size=200))
def test_any_text_is_a_tree_or_a_mistake(text: str) -> None:
    with suppress(YamlError):
        parse_yaml(text, "f")


@given(st.text(alphabet="ab:-[]{},&*!|>'\"%@`#? \n\\xU19<~\t", max_size=60))
def test_any_text_made_of_the_signs_of_yaml_is_a_tree_or_a_mistake(text: str) -> None:
    with suppress(YamlError):
        parse_yaml(text, "f")


@given(st.dictionaries(st.text("abcdefgh", min_size=1, max_size=5), st.text("xyz ăß9%", min_size=0, max_size=9)))
def test_quoted_texts_come_back_as_written(entries: dict[str, str]) -> None:
    text = "".join(f'{key}: "{value}"\n' for key, value in entries.items()) or "{}\n"
    assert plain(parse_yaml(text, "f")) == entries


@pytest.mark.parametrize("sign", ["\uf8f0", "\uf8f1", "\uf8f2", "\uf8f3"])
def test_a_character_for_private_use_is_refused(sign: str) -> None:
    with pytest.raises(YamlError, match=r"a.yaml:2: expected characters with a meaning"):
        parse_yaml(f"one: 1\ntwo: a{sign}b\n", "a.yaml")


def test_brackets_and_percents_in_quotes_and_blocks_stay_as_they_are() -> None:
    text = "a: \"[1, 2] %/year\"\nb: >-\n  see [3, 4] kWh,\n  and 5 % of it\nc: [6, 7] %\nd: '%'\n"
    found = cast("Table", parse_yaml(text, "a.yaml"))
    assert [cast("Scalar", found.entries[key]).text for key in "abcd"] == [
        "[1, 2] %/year",
        "see [3, 4] kWh, and 5 % of it",
        "[6, 7] %",
        "%",
    ]
