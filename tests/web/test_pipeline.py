"""What the database chooses and sorts of the pipeline is what a plain reading of every row gives."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.postgres import another
from tests.web.site import inside

CODE = """
import random
from datetime import date, timedelta
from itertools import product
from django.utils import timezone
from haidang.web.factories.models import Application, Assessment, Consent, Factory
from haidang.web.lending import choice, pipeline
from haidang.web.lending.models import StageRecord
from haidang.web.people.models import Membership, Organisation, User
from haidang.web.search import folded
chance, now = random.Random(5), timezone.now()
city, bank, other, body = (
    Organisation.objects.create(name=name, kind=kind)
    for name, kind in (("City", "city"), ("Bank", "lender"), ("Other", "lender"), ("Body", "factory"))
)
people, lends = {}, "lender_officer"
for name, role, of in (("analyst", "analyst", city), ("lender", lends, bank), ("new", lends, other)):
    people[name] = User.objects.create_user(f"{name}@example.vn", None)
    Membership.objects.create(user=people[name], organisation=of, role=role)
names = ["Ủng Hộ", "ủng hộ", "Đông", "đông á", "Zeta", "alpha", "Ánh", "Nhà máy", "nhà MÁY", "Ấm"]
fields = ["name", "sector", "employees", "amount", "levels"]
for at in range(24):
    factory = Factory.objects.create(
        body=body, name=f"{names[at % 10]} {at % 3}", tax_code=f"{at:010d}", sector=("food", "metal")[at % 2],
        employees=(5, 20, 60, 99, 100, 400)[at % 6],
    )
    sent = now - timedelta(hours=at // 2)
    asked = Application.objects.create(
        factory=factory, programme="ab"[at % 2], amount=10**8 * (1 + at % 5), purpose="x",
        sent=None if at == 7 else sent, withdrawn=now if at == 9 else None,
    )
    for back in range(at % 3):
        Assessment.objects.create(
            factory=factory, framework="f", framework_version="1", submitted=now - timedelta(days=back),
            mean=None if at % 8 == 5 else chance.randrange(4) / 2,
        )
    if at % 4:
        shown = [field for field in fields if chance.random() < 0.6]
        Consent.objects.create(factory=factory, lender=bank, fields=shown, current=True)
    for lender, stage, day in ((bank, "applied", 1), (bank, "approved", 3), (other, "refused", 2))[: at % 4]:
        StageRecord.objects.create(application=asked, lender=lender, stage=stage, amount=1, day=date(2026, 1, day))

def key(row, name):
    if name == "sent":
        return row.application.sent
    value = {"stage": row.stage or None, "level": row.level}.get(name, row.known.get(name))
    return value.casefold() if isinstance(value, str) else value
def plainly(rows, given):
    kept = [
        row for row in rows
        if given.get("programme") in {None, row.application.programme}
        and given.get("stage") in {None, row.stage or "none"}
        and all(given.get(name) in {None, row.known.get(name)} for name in ("sector", "size"))
        and folded(given.get("q", "")) in (folded(str(row.known.get("name", ""))) if "q" in given else "")
    ]
    by, down = given["sort"], given["order"] == "down"
    having = sorted((row for row in kept if key(row, by) is not None), key=lambda row: key(row, by), reverse=down)
    return [row.application.pk for row in (*having, *(row for row in kept if key(row, by) is None))]
questions = [
    {}, {"sector": "food"}, {"size": "medium"}, {"size": "small", "stage": "none"}, {"stage": "approved"}, {"q": "ủNG"},
    {"q": "máy", "sector": "metal"}, {"programme": "b", "stage": "refused"}, {"size": "huge"}, {"stage": "forgiven"},
]
found = {}
for name, user in people.items():
    numbers = choice.sent_to(user).order_by("-sent", "-id").values_list("pk", flat=True)
    rows = pipeline.rows(numbers, user, "en")
    wrong, seen = [], set()
    for asked, by, order in product(questions, choice.SORTS, ("up", "down")):
        given = {**asked, "sort": by, "order": order}
        told = list(choice.asked_for(user, given))
        seen.add(tuple(told))
        if told != plainly(rows, given):
            wrong.append([given, told, plainly(rows, given)])
    pages = [list(choice.asked_for(user, {"sort": "level"})[at : at + 5]) for at in range(0, 25, 5)]
    found[name] = {
        "rows": len(rows), "wrong": wrong[:3], "answers": len(seen),
        "pages": [each for page in pages for each in page] == list(choice.asked_for(user, {"sort": "level"})),
        "usual": list(choice.asked_for(user, {})) == [row.application.pk for row in rows],
    }
print(json.dumps(found))
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> dict[str, str]:
    if request.param == "sqlite":
        return {}
    template = request.getfixturevalue("migrated")
    return {"HAIDANG_DATABASE": another(request.getfixturevalue("postgres"), "pipeline", template)}


def test_what_the_database_chooses_and_sorts_is_what_a_plain_reading_of_every_row_gives(
    tmp_path: Path, database: dict[str, str]
) -> None:
    found = json.loads(inside(tmp_path / "data", "hcmc", CODE, **database))
    assert {name: one["wrong"] for name, one in found.items()} == {"analyst": [], "lender": [], "new": []}
    assert [one["rows"] for one in found.values()] == [22, 16, 0]
    assert all(one["pages"] and one["usual"] for one in found.values())
    assert found["analyst"]["answers"] > 40
    assert found["lender"]["answers"] > 30
