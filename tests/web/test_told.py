"""Other servers are told when an application comes to another stage: a number and a stage, and nothing of anybody."""

from __future__ import annotations

import json
from pathlib import Path

from tests.web.site import inside

WRITE = """
from datetime import date
from haidang.web.api.hooks import add_hook
from haidang.web.api.models import Message
from haidang.web.factories.demo import make_examples
from haidang.web.factories.models import Application
from haidang.web.lending.records import write
from haidang.web.people.models import Organisation, User
make_examples()
add_hook("https://elsewhere.example/told", ["application.stage"])
add_hook("https://another.example/told", ["run.published"])
asked, lender = Application.objects.order_by("pk").first(), Organisation.objects.filter(kind="lender").first()
told = {"stage": "approved", "amount": 1_200_000_000, "day": date(2026, 1, 15), "reason": "", "corrects": None}
made = write(asked, lender, told, User.objects.first())
write(asked, lender, told | {"stage": "void", "amount": None, "reason": "x", "corrects": made.pk}, User.objects.first())
print(json.dumps([[one.hook.address, json.loads(one.body)] for one in Message.objects.order_by("pk")]))
"""


def test_a_server_that_wants_stages_hears_each_and_no_more_than_it_needs(tmp_path: Path) -> None:
    told = json.loads(inside(tmp_path / "data", "hcmc", WRITE))
    assert [address for address, _ in told] == ["https://elsewhere.example/told"] * 2
    assert [body["stage"] for _, body in told] == ["approved", "void"]
    for _, body in told:
        assert body.keys() == {"event", "at", "application", "programme", "stage", "on"}
