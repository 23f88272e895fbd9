"""The report as a workbook: every table of it, and every finding."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

from haidang.allocate.factory import Advice
from haidang.allocate.factory_report.view import View
from haidang.allocate.factory_report.wording import Wording
from haidang.frameworks.framework import Language
from haidang.frameworks.workbook import MADE, Value, write_sheet
from haidang.frameworks.write import write_bytes


def write_factory_workbook(advice: Advice, path: Path | str, language: Language = "vi") -> Path:
    """Write the tables of the report and every finding as a workbook.

    Raises:
        WriteError: the file cannot be written; an earlier one is left as it was.
    """
    write_bytes(path, factory_workbook(advice, language))
    return Path(path)


def factory_workbook(advice: Advice, language: Language = "vi") -> bytes:
    """The tables of the report and every finding as a workbook; texts are texts, whatever they begin with."""
    import xlsxwriter

    view = View(language, Wording(language), advice)
    stream = BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as opened:
        book: Any = opened
        book.set_properties({"title": advice.factory.name, "created": MADE})
        for title, heads, rows in _sheets(view):
            write_sheet(book, title[:31], heads, rows)
    return stream.getvalue()


Sheet = tuple[str, list[str], list[tuple[Value, ...]]]


def _sheets(view: View) -> list[Sheet]:
    say = view.say.say
    profile = [say(key) for key in ("area", "capability", "claimed", "upper", "verified", "median")]
    found: list[Sheet] = [(say("details"), profile, [*view.capabilities]), _findings(view)]
    answer = view.advice.roadmap
    if answer is not None and answer.best is not None:
        heads = [say(key) for key in ("year", "step", "cost", "saving", "running", "paid_back", "level", "carbon")]
        rows: list[tuple[Value, ...]] = [
            (
                one.year, ", ".join(answer.question.step(name).title[view.language] for name in one.steps),
                *(round(each) for each in (one.cost, one.saving, one.running, one.paid_back)), round(one.level, 2),
                round(one.carbon, 1),
            )
            for one in answer.best.years
        ]  # fmt: skip
        found.append((say("roadmap"), heads, rows))
        heads = [say(key) for key in ("step", "chosen", "price_now", "price_at", "saving_now", "saving_at")]
        steps = {one.id: one for one in answer.question.steps}
        changes: list[tuple[Value, ...]] = [
            (
                steps[one.step].title[view.language], say("in_plan" if one.taken else "not_in_plan"),
                *(_whole(each) for each in (steps[one.step].cost, one.price, steps[one.step].saving, one.saving)),
            )
            for one in view.advice.changes
        ]  # fmt: skip
        found.append((say("changes")[:31], heads, changes))
    return found


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)


def _findings(view: View) -> Sheet:
    say = view.say.say
    criteria = {one.id: one for one in view.framework.criteria}
    heads = [
        say("criterion"),
        say("level"),
        say("finding"),
        say("criterion"),
        say("remedy"),
        say("effort"),
        say("example"),
    ]
    rows: list[tuple[Value, ...]] = [
        (
            one.criterion, one.level, say(f"kind_{one.kind}"), criteria[one.criterion].text[view.language],
            one.remedy[view.language], say(f"effort_{one.effort}"),
            criteria[one.criterion].evidence_example[view.language],
        )
        for one in view.advice.findings
    ]  # fmt: skip
    return say("findings"), heads, rows
