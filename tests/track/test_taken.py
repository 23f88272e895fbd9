"""From an article to a confirmed claim: read, gone through by a person, added, shown with its words, confirmed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from haidang.cli import app
from haidang.errors import HaidangError

ARTICLE = """\
Ngày 2/3/2026, Ngân hàng Phương Nam cam kết dành 300 tỷ đồng cho vay sản xuất thông minh tại TP.HCM.

Theo báo cáo, Techcombank đã giải ngân khoảng 120 tỷ đồng trong năm 2026 cho các nhà máy của thành phố.

Thành phố đặt mục tiêu có ít nhất 5 trung tâm nghiên cứu đạt chuẩn quốc tế vào năm 2030.
"""


def run(*words: str) -> str:
    found = CliRunner().invoke(app, list(words))
    if found.exception is not None and not isinstance(found.exception, SystemExit):
        raise found.exception
    assert found.exit_code == 0, found.output
    return found.output


@pytest.fixture
def drafted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The drafts of an article as `haidang read` writes them."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "article.txt").write_text(ARTICLE, encoding="utf-8")
    run("read", "article.txt", "--date", "2026-12-01", "--out", "drafts.yaml")
    return tmp_path / "drafts.yaml"


def named(text: str) -> str:
    """The file with the document's source named by a person."""
    return text.replace(
        "  d1:\n", "  d1:\n    source: local-2026\n    title: Tin ngân hàng\n    publisher: A local paper\n", 1
    )


def decided(text: str, words: str, decision: str) -> str:
    """The file with a decision on the draft whose words these are."""
    lines = text.splitlines()
    place = next(n for n, line in enumerate(lines) if line.startswith("    span:") and words in line)
    return (
        "\n".join([*lines[: place + 1], *(f"    {one}" for one in decision.splitlines()), *lines[place + 1 :]]) + "\n"
    )


def with_kind(text: str, words: str, kind: str) -> str:
    """The file with the kind of a draft set by a person."""
    lines = text.splitlines()
    place = next(n for n, line in enumerate(lines) if line.startswith("    span:") and words in line)
    at = max(n for n, line in enumerate(lines[:place]) if line.startswith("    kind:"))
    return "\n".join([*lines[:at], f'    kind: "{kind}"', *lines[at + 1 :]]) + "\n"


NEW = """\
record: southern-bank-credit
stage: announced
on: 2026-03-02
new:
  title: {vi: Tín dụng của Ngân hàng Phương Nam, en: Credit of the Southern Bank}
  kind: credit
  parties: [Ngân hàng Phương Nam]
  responsible: none named"""


def gone_through(drafted: Path) -> str:
    text = named(drafted.read_text(encoding="utf-8"))
    text = decided(with_kind(text, "300 tỷ", "commitment"), "300 tỷ", NEW)
    text = decided(with_kind(text, "120 tỷ", "commitment"), "120 tỷ", "record: techcombank-credit")
    return text


def test_the_road_from_an_article_to_a_claim_that_another_person_confirmed(drafted: Path):
    drafted.write_text(gone_through(drafted), encoding="utf-8")
    told = run("track", "add", "hcmc", "drafts.yaml", "--by", "Lan", "--lang", "en")
    assert "1 new records, 1 records with more said of them" in told
    assert "Undecided, left for later: d1-" in told
    shown = json.loads(run("track", "hcmc", "--json", "--as-of", "2099-01-31"))
    by_id = {one["id"]: one for one in shown["commitments"]}
    fresh = by_id["southern-bank-credit"]
    (claim,) = fresh["claims"]
    assert (fresh["stage"], fresh["responsible"], fresh["kind"]) == ("announced", None, "credit")
    assert (claim["quantity"]["minimum"], claim["quantity"]["unit"], claim["about"]) == (300e9, "VND", "amount")
    assert claim["source"] == "local-2026"
    assert claim["passage"] in ARTICLE
    start, end = claim["span"]
    assert ARTICLE[start:end] == claim["passage"]
    joined = by_id["techcombank-credit"]["claims"][-1]
    assert (joined["quantity"]["minimum"], joined["quantity"]["qualifier"], joined["confirmed_by"]) == (
        120e9,
        "about",
        None,
    )
    assert {"southern-bank-credit"} <= {one["id"] for one in shown["attention"] if one["reason"] == "no_responsible"}
    with pytest.raises(HaidangError, match="expected somebody else than Lan"):
        run("track", "confirm", "hcmc", "commitment/southern-bank-credit", "--by", "Lan")
    run("track", "confirm", "hcmc", "commitment/southern-bank-credit", "--by", "Minh")
    shown = json.loads(run("track", "hcmc", "--json", "--as-of", "2099-01-31"))
    (claim,) = next(one for one in shown["commitments"] if one["id"] == "southern-bank-credit")["claims"]
    assert claim["confirmed_by"] == "Minh"
    assert run("track", "verify", "hcmc").splitlines()[0].endswith("whole")


def test_the_same_drafts_added_twice_are_recognised_and_nothing_is_written(drafted: Path):
    drafted.write_text(gone_through(drafted), encoding="utf-8")
    run("track", "add", "hcmc", "drafts.yaml", "--by", "Lan")
    before = run("track", "verify", "hcmc")
    told = run("track", "add", "hcmc", "drafts.yaml", "--by", "Minh", "--lang", "en")
    assert "0 new records, 0 records with more said of them" in told
    assert "Added before, not added again: d1-" in told
    assert run("track", "verify", "hcmc") == before


def test_a_draft_decided_later_is_added_and_the_rest_recognised(drafted: Path):
    text = gone_through(drafted)
    drafted.write_text(text, encoding="utf-8")
    run("track", "add", "hcmc", "drafts.yaml", "--by", "Lan")
    text = decided(with_kind(text, "ít nhất 5", "target"), "ít nhất 5", "record: research-centres-2030")
    drafted.write_text(text, encoding="utf-8")
    told = run("track", "add", "hcmc", "drafts.yaml", "--by", "Lan", "--lang", "en")
    assert "0 new records, 1 records with more said of them" in told
    shown = json.loads(run("track", "hcmc", "--json", "--as-of", "2099-01-31"))
    target = next(one for one in shown["targets"] if one["id"] == "research-centres-2030")
    assert target["claims"][-1]["quantity"] == {
        "minimum": 5.0,
        "maximum": None,
        "unit": "centres",
        "qualifier": "at_least",
    }


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("  responsible: none named\n", "\n", "expected 'responsible', the body that answers for it, found none"),
        ("record: techcombank-credit", "record: techcombank-credt", "did you mean 'techcombank-credit'?"),
        ("source: local-2026", "note: x", "expected the 'source' that this document is, found none"),
        ("publisher: A local paper", "note: y", "a new one with 'publisher', found 'local-2026'"),
        ('text: "300 tỷ đồng"', 'text: "900 tỷ đồng"', "expected '900 tỷ đồng' at"),
        ("stage: announced", "stage: anounced", "did you mean 'announced'?"),
        ("record: techcombank-credit", "reject: a caption\n    record: techcombank-credit", "'record' or 'reject'"),
        ("record: techcombank-credit", "recrd: techcombank-credit", "did you mean 'record'?"),
    ],
)  # fmt: skip
def test_a_wrong_decision_is_told_with_its_line_and_nothing_is_written(drafted: Path, old: str, new: str, told: str):
    text = gone_through(drafted)
    assert old in text
    drafted.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(HaidangError) as found:
        run("track", "add", "hcmc", "drafts.yaml", "--by", "Lan")
    assert told in str(found.value)
    assert str(found.value).startswith("drafts.yaml:")
    assert "0 changes" in run("track", "verify", "hcmc")


def test_a_file_on_which_nobody_decided_is_refused_with_what_to_write(drafted: Path):
    with pytest.raises(HaidangError, match=r"expected a decision on some of .* found none; write 'record: ID'"):
        run("track", "add", "hcmc", "drafts.yaml", "--by", "Lan")


def test_a_claim_is_not_written_over_by_the_same_words_with_another_number(drafted: Path):
    text = gone_through(drafted)
    drafted.write_text(text, encoding="utf-8")
    run("track", "add", "hcmc", "drafts.yaml", "--by", "Lan")
    drafted.write_text(text.replace("120000000000", "125000000000"), encoding="utf-8")
    with pytest.raises(HaidangError, match="another quantity; a claim is not written over"):
        run("track", "add", "hcmc", "drafts.yaml", "--by", "Lan")


def test_another_version_of_the_document_is_not_taken_for_the_one_that_was_read(drafted: Path):
    text = gone_through(drafted)
    drafted.write_text(text, encoding="utf-8")
    run("track", "add", "hcmc", "drafts.yaml", "--by", "Lan")
    digest = text.partition('sha256: "')[2][:16]
    drafted.write_text(text.replace(digest, "0" * 16), encoding="utf-8")
    with pytest.raises(HaidangError, match="expected the file that 'local-2026' was read from, found another"):
        run("track", "add", "hcmc", "drafts.yaml", "--by", "Lan")


def test_a_planned_number_does_not_become_a_value_that_was_counted(drafted: Path):
    text = decided(named(drafted.read_text(encoding="utf-8")), "120 tỷ", "record: smart-manufacturing-loans")
    drafted.write_text(text.replace('status: ["done"]', 'status: ["planned"]'), encoding="utf-8")
    with pytest.raises(HaidangError, match="expected a value that was counted, found a planned one"):
        run("track", "add", "hcmc", "drafts.yaml", "--by", "Lan")


def test_a_value_in_another_unit_than_the_indicators_is_refused(drafted: Path):
    text = decided(named(drafted.read_text(encoding="utf-8")), "120 tỷ", "record: gfci-rank")
    drafted.write_text(text, encoding="utf-8")
    with pytest.raises(HaidangError, match=r"drafts.yaml:\d+: .*expected 'gfci-rank' in rank, found VND"):
        run("track", "add", "hcmc", "drafts.yaml", "--by", "Lan")
