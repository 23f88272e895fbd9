"""`haidang read` as its user runs it: four kinds of file, drafts as a table, YAML and JSON, and duplicates linked."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from haidang.cli import app
from haidang.facts import parse_yaml
from tests.reading.test_documents import pdf, word_file

PLAIN = "Ngày 9/12/2025\nThành phố đặt mục tiêu kinh tế số đạt 35% GRDP vào năm 2030.\n"
PAGE = """<!DOCTYPE html><html><head><meta property="article:published_time" content="2025-12-10"></head><body><article>
<script>document.write("kinh tế số đạt 99% GRDP")</script><p>Đến năm 2030, kinh tế số phải đạt 35% GRDP, ông nói.</p>
<div class="related"><p>Bất động sản tăng 12%</p></div></article></body></html>"""
ENGLISH = "The city pledged at least 40 electric buses by 2028, the mayor said on 9 December 2025."


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """One file of each kind."""
    (tmp_path / "a.txt").write_text(PLAIN, encoding="utf-8")
    (tmp_path / "b.html").write_text(PAGE, encoding="utf-8")
    (tmp_path / "c.pdf").write_bytes(pdf(ENGLISH))
    (tmp_path / "d.docx").write_bytes(word_file("TP. HCM, ngày 9 tháng 12 năm 2025", "Sở Du lịch đón 3 triệu khách."))
    return [str(tmp_path / name) for name in ("a.txt", "b.html", "c.pdf", "d.docx")]


def run(*words: str) -> Result:
    """The command with these words."""
    return CliRunner().invoke(app, ["read", *words])


def test_four_kinds_of_file_give_drafts_with_the_characters_they_came_from(files: list[str]) -> None:
    found = run(*files, "--json")
    assert found.exit_code == 0, found.output
    tree = json.loads(found.stdout)
    numbers = [(one["id"], one["quantity"]["unit"]) for one in tree["drafts"] if "quantity" in one]
    assert numbers == [("d1-01", "% of GRDP"), ("d2-01", "% of GRDP"), ("d3-01", "vehicles"), ("d4-01", "visits")]
    for one in tree["drafts"]:
        text = tree["documents"][one["id"].split("-")[0]]["text"]
        assert text[one["span"]["start"] : one["span"]["end"]] == one["span"]["text"]
    assert "99%" not in found.stdout
    assert "Bất động sản" not in found.stdout


def test_two_documents_about_one_aim_are_linked(files: list[str]) -> None:
    drafts = {one["id"]: one.get("duplicates", []) for one in json.loads(run(*files, "--json").stdout)["drafts"]}
    assert drafts["d1-01"] == ["d2-01"]
    assert drafts["d2-01"] == ["d1-01"]
    assert drafts["d3-01"] == []


def test_a_file_named_twice_is_read_once(files: list[str]) -> None:
    assert len(json.loads(run(files[0], files[0], "--json").stdout)["documents"]) == 1


def test_the_file_of_drafts_is_yaml_with_each_sentence_above_its_draft(files: list[str], tmp_path: Path) -> None:
    out = tmp_path / "drafts.yaml"
    assert run(*files, "--out", str(out)).exit_code == 0
    written = out.read_text(encoding="utf-8")
    tree = parse_yaml(written, "drafts.yaml")
    assert "# Thành phố đặt mục tiêu kinh tế số đạt 35% GRDP vào năm 2030." in written
    assert len(str(tree)) > 0
    assert run(*files, "--out", str(out)).exit_code == 0
    assert out.read_text(encoding="utf-8") == written


@pytest.mark.parametrize(("language", "words"), [("vi", "hạn chót|mục tiêu"), ("en", "target")])
def test_the_table_speaks_both_languages(files: list[str], language: str, words: str) -> None:
    shown = run(files[0], "--lang", language).output
    assert any(word in shown for word in words.split("|"))


def test_a_quantity_is_said_in_the_language_of_the_table(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(
        "Theo Nghị quyết 31, thu ngân sách đạt 92% dự toán; giá vé 7.000 đồng/lượt.", encoding="utf-8"
    )
    vietnamese = run(str(tmp_path / "a.txt"), "--lang", "vi").output
    for words in ("số văn bản 31", "92 % kế hoạch", "đồng/lượt"):
        assert words in " ".join(vietnamese.split())
    english = " ".join(run(str(tmp_path / "a.txt"), "--lang", "en").output.split())
    for words in ("document number 31", "92 % plan", "VND/trip"):
        assert words in english


def test_a_file_that_cannot_be_read_ends_with_status_one_and_nothing_written(files: list[str], tmp_path: Path) -> None:
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.7 nothing")
    out = tmp_path / "drafts.yaml"
    found = run(files[0], str(tmp_path / "broken.pdf"), "--out", str(out))
    assert found.exit_code == 1
    assert not out.exists()


def test_a_day_of_publication_that_is_none_is_refused(files: list[str]) -> None:
    assert run(files[2], "--date", "9/12/2025").exit_code == 1
    assert run(files[2], "--date", "2025-12-09").exit_code == 0
