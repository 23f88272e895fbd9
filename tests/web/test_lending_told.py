"""What the pages of lenders say beside their numbers, and what they ask about before they take a record."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.web.site import inside

CODE = """
from datetime import date, datetime, timedelta
from django.utils import timezone
from haidang.web import shell
from haidang.web.api.models import Token
from haidang.web.factories.consent import settle
from haidang.web.factories.demo import example_code
from haidang.web.factories.models import Application, Factory
from haidang.web.lending.models import StageRecord
from haidang.web.people.models import Membership, Organisation, User
from tests.web.city import CREDIT
from tests.web.planting import at_a_browser
shell._empty = lambda name: True  # what the menu says of the city's state takes seconds to draw
body, bank, other, city = (
    Organisation.objects.create(name=name, kind=kind)
    for name, kind in (("Chủ", "factory"), ("Ngân hàng", "lender"), ("Ngân hàng Hai", "lender"), ("Sở", "city"))
)
people = {}
for name, role, of in (("bank", "lender_officer", bank), ("city", "analyst", city)):
    user = User.objects.create_user(f"{name}@example.vn", None)
    Membership.objects.create(user=user, organisation=of, role=role)
    people[name] = at_a_browser(name, user)
people["city"].client.handler = people["bank"].client.handler  # each looks at every served file before its first page
def factory(at, example):
    return Factory.objects.create(
        body=body, name=f"F{at}", tax_code=example_code(at), sector="food", employees=10, example=example
    )
examples, day = [factory(at, True) for at in range(2)], date(2026, 2, 1)
asked = [
    Application.objects.create(factory=one, programme=CREDIT, amount=10**9, purpose="x", sent=timezone.now())
    for one in examples
]
for one, lender, stage, amount in (
    (asked[0], bank, "approved", 9 * 10**8), (asked[0], bank, "disbursed", 5 * 10**8),
    (asked[1], other, "approved", 10**8),
):
    StageRecord.objects.create(application=one, lender=lender, stage=stage, amount=amount, day=day)
scopes = ["lending:read", "lending:write"]
keys = {name: Token.objects.make(one.user, "key", scopes, timedelta(days=1))[1] for name, one in people.items()}
def pages():
    return {
        name: [one.client.get(f"/{spoken}/lending/use/?programme={CREDIT}").content.decode() for spoken in ("en", "vi")]
        for name, one in people.items()
    }
def program(name):
    answer = people[name].client.get(f"/api/v1/lending/use/{CREDIT}", HTTP_AUTHORIZATION=f"Bearer {keys[name]}")
    return [answer.json()["left_out"], answer.json()["recorded"][-1]["applications"]]
found = {"before": pages(), "api_before": program("city")}
real = factory(2, False)
found |= {"after": pages(), "api": {name: program(name) for name in people}}

sent = datetime(2026, 3, 1, 12, tzinfo=timezone.get_default_timezone())
own = Application.objects.create(factory=real, programme=CREDIT, amount=10**9, purpose="x", sent=sent)
client = people["bank"].client
def asks(spoken, **told):
    page = client.post(f"/{spoken}/lending/applications/{own.pk}/record/", told)
    return [page.status_code, page.content.decode() if page.status_code == 200 else ""]
def sends(**told):
    path = f"/api/v1/lending/applications/{own.pk}/records"
    head = {"HTTP_AUTHORIZATION": f"Bearer {keys['bank']}", "HTTP_ACCEPT_LANGUAGE": "en"}
    answer = client.post(path, json.dumps(told), content_type="application/json", **head)
    return [answer.status_code, answer.json()]
settle(real, bank, ["name"], None)
early = {"stage": "disbursed", "amount": 5 * 10**8, "day": "2026-02-20"}
found["early"] = {spoken: asks(spoken, **early) for spoken in ("en", "vi")}
found["api_early"] = sends(**early)
found["kept"] = StageRecord.objects.filter(application=own).count()
above = {"stage": "approved", "amount": 1_000_400_000, "day": "2026-03-02"}
found["veiled"] = sends(**above, sure=False)[0]
settle(real, bank, ["name", "amount"], None)
found["above"] = sends(**{**above, "amount": 400_000_000})
found["late"] = asks("en", stage="disbursed", amount="500 triệu", day="2026-03-03")[0]
found["refused"] = asks("en", stage="refused", reason="x", day="2026-03-04")
found["meant"] = asks("en", stage="refused", reason="x", day="2026-03-04", sure="on")[0]
found["again"] = sends(stage="approved", amount=10**6, day="2026-03-05")
first = StageRecord.objects.filter(application=own).order_by("pk").first().pk
found["void"] = sends(stage="void", day="2026-03-06", reason="x", corrects=first)
settle(real, bank, [], None)
found["withdrawn"] = sends(stage="repaid", amount=10**6, day="2026-02-20")[0]

import csv, io, re
from datetime import timezone as zone
from openpyxl import load_workbook
from haidang.web.factories.models import Assessment
for one, mean in ((real, None), (examples[0], 1.5), (examples[1], 2.0)):
    for day, level in ((1, 3.0), (2, mean)):  # what was handed in last counts, and not what was known before
        Assessment.objects.create(
            factory=one, framework="f", framework_version="1", mean=level,
            submitted=datetime(2026, 3, day, tzinfo=zone.utc),
        )
at_city, found["levels"] = people["city"].client, {}
for order in ("up", "down"):
    asked_for = f"?sort=level&order={order}"
    text = at_city.get(f"/en/lending/pipeline.csv{asked_for}").content.decode("utf-8-sig")
    head, *rows = csv.reader(io.StringIO(text))
    book = load_workbook(io.BytesIO(at_city.get(f"/en/lending/pipeline.xlsx{asked_for}").content)).active
    top, *lines = book.iter_rows(values_only=True)
    shown = at_city.get(f"/en/lending/{asked_for}").content.decode()
    found["levels"][order] = [
        [row[head.index("level")] for row in rows], [line[top.index("level")] for line in lines],
        re.findall(r'data-label="Mean level">([^<]*)<', shown),
    ]
shown = at_city.get("/vi/lending/?sort=level").content.decode()
found["levels"]["vi"] = re.findall(r'data-label="Bậc bình quân">([^<]*)<', shown)
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return json.loads(inside(tmp_path_factory.mktemp("told") / "data", "hcmc", CODE))


def test_the_use_of_the_line_says_how_much_of_example_factories_it_leaves_out(found: dict[str, Any]) -> None:
    for name in ("bank", "city"):
        assert not any("example factories" in text or "nhà máy ví dụ" in text for text in found["before"][name])
    english, vietnamese = found["after"]["bank"]
    assert "Not counted: 2 records of 1 applications of example factories" in english
    assert "(900 million VND approved, 500 million VND paid out)" in english
    assert "only as long as the site holds no other factory" in english
    assert "Không tính: 2 ghi nhận của 1 đơn thuộc các nhà máy ví dụ" in vietnamese
    assert "(đã duyệt 900 triệu đồng, đã giải ngân 500 triệu đồng)" in vietnamese
    assert "table for evaluating" not in english
    english, vietnamese = found["after"]["city"]
    assert "Not counted: 3 records of 2 applications of example factories (1 billion VND approved" in english
    assert "Không tính: 3 ghi nhận của 2 đơn" in vietnamese
    assert "The table for evaluating a pilot leaves example factories out" in english
    assert "Bảng cho đánh giá thí điểm cũng bỏ các nhà máy ví dụ" in vietnamese


def test_programs_are_told_what_is_left_out(found: dict[str, Any]) -> None:
    assert found["api_before"] == [None, 2]
    apart = {"records": 2, "applications": 1, "approved": 9 * 10**8, "disbursed": 5 * 10**8, "repaid": 0}
    assert found["api"]["bank"] == [apart, 0]
    assert found["api"]["city"][0]["records"] == 3


def test_a_record_before_the_application_or_without_an_approval_is_asked_about(found: dict[str, Any]) -> None:
    (status, english), (_, vietnamese) = found["early"]["en"], found["early"]["vi"]
    assert status == 200
    assert "20 February 2026 is before 1 March 2026, the day on which the application was sent." in english
    assert "Paid out would come to 500 million VND, and no approval is recorded." in english
    assert 'name="sure"' in english
    assert "Ngày 20/2/2026 trước ngày gửi đơn (1/3/2026)." in vietnamese
    assert "Tổng giải ngân sẽ là 500 triệu đồng mà chưa có ghi nhận nào về việc duyệt." in vietnamese
    status, told = found["api_early"]
    assert (status, sorted(told["fields"])) == (400, ["amount", "day"])
    assert found["kept"] == 0


def test_an_amount_that_a_factory_does_not_show_is_given_away_by_no_question(found: dict[str, Any]) -> None:
    assert found["veiled"] == 201
    status, told = found["above"]
    assert (status, list(told["fields"])) == (400, ["amount"])
    assert told["fields"]["amount"] == [
        "Approved would come to 1.4 billion VND, more than the 1 billion VND asked for. "
        "If that is right, tick the confirmation and record again."
    ]
    assert found["withdrawn"] == 201, "nor the day of sending once nothing is shown any more"


def test_a_refusal_after_money_and_money_after_a_refusal_are_asked_about_and_taken_when_meant(
    found: dict[str, Any],
) -> None:
    assert found["late"] == 302
    status, page = found["refused"]
    assert status == 200
    assert "Refused on 4 March 2026, after 500 million VND had been paid out (first on 3 March 2026)." in page
    assert found["meant"] == 302
    status, told = found["again"]
    assert (status, told["fields"]["stage"][0].partition(". ")[0]) == (
        400, "Approved on 5 March 2026, after the refusal on 4 March 2026",
    )  # fmt: skip
    status, told = found["void"]
    assert (status, list(told["fields"])) == (400, ["corrects"])
    assert "no approval is recorded" in told["fields"]["corrects"][0]


def test_a_mean_level_that_is_not_known_is_said_so_comes_last_and_is_an_empty_cell(found: dict[str, Any]) -> None:
    for order, known in (("up", [1.5, 2.0]), ("down", [2.0, 1.5])):
        cells, lines, shown = found["levels"][order]
        assert cells == [*map(str, known), ""]
        assert lines == [*known, None]
        assert shown == [*(f"{one:g}" for one in known), "not known"]
    assert found["levels"]["vi"] == ["1,5", "2", "chưa biết"]
