"""Answers come in as YAML, CSV and Excel, and say the same; what does not fit is told with its place."""

import csv
import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from openpyxl import Workbook, load_workbook

from haidang.errors import HaidangError
from haidang.frameworks.assessment import AssessmentError, Campaign
from haidang.frameworks.collect import read_assessments
from haidang.frameworks.score import score
from haidang.frameworks.store import write_assessment
from haidang.frameworks.template import write_template
from tests.frameworks.small import small

YAML = """framework: small
version: "1.0"
date: 2026-11-20
assessor: An assessor
factory:
  id: example-1
  name: Example 1, invented
  sector: food
  size: medium
  employees: 60
  revenue: 50e9 VND/year
  electricity: 600 MWh/year
  costs: {energy: 12 %, labour: 25 %}
  results: [quality, delivery]
answers:
  P1-1: yes
  P1-1b:
    answer: yes
    status: verified
    evidence: [{kind: photo, file: board.jpg, date: 2026-11-01, expires: 2027-11-01}]
  P1-2: no
  P2-1: not_applicable
  F1-1: {answer: yes, status: documented, evidence: {kind: record}, note: Seen on the line}
"""
WIDE = {
    "factory": "example-1", "name": "Example 1, invented", "sector": "food", "size": "medium", "date": "2026-11-20",
    "assessor": "An assessor", "employees": "60", "revenue": "50e9", "electricity": "600000",
    "costs": "energy 12; labour 25", "results": "quality; delivery", "evidence": "box 3", "P1-1": "yes",
    "P1-1b": "Có:verified", "P1-2": "NO", "P2-1": "Không áp dụng", "F1-1": "yes:documented",
}  # fmt: skip


def read(path: Path) -> Campaign:
    return read_assessments([path], small())


def yaml(folder: Path, text: str = YAML) -> Path:
    path = folder / "answers.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def table(folder: Path, *rows: Mapping[str, str], name: str = "wide.csv") -> Path:
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def sheet(folder: Path, *rows: Mapping[str, Any]) -> Path:
    book = Workbook()
    page: Any = book.active
    page.title = "Campaign"
    page.append(list(rows[0]))
    for row in rows:
        page.append(list(row.values()))
    book.save(folder / "wide.xlsx")
    return folder / "wide.xlsx"


def filled(folder: Path, change: Any = None) -> Path:
    """The template, filled in as the YAML file is."""
    path = write_template(small(), folder / "filled.xlsx", "vi")
    book = load_workbook(path)
    about, answers = book["Nhà máy"], book["Trả lời"]
    values = {"framework": "small", "version": "1.0", **WIDE, "date": datetime(2026, 11, 20), "revenue": 50e9}
    from haidang.frameworks.template import FACTORY_KEYS

    for at, key in enumerate(FACTORY_KEYS, start=2):
        about.cell(at, 2).value = values.get(key)
    heads = {cell.value: cell.column for cell in answers[1]}
    rows = {answers.cell(at, 4).value: at for at in range(2, answers.max_row + 1)}
    given = {"P1-1": ("Có", None, None), "P1-1b": ("Có", "Đã kiểm chứng", "Ảnh"), "P1-2": ("Không", None, None),
             "P2-1": ("Không áp dụng", None, None), "F1-1": ("Có", "Có hồ sơ", "Sổ ghi chép")}  # fmt: skip
    for name, (answer, status, kind) in given.items():
        answers.cell(rows[name], heads["Trả lời"]).value = answer
        answers.cell(rows[name], heads["Tình trạng"]).value = status
        answers.cell(rows[name], heads["Loại bằng chứng đã có"]).value = kind
    if change is not None:
        change(about, answers, heads, rows)
    book.save(path)
    return path


def test_every_way_in_says_the_same(tmp_path: Path) -> None:
    first = read(yaml(tmp_path))
    longer = {key: value for key, value in WIDE.items() if not key.startswith(("P", "F")) and key != "evidence"}
    rows = [
        {**longer, "criterion": "P1-1", "answer": "yes", "status": "", "evidence_kind": "", "file": ""},
        {
            **longer,
            "criterion": "P1-1b",
            "answer": "có",
            "status": "verified",
            "evidence_kind": "photo",
            "file": "b.jpg",
        },
        {**longer, "criterion": "P1-2", "answer": "no", "status": "", "evidence_kind": "", "file": ""},
        {**longer, "criterion": "P2-1", "answer": "not_applicable", "status": "", "evidence_kind": "", "file": ""},
        {**longer, "criterion": "F1-1", "answer": "yes", "status": "documented", "evidence_kind": "record", "file": ""},
    ]
    for path in (
        table(tmp_path, WIDE),
        table(tmp_path, *[{_head(k): v for k, v in row.items()} for row in rows], name="long.csv"),
        sheet(tmp_path, {**WIDE, "date": date(2026, 11, 20), "employees": 60}),
        filled(tmp_path),
    ):
        found = read(path)
        assert found.answers.tolist() == first.answers.tolist(), path
        assert found.statuses.tolist() == first.statuses.tolist(), path
        assert found.factories[0].sector == "food"
        assert found.factories == first.factories, path


def _head(key: str) -> str:
    from haidang.frameworks.words import word

    return word("headings", key, "vi")


def test_an_answer_keeps_its_evidence(tmp_path: Path) -> None:
    (tmp_path / "board.jpg").write_bytes(b"a photo")
    found = read(yaml(tmp_path))
    one = found.evidence[0, 1][0]
    assert (one.kind, one.file, one.expires) == ("photo", "board.jpg", date(2027, 11, 1))
    assert one.sha256 == hashlib.sha256(b"a photo").hexdigest()
    assert found.notes[0, 5 + 2] == "Seen on the line"


def test_evidence_that_was_changed_is_found(tmp_path: Path) -> None:
    (tmp_path / "board.jpg").write_bytes(b"another photo")
    text = YAML.replace("file: board.jpg", f"file: board.jpg, sha256: {'0' * 64}")
    with pytest.raises(AssessmentError, match=r"answers.yaml:20: .*sha256: expected the hash of 'board.jpg'"):
        read(yaml(tmp_path, text))


def test_no_file_outside_the_folder_is_opened(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    (tmp_path / "in").mkdir()
    found = read(yaml(tmp_path / "in", YAML.replace("file: board.jpg", "file: ../secret")))
    assert found.evidence[0, 1][0].sha256 is None


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (
            "P1-1: yes",
            "P1-1: yess",
            "answers.yaml:16: answers.P1-1: expected one of no, yes, not_applicable, found 'yess'",
        ),
        (
            "  P1-1: yes",
            "  P9-1: yes",
            "answers.yaml:16: answers.P9-1: expected a criterion of 'small' 1.0, found 'P9-1'",
        ),
        ("framework: small", "framework: other", "expected answers under 'small', found 'other'"),
        ('version: "1.0"', 'version: "0.9"', "expected version 1.0 of 'small', found 0.9"),
        ("sector: food", "sector: fod", "did you mean 'food'?"),
        ("date: 2026-11-20", "date: 20/11/2026", "expected a day such as 2026-11-22, found '20/11/2026'"),
        ("50e9 VND/year", "50e9 kWh", "expected an amount in VND/year"),
        ("employees: 60", "employees: -1", "expected more than 0, found -1"),
        ("energy: 12 %", "energy: 92 %", "expected shares up to 100 %, found 117 %"),
        ("[quality, delivery]", "[qualty]", "did you mean 'quality'?"),
        ("kind: photo", "kind: screen", "expected evidence for 'P1-1b' of photo, record, found 'screen'"),
        ("expires: 2027-11-01", "expires: 2025-11-01", "expected a day from 2026-11-01 on, found 2025-11-01"),
        (", evidence: {kind: record}", "", "expected evidence behind an answer that is documented, found none"),
        ("id: example-1", "id: '=1+1'", "expected a factory's id"),
    ],
)
def test_a_mistake_in_yaml_has_its_line(tmp_path: Path, before: str, after: str, said: str) -> None:
    assert before in YAML
    with pytest.raises(HaidangError) as mistake:
        read(yaml(tmp_path, YAML.replace(before, after, 1)))
    assert said in str(mistake.value)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"P1-1": "perhaps"}, "wide.csv:2: P1-1: expected yes, no, not_applicable or nothing, found 'perhaps'"),
        ({"P7-7": "yes"}, "wide.csv:1: P7-7: expected a criterion of 'small' 1.0, found 'P7-7'"),
        ({"evidence": ""}, "wide.csv:2: evidence: expected where the evidence is kept"),
        ({"date": "20/11/2026"}, "wide.csv:2: date: expected a date, found '20/11/2026'; write it as 2026-11-22"),
        ({"sector": "Alimentaire"}, "wide.csv:2: sector: expected 'Thực phẩm' (Food)"),
        ({"name": "=HYPERLINK(1)"}, "wide.csv:2: name: expected a text, found what a spreadsheet takes for a formula"),
        ({"factory": "@SUM(A1)"}, "what a spreadsheet takes for a formula"),
        ({"assessor": ""}, "wide.csv:2: assessor: expected a text, found an empty cell"),
        ({"costs": "energy lots"}, "expected a kind of cost and its per cent"),
        ({"revenue": "many"}, "wide.csv:2: revenue: expected a number, found 'many'"),
    ],
)
def test_a_mistake_in_a_table_has_its_line_and_heading(tmp_path: Path, change: dict[str, str], said: str) -> None:
    with pytest.raises(HaidangError) as mistake:
        read(table(tmp_path, {**WIDE, **change}))
    assert said in str(mistake.value)


def test_a_mistake_in_a_campaign_sheet_has_its_cell(tmp_path: Path) -> None:
    with pytest.raises(HaidangError, match="Campaign!M3: expected yes, no"):
        read(sheet(tmp_path, WIDE, {**WIDE, "factory": "b", "P1-1": "perhaps"}))
    with pytest.raises(HaidangError, match="Campaign!E2: expected a date, found '20/11/2026'"):
        read(sheet(tmp_path, {**WIDE, "date": "20/11/2026"}))
    with pytest.raises(HaidangError, match=r"expected a criterion of 'small' 1.0, found 'P7-7'"):
        read(sheet(tmp_path, {**WIDE, "P7-7": "yes"}))


def test_a_factory_that_is_there_twice_is_told_with_both_places(tmp_path: Path) -> None:
    with pytest.raises(AssessmentError, match=r"wide.csv:3: factory: .*'example-1' twice, first at .*wide.csv:2"):
        read(table(tmp_path, WIDE, WIDE))
    with pytest.raises(AssessmentError, match=r"'example-1' twice, first at .*answers.yaml:6"):
        read_assessments([yaml(tmp_path), table(tmp_path, WIDE)], small())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda a, b, h, r: b.cell(r["P1-1"], h["Trả lời"]).__setattr__("value", "Oui"), "Trả lời!H2: expected 'Có'"),
        (lambda a, b, h, r: b.cell(r["P1-1"], h["Trả lời"]).__setattr__("value", "=1"), "Trả lời!H2: expected a value, "
         "found a formula"),
        (lambda a, b, h, r: b.cell(r["P1-1"], 4).__setattr__("value", "P9-9"), "Trả lời!D2: expected a criterion"),
        (lambda a, b, h, r: b.cell(r["P1-1"], h["Tình trạng"]).__setattr__("value", "Đã đo"), "Trả lời!I2: expected "
         "evidence behind an answer that is measured"),
        (lambda a, b, h, r: b.cell(r["P1-1b"], h["Hết hạn"]).__setattr__("value", "01/02/2027"), "Trả lời!N3: "
         "expected a date, found '01/02/2027'"),
        (lambda a, b, h, r: a.__setitem__("B8", "20/11/2026"), "Nhà máy!B8: expected a date, found '20/11/2026'"),
        (lambda a, b, h, r: a.__setitem__("B6", "Alimentaire"), "Nhà máy!B6: expected 'Thực phẩm' (Food)"),
        (lambda a, b, h, r: a.__setitem__("A6", "Secteur"), "Nhà máy!A6: expected a known key, found 'Secteur'"),
        (lambda a, b, h, r: b.__setitem__("H1", "Réponse"), "Trả lời!H1: expected a known heading, found 'Réponse'"),
        (lambda a, b, h, r: a.merge_cells("A3:B3"), "Nhà máy!A3:B3: expected single cells, found merged ones"),
        (lambda a, b, h, r: b.cell(r["P1-2"], 4).__setattr__("value", "P1-1"), "expected one answer to 'P1-1'"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_template_has_its_sheet_and_cell(tmp_path: Path, change: Any, said: str) -> None:
    with pytest.raises(HaidangError) as mistake:
        read(filled(tmp_path, change))
    assert said in str(mistake.value)


def test_an_empty_template_is_an_assessment_with_nothing_answered(tmp_path: Path) -> None:
    path = filled(tmp_path, lambda a, b, h, r: [b.cell(at, c).__setattr__("value", None)
                                                for at in r.values() for c in range(8, 16)])  # fmt: skip
    assert (read(path).answers == -1).all()


def test_what_is_written_is_read_again_and_does_not_depend_on_the_order(tmp_path: Path) -> None:
    first = read(yaml(tmp_path))
    write_assessment(first, score(first), tmp_path / "out")
    again = read(tmp_path / "out")
    assert again.answers.tolist() == first.answers.tolist()
    assert again.statuses.tolist() == first.statuses.tolist()
    assert again.factories == first.factories
    assert {cell: [one.kind for one in each] for cell, each in again.evidence.items()} == {
        (0, 1): ["photo"], (0, 7): ["record"],
    }  # fmt: skip
    two = {**WIDE, "factory": "a"}
    for name, rows in (("one", [WIDE, two]), ("other", [two, WIDE])):
        found = read(table(tmp_path, *rows))
        write_assessment(found, score(found), tmp_path / name)
    for name in ("answers", "evidence", "findings", "scores"):
        file = f"{name}.csv"
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "other" / file).read_bytes()


def test_scores_on_disk_leave_empty_what_is_not_known(tmp_path: Path) -> None:
    import polars as pl

    found = read(yaml(tmp_path))
    write_assessment(found, score(found), tmp_path / "out")
    scores = pl.read_csv(tmp_path / "out" / "scores.csv")
    row = scores.filter(pl.col("id") == "quality").row(0, named=True)
    assert row["claimed"] is None
    assert scores.filter(pl.col("part") == "all")["claimed"].item() == pytest.approx((1 * 1 + 2.5 * 1) / 3.5)
    assert np.isclose(scores.filter(pl.col("id") == "process")["coverage"].item(), 0.5)


@pytest.mark.parametrize(("name", "content", "said"), [
    ("a.csv", b"", "expected the heading"), ("a.csv", b"\xff\xfe\x00", "UTF-8"), ("a.txt", b"x", "found '.txt'"),
    ("a.csv", b"factory,sector,size,date,assessor\n", "expected factories below the headings"),
    ("a.csv", b"factory,sector,size,date,assessor\na,b\n", "a.csv:2: expected 5 cells in a row, found 2"),
    ("a.csv", b"factory,sector,size,date,assessor\na,b,c,d,e,f,g\n", "a.csv:2: expected 5 cells in a row, found 7"),
    ("a.csv", b"factory,factory,sector,size,date,assessor\n", "expected each heading once"),
])  # fmt: skip
def test_a_table_that_is_none_is_refused(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(HaidangError) as mistake:
        read(tmp_path / name)
    assert said in str(mistake.value)
