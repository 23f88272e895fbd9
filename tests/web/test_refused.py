"""What is turned away is so in words, in the reader's language, with a way on; the other language is one step off."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

import pytest

from haidang.web.words import LANGUAGES, Language, words
from tests.web.site import ROLES, inside

Asked = dict[str, Any]
"""A request, as `turned_away` reads it."""
SAVE, DESIGN = "/{}/lab/designs/7/save/", "/{}/lab/designs/7/?draft=3"
WRITTEN = {"name": "Lãi suất <b>thấp</b>", "lever__rate": "3 %\nmột dòng nữa", "csrfmiddlewaretoken": "t0ken"}
SECRETS = {"password1": "mat khau bi mat", "oldpassword": "mat khau cu", "code": "123456"}
NULS: dict[str, Asked] = {
    "path": {"path": "/{}/facts/a%00b/"},
    "query": {"path": "/{}/facts/?q=a%00b"},
    "cookie": {"path": "/{}/people/me/", "headers": {"cookie": 'sessionid="aaaaaaaaaaaaaaaa\\000"'}},
    "form": {"path": "/{}/proposals/new/", "form": {"title": "a\0b", "text": "x"}},
    "name": {"path": "/{}/proposals/new/", "form": {"a\0": "b"}},
}
EACH: dict[str, Asked] = {
    "query": {"path": "/{}/facts/?q=l%C3%A3i+su%E1%BA%A5t&page=2"},
    "login": {"path": "/{}/account/login/?next=%2F{}%2Flab%2F%3Fpage%3D2&a=1"},
    "nowhere": {"path": "/{}/no-such-page/?a=1"},
    "late": {"path": SAVE, "before": DESIGN, "form": WRITTEN},
    "late, from elsewhere": {"path": SAVE, "headers": {"referer": "https://elsewhere.example/{}/facts/"}, "form": {}},
    "late, a login": {"path": "/{}/account/password/change/", "form": SECRETS},
    "opened": {"path": SAVE, "who": "analyst"},
    "opened, not logged in": {"path": SAVE},
    "put": {"path": "/{}/facts/", "method": "PUT"},
    "mistaken": {
        "path": "/{}/office/people/2/role/", "before": "/{}/office/people/2/?a=1", "who": "administrator", "form": {},
    },
    "mistaken, from elsewhere": {"path": "/{}/office/people/2/role/", "who": "administrator", "form": {}},
    "mistaken twice": {
        "path": "/{}/office/people/2/role/", "before": "/{}/office/people/2/role/", "who": "administrator", "form": {},
    },
    "forged": {
        "path": "/{}/proposals/new/", "form": {**WRITTEN, "title": "Cây"}, "before": "/{}/proposals/new/",
        "missing": True,
    },
    "forged, from elsewhere": {
        "path": "/{}/proposals/new/", "form": WRITTEN, "headers": {"referer": "https://elsewhere.example/"},
        "missing": True,
    },
    "invitation": {"path": "/{}/office/invitation/MQ/old-token/"},
    "another name": {"path": "/{}/facts/", "headers": {"host": "elsewhere.example"}},
    "gone": {"path": "/{}/office/", "who": "administrator", "gone": True},
    "gone, sent": {"path": SAVE, "who": "analyst", "form": WRITTEN, "gone": True},
    **{f"nul, {where}": asked for where, asked in NULS.items()},
}  # fmt: skip
PROGRAMS: dict[str, Asked] = {
    "program, query": {"path": "/api/v1/facts?limit=%00"},
    "program, json": {"path": "/api/v1/lab/designs", "key": "analyst", "json": '{"name": "a\\u0000b"}'},
    "program, no nul": {"path": "/api/v1/lab/designs", "key": "analyst", "json": '{"name": "a\\\\u0000b"}'},
    "program, gone": {"path": "/api/v1/programmes", "gone": True},
    "program, put": {"path": "/api/v1/programmes", "method": "PUT"},
}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory, pack: str) -> dict[str, Any]:
    """The answers to all of it, in both languages."""
    asked = {f"{name} {each}": _in(each, one) for each in LANGUAGES for name, one in EACH.items()} | PROGRAMS
    code = """
from tests.web.turned_away import answers, misfits, twins
print(json.dumps({**answers(json.load(sys.stdin)), "misfits": misfits(), "twins": twins()}))
"""
    return json.loads(inside(tmp_path_factory.mktemp("refused") / "data", pack, code, asked))


def _in(language: Language, asked: Asked) -> Asked:
    return json.loads(json.dumps(asked).replace("/{}/", f"/{language}/").replace("%2F{}%2F", f"%2F{language}%2F"))


def other(language: Language) -> Language:
    return "en" if language == "vi" else "vi"


def link(page: str) -> str:
    """Where the other language's link leads."""
    (found,) = re.findall(r'<a href="([^"]*)" lang="\w\w" hreflang', page)
    return found.replace("&amp;", "&")


def says(language: Language, page: str, what: str) -> bool:
    """Whether a page is that of its name, in a language and in the site's frame."""
    said = [words(language).text(f"refused.{what}{part}") for part in ("", "_text")]
    return (
        f'<html lang="{language}">' in page
        and all(one in unescape(page) for one in said)
        and 'href="/report.css' in page
    )


each_language = pytest.mark.parametrize("language", LANGUAGES)


@each_language
def test_the_other_language_is_the_same_page_with_all_that_was_asked_of_it(
    told: dict[str, Any], language: Language
) -> None:
    there = other(language)
    assert link(told[f"query {language}"][1]) == f"/{there}/facts/?q=l%C3%A3i+su%E1%BA%A5t&page=2"
    assert link(told[f"login {language}"][1]) == f"/{there}/account/login/?next=%2F{there}%2Flab%2F%3Fpage%3D2&a=1"
    assert link(told[f"nowhere {language}"][1]) == f"/{there}/no-such-page/?a=1"
    assert link(told[f"put {language}"][1]) == f"/{there}/facts/"


@each_language
def test_from_a_page_that_answers_a_form_the_other_language_leads_to_the_page_of_the_form(
    told: dict[str, Any], language: Language
) -> None:
    status, page, _ = told[f"mistaken {language}"]
    assert (status, link(page)) == (200, f"/{other(language)}/office/people/2/?a=1")
    for name in ("mistaken, from elsewhere", "mistaken twice"):
        assert link(told[f"{name} {language}"][1]) == f"/{other(language)}/office/people/2/"
    status, page, _ = told[f"late {language}"]
    assert link(page) == f"/{other(language)}/lab/designs/7/?draft=3"


@each_language
def test_what_is_sent_after_the_login_ended_stands_there_once_more_and_the_login_leads_back(
    told: dict[str, Any], language: Language
) -> None:
    status, page, headers = told[f"late {language}"]
    assert (status, headers["Cache-Control"]) == (403, "no-store")
    assert says(language, page, "ended")
    assert f'href="/{language}/account/login/?next=%2F{language}%2Flab%2Fdesigns%2F7%2F%3Fdraft%3D3"' in page
    assert "Lãi suất &lt;b&gt;thấp&lt;/b&gt;" in page
    assert "3 %\nmột dòng nữa" in page
    assert "t0ken" not in page
    _, page, _ = told[f"late, from elsewhere {language}"]
    assert f'/account/login/?next=%2F{language}%2Flab%2Fdesigns%2F7%2F"' in page
    assert "elsewhere.example" not in page
    status, page, _ = told[f"late, a login {language}"]
    assert (status, [one for one in SECRETS.values() if one in page]) == (403, [])


@each_language
def test_an_address_that_only_takes_forms_says_so_and_leads_to_its_page(
    told: dict[str, Any], language: Language
) -> None:
    status, page, headers = told[f"opened {language}"]
    assert (status, headers["Allow"]) == (405, "POST")
    assert says(language, page, "only_sent")
    assert f'<p><a href="/{language}/lab/designs/7/">' in page
    assert link(page) == f"/{other(language)}/lab/designs/7/save/"
    status, _, headers = told[f"opened, not logged in {language}"]
    assert (status, headers["Location"]) == (
        302, f"/{language}/account/login/?next=/{language}/lab/designs/7/",
    )  # fmt: skip
    assert told[f"put {language}"][0] == 405


@each_language
def test_a_form_of_an_older_page_says_what_happened_and_what_was_written_only_to_who_wrote_it(
    told: dict[str, Any], language: Language
) -> None:
    status, page, _ = told[f"forged {language}"]
    assert status == 403
    assert says(language, page, "forged")
    assert "một dòng nữa" in page
    assert f'{words(language).text("desk.field.title")}</dt><dd translate="no">Cây</dd>' in page
    assert f'<p><a href="/{language}/proposals/new/">' in page
    status, page, _ = told[f"forged, from elsewhere {language}"]
    assert (status, "một dòng nữa" in page, "elsewhere.example" in page) == (403, False, False)


@each_language
def test_an_old_invitation_says_whom_to_ask_for_another(told: dict[str, Any], language: Language) -> None:
    status, page, _ = told[f"invitation {language}"]
    assert status == 404
    assert says(language, page, "invitation")
    assert words(language).text("account.forgotten") in told[f"login {language}"][1]


@each_language
@pytest.mark.parametrize("where", [*(f"nul, {one}" for one in NULS), "another name"])
def test_what_cannot_be_read_is_said_to_be_so_before_a_database_is_asked(
    told: dict[str, Any], language: Language, where: str
) -> None:
    status, page, _ = told[f"{where} {language}"]
    assert status == 400
    assert says(language, page, "unreadable")


@each_language
@pytest.mark.parametrize("name", ["gone", "gone, sent"])
def test_a_mistake_of_the_site_is_said_to_be_one_without_its_database(
    told: dict[str, Any], language: Language, name: str
) -> None:
    status, page, _ = told[f"{name} {language}"]
    assert status == 500
    assert says(language, page, "failed")
    assert "the database is gone" not in page


def test_programs_hear_of_the_same_in_json(told: dict[str, Any]) -> None:
    heard = {name: told[f"program, {name}"] for name in ("query", "json", "no nul", "gone", "put")}
    assert [one[0] for one in heard.values()] == [400, 400, 422, 500, 405]
    nul = [" NUL" in json.loads(heard[name][1])["detail"] for name in ("query", "json", "gone")]
    assert nul == [True, True, False]
    assert "begin" in heard["no nul"][1]  # what it lacks, which was looked at
    assert "the database is gone" not in heard["gone"][1]


def test_a_role_is_given_in_organisations_of_its_kind_alone_and_nothing_comes_of_another(told: dict[str, Any]) -> None:
    fits = {
        "city": {"analyst", "approver", "administrator", "assessor"}, "factory": {"factory_owner", "factory_editor"},
        "lender": {"lender_officer"}, "evaluator": {"assessor"},
    }  # fmt: skip
    wanted = {(kind, role) for kind, own in fits.items() for role in {*ROLES} - own}
    assert {tuple(one) for one in told["misfits"]} == wanted


def test_an_organisation_is_found_by_its_name_however_that_is_encoded(told: dict[str, Any]) -> None:
    assert told["twins"] == ["Sở Đông Á"] * 3 + ["Sở Đông À"]
