"""A framework goes to Excel and comes back the same; what a workbook must not hold is refused by sheet and cell."""

import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from haidang.errors import HaidangError
from haidang.frameworks.read import find_framework, parse_framework, shipped
from haidang.frameworks.workbook import from_excel, to_excel
from haidang.frameworks.write import _quoted, framework_yaml
from tests.frameworks.small import YAML, small


def edited(folder: Path, change: Any) -> Path:
    """The small framework's workbook, changed by hand."""
    path = to_excel(small(), folder / "small.xlsx", "en")
    book = load_workbook(path)
    change(book)
    book.save(path)
    return path


@pytest.mark.parametrize("language", ["vi", "en"])
def test_excel_loses_nothing(tmp_path: Path, language: Any) -> None:
    found = from_excel(to_excel(small(), tmp_path / "a.xlsx", language))
    assert found == small()
    assert framework_yaml(found) == framework_yaml(small())


@pytest.mark.parametrize("name", shipped())
def test_excel_loses_nothing_of_a_shipped_framework(tmp_path: Path, name: str) -> None:
    found = find_framework(name)
    assert framework_yaml(from_excel(to_excel(found, tmp_path / "a.xlsx"))) == framework_yaml(found)


def test_the_same_framework_gives_the_same_bytes(tmp_path: Path) -> None:
    first = to_excel(small(), tmp_path / "a.xlsx").read_bytes()
    assert to_excel(small(), tmp_path / "b.xlsx").read_bytes() == first


TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n"), min_size=1, max_size=40
).filter(
    lambda text: text.strip() == text and text not in {"~", "null"} and "\ufffe" not in text and "\uffff" not in text
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=TEXTS | st.sampled_from(["=1+1", "@SUM(A1)", "_x000D_", "a_x0041_b", "'quoted'", "1.0", "true", "{=a}"]))
def test_any_text_survives_the_way_to_excel_and_back(tmp_path: Path, text: str) -> None:
    changed = YAML.replace('en: "Do P1-1"', f"en: {_quoted(text)}", 1)
    framework = parse_framework(changed, "small.yaml")
    assert framework.criteria[0].remedy["en"] == text
    assert from_excel(to_excel(framework, tmp_path / "a.xlsx")) == framework
    assert parse_framework(framework_yaml(framework), "again.yaml") == framework


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda b: b["Criteria"].__setitem__("D2", "msut"), "Criteria!D2: expected one of must, should, found 'msut'"),
        (lambda b: b["Criteria"].__setitem__("E3", "=1+1"), "Criteria!E3: expected a value, found a formula"),
        (lambda b: b["Criteria"].__setitem__("B2", "standard-wrk"), "Criteria!B2: expected an id of its capability, "
         "found 'standard-wrk'; did you mean 'standard-work'?"),
        (lambda b: b["Criteria"].__setitem__("A3", "P1-1"), "Criteria!A3: expected each id once, found 'P1-1' first at "
         "Criteria!A2"),
        (lambda b: b["Criteria"].merge_cells("E2:F2"), "Criteria!E2:F2: expected single cells, found merged ones"),
        (lambda b: b["Criteria"].__setitem__("E1", "Texte du critère"), "Criteria!E1: expected a known heading, found "
         "'Texte du critère'"),
        (lambda b: b["Criteria"].__setitem__("E1", "Id"), "Criteria!E1: expected each heading once, found 'Id' twice"),
        (lambda b: b["Framework"].__setitem__("B6", "22/11/2026"), "Framework!B6: expected a day such as 2026-11-22, "
         "found '22/11/2026'"),
        (lambda b: b["Criteria"].__setitem__("C2", date(2026, 1, 1)), "Criteria!C2: expected a whole number"),
        (lambda b: b["Criteria"].__setitem__("H3", None), "Criteria!H3: expected a value, found nothing"),
        (lambda b: b["Criteria"].__setitem__("Z3", "note"), "Criteria!Z3: expected nothing right of the headings"),
        (lambda b: b.remove(b["Areas"]), "expected a sheet 'Lĩnh vực' or 'Areas', found none"),
        (lambda b: b.create_sheet("Extra"), "Extra: expected sheets of a framework, found 'Extra'"),
        (lambda b: b["Crosswalks"].__setitem__("A2", "nothing"), "Crosswalks!A2: expected a capability"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_by_sheet_and_cell(tmp_path: Path, change: Any, said: str) -> None:
    with pytest.raises(HaidangError) as mistake:
        from_excel(edited(tmp_path, change))
    assert said in str(mistake.value)


def test_a_date_cell_is_a_date(tmp_path: Path) -> None:
    path = edited(tmp_path, lambda book: book["Framework"].__setitem__("B6", date(2026, 12, 24)))
    assert from_excel(path).date == "2026-12-24"


def test_macros_are_refused_whatever_the_file_is_called(tmp_path: Path) -> None:
    path = to_excel(small(), tmp_path / "a.xlsx")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"macro")
    with pytest.raises(HaidangError, match="expected a workbook without macros, found some"):
        from_excel(path)
    renamed = path.rename(tmp_path / "a.xlsm")
    with pytest.raises(HaidangError, match=r"expected .xlsx, found '.xlsm'"):
        from_excel(renamed)


def test_a_document_type_inside_a_workbook_is_refused(tmp_path: Path) -> None:
    path = to_excel(small(), tmp_path / "a.xlsx")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/evil.xml", b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    with pytest.raises(HaidangError, match="expected plain XML inside the workbook"):
        from_excel(path)


def test_a_huge_sheet_is_refused_before_it_fills_the_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("haidang.frameworks.sheets.MOST_ROWS", 4)
    with pytest.raises(HaidangError, match="Framework: expected at most 4 rows, found more"):
        from_excel(to_excel(small(), tmp_path / "a.xlsx", "en"))
    monkeypatch.setattr("haidang.frameworks.sheets.LARGEST_UNPACKED", 1000)
    with pytest.raises(HaidangError, match="unpacked, found more"):
        from_excel(tmp_path / "a.xlsx")


@pytest.mark.parametrize("content", [b"", b"not a workbook", b"PK\x03\x04broken"])
def test_what_is_no_workbook_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    with pytest.raises(HaidangError, match="expected an Excel workbook"):
        from_excel(path)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(HaidangError, match="no such file"):
        from_excel(tmp_path / "none.xlsx")
