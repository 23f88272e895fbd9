"""A new token and a new server's secret: shown once, in both languages, to nobody else, and not for long."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.web.site import inside

SHOWN = """
import re, time
from unittest.mock import patch
from django.conf import settings
from django.db import connection
from django.test import Client
from haidang.web.office.again import SHOWN
from haidang.web.people.models import Membership, Organisation, User
office = Organisation.objects.create(name="Office", kind="city")
people = [User.objects.create_user(f"{name}@example.vn", None) for name in ("an", "binh")]
for one in people:
    Membership.objects.create(user=one, organisation=office, role="administrator")
def visitor(person):
    made = Client(HTTP_HOST="localhost")
    made.force_login(person, "allauth.account.auth_backends.AuthenticationBackend")
    return made
an, binh = map(visitor, people)
FOUND = re.compile(r'class="copied hash" readonly value="([^"]+)"')
def read(who, page, came_from, **sent):
    # What a page shows of a secret to who comes from another; sent are the fields of its form.
    by = {"headers": {"Referer": f"http://localhost{came_from}"}}
    answer = who.post(page, sent, **by) if sent else who.get(page, **by)
    assert answer.status_code == 200 and answer["Cache-Control"].endswith("private")
    return "".join(FOUND.findall(answer.content.decode()))
FORMS = {
    "/{}/people/tokens/": {"token_name": "a machine", "scopes": ["read"], "days": "1"},
    "/{}/office/hooks/": {"address": "https://told.example/", "events": ["run.published"]},
}
def told_of(place, form, elsewhere):
    vi, en = place.format("vi"), place.format("en")
    made = read(an, en, en, **form)
    found = {"made": bool(made), "vi": read(an, vi, en) == made, "en": read(an, en, vi) == made}
    found["beside a mistake"] = read(an, en, en, days="none", address="none") == made
    found["to others"] = [read(binh, vi, en), read(binh, en, vi)]
    found["session"] = sorted(key for value in an.session.values() if "until" in value for key in value)
    secret = made.rpartition("_")[2]
    files = [one for one in settings.HOME.data.rglob("*") if one.is_file()]
    found["files"] = [one.name for one in files if secret.encode() in one.read_bytes()]
    connection.ensure_connection()
    lines = [line for line in connection.connection.iterdump() if secret in line]
    found["tables"] = sorted({line.split('"')[1] for line in lines})
    found["session holds it"] = secret in json.dumps(dict(an.session.items()))
    found["elsewhere"] = [read(an, vi, elsewhere), read(an, vi, en)]  # whoever was elsewhere is shown it no more
    other = read(an, en, en, **form)
    found["new"] = other != made and read(an, vi, en) == other
    real = time.time
    with patch("time.time", lambda: real() + SHOWN - 5):
        found["in time"] = read(an, vi, en) == other
    with patch("time.time", lambda: real() + SHOWN + 1):
        found["late"] = read(an, en, vi)
    found["after"] = [read(an, vi, en), [value for value in an.session.values() if "until" in value]]
    ended = read(an, vi, vi, **form)
    number = re.findall(rf"{vi}(\\d+)/end/", an.get(vi, headers={"Referer": f"http://localhost{vi}"}).content.decode())
    an.post(f"{vi}{max(number, key=int)}/end/")
    found["ended"] = [bool(ended), read(an, en, vi)]
    assert not [value for value in an.session.values() if "until" in value]
    return found
print(json.dumps([told_of(*one, "/en/people/me/") for one in FORMS.items()]))
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    data = tmp_path_factory.mktemp("again") / "data"
    return json.loads(inside(data, "hcmc", SHOWN, HAIDANG_HOOK_HOSTS="told.example"))


@pytest.fixture(params=[0, 1], ids=["token", "hook"])
def found(told: list[dict[str, Any]], request: pytest.FixtureRequest) -> dict[str, Any]:
    which: int = request.param
    return told[which]


def test_a_secret_stays_with_its_maker_in_both_languages(found: dict[str, Any]) -> None:
    assert found["made"]
    assert found["vi"]
    assert found["en"]
    assert found["beside a mistake"], "whoever makes a mistake in the next form does not lose it"
    assert found["new"], "of two the newer one"


def test_a_secret_is_shown_to_nobody_else_and_not_to_who_was_elsewhere(found: dict[str, Any]) -> None:
    assert found["to others"] == ["", ""]
    assert found["elsewhere"] == ["", ""]


def test_a_secret_is_gone_when_its_time_is_over_and_when_it_ends(found: dict[str, Any]) -> None:
    assert found["in time"]
    assert found["late"] == ""
    assert found["after"] == ["", []], "and nothing of it is left in the session"
    assert found["ended"] == [True, ""]


def test_what_is_kept_of_a_secret_is_not_the_secret(told: list[dict[str, Any]]) -> None:
    token, hook = told
    assert token["session"] == ["number", "seed", "until"]
    assert hook["session"] == ["number", "until"]
    assert not token["session holds it"]
    assert not hook["session holds it"]
    assert (token["tables"], token["files"]) == ([], [])
    assert hook["tables"] == ["api_hook"], "where messages are signed with it, and nowhere else"
