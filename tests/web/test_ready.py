"""Pages kept ready-made: for readers without an account alone, and never older than what they rest on."""

from __future__ import annotations

import gzip
import http.client
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haidang.web.shelf import Page, Shelf
from tests.web.conftest import PROGRAMME
from tests.web.site import Site, inside

ROOM = 40_000


def ask(site: Site, path: str, **headers: str) -> tuple[int, Mapping[str, str], bytes]:
    """An answer as it travels."""
    line = http.client.HTTPConnection(urlsplit(site.base).netloc, timeout=60)
    try:
        line.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        reply = line.getresponse()
        return reply.status, {name.lower(): value for name, value in reply.getheaders()}, reply.read()
    finally:
        line.close()


def test_a_run_taken_back_and_published_again_goes_and_comes_at_the_next_request(
    site: Site, runs: tuple[int, int]
) -> None:
    approver, page = site.visitor("approver"), f"/en/programmes/{PROGRAMME}/"
    for address in (page, "/en/", f"/en/runs/{runs[0]}/headlines.json"):
        assert site.visitor().get(address).status == 200
    shown = site.visitor().get(page).text
    assert f"/en/runs/{runs[0]}/headlines.csv" in shown
    assert site.visitor().get(page).text == shown
    assert approver.post(f"/en/runs/{runs[0]}/publish/", token_from=page).status == 302
    try:
        assert f"/en/runs/{runs[0]}/headlines.csv" not in site.visitor().get(page).text
        assert site.visitor().get(f"/en/programmes/{PROGRAMME}/runs/{runs[0]}/").status == 404
    finally:
        assert approver.post(f"/en/runs/{runs[0]}/publish/", token_from=page).status == 302
    assert f"/en/runs/{runs[0]}/headlines.csv" in site.visitor().get(page).text


def test_who_is_logged_in_neither_fills_nor_is_given_what_is_kept(site: Site, runs: tuple[int, int]) -> None:
    for page in ("/en/", f"/en/programmes/{PROGRAMME}/", "/en/facts/", "/en/method/", "/en/proposals/", "/en/pilots/"):
        question = f"{page}?first=analyst"  # which nobody has asked before
        analyst = site.visitor("analyst").get(question)
        stranger = site.visitor().get(question)
        again = site.visitor("analyst").get(question)
        assert "analyst@example.vn" in analyst.text
        assert "analyst@example.vn" not in stranger.text
        assert "csrfmiddlewaretoken" not in stranger.text
        assert "analyst@example.vn" in again.text
        assert "etag" in stranger.headers
        assert "etag" not in analyst.headers
        assert "etag" not in again.headers
        assert "cookie" in analyst.headers["vary"].lower()


def test_a_message_to_one_reader_is_shown_to_nobody_else(site: Site) -> None:
    visitor, page = site.visitor(), "/en/proposals/"
    before = site.visitor().get(page).text
    sent = visitor.post("/en/proposals/new/", token_from="/en/proposals/new/", title="Shade", text="More trees.")
    assert sent.status == 302
    told = visitor.get(page)
    assert 'class="messages"' in told.text
    assert "etag" not in told.headers
    assert site.visitor().get(page).text == before


def test_a_page_with_a_form_is_never_kept(site: Site) -> None:
    for page in ("/en/proposals/new/", "/en/account/login/"):
        assert "etag" not in site.visitor().get(page).headers


def test_a_kept_page_travels_packed_and_is_sent_again_only_where_it_changed(site: Site) -> None:
    status, plain, body = ask(site, "/en/facts/")
    assert status == 200
    assert {"cookie", "accept-encoding"} <= {word.strip().lower() for word in plain["vary"].split(",")}
    assert plain["cache-control"] == "no-cache"
    _, packed, small = ask(site, "/en/facts/", Accept_Encoding="gzip")
    assert packed["content-encoding"] == "gzip"
    assert gzip.decompress(small) == body
    assert packed["etag"] != plain["etag"]
    status, short, nothing = ask(site, "/en/facts/", If_None_Match=plain["etag"])
    assert (status, nothing) == (304, b"")
    assert short["etag"] == plain["etag"]
    assert ask(site, "/en/facts/", If_None_Match='"another"')[0] == 200
    for name in ("content-security-policy", "x-frame-options", "content-language"):
        assert packed[name] == plain[name]


def test_a_kept_page_is_not_given_under_a_name_that_the_site_does_not_have(site: Site) -> None:
    assert ask(site, "/en/method/")[0] == 200
    assert ask(site, "/en/method/", Host="elsewhere.example")[0] == 400


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12_000)), max_size=60))
def test_a_shelf_never_holds_more_than_it_has_room_for(asked: list[tuple[int, int]]) -> None:
    shelf = Shelf(ROOM)
    for number, size in asked:
        shelf.put(("host", "/en/facts/", f"q={number}"), Page(lambda: None, None, (), b"x" * size, b"", "tag"))
        assert shelf.used <= ROOM
    for number in range(13):
        page = shelf.get(("host", "/en/facts/", f"q={number}"))
        last = next((size for each, size in reversed(asked) if each == number), None)
        assert page is None or len(page.body) == last
    if asked and asked[-1][1] < ROOM // 4 - 3000:
        assert shelf.get(("host", "/en/facts/", f"q={asked[-1][0]}")) is not None


def test_what_was_not_asked_for_longest_makes_room() -> None:
    shelf = Shelf(ROOM)

    def put(name: str) -> None:
        shelf.put((name,), Page(lambda: None, None, (), b"x" * 7900, b"", name))

    for name in "abcd":
        put(name)
    assert shelf.get(("a",))
    put("e")
    assert shelf.get(("a",))
    assert shelf.get(("b",)) is None
    assert len(shelf) == 4
    shelf.put(("too large",), Page(lambda: None, None, (), b"x" * ROOM, b"", "tag"))
    assert shelf.get(("too large",)) is None
    assert len(shelf) == 4  # and it pushed nothing out


RESTS = """
from django.db import transaction
from haidang.web.ledger.write import note
from haidang.web.ready import OF_PILOTS, OF_RECORDS, OF_RUNS, QUIET, Log
LOGS = {"runs": OF_RUNS, "pilots": OF_PILOTS, "records": OF_RECORDS}
BESIDES = {"runs": ("desk.", "pilots."), "pilots": ("desk.",), "records": ("pilots.",)}
SHOWN = ("city.run.", "desk.claim.", "pilots.pilot.", "people.organisation.", "people.role.", "new.thing.")
found = {"loud": {name: [] for name in LOGS}}
before = {name: log.last_shown() for name, log in LOGS.items()}
for each in (*QUIET, *SHOWN):
    note(None, f"{each}done", "site")
    for name, log in LOGS.items():
        now = log.last_shown()
        assert now == Log(*BESIDES[name]).last_shown()
        if now != before[name]:
            found["loud"][name].append(each)
        before[name] = now
LOG = OF_RUNS
with transaction.atomic():
    note(None, "city.run.published", "site", turn=1)
    taken_back = LOG.last_shown()
    transaction.set_rollback(True)
found["taken back"] = LOG.last_shown() == before["runs"]
note(None, "city.run.published", "site", turn=2)
found["another"] = LOG.last_shown() not in (taken_back, before["runs"])
print(json.dumps(found | {"said": QUIET}))
"""


@pytest.fixture(scope="module")
def rests(pack: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Which entries of the log make public pages old."""
    return json.loads(inside(tmp_path_factory.mktemp("rests") / "data", pack, RESTS))


def test_a_login_or_a_factorys_answer_makes_no_public_page_old_and_what_is_shown_does(rests: dict[str, Any]) -> None:
    everywhere = ["city.run.", "people.organisation.", "people.role.", "new.thing."]
    loud = {name: sorted(found) for name, found in rests["loud"].items()}
    # Of what is new, nobody knows yet whether pages show it, so it makes all of them old.
    assert loud["runs"] == sorted(everywhere)
    assert loud["pilots"] == sorted([*everywhere, "pilots.pilot."])
    assert loud["records"] == sorted([*everywhere, "desk.claim."])
    assert rests["taken back"]
    assert rests["another"]


def rooms_read(root: Path, room: str) -> set[tuple[str, str]]:
    """By file of a room the modules of the site that it reads."""
    return {
        (file.name, module)
        for file in (root / "src" / "haidang" / "web" / room).rglob("*.py")
        for module in re.findall(r"^\s*(?:from|import) haidang\.web\.(\w+(?:\.\w+)*)", file.read_text(), re.MULTILINE)
    }


def test_the_rooms_of_the_public_pages_read_nothing_of_those_whose_entries_make_no_page_old(
    root: Path, rests: dict[str, Any]
) -> None:
    quiet = {each.partition(".")[0] for each in rests["said"] if each.count(".") == 1} - {"jobs"}
    assert quiet == {"factories", "lending", "lab", "office", "api"}
    # Other servers are told by the first, the next two read the pack and the run; the last is of a page of the staff.
    harmless = {"api.hooks", "api.told", "factories.vocabulary"}
    read = {
        (file, module)
        for room in ("city", "desk", "pilots")
        for file, module in rooms_read(root, room)
        if module.partition(".")[0] in quiet and module not in harmless and file != "site_units.py"
    }
    assert read == set()


def test_the_pages_of_runs_show_records_only_as_the_worker_drew_them_and_no_room_shows_pilots_of_another(
    root: Path,
) -> None:
    of_desk = {each for each in rooms_read(root, "city") if each[1].startswith("desk.")}
    assert {file for file, module in of_desk if module == "desk.book"} == {"files.py", "standing.py"}
    assert {module for _, module in of_desk} == {"desk.book", "desk.downloads"}  # the second says in which forms
    for room, other in (("city", "pilots."), ("desk", "pilots."), ("pilots", "desk.")):
        assert not [each for each in rooms_read(root, room) if each[1].startswith(other)], room
