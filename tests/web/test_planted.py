"""A site of its own on which every text that anybody may write is a script, a formula, a template and an address.

Nothing is born of one, on any page, in any file, in a browser. The same site is asked by programs whatever fits its
description: one start for all of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Route

from tests.web.browsing import chromium
from tests.web.site import inside

WALK = """
from haidang.web.serve import begin_records
begin_records()
from tests.web.walking import main
main(json.load(sys.stdin))
"""
NOT_SENT = {"ActivateForm.code"}
"""Fields of a page that asks for the password anew, and where they are tried: `test_second_factor`."""
NOT_TAKEN = {
    "ApplicationForm.amount", "NewForm.revenue", "NewForm.value_added", "ProfileForm.revenue",
    "ProfileForm.value_added", "RecordForm.amount", "RoadmapForm.budget",  # amounts
    "NewForm.tax_code", "ProfileForm.tax_code",  # digits
    "DoneForm.source", "StageForm.source", "TakeForm.record", "ModerateForm.became_commitment",  # what is known here
    "SiteLotsForm.units", "PlanForm.seen", "DesignForm.seen",  # digests
    "DesignForm.control_id", "DesignForm.first_id", "DesignForm.second_id", "WaveForm.id",  # names of arms
    "LogForm.action",  # shorter than a payload
    "DesignForm.where",  # a condition
    "DesignForm.measuring_cost", "GuardrailForm.bound",  # amounts with their units
    "DesignForm.name", "GuardrailForm.name", "ReceiptForm.receipt",  # of small letters; a number
    "ListForm.file",  # kept as the table that it holds, never by its name
}  # fmt: skip
"""Fields of which the form takes no payload; each was sent one."""
NOT_SHOWN = {
    "lending:lists file", "name of a document", "pilots:lots table", "pilots:reports table",  # names that nobody keeps
    "pilots:declare plan_file",  # as above
    "pilots:site-lots salt",  # refused
    "pilots:redesign name",  # a pilot keeps its name
    "desk:done file",  # kept under the name of the same file that came before
}  # fmt: skip
"""What was planted and taken, and stands nowhere."""
UNSEEN = {
    "city:run", "city:run-csv", "city:run-json", "city:run-workbook", "city:publish",  # no text of anybody's
    "openid_connect_callback", "openid_connect_login", "socialaccount_signup",  # nobody else vouches for anybody here
    "account_signup",  # nobody signs up alone
    "office:backup-check", "office:backup-file",  # an archive by its digest, which the site itself wrote
    "tokens:end", "office:drop-second-factor", "jobs:again",  # buttons that stand where there is something to end
    "mfa_authenticate", "mfa_deactivate_totp", "mfa_download_recovery_codes", "mfa_generate_recovery_codes",
    "mfa_reauthenticate", "mfa_activate_totp",  # of who has a second factor, or makes one: digits
}  # fmt: skip
"""Addresses at which nothing is planted, and why."""

NOBODYS = {
    # One's own account, or nobody's: there is no object of another's. Tried in `test_safety` and `test_house`.
    *(f"account_{act}" for act in ("change_password", "login", "reauthenticate", "set_password", "signup")),
    *(f"mfa_{act}" for act in ("activate_totp", "authenticate", "deactivate_totp", "reauthenticate")),
    *(f"mfa_{act}" for act in ("download_recovery_codes", "generate_recovery_codes")),
    "openid_connect_callback", "openid_connect_login", "socialaccount_signup",
    "api:openapi-json", "api:api-root",  # answer the same whatever is sent
}  # fmt: skip
"""Addresses that take something at which nobody tries what another is about to do, and why."""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What came of payloads in every text of a site of its own, and the pages on which the most of them stand."""
    place = tmp_path_factory.mktemp("planted")
    said = inside(place / "data", "hcmc", WALK, str(place), HAIDANG_HOOK_HOSTS="example.vn")
    pages = [json.loads(file.read_text(encoding="utf-8")) for file in sorted(place.glob("*.json"))]
    return {**json.loads(said), "pages": pages}


def test_nothing_that_anybody_writes_becomes_an_element_a_script_a_formula_or_an_address(told: dict[str, Any]) -> None:
    assert told["wrong"] == []
    assert len(told["pages"]) >= 50


def test_every_text_field_of_every_form_was_tried(told: dict[str, Any]) -> None:
    """A new form or a new field that nobody plants anything in fails here."""
    assert set(told["not_sent"]) == NOT_SENT
    assert told["unbound"] == sorted(name.partition(".")[0] for name in NOT_SENT)
    assert set(told["not_held"]) == NOT_TAKEN | NOT_SENT


def test_what_was_planted_stands_where_people_see_it(told: dict[str, Any]) -> None:
    assert set(told["not_shown"]) == NOT_SHOWN


def test_every_address_that_shows_or_takes_something_was_tried(told: dict[str, Any]) -> None:
    assert set(told["unread"]) | set(told["unwritten"]) == UNSEEN


def test_every_parameter_that_an_address_reads_was_tried(told: dict[str, Any]) -> None:
    assert told["asked"] == []


def test_no_request_that_fits_or_does_not_fit_the_description_is_a_servers_mistake(told: dict[str, Any]) -> None:
    assert told["fuzzed"] == []
    assert told["tried"] >= 80


def test_programs_write_by_the_rules_of_the_pages_and_the_log_holds_it(told: dict[str, Any]) -> None:
    assert told["written"] == {}


def test_nobody_does_what_is_anothers_to_do_and_who_is_refused_changes_nothing(told: dict[str, Any]) -> None:
    """Every address that takes something × everybody, with what would act: sent by its own writer, it then does."""
    assert told["trespassed"] == []
    refused, acted = told["attempts"]
    assert refused >= 700
    assert acted >= 25


def test_every_address_that_takes_something_was_tried_by_everybody(told: dict[str, Any]) -> None:
    """A new address that takes something and that nobody does anything at fails here."""
    assert set(told["untried"]) == NOBODYS


def test_an_unknown_address_costs_as_much_work_as_a_wrong_password(told: dict[str, Any]) -> None:
    # No clock is asked: what takes long is the hash, and one is made whoever it is that knocks.
    assert told["hashed"]["known"] >= 1
    assert len(set(told["hashed"].values())) == 1, told["hashed"]


def test_a_browser_runs_nothing_of_what_was_planted(told: dict[str, Any], root: Path) -> None:
    richest = sorted(told["pages"], key=lambda page: -page["count"])[:12]
    with opened(richest, root) as page:
        for one in richest:
            page.goto(f"http://site.test{one['path']}", wait_until="load")
            names = page.evaluate("[...document.querySelectorAll('*')].map(one => one.localName)")
            assert "main" in names
            assert told["born"] not in names


@contextmanager
def opened(pages: list[dict[str, Any]], root: Path) -> Iterator[Page]:
    """A browser to which the pages are served as the site served them; a dialog or a refused script fails the test."""
    by_path = {one["path"]: one for one in pages}
    wrong: list[str] = []

    def serve(route: Route) -> None:
        parts = urlsplit(route.request.url)
        found = by_path.get(f"{parts.path}?{parts.query}" if parts.query else parts.path)
        if found is not None:
            route.fulfill(body=found["text"], headers=found["headers"])
        else:
            route.fulfill(path=file) if (file := _static(root, parts.path)) else route.fulfill(status=404, body="")

    with chromium() as browser:
        page = browser.new_page()
        page.on("dialog", lambda dialog: (wrong.append(f"a dialog {dialog.message}"), dialog.dismiss()))
        page.on("console", lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None)
        page.on("pageerror", lambda mistake: wrong.append(str(mistake)))
        page.route("**/*", serve)
        yield page
    assert wrong == []


def _static(root: Path, path: str) -> Path | None:
    """The file of the site's own that an address names."""
    file = root / "src" / "haidang" / "web" / path.lstrip("/")
    return file if path.startswith("/static/haidang/") and file.is_file() else None
