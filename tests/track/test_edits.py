"""Changes as values, and the commands that make them in a database."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from haidang.cli import app
from haidang.errors import HaidangError
from haidang.track.edit import EditError, More, advance, confirm, entered, extend, report
from haidang.track.records import Claim, Commitment, Milestone, SourcePlace, Stage

Make = Callable[..., Commitment]
PLACE = SourcePlace("paper")
DAY = date(2026, 1, 1)


def test_a_second_document_is_a_second_claim_of_the_same_promise(commitment: Make):
    grown = extend(commitment(), More(claims=(Claim("second", PLACE, DAY),)))
    assert [claim.id for claim in grown.claims] == ["first", "second"]  # type: ignore[union-attr]
    with pytest.raises(EditError, match="expected a claim of 'promise' that is new, found 'second' again"):
        extend(grown, More(claims=(Claim("second", PLACE, DAY),)))
    part = Milestone("part", {"vi": "Phần", "en": "Part"})
    with pytest.raises(EditError, match="expected a milestone of 'promise' that is new, found 'part' again"):
        extend(extend(grown, More(milestones=(part,))), More(milestones=(part,)))


def test_who_entered_a_claim_cannot_confirm_it(commitment: Make):
    one = entered(commitment(), "Lan", DAY)
    with pytest.raises(EditError, match="expected somebody else than Lan"):
        confirm(one, ["first"], "Lan", DAY)
    (claim,) = confirm(one, [], "Minh", DAY).claims  # type: ignore[union-attr]
    assert (claim.entered_by, claim.confirmed_by, claim.confirmed_on) == ("Lan", "Minh", DAY)


@pytest.mark.parametrize(
    ("stage", "told"),
    [
        (Stage("signed", DAY), "expected evidence that 'promise' is signed, found none"),
        (Stage("announced", DAY, PLACE), "found that it is announced already"),
        (Stage("signed", date(2025, 1, 1), PLACE), "expected a day from 2025-11-26 on"),
    ],
)  # fmt: skip
def test_a_promise_does_not_advance_without_evidence_twice_or_backwards(commitment: Make, stage: Stage, told: str):
    with pytest.raises(EditError, match=told):
        advance(commitment(), stage)


def test_a_promise_goes_forward_and_stops_when_withdrawn(commitment: Make):
    one = advance(commitment(), Stage("running", DAY, PLACE))
    with pytest.raises(EditError, match="expected a stage after running of 'promise', found signed"):
        advance(one, Stage("signed", DAY, PLACE))
    gone = advance(one, Stage("withdrawn", DAY, PLACE))
    with pytest.raises(EditError, match="has withdrawn"):
        advance(gone, Stage("delivered", DAY, PLACE))


def test_a_report_on_a_milestone_has_its_day(commitment: Make):
    one = commitment(milestones=(Milestone("half", {"vi": "Nửa", "en": "Half"}),))
    (part,) = report(one, "half", 0.5, DAY, PLACE).milestones
    assert (part.done, part.reported, part.evidence) == (0.5, DAY, PLACE)
    with pytest.raises(EditError, match="did you mean 'half'"):
        report(one, "halv", 0.5, DAY, None)


def run(*words: str) -> str:
    found = CliRunner().invoke(app, ["track", *words])
    if found.exception is not None and not isinstance(found.exception, SystemExit):
        raise found.exception
    assert found.exit_code == 0, found.output
    return found.output


DRAFTS = """\
sources:
  review-2026: {title: Report on the credit line, publisher: A department, date: 2026-10-01, address: "https://example.org"}
commitments:
  techcombank-credit:
    claims: [{id: lent, source: review-2026, about: amount, quantity: 300e9 VND, period: 2026}]
  new-promise:
    title: {vi: Lời hứa mới, en: A new promise}
    kind: pledge
    parties: [A bank]
    responsible: none named
    claims: [{id: first, source: review-2026}]
"""


def test_the_road_from_a_draft_to_a_verified_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "drafts.yaml").write_text(DRAFTS, encoding="utf-8")
    (tmp_path / "scan.pdf").write_bytes(b"%PDF evidence")
    run("add", "hcmc", "drafts.yaml", "--by", "Lan")
    run("confirm", "hcmc", "commitment/new-promise", "--by", "Minh")
    run(
        "advance", "hcmc", "techcombank-credit", "signed", "--on", "2026-10-01", "--evidence", "scan.pdf", "--by", "Lan"
    )
    steps = json.loads(run("history", "hcmc", "commitment/techcombank-credit", "--json"))
    assert [(step["by"], step["action"]) for step in steps] == [("pack", "pack"), ("Lan", "add"), ("Lan", "advance")]
    assert steps[2]["evidence"] is not None
    assert any(line.startswith("stages: +") for line in steps[2]["changed"])
    (_, confirmed) = json.loads(run("history", "hcmc", "commitment/new-promise", "--json"))
    assert confirmed["changed"][0] == "claims first: confirmed_by: – → Minh"
    assert [line.partition(" → ")[0] for line in confirmed["changed"][1:]] == ["claims first: confirmed_on: –"]
    shown = json.loads(run("hcmc", "--json", "--as-of", date.today().isoformat()))
    by_id = {one["id"]: one for one in shown["commitments"]}
    assert by_id["techcombank-credit"]["stage"] == "signed"
    assert by_id["techcombank-credit"]["claims"][1]["address"] == "https://example.org"
    assert by_id["new-promise"]["claims"][0]["confirmed_by"] == "Minh"
    told = run("verify", "hcmc").splitlines()
    assert told[0].endswith("whole")
    assert run("verify", "hcmc", "--expect", told[1]).splitlines()[1] == told[1]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("advance", "hcmc", "techcombank-credt", "signed"), "did you mean 'techcombank-credit'?"),
        (("advance", "hcmc", "techcombank-credit", "sined", "--source", "plo-2025-12"), "did you mean 'signed'?"),
        (("advance", "hcmc", "techcombank-credit", "signed"), "expected evidence that"),
        (("advance", "hcmc", "techcombank-credit", "signed", "--source", "plo"), "expected a source of the pack"),
        (("confirm", "hcmc", "commitment/techcombank-credit", "plx", "--by", "A"), "expected a claim of"),
        (("verify", "hcmc"), "expected a database, found no file 'track-hcmc.sqlite3'"),
        (("hcmc", "--as-of", "yesterday"), "expected a day such as 2026-11-25, found 'yesterday'"),
        (("hcmc", "--db", "nowhere.sqlite3"), "expected a database, found no file 'nowhere.sqlite3'"),
        (("export", "hcmc", "--out", "x", "--format", "xls"), "did you mean 'xlsx'?"),
        (("hcmd",), "did you mean 'hcmc'?"),
    ],
)  # fmt: skip
def test_a_mistake_on_the_command_line_is_told_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], told: str
):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(HaidangError) as found:
        run(*words)
    assert told in str(found.value)
    assert not list(tmp_path.glob("*.csv"))


def test_a_record_that_is_there_is_not_written_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    text = "commitments:\n  techcombank-credit:\n    title: {vi: Khác, en: Another}\n"
    (tmp_path / "drafts.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(HaidangError, match=r"drafts.yaml:3: .*the commitment 'techcombank-credit' is there already"):
        run("add", "hcmc", "drafts.yaml", "--by", "Lan")


def test_exported_files_are_imported_and_only_what_changed_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    run("export", "hcmc", "--out", "files", "--format", "csv")
    assert run("import", "hcmc", "files", "--by", "Lan").startswith("0 of")
    path = tmp_path / "files" / "commitments.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("Techcombank |", "Techcombank JSC |"), encoding="utf-8")
    run("import", "hcmc", "files", "--by", "Lan")
    steps = json.loads(run("history", "hcmc", "commitment/techcombank-credit", "--json"))
    assert steps[-1]["changed"] == ["parties: - Techcombank", "parties: + Techcombank JSC"]
    assert run("verify", "hcmc").startswith("2 changes of 1 records")


def test_forecasts_are_kept_when_made_and_scored_when_their_day_has_come(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    run("hcmc", "--archive", "kept.jsonl", "--json")
    assert json.loads(run("score", "hcmc", "--archive", "kept.jsonl", "--json"))["forecasts"] == []
    (tmp_path / "drafts.yaml").write_text(
        "sources:\n  rank-2030: {title: Ranks of 2030, publisher: An index, date: 2030-06-01}\n"
        "indicators:\n  startup-rank:\n    observations: [{source: rank-2030, period: 2030, quantity: 90 rank}]\n",
        encoding="utf-8",
    )
    run("add", "hcmc", "drafts.yaml", "--by", "Lan")
    (one,) = json.loads(run("score", "hcmc", "--archive", "kept.jsonl", "--json"))["forecasts"]
    made = date.today().isoformat()
    assert (one["target"], one["made"], one["came"], one["happened"]) == ("startup-rank-2030", made, 90.0, True)
    assert one["brier"] == pytest.approx((1.0 - one["probability"]) ** 2)
    assert one["source"] == "rank-2030"
