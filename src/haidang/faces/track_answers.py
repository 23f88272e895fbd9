"""What `haidang track edit` changes of a promise: who answers for it, by when, and what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from haidang.faces.track import day_of
from haidang.faces.track_edits import name_of, open_desk, write_changes
from haidang.faces.words import CommandError

if TYPE_CHECKING:
    from haidang.track.records import Commitment, Milestone, Title


@dataclass(frozen=True, slots=True)
class Told:
    """The options of the command as they were typed; none where one was not given."""

    responsible: str | None
    nobody: bool
    due: str | None
    next_vi: str | None
    next_en: str | None
    next_on: str | None
    milestone: str | None
    milestone_vi: str | None
    milestone_en: str | None
    milestone_due: str | None


def edit(pack_name: str, name: str, told: Told, by: str | None, evidence: Path | None, db: str | None) -> None:
    """Change who answers for a promise, by when, or what comes next.

    Raises:
        HaidangError: it is no promise, an option lacks another, nothing changes, or somebody changed it meanwhile.
    """
    from haidang.track.current import named
    from haidang.track.edit import Answer, answer
    from haidang.track.records import Commitment

    desk, who = open_desk(pack_name, db), name_of(by)
    record = named(desk.current.tracked, name if "/" in name else f"commitment/{name}")
    if not isinstance(record, Commitment):
        raise CommandError(f"expected a commitment, found '{name}'")
    due, next_on = (None if text is None else day_of(text) for text in (told.due, told.next_on))
    step = _both(told.next_vi, told.next_en, "--next-vi and --next-en")
    milestone = _milestone(record, told)
    grown = answer(record, Answer(told.responsible, told.nobody, due, step, next_on, milestone))
    write_changes(desk, [record], [grown], "edit", who, evidence)


def _both(vi: str | None, en: str | None, options: str) -> Title | None:
    """A text in both languages; none where neither is given.

    Raises:
        CommandError: one of them is missing.
    """
    if vi is None and en is None:
        return None
    if not vi or not en:
        raise CommandError(f"expected {options} together, found one of them")
    return {"vi": vi, "en": en}


def _milestone(record: Commitment, told: Told) -> Milestone | None:
    from haidang.track.records import Milestone

    title = _both(told.milestone_vi, told.milestone_en, "--milestone-vi and --milestone-en")
    if told.milestone is None:
        if title is not None or told.milestone_due is not None:
            raise CommandError("expected --milestone with its title or day, found none")
        return None
    before = next((one for one in record.milestones if one.id == told.milestone), None)
    if before is None and title is None:
        raise CommandError(f"expected a title of the new milestone '{told.milestone}' in --milestone-vi and -en")
    due = None if told.milestone_due is None else day_of(told.milestone_due)
    if before is None:
        return Milestone(told.milestone, title or {}, due=due)
    return Milestone(before.id, title or before.title, before.weight, due=due or before.due)
