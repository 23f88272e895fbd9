"""A pack's files that change after the database took them over: said, and taken in as a change of its own."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from haidang.cli import app
from haidang.errors import HaidangError
from haidang.facts import Source
from haidang.track.overruled import Overruled, taken_in
from haidang.track.store.codec import encode

CITY = Path(__file__).parents[2] / "docs" / "tutorial" / "my-city"
PROMISE = """\
credit:
  title: {vi: Tín dụng, en: Credit}
  kind: credit
  parties: [A bank]
  responsible: none named
  due: 2030-12-31
  stages: [{stage: announced, on: 2025-11-26, source: SOURCE}]
  claims: [{id: first, source: SOURCE, about: amount, quantity: 10 VND}]
"""


def run(*words: str) -> str:
    found = CliRunner().invoke(app, ["track", *words])
    if found.exception is not None and not isinstance(found.exception, SystemExit):
        raise found.exception
    assert found.exit_code == 0, found.output
    return found.output


@pytest.fixture
def promise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of a promise in a pack of its own, which the database took over when a person advanced it."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(CITY, tmp_path / "city")
    source = (CITY / "sources.yaml").read_text(encoding="utf-8").partition(":")[0].splitlines()[-1]
    path = tmp_path / "city" / "commitments" / "all.yaml"
    path.parent.mkdir()
    path.write_text(PROMISE.replace("SOURCE", source), encoding="utf-8")
    run("advance", "city", "credit", "signed", "--on", "2026-01-05", "--source", source, "--by", "Lan", "--db", "db")
    return path


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def shown() -> dict[str, object]:
    return json.loads(run("city", "--db", "db", "--json", "--as-of", "2099-01-31"))


def test_files_that_did_not_change_are_not_told(promise: Path):
    assert shown()["overruled"] == []
    assert "không khác nhau" in run("adopt", "city", "--db", "db", "--by", "Minh")


def test_a_change_of_the_files_is_told_with_both_values_and_not_taken_in_silently(promise: Path):
    edit(promise, "due: 2030-12-31", "due: 2031-06-30")
    (one,) = shown()["overruled"]
    assert {"field": "due", "files": '"2031-06-30"', "database": '"2030-12-31"'} in one["fields"]
    assert shown()["commitments"][0]["due"] == "2030-12-31"
    told = run("city", "--db", "db", "--lang", "en")
    assert 'commitment/credit, due: the files say "2031-06-30"; the database says "2030-12-31"' in told


def test_the_change_is_taken_in_by_name_and_keeps_what_the_database_added(promise: Path):
    edit(promise, "due: 2030-12-31", "due: 2031-06-30")
    edit(promise, "claims: [", "claims: [{id: second, source: SOURCE, quantity: 12 VND, about: amount}, ".replace(
        "SOURCE", promise.read_text(encoding="utf-8").partition("source: ")[2].partition("}")[0]))  # fmt: skip
    run("adopt", "city", "commitment/credit", "--db", "db", "--by", "Minh")
    found = shown()
    (one,) = found["commitments"]
    assert (one["due"], one["stage"]) == ("2031-06-30", "signed")
    assert {claim["id"] for claim in one["claims"]} == {"first", "second"}
    assert found["overruled"] == []
    steps = json.loads(run("history", "city", "credit", "--db", "db", "--json"))
    assert [(step["by"], step["action"]) for step in steps] == [
        ("pack", "pack"), ("Lan", "advance"), ("pack", "pack"), ("Minh", "adopt"),
    ]  # fmt: skip
    assert run("verify", "city", "--db", "db").startswith("4 changes of 1 records: whole")


def test_what_both_changed_is_refused_until_somebody_says_which_stands(promise: Path):
    edit(promise, "quantity: 10 VND", "quantity: 11 VND")
    run("confirm", "city", "credit", "--db", "db", "--by", "Lan")
    before = run("verify", "city", "--db", "db")
    with pytest.raises(HaidangError, match=r"'claims.first' of commitment 'credit', found both: .*--prefer files"):
        run("adopt", "city", "--db", "db", "--by", "Minh")
    assert run("verify", "city", "--db", "db") == before
    run("adopt", "city", "--db", "db", "--by", "Minh", "--prefer", "database")
    assert shown()["commitments"][0]["claims"][0]["confirmed_by"] == "Lan"
    assert shown()["overruled"] == []
    edit(promise, "quantity: 11 VND", "quantity: 12 VND")
    run("adopt", "city", "--db", "db", "--by", "Minh", "--prefer", "files")
    assert shown()["commitments"][0]["claims"][0]["quantity"]["minimum"] == 12.0


def test_a_record_that_does_not_differ_cannot_be_named(promise: Path):
    with pytest.raises(HaidangError, match="expected a record that the files say otherwise, none, found 'credit'"):
        run("adopt", "city", "credit", "--db", "db", "--by", "Minh")


words = st.sampled_from(["a", "b", "c"])


@given(words, words, words)
def test_what_one_side_changed_stands_whichever_side_it_is(before: str, files: str, database: str):
    def paper(note: str) -> Source:
        return Source("paper", "A paper", "A publisher", "2025", None, note)

    one = Overruled(paper(files), paper(database), 2, (), encode(paper(before)))
    if files not in (before, database) and database != before:
        assert taken_in(one, "files") == paper(files)
        assert taken_in(one, "database") == paper(database)
    else:
        assert taken_in(one, None) == paper(database if files == before else files)
