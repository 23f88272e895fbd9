"""A change of the records is in their database and in the site's log, or in neither; on both kinds of database."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.postgres import another
from tests.web.desk import small_city
from tests.web.site import inside

BEGIN = """
from haidang.web.serve import begin_records
update_database()
begin_records()
begin_records()
from datetime import date
from django.db import connection
from haidang.errors import HaidangError
from haidang.web.desk import book as books, take as taking
from haidang.web.desk.book import STORE, book, change, end
from haidang.web.desk.models import Document, Passage
from haidang.web.ledger.models import Entry
from haidang.web.ledger.write import verify
from haidang.web.people.models import User
clerk = User.objects.create_user("clerk@example.vn", None)
text = "City promises 55 stops."
document = Document.objects.create(title="News", publisher="Paper", day=date(2026, 9, 1), digest="a" * 64,
                                   suffix=".txt", text=text, state="read")
passage = Passage.objects.create(document=document, place=1, kind="commitment", start=14, end=22, sentence_start=0,
                                 sentence_end=len(text))
given = {"record": "commitment/school-bus-stops", "about": "count", "minimum": 55.0, "maximum": 55.0, "unit": "stops",
         "qualifier": "exactly", "since": None, "until": None, "scope": "", "said_by": "", "status": "", "method": "",
         "promise_kind": ""}
def told():
    passage.refresh_from_db()
    held = STORE.one("commitment", "school-bus-stops")
    claims = [claim.id for claim in held.record.claims]
    return {"state": passage.state, "version": held.version, "claims": len(claims), "changes": end().number,
            "entries": Entry.objects.filter(action="desk.claim.taken").count()}
found = {"vendor": connection.vendor, "first": told()}
"""
END = """
found["whole"] = [verify().entries > 0, STORE.verify().changes]
print(json.dumps(found))
"""
REFUSED = """
current = book()
from haidang.track.store.draft import Draft
STORE.write([Draft(current.tracked.commitments["school-bus-stops"], 1)], "step", "somebody@example.vn")
taking.book = lambda: current  # what was read before somebody changed it
try:
    taking.take(clerk, passage, given)
except HaidangError as mistake:
    found["mistake"] = str(mistake)
found["after"] = told()
"""
FALLS = """
class Fall(BaseException):
    pass
save = books.save
def falls(*all):
    save(*all)
    raise Fall
books.save = falls
try:
    taking.take(clerk, passage, given)
except Fall:
    pass
books.save = save
passage.refresh_from_db()
found["fallen"] = told()
taking.take(clerk, passage, given)
found["again"] = told()
"""

TOLD = """
from dataclasses import replace
from haidang.track.edit import advance, confirm, entered
from haidang.track.records import SourcePlace, Stage
from haidang.web.api.hooks import add_hook
from haidang.web.api.models import Message
add_hook("https://elsewhere.example/told", ["commitment.stage"])
def stages():
    told = [json.loads(each.body) for each in Message.objects.order_by("pk")]
    return [(each["commitment"], each["stage"]) for each in told]
one = book().tracked.commitments["school-bus-stops"]
signed = advance(one, Stage("signed", date(2025, 5, 1), SourcePlace("tutorial"), None, clerk.email))
change(clerk, [one], [signed], "advance", "desk.stage.reached")
found["signed"] = stages()
fresh = entered(replace(one, id="new-promise", claims=one.claims[:1]), clerk.email, date(2026, 9, 1))
change(clerk, [], [fresh], "add", "desk.claim.taken")
found["unseen"] = stages()
held = book().tracked.commitments["new-promise"]
boss = User.objects.create_user("boss@example.vn", None)
change(boss, [held], [confirm(held, [], boss.email, date(2026, 9, 2))], "confirm", "desk.claim.confirmed")
found["seen"] = stages()
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest) -> tuple[str, str]:
    if request.param == "sqlite":
        return request.param, ""
    template = request.getfixturevalue("migrated")
    return request.param, another(request.getfixturevalue("postgres"), "site", template)


def done(root: Path, folder: Path, address: str, code: str) -> dict[str, Any]:
    pack = small_city(root, folder / "pack")
    more = {"HAIDANG_DATABASE": address} if address else {}
    return json.loads(inside(folder / "data", pack, BEGIN + code + END, **more))


def test_a_change_that_is_refused_leaves_nothing_and_one_that_fell_half_way_is_made_once(
    root: Path, tmp_path: Path, address: tuple[str, str]
) -> None:
    kind, where = address
    found = done(root, tmp_path, where, REFUSED + "taking.book = book\n" + FALLS)
    assert found["vendor"] == kind
    first, after, fallen, again = (found[name] for name in ("first", "after", "fallen", "again"))
    assert first == {"state": "open", "version": 1, "claims": 2, "changes": first["changes"], "entries": 0}
    assert "somebody@example.vn changed it" in found["mistake"]
    assert after == {**first, "version": 2, "changes": first["changes"] + 1}
    # The record has the claim and the site does not know of it yet; done again, nothing is written twice.
    assert fallen["claims"] == 3
    assert (fallen["state"], fallen["entries"]) == ("open", 0)
    assert again["state"] == "taken"
    assert (again["claims"], again["version"], again["entries"]) == (3, fallen["version"], 1)


def test_servers_are_told_of_a_stage_once_everybody_may_know_of_the_promise(root: Path, tmp_path: Path) -> None:
    found = done(root, tmp_path, "", TOLD)
    assert found["signed"] == [["school-bus-stops", "signed"]]
    assert found["unseen"] == found["signed"]
    assert found["seen"] == [*found["signed"], ["new-promise", "announced"]]
