"""No mistake that somebody can make by typing or sending is told in English on a Vietnamese page."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from haidang.errors import HaidangError, Place
from haidang.learn.pilot.declaration_file import load_declaration
from haidang.packs import load_pack
from haidang.packs.load import Pack
from haidang.study import design_mistakes, parse_design
from haidang.web.mistakes import HOLE, read_book, said, said_line
from tests.web.test_pilots import PLAN

REACHED = (
    "facts/units.py", "facts/reader.py", "facts/yaml.py", "facts/suppose.py", "programmes/*.py", "packs/design_file.py",
    "learn/pilot/*.py", "learn/monitor/*.py", "learn/evaluate/columns.py", "learn/evaluate/enough.py",
    "reading/documents.py", "reading/docx.py", "reading/html.py", "reading/pdf.py", "reading/claims.py",
    "track/edit.py", "track/drafted.py", "track/taken.py", "track/drafts.py", "track/store/store.py",
    "web/archive.py", "web/ledger/*.py", "web/office/*.py", "web/desk/*.py", "web/pilots/*.py",
)  # fmt: skip
"""What reads that which users of the site type and send."""
FILLED = "x7"
"""What stands for anything that the program fills in: a name."""


def sentences(root: Path, which: str) -> Iterator[tuple[str, str]]:
    """The English sentences in the code, with names where something is filled in, and where they stand."""
    for pattern in REACHED:
        for file in sorted((root / "src" / "haidang").glob(pattern)):
            tree = ast.parse(file.read_text(encoding="utf-8"))
            parts = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
            for node in ast.walk(tree):
                text = _written(node) if id(node) not in parts else None
                if text and re.match(which, text) and "\n" not in text:
                    yield text, f"{file.name}:{getattr(node, 'lineno', 0)}"


def _written(node: ast.AST) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(each.value) if isinstance(each, ast.Constant) else FILLED for each in node.values)
    return None


def test_every_sentence_in_what_reads_users_words_is_in_the_book(root: Path) -> None:
    found = list(sentences(root, "expected "))
    assert len(found) > 250
    assert [f"{where}: {text}" for text, where in found if said(HaidangError(text), "vi").english] == []


def test_every_hint_that_stands_beside_such_a_sentence_is_in_the_book(root: Path) -> None:
    hints = list(
        sentences(root, r"(did you mean|write|save|choose|amend|name a|tags such|merge keys|compare|divide)[ :]")
    )
    assert len(hints) > 15
    wrong = [
        f"{where}: {text}"
        for text, where in hints
        if said(HaidangError("expected a list, found none", None, text), "vi").english
    ]
    assert wrong == []


STANDS_IN = (FILLED, "'một chữ'", "12 VND", "a number", "'một chữ' (U+1ED1)")
"""What may be filled in: a name, a quoted text, a number with its unit, words of the book, a letter with its code."""


@pytest.mark.parametrize("filled", STANDS_IN)
def test_nothing_that_the_program_says_in_english_is_left_in_a_vietnamese_sentence(root: Path, filled: str) -> None:
    """What stands between two things filled in is English; were it taken for a part of one of them, it would stay."""
    left: list[str] = []
    for text, where in sentences(root, f"expected |{FILLED}.* found "):
        told = said(HaidangError(re.sub(f"({FILLED})+", filled, text)), "vi")
        between = [re.findall("[a-z]+", piece) for piece in text.split(FILLED) if not re.search("[A-Z]", piece)]
        stays = [words for words in between if words and f" {' '.join(words)} " in _bare(told.text)]
        if stays and not told.english:
            left.append(f"{where}: {told.text}: {stays}")
    assert left == []


def _bare(text: str) -> str:
    """A text without its signs, so that words stand as they follow each other."""
    words = re.findall(r"[^\W_]+", text)
    return f" {' '.join(words)} "


@pytest.mark.parametrize("part", read_book())
def test_the_book_fills_in_nothing_that_the_english_does_not_say(part: str) -> None:
    for english, vietnamese in read_book()[part].items():
        assert set(HOLE.findall(vietnamese)) <= set(HOLE.findall(english)), english
        assert vietnamese.strip()


@pytest.fixture(scope="module")
def city() -> Pack:
    return load_pack("hcmc")


CREDIT = """design: tried
title: {{vi: Thử, en: Tried}}
programme: smart-manufacturing-credit
changes:
  credit:
    {change}
"""


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("eligible: levl < 4", "không có tên 'levl'; có phải ý bạn là 'level'?"),
        ("eligible: level", "cần một điều kiện"),
        ("eligible: level <", "cần một biểu thức"),
        ("eligible: level = 4", "có phải ý bạn là '=='?"),
        ("eligible: size == 'big'", "'size' không có từ 'big'"),
        ("eligible: level < 4 VND", "phải cùng đơn vị đo"),
        ("eligible: level < 100 người", "gặp 'người', sau một số trong '100 người'"),
        ("eligible: số lao động < 4", "gặp 'ố' (U+1ED1) trong 'số lao động < 4'"),
        ("eligible: level < 4 $", "gặp '$' trong '"),
        ("eligible: level < 4 and “food”", "gặp '“' (U+201C) trong '"),
        ("levers: {rate: 3}", ""),
        ("levers: {ratee: 3 %/year}", "không có"),
        ("levers: {loan_rate: 3}", "cần một mức tính bằng %/year, nhưng gặp '3'; có phải ý bạn là '3 %/year'?"),
        ("budget: {loans: {amount: 15 apples}}", ""),
        ("budget: {nothing: {amount: 15e9 VND}}", "cần một ngân sách, nhưng gặp 'nothing'"),
        ("colour: red", "không có khóa này"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_design_is_told_in_vietnamese(city: Pack, change: str, told: str) -> None:
    mistakes = list(_mistakes(city, CREDIT.format(change=change)))
    assert mistakes
    for one in mistakes:
        found = said(one, "vi")
        assert not found.english, str(one)
    assert any(told in said(one, "vi").whole for one in mistakes), [said(one, "vi").whole for one in mistakes]


def _mistakes(city: Pack, text: str) -> Iterator[HaidangError]:
    try:
        yield from design_mistakes(city, parse_design(text, "design.yaml"))
    except HaidangError as mistake:
        yield mistake


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("years: 2025..2026", "yaers: 2025..2026", "không có khóa này; có phải ý bạn là 'years'?"),
        ("rule: stratified", "rule: stratifed", "cần một trong"),
        ("id: wrong", "id: [1, 2", ""),
        ("share: 50 %", "share: 40 %", "cần các tỷ lệ cộng lại bằng 1"),
        ("size: 200", "size: many", "cần một số nguyên, nhưng gặp 'many'"),
        ("size: 200", "size: 1", "cần từ hai đơn vị trở lên"),
        ("start: 2025-01-01", "start: hôm nay", "cần một ngày như 2026-01-31"),
        ("end: 2026-12-31", "end: 2024-12-31", "cần ngày kết thúc sau ngày bắt đầu"),
        ("smallest_worthwhile: 0.5", "smallest_worthwhile: -1 level", ""),
        ("outcome:", "outcome: 3\nother:", ""),
        ("stop:", "stop: nothing\nstopp:", ""),
        ("units: {size: 200, strata: [sector]}", "units: !!python/object x", "cần YAML thường, nhưng gặp một thẻ"),
    ],
)
def test_a_mistake_in_a_declaration_is_told_in_vietnamese(tmp_path: Path, old: str, new: str, told: str) -> None:
    file = tmp_path / "pilot.yaml"
    text = PLAN.format(id="wrong")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(HaidangError) as caught:
        load_declaration(file)
    found = said(caught.value, "vi")
    assert not found.english, str(caught.value)
    assert told in found.whole, found.whole


def test_a_mistake_that_was_kept_as_a_line_keeps_its_place_and_its_hint() -> None:
    line = str(HaidangError("expected the column 'id', found none", Place("o.csv", 3), "did you mean 'Id'?"))
    assert said_line(line, "vi").whole == "o.csv:3: thiếu cột 'id'; có phải ý bạn là 'Id'?"
    assert said_line(line, "en").whole == line


@pytest.mark.parametrize(
    ("found", "english"),
    [
        ("'số lao động'", False), ("'size == 'big' and sector == 'food''", False),
        ("'it's here'", False), ("''", False),
        ("'a' as in line 'b'", True), ("'a' and the like", True), ("''a'' of 'b'", True), ("'", True),
    ],
)  # fmt: skip
def test_only_one_quotation_is_taken_for_what_somebody_wrote(found: str, english: bool) -> None:
    assert said(HaidangError(f"expected a list, found {found}"), "vi").english is english


def test_a_mistake_of_a_program_that_nobody_foresaw_is_told_as_it_is() -> None:
    found = said_line("a defect of another kind", "vi")
    assert (found.whole, found.english) == ("a defect of another kind", True)


def test_a_long_sentence_made_up_to_be_looked_up_for_ever_is_told_as_it_is() -> None:
    made_up = "expected " + ", found '" * 20_000
    assert said(HaidangError(made_up), "vi").english
    assert said_line(made_up, "vi").english
    hostile = ("expected a, found b in c and d: e " * 20)[:400]
    assert said(HaidangError(hostile), "vi").text
