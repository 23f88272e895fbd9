"""What the page on tracking shows can be done as it stands."""

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from haidang.cli import app
from haidang.packs import load_pack
from haidang.track import load_tracked
from haidang.track.pack_files import read_records

FENCE = re.compile(r"(?ms)^```(?P<language>\w+)\n(?P<text>.*?)^```")


def blocks(root: Path, language: str) -> list[str]:
    text = (root / "docs" / "howto" / "track.md").read_text(encoding="utf-8")
    return [one["text"] for one in FENCE.finditer(text) if one["language"] == language]


def test_the_record_of_the_page_is_read(root: Path, tmp_path: Path):
    record = blocks(root, "yaml")[1]
    (tmp_path / "commitments").mkdir()
    (tmp_path / "commitments" / "page.yaml").write_text(record, encoding="utf-8")
    found = read_records(tmp_path, load_pack("hcmc").book.sources)
    assert found.mistakes == ()
    assert list(found.records) == [("commitment", "techcombank-credit")]


def test_the_link_of_the_page_to_a_programme_is_the_packs(root: Path):
    link = blocks(root, "yaml")[0]
    (moved,) = load_tracked(load_pack("hcmc")).indicators["smart-manufacturing-loans"].moved_by
    assert f"programme: {moved.programme}, outcome: {moved.outcome}, adds: {moved.adds}, only: true" in link


def test_what_stands_in_on_the_page_does_so_in_the_pack(root: Path):
    block = blocks(root, "yaml")[2]
    link = load_tracked(load_pack("hcmc")).indicators["grdp-growth"].stand_in
    assert link is not None
    assert f"indicator: {link.indicator}" in block


def test_the_commands_of_the_page_run_in_their_order(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "drafts.yaml").write_text(blocks(root, "yaml")[3], encoding="utf-8")
    (tmp_path / "signed.pdf").write_bytes(b"%PDF")
    lines = [line for text in blocks(root, "sh") for line in text.splitlines()]
    commands = [
        shlex.split(line)[1:] for line in lines if " track " in line and not re.search("--(run|simulate)", line)
    ]
    assert len(commands) == 13
    for words in commands:
        found = CliRunner().invoke(app, words)
        assert found.exit_code == 0, (words, found.output, found.exception)
