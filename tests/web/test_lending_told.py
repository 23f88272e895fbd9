"""What the pages of lenders say beside their numbers: what is not counted, and why."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.web.site import inside

CODE = """
from datetime import date, timedelta
from django.utils import timezone
from haidang.web import shell
from haidang.web.api.models import Token
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
keys = {
    name: Token.objects.make(one.user, "key", ["lending:read"], timedelta(days=1))[1] for name, one in people.items()
}
def pages():
    return {
        name: [one.client.get(f"/{spoken}/lending/use/?programme={CREDIT}").content.decode() for spoken in ("en", "vi")]
        for name, one in people.items()
    }
def program(name):
    answer = people[name].client.get(f"/api/v1/lending/use/{CREDIT}", HTTP_AUTHORIZATION=f"Bearer {keys[name]}")
    return [answer.json()["left_out"], answer.json()["recorded"][-1]["applications"]]
found = {"before": pages(), "api_before": program("city")}
factory(2, False)
found |= {"after": pages(), "api": {name: program(name) for name in people}}
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
