"""The two languages say the same things."""

import ast
import json
import re
from pathlib import Path

import pytest

from haidang.facts import Reader, read_yaml
from haidang.web.ledger.told import details as told_details
from haidang.web.ledger.told import subject
from haidang.web.words import LANGUAGES, words
from tests.web.site import Site


def test_both_languages_have_the_same_keys() -> None:
    assert words("vi").texts.keys() == words("en").texts.keys()


@pytest.mark.parametrize("key", sorted(words("en").texts))
def test_both_languages_fill_in_the_same_values(key: str) -> None:
    holes = [set(re.findall(r"\{(\w+)\}", words(language).texts[key])) for language in LANGUAGES]
    assert holes[0] == holes[1]
    assert all(words(language).texts[key].strip() for language in LANGUAGES)


def test_every_deed_that_the_log_may_hold_has_words(root: Path) -> None:
    deeds: set[str] = {"city.run.published", "city.run.taken_back"}
    for file in (root / "src" / "haidang" / "web").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "note":
                said = (each.value for each in ast.walk(node.args[1]) if isinstance(each, ast.Constant))
                deeds |= {each for each in said if isinstance(each, str) and each.count(".") == 2}
    assert len(deeds) > 10
    assert {f"deed.{deed}" for deed in deeds} - words("vi").texts.keys() == set()


def test_everything_that_an_entry_of_the_log_may_hold_has_words(root: Path) -> None:
    """The details by the names under which they are noted, and the things that entries are about."""
    named: set[str] = set()
    for file in (root / "src" / "haidang" / "web").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"note", "change"}:
                named |= {each.arg for each in node.keywords if each.arg}
    named -= {"current", "also", "subject"}  # of `change` itself
    assert len(named) > 30
    assert {f"detail.{name}" for name in named} - words("vi").texts.keys() == set()


@pytest.mark.parametrize(
    ("details", "told"),
    [
        ('{"stage": "approved", "corrects": null, "day": "2026-01-15"}', "giai đoạn: đã duyệt; ngày: 15/1/2026"),
        ('{"amount": 1200000000, "decision": 2000}', "số tiền (đồng): 1.200.000.000; quyết định số: 2000"),
        ('{"kind": "pilot-power", "whole": false}', "loại: Một thí điểm có thể tìm ra gì; còn nguyên vẹn: không"),
        ('{"fields": ["tax_code", "levels"]}', "các mục: Mã số thuế, Bậc theo lĩnh vực"),
        ('{"address": "127.0.0.1", "salt": ""}', "địa chỉ: 127.0.0.1"),
        ("{}", ""),
    ],
)  # fmt: skip
def test_details_of_the_log_are_told_in_words_and_in_the_languages_numbers(details: str, told: str) -> None:
    assert told_details(details, "vi") == told


def test_what_an_entry_is_about_is_told_by_its_kind_and_number() -> None:
    assert subject("jobs.job:12", "vi") == "công việc 12"
    assert subject("some.other:3", "vi") == "some.other 3"  # a log outlives the words of the version that wrote it


def test_every_request_of_programs_is_described_in_vietnamese_as_well(root: Path, site: Site) -> None:
    paths = json.loads(site.visitor().get("/api/v1/openapi.json").text)["paths"]
    told = {one["description"] for each in paths.values() for one in each.values()}
    book = read_yaml(root / "src" / "haidang" / "web" / "api" / "does.vi.yaml")
    assert told == set(Reader(book, "does.vi.yaml").keys)


def test_every_value_in_a_table_says_what_it_is_where_a_telephone_hides_the_heads(root: Path) -> None:
    """Cells that hold a control, whose own name says it, and those that stand for a whole row need no more."""
    bare: list[str] = []
    for file in sorted((root / "src" / "haidang" / "web" / "templates").rglob("*.html")):
        for table in re.findall(r'<table class="words plain.*?</table>', file.read_text(encoding="utf-8"), re.DOTALL):
            cells = re.findall(r"<td((?:\s[^>]*)?)>(.*?)</td>", table.partition("<tbody>")[2], re.DOTALL)
            bare += [
                f"{file.name}: {text[:60]}"
                for attributes, text in cells
                if "data-label=" not in attributes and "colspan=" not in attributes
                and not re.search(r"<(?:form|input)\b", text)
            ]  # fmt: skip
    assert bare == []
