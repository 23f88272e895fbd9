"""Who answers for a promise, by when, and what comes next, from the command line; what had changed by a day."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from haidang.cli import app
from haidang.track.edit import Answer, EditError, answer
from haidang.track.records import Commitment, Milestone

Make = Callable[..., Commitment]
STEP = {"vi": "Ký hợp đồng", "en": "Sign the contract"}


def test_what_is_not_told_stays_as_it_is(commitment: Make) -> None:
    before = commitment(responsible="A department", due=date(2030, 12, 31))
    after = answer(before, Answer(next_step=STEP, next_on=date(2027, 3, 31)))
    assert (after.responsible, after.due) == ("A department", date(2030, 12, 31))
    assert (after.next_step, after.next_on) == (STEP, date(2027, 3, 31))
    assert answer(before, Answer(nobody=True)).responsible is None
    assert answer(after, Answer(next_step={"vi": "Khác", "en": "Another"})).next_on is None, "of the step before"


def test_a_milestone_that_changes_keeps_what_was_reported_of_it(commitment: Make) -> None:
    half = Milestone("half", STEP, done=0.5, reported=date(2026, 5, 1))
    before = commitment(milestones=(half,))
    (after,) = answer(before, Answer(milestone=Milestone("half", STEP, due=date(2027, 1, 1)))).milestones
    assert (after.done, after.reported, after.due) == (0.5, date(2026, 5, 1), date(2027, 1, 1))
    both = answer(before, Answer(milestone=Milestone("rest", STEP))).milestones
    assert [one.id for one in both] == ["half", "rest"]


@pytest.mark.parametrize(
    ("told", "why"),
    [
        (Answer(responsible="A bank", nobody=True), "found both"),
        (Answer(next_on=date(2027, 1, 1)), "expected a next step"),
        (Answer(), "found nothing"),
    ],
)
def test_what_goes_against_itself_is_refused(commitment: Make, told: Answer, why: str) -> None:
    with pytest.raises(EditError, match=why):
        answer(commitment(), told)


def test_the_command_changes_a_promise_and_history_tells_what_had_changed_by_a_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    words = ["--responsible", "A department", "--next-vi", "Ký", "--next-en", "Sign", "--next-on", "2027-03-31"]
    parts = ["--milestone", "loan", "--milestone-vi", "Khoản vay", "--milestone-en", "A loan", "--by", "Lan"]
    found = CliRunner().invoke(app, ["track", "edit", "hcmc", "techcombank-credit", *words, *parts])
    assert found.exit_code == 0, (found.output, found.exception)
    today = datetime.now(UTC).date()
    for day, actions in ((today, ["pack", "edit"]), (today - timedelta(days=1), [])):
        asked = ["history", "hcmc", "commitment/techcombank-credit", "--json", "--as-of", day.isoformat()]
        told = json.loads(CliRunner().invoke(app, ["track", *asked]).output)
        assert [one["action"] for one in told] == actions
    alone = CliRunner().invoke(app, ["track", "edit", "hcmc", "techcombank-credit", "--next-vi", "Ký"])
    assert alone.exit_code == 1
    assert "together" in str(alone.exception) + alone.output


def test_a_draft_of_what_a_record_of_the_pack_says_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    words = "Thành phố đặt mục tiêu kinh tế số đạt 30-40% GRDP vào năm 2030.\n"
    Path("article.txt").write_text(words, encoding="utf-8")
    for more, expected in ((["--pack", "hcmc"], ["target/digital-economy-2030"]), ([], [])):
        found = CliRunner().invoke(app, ["read", "article.txt", "--date", "2026-01-05", "--json", *more])
        assert found.exit_code == 0, (found.output, found.exception)
        (draft,) = json.loads(found.output)["drafts"]
        assert draft.get("duplicates", []) == expected
