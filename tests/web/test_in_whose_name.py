"""Who is of two banks, or of two bodies of assessors, says in whose name; what waits; what a pilot is evaluated on."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from tests.web.site import inside

CODE = """
import re
from datetime import date, timedelta
from django.utils import timezone
from haidang.web import shell
from haidang.web.api.models import Token
from haidang.web.factories.consent import settle
from haidang.web.factories.demo import example_code
from haidang.web.factories.drafts import hand_in
from haidang.web.factories.models import Answer, Application, Assessment, Factory
from haidang.web.factories.vocabulary import framework
from haidang.web.jobs.models import Job
from haidang.web.ledger.models import Entry
from haidang.web.lending import use, use_views
from haidang.web.lending.models import StageRecord
from haidang.web.people.models import Membership, Organisation, User
from haidang.web.pilots import desk, lots
from tests.web.city import CREDIT
from tests.web.planting import at_a_browser
from tests.web.test_pilots import PLAN
shell._empty = lambda name: True  # what the menu says of the city's state takes seconds to draw
body = Organisation.objects.create(name="Chủ", kind="factory")
banks = [Organisation.objects.create(name=f"Ngân hàng {one}", kind="lender") for one in ("Một", "Hai", "Ba")]
readers = [Organisation.objects.create(name=f"Đơn vị {one}", kind="evaluator") for one in ("A", "B")]
city = Organisation.objects.create(name="Sở", kind="city")
def somebody(name, role, *bodies):
    user = User.objects.create_user(f"{name}@example.vn", None)
    for one in bodies:
        Membership.objects.create(user=user, organisation=one, role=role)
    return user, at_a_browser(name, user).client
officer, at_bank = somebody("officer", "lender_officer", *banks)
assessor, at_desk = somebody("assessor", "assessor", *readers)
analyst, at_city = somebody("analyst", "analyst", city)
at_desk.handler = at_city.handler = at_bank.handler  # each looks at every file that is served before its first page
factories = [
    Factory.objects.create(body=body, name=f"F{at}", tax_code=example_code(at), sector="food", employees=10 + at)
    for at in range(8)
]
first, second, *_ = factories
def handed_in(one, back=0):
    made = Assessment.objects.create(factory=one, framework=framework().id, framework_version=framework().version)
    Answer.objects.create(assessment=made, criterion=framework().criteria[0].id, value=1)
    hand_in(made, None)
    return made
old, new, other = handed_in(first), handed_in(first), handed_in(second)
asked = Application.objects.create(factory=first, programme=CREDIT, amount=10**9, purpose="x", sent=timezone.now())
scopes = ["lending:read", "lending:write", "factories:read", "factories:write"]
keys = {one.email: Token.objects.make(one, "key", scopes, timedelta(days=1))[1] for one in (officer, assessor)}
def sends(user, path, told):
    answer = at_bank.post(f"/api/v1{path}", json.dumps(told), content_type="application/json",
                          HTTP_AUTHORIZATION=f"Bearer {keys[user.email]}")
    return [answer.status_code, answer.json()]
place, found = f"/en/lending/applications/{asked.pk}/", {}
settle(first, banks[1], ["name", "amount"], None)
one = at_bank.get(place).content.decode()
settle(first, banks[0], ["name"], None)
many = at_bank.get(place).content.decode()
found["offered"] = [re.findall(r'name="lender"[^>]*value="([^"]*)"', one),
                    re.findall(r'<option value="(Ngân[^"]*)"', many)]
told = {"stage": "approved", "amount": "1000000000", "day": "2026-02-01", "sure": "on"}
posts = [at_bank.post(f"{place}record/", {**told, **more}) for more in
         ({}, {"lender": "Ngân hàng Ba"}, {"lender": "Ngân hàng Một"}, {"lender": "Ngân hàng Hai"})]
found["posts"] = [each.status_code for each in posts]
found["named"] = "Choose one of your organisations: Ngân hàng Hai, Ngân hàng Một." in posts[0].content.decode()
wrong = StageRecord.objects.get(lender=banks[0]).pk
paid = {"stage": "disbursed", "amount": 5 * 10**8, "day": "2026-02-02", "sure": True}
found["programs"] = [sends(officer, f"/lending{way}", body) for way, body in (
    (f"/applications/{asked.pk}/records", paid),
    (f"/applications/{asked.pk}/records", {**paid, "lender": "Ngân hàng Ba"}),
    (f"/applications/{asked.pk}/records", {**paid, "lender": "Ngân hàng Hai", "corrects": wrong, "reason": "x"}),
    (f"/applications/{asked.pk}/records", {**paid, "lender": "Ngân hàng Một"}),
    ("/records", {"records": [{**paid, "application": asked.pk, "lender": "Ngân hàng Hai", "amount": 3 * 10**8}]}),
)]
settle(first, banks[0], [], None)  # what was lent is paid back all the same
back = {"stage": "repaid", "amount": 10**6, "day": "2026-02-03", "lender": "Ngân hàng Một"}
found["after"] = sends(officer, f"/lending/applications/{asked.pk}/records", back)[0]
found["records"] = list(StageRecord.objects.order_by("pk").values_list("lender__name", "stage", "amount"))

def rows(state=""):
    page = at_desk.get(f"/en/factories/?state={state}").content.decode()
    return re.findall(r"/en/factories/(\\d+)/.*?data-label=\\"Your reading\\">.*?>([a-z ]+)</a>", page)
found["queue"] = [rows(), rows("waits"), rows("begun")]
result = f"/en/factories/assessments/{new.pk}/result/"
found["readers"] = re.findall(r'<option value="(Đơn[^"]*)"', at_desk.get(result).content.decode())
begun = [at_desk.post(f"/en/factories/assessments/{new.pk}/second/", more) for more in ({}, {"reader": "Đơn vị B"})]
found["begun"] = [each.headers["Location"] == result for each in begun]
found["refused"] = "Choose one of your organisations" in at_desk.get(result).content.decode()
for each in ({}, {"reader": "Sở"}, {"reader": "Đơn vị B"}, {"reader": "Đơn vị A"}):
    found.setdefault("second", []).append(sends(assessor, f"/assessments/{new.pk}/readings", each))
found["queue"] += [rows(), rows("waits"), rows("begun")]
reading = new.readings.get(reader=readers[1])
Answer.objects.create(assessment=reading, criterion=framework().criteria[0].id, value=1)
hand_in(reading, assessor)
found["queue"] += [rows(), rows("read")]
found["left"] = re.findall(r'<option value="(Đơn[^"]*)"', at_desk.get(result).content.decode())
found["second_of"] = [[one.reader.name, one.begun_by.email] for one in new.readings.order_by("pk")]

forecast = use.Forecast(None, {"vi": "vay", "en": "loans"}, (2026,), (5e9,), (1e10,), (2e10,), None)
years = [use.Year(2026, 1, 2 * 10**9, 10**9, 0)]
found["sentences"] = [use_views._sentence(forecast, years, own=own) for own in (True, False)]

def pilot(name, column):
    text = PLAN.format(id=name).replace("size: 200", "size: 8")
    text = text.replace("column: level, unit: level", f"column: {column}, unit: VND")
    text = text.replace("between: [0, 10]", "between: [0, 1e12]").partition("guardrails")[0]
    made = desk.declare(analyst, text.replace("years:", f"programme: hcmc/{CREDIT}\\nyears:").encode())
    desk.register_plan(analyst, made, "", date(2024, 12, 1))
    return made
lent, levels = pilot("lent", "amount_disbursed"), pilot("levels", "level")
page = f"/en/lending/use/?programme={CREDIT}"
hand = f"/en/lending/pilots/{lent.pk}/hand-over/"
before = at_city.get(page).content.decode()
found["before"] = ["are not drawn yet" in before, "is nothing that lenders record" in before, hand in before]
found["early"] = [at_city.post(hand).status_code, Job.objects.filter(kind="pilot-evaluation").count()]
units = "id,sector\\n" + "".join(f"{one.unit},food\\n" for one in factories)
lots.draw_lots(analyst, lent, units.encode(), "10 20 30")
table = at_city.get(f"/en/lending/outcomes/{CREDIT}.csv").content
found["drawn"] = "8 of the pilot&#x27;s 8 units are on the site" in at_city.get(page).content.decode()
found["handed"] = [at_bank.post(hand).status_code, at_city.post(hand).status_code]
(kept,) = (one.read_bytes() for one in lent.folder.glob("outcomes-*.csv"))
entry = Entry.objects.get(action="lending.outcomes.handed_over")
found["log"] = [entry.who, entry.subject == f"pilots.pilot:{lent.pk}", json.loads(entry.details)]
found["table"], found["same"] = kept.decode("utf-8-sig"), kept == table
after = at_city.get(page).content.decode()
found["shown"] = json.loads(entry.details)["sha256"] in after
found["asked"] = [one.payload["pilot"] == lent.pk for one in Job.objects.filter(kind="pilot-evaluation")]
shown = at_city.get(f"/en/pilots/{lent.pk}/").content.decode()
found["linked"] = f'/en/lending/use/?programme={CREDIT}#h-pilots"' in shown
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return json.loads(inside(Path(tmp_path_factory.mktemp("names")) / "data", "hcmc", CODE))


def test_an_officer_of_several_lenders_writes_in_the_name_of_one_that_the_factory_lets(found: dict[str, Any]) -> None:
    assert found["offered"] == [["Ngân hàng Hai"], ["Ngân hàng Hai", "Ngân hàng Một"]]
    assert found["posts"] == [200, 200, 302, 302]
    assert found["named"]
    missing, foreign, anothers, *made = found["programs"]
    for status, told in (missing, foreign):
        assert (status, list(told["fields"])) == (400, ["lender"])
        assert "Ngân hàng Hai, Ngân hàng Một" in told["fields"]["lender"][0]
    assert (anothers[0], list(anothers[1]["fields"])) == (400, ["corrects"])
    assert [status for status, _ in made] == [201, 201]
    assert found["after"] == 201
    assert found["records"] == [
        ["Ngân hàng Một", "approved", 10**9],
        ["Ngân hàng Hai", "approved", 10**9],
        ["Ngân hàng Một", "disbursed", 5 * 10**8],
        ["Ngân hàng Hai", "disbursed", 3 * 10**8],
        ["Ngân hàng Một", "repaid", 10**6],
    ]


def test_an_assessor_of_several_bodies_reads_in_the_name_of_one(found: dict[str, Any]) -> None:
    assert found["readers"] == ["Đơn vị A", "Đơn vị B"]
    assert found["begun"] == [True, False]
    assert found["refused"]
    missing, foreign, again, other = found["second"]
    assert [status for status, _ in found["second"]] == [400, 400, 201, 201]
    assert {*missing[1]["fields"], *foreign[1]["fields"]} == {"reader"}
    assert (again[1]["reader"], other[1]["reader"]) == ("Đơn vị B", "Đơn vị A")
    assert found["second_of"] == [["Đơn vị B", "assessor@example.vn"], ["Đơn vị A", "assessor@example.vn"]]
    assert found["left"] == []


def test_an_assessor_sees_in_the_list_what_waits_to_be_read(found: dict[str, Any]) -> None:
    whole, waits, begun, later, still, open_, last, read = found["queue"]
    assert whole == waits == [["1", "waits"], ["2", "waits"]]
    assert begun == []
    assert later == [["1", "in progress"], ["2", "waits"]]
    assert (still, open_) == ([["2", "waits"]], [["1", "in progress"]])
    assert last == [["1", "read"], ["2", "waits"]]
    assert read == [["1", "read"]]


def test_a_lenders_money_alone_is_not_held_against_the_forecast_of_the_whole_line(found: dict[str, Any]) -> None:
    own, whole = found["sentences"]
    assert "all lenders together" in own
    assert "10% of its median" in own.replace(" %", "%")
    assert "so far paid out is below" not in own
    assert "so far paid out is below the interval" in whole


def test_a_pilot_is_handed_the_very_table_that_is_downloaded_and_the_log_keeps_its_hash(found: dict[str, Any]) -> None:
    assert found["before"] == [True, True, False]
    assert found["early"] == [302, 0]
    assert found["drawn"]
    assert found["handed"] == [403, 302]
    assert found["same"]
    assert len(found["table"].splitlines()) == 9
    who, of_the_pilot, told = found["log"]
    assert (who, of_the_pilot, told["units"]) == ("analyst@example.vn", True, 8)
    assert told["sha256"] == hashlib.sha256(("\ufeff" + found["table"]).encode()).hexdigest()
    assert found["shown"]
    assert found["asked"] == [True]
    assert found["linked"]
