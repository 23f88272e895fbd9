"""The laboratory: a design is tried, saved, shared, forked, run in full, allocated, and exported to the same bytes."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import signal
import subprocess
import time
import zipfile
from html import unescape
from pathlib import Path
from threading import Thread

import polars as pl
import pytest

from haidang.results import open_run
from haidang.results.catalogue import catalogue
from haidang.results.view import tiles
from tests.web.begun import begun_again
from tests.web.conftest import PROGRAMME
from tests.web.site import HAIDANG, Site, Visitor

VERSION = re.compile(r'name="version" value="(\d+)"')
EVIL = '"><script>alert(1)</script>=1+1 {{ 7*7 }}'


def begin(who: Visitor, name: str, origin: str = PROGRAMME) -> int:
    made = who.post("/en/lab/new/", token_from="/en/lab/", begin=origin, name=name)
    assert made.status == 302, made.text
    return int(made.headers["location"].rstrip("/").rsplit("/", 1)[1])


def post(who: Visitor, number: int, what: str, **fields: str) -> tuple[int, str]:
    page = f"/en/lab/designs/{number}/"
    answer = who.post(f"{page}{what}/", token_from=page, **fields)
    return answer.status, answer.text


def save(who: Visitor, number: int, **fields: str) -> tuple[int, str]:
    version = VERSION.search(who.get(f"/en/lab/designs/{number}/").text)
    assert version
    return post(who, number, "save", **{"name": "Saved", "version": version[1]} | fields)


HELD = {"fact__time_value": "25e3 VND/hour"}
"""What every design of a run holds fixed."""
CHANGED = {
    "eligible__fare": "distance > 3 km", "lever__fare__discount": "70 %", "budget__fare__subsidy__amount": "80e9 VND",
} | HELD  # fmt: skip
SAVED = {"budget__fare__subsidy__amount": "30e9 VND", "budget__fare__subsidy__per_year": "10e9 VND"} | HELD


def design_of(site: Site, key: str, name: str, origin: str = PROGRAMME, **changes: str) -> int:
    """A saved design of the analyst, made by the first test of the site that needs it."""
    if key not in site.objects:
        who = site.visitor("analyst")
        found = begin(who, name, origin)
        assert save(who, found, name=name, **changes)[0] == 302
        site.objects[key] = str(found)
    return int(site.objects[key])


def changed_design(site: Site) -> int:
    """A design with a change of each kind."""
    return design_of(site, "changed", "Vé rẻ cho nhà xa, đường dài", **CHANGED)


def evil_designs(site: Site) -> tuple[int, int]:
    """Designs whose names would be run by a page and by a spreadsheet that let them."""
    return design_of(site, "evil", EVIL, **HELD), design_of(site, "formula", "=HYPERLINK(1)", **HELD)


def listed_design(site: Site) -> int:
    """A design whose money does not suffice."""
    return design_of(site, "listed", "Listed", f"{PROGRAMME}/far-first", **SAVED)


def asked_run(site: Site) -> str:
    """The address of a run of a design beside those with evil names, asked for once on a site."""
    if "asked-run" not in site.objects:
        beside = [str(one) for one in evil_designs(site)]
        number = changed_design(site)
        site.objects["asked-run"] = ask(
            site.visitor("analyst"), number, "run", draws="24", seed="3", beside=beside
        )  # fmt: skip
    return site.objects["asked-run"]


def asked_list(site: Site) -> str:
    """The address of a list, asked for once on a site."""
    if "asked-list" not in site.objects:
        asked = ask(site.visitor("analyst"), listed_design(site), "allocate", draws="8", seed="1")
        site.objects["asked-list"] = asked
    return site.objects["asked-list"]


@pytest.fixture(scope="module")
def number(site: Site) -> int:
    """A saved design with a change of each kind."""
    return changed_design(site)


def test_another_sampler_answers_where_one_was_killed_and_the_run_goes_on(site: Site, number: int) -> None:
    who, run = site.visitor("analyst"), asked_run(site)
    os.kill(site.sampler(), signal.SIGKILL)
    assert "The sample does not answer just now" in post(who, number, "try", name="x")[1]
    for _ in range(300):
        if "a sample of 4,000 rows" in post(who, number, "try", name="x")[1]:
            break
        time.sleep(0.1)
    else:
        raise AssertionError("no other sampler answered")
    assert "Who wins and who loses: " in finished(who, run)


def test_only_two_wait_for_the_sample_and_a_third_is_told_at_once(site: Site, number: int) -> None:
    who, sampler, told = site.visitor("analyst"), site.sampler(), list[str]()
    page, busy = f"/en/lab/compare/?design={number}", "The answer is not there yet"
    readers = [Thread(target=lambda: told.append(who.get(page).text)) for _ in range(3)]
    os.kill(sampler, signal.SIGSTOP)
    try:
        for one in readers:
            one.start()
        for _ in range(200):
            if told:
                break
            time.sleep(0.05)
        before = list(told)
    finally:
        os.kill(sampler, signal.SIGCONT)
    for one in readers:
        one.join()
    assert [busy in one for one in before] == [True]
    assert f'hx-get="{page}"' in before[0]
    assert sorted("a sample of 4,000 rows" in one for one in told) == [False, True, True]


def test_a_design_is_answered_on_a_sample_without_being_saved(site: Site, number: int) -> None:
    who = site.visitor("analyst")
    before = who.get(f"/en/lab/designs/{number}/design.yaml").text
    status, text = post(who, number, "try", name="x", version="1", lever__fare__discount="20 %")
    assert status == 200
    assert "a sample of 4,000 rows of the population and 12 draws" in text
    assert "difference" in text
    assert 'value="20 %"' in text
    assert "What you moved is not saved" in text
    assert "What you moved is not saved" not in post(who, number, "try")[1]
    against = text.partition('class="against"')[2].partition("</dl>")[0]
    assert "Public cost" in against
    assert "larger in" in against
    assert who.get(f"/en/lab/designs/{number}/design.yaml").text == before


def test_a_design_that_changes_nothing_is_said_to_give_the_same(site: Site) -> None:
    who = site.visitor("analyst")
    text = post(who, begin(who, "As it is"), "try", name="As it is")[1]
    assert "it gives the same numbers as “School buses at half the fare”" in text
    assert 'class="against"' not in text
    assert "the same for all in the middle simulation" in text


@pytest.mark.parametrize(
    ("place", "wrong", "told"),
    [
        ("eligible__fare", "distanse > 3 km", "did you mean &#x27;distance&#x27;?"),
        ("eligible__fare", "distance > 3 kg", "metre and tonne"),
        ("lever__fare__discount", "70", "did you mean &#x27;70 %&#x27;?"),
        ("budget__fare__subsidy__amount", "80e9", "a number without a unit"),
        ("fact__time_value", "25e3 VND", "write &#x27;25000 VND/hour&#x27;"),
        ("eligible__fare", EVIL, "wrong-eligible__fare"),
    ],
)
def test_a_mistake_stands_at_its_place_and_nothing_is_saved(
    site: Site, number: int, place: str, wrong: str, told: str
) -> None:
    who = site.visitor("analyst")
    before = who.get(f"/en/lab/designs/{number}/design.yaml").text
    for status, text in (post(who, number, "try", **{"name": "x", place: wrong}), save(who, number, **{place: wrong})):
        assert status == 200
        beside = text.partition(f'id="wrong-{place}"')[2].partition("</ul>")[0]
        assert beside, "nothing stands beside the field"
        assert told in beside + "wrong-eligible__fare"
        assert "<script>alert" not in text
    assert who.get(f"/en/lab/designs/{number}/design.yaml").text == before


def test_a_mistake_is_told_in_vietnamese_on_a_vietnamese_page(site: Site, number: int) -> None:
    who, page = site.visitor("analyst"), f"/vi/lab/designs/{number}/"
    answer = who.post(f"{page}try/", token_from=page, name="x", eligible__fare="distanse > 3 km")
    assert "không có tên &#x27;distanse&#x27;; có phải ý bạn là &#x27;distance&#x27;?" in answer.text


def test_who_saves_what_another_window_has_saved_is_told(site: Site) -> None:
    who = site.visitor("analyst")
    found = begin(who, "Twice")
    assert save(who, found, version="1", name="First")[0] == 302
    status, text = save(who, found, version="1", name="Second")
    assert status == 200
    assert "Somebody has saved this design since" in text
    assert "First" in who.get("/en/lab/").text


def test_only_the_places_of_the_programme_are_saved(site: Site) -> None:
    who = site.visitor("analyst")
    found = begin(who, "Assigned")
    fields = {"owner": "1", "slug": "other", "programme": "x", "fact__nothing": "1", "lever__nobody__discount": "1"}
    assert save(who, found, **fields)[0] == 302
    text = who.get(f"/en/lab/designs/{found}/design.yaml").text
    assert text.startswith(f'design: "assigned-{found}"')
    assert f'programme: "{PROGRAMME}"' in text
    assert "nothing" not in text
    assert "nobody" not in text


def test_a_design_is_seen_by_its_owner_then_by_those_it_is_shared_with_and_changed_by_its_owner_alone(
    site: Site,
) -> None:
    analyst, administrator, approver = (site.visitor(one) for one in ("analyst", "administrator", "approver"))
    found = begin(analyst, "Private")
    page = f"/en/lab/designs/{found}/"
    assert [each.get(page).status for each in (analyst, administrator, approver)] == [200, 404, 404]
    chosen = re.search(r'name="people" value="(\d+)"[^>]*> administrator@', analyst.get(page).text)
    assert chosen
    assert post(analyst, found, "share", people=chosen[1])[0] == 302
    assert [each.get(page).status for each in (analyst, administrator, approver)] == [200, 200, 404]
    assert post(analyst, found, "share", roles="approver")[0] == 302
    assert [each.get(page).status for each in (analyst, administrator, approver)] == [200, 404, 200]
    assert "Private" not in administrator.get("/en/lab/").text
    assert post(analyst, found, "share", people=chosen[1])[0] == 302
    assert save(administrator, found, name="Taken")[0] == 404
    assert post(administrator, found, "share", roles="analyst")[0] == 404
    moved = {"lever__fare__discount": "35 %", "version": "9"}
    assert post(administrator, found, "fork", name="My own", **moved)[0] == 302
    forked = administrator.get("/en/lab/").text
    assert "Forked from “Private”" in forked
    assert "My own" not in analyst.get("/en/lab/").text
    (own,) = re.findall(r'/en/lab/designs/(\d+)/">My own', forked)
    assert 'discount: "35 %"' in administrator.get(f"/en/lab/designs/{own}/design.yaml").text
    assert "35 %" not in analyst.get(f"{page}design.yaml").text


def test_designs_stand_side_by_side_with_their_difference_in_the_same_draws(site: Site) -> None:
    who = site.visitor("analyst")
    one, other = begin(who, "One"), begin(who, "Other", f"{PROGRAMME}/far-first")
    save(who, one, name="One", lever__fare__discount="30 %")
    text = who.get(f"/en/lab/compare/?design={one}&design={other}&design=99999&design=x").text
    assert text.count('<th scope="col"') == 2 * 10  # the few that come first, and all
    assert "difference" in text
    assert "<svg" in text
    elsewhere = who.get(f"/en/lab/compare/?design={one}&design={other}&design={one}").text
    assert elsewhere.count('<th scope="col"') == 2 * 10  # the few that come first, and all


def finished(who: Visitor, path: str) -> str:
    for _ in range(1500):
        text = who.get(path).text
        assert "failed" not in text, text
        if 'hx-trigger="every' not in text:
            return text
        time.sleep(0.1)
    raise AssertionError("the trial never ended")


def ask(who: Visitor, number: int, what: str, **fields: str | list[str]) -> str:
    page = f"/en/lab/designs/{number}/"
    asked = who.post(f"{page}{what}/", token_from=page, **fields)
    assert asked.status == 302, asked.text
    assert "/trials/" in asked.headers["location"]
    return asked.headers["location"]


def test_the_command_line_runs_what_is_exported_to_the_same_bytes(site: Site, pack: str, tmp_path: Path) -> None:
    who, path = site.visitor("analyst"), asked_run(site)
    text = finished(who, path)
    digest = re.search(r"<code>([0-9a-f]{64})</code>", text)
    assert digest
    command(who, path, pack, tmp_path)
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["digest"] == digest[1]
    assert "Who wins and who loses: " in text
    told = {name: who.get(f"{path}{name}/") for name in ("workbook", "numbers", "json")}
    assert {answer.status for answer in told.values()} == {200}
    assert "difference_p50" in told["numbers"].text
    assert who.get(f"{path}nothing/").status == 404
    assert site.visitor("approver").get(path).status == 404
    assert site.visitor("administrator").get(f"{path}json/").status == 404


def command(who: Visitor, path: str, pack: str, folder: Path) -> None:
    """Lay out what a trial exports and run its command there."""
    with zipfile.ZipFile(io.BytesIO(who.fetch(f"{path}files/"))) as archive:
        archive.extractall(folder)
    words = (folder / "command.txt").read_text(encoding="utf-8").split()
    assert words[:2] == ["haidang", "run"]
    name = f"{pack}/{words[2].partition('/')[2]}"
    done = subprocess.run(
        [HAIDANG, "run", name, *words[3:], "--out", "out"], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_a_list_is_made_in_the_background_and_downloaded(site: Site) -> None:
    who, path = site.visitor("analyst"), asked_list(site)
    text = finished(who, path)
    assert "Who should be offered what" in text
    for name in ("report", "workbook", "list", "list-table", "offers-csv", "offers", "json", "files"):
        answer = who.get(f"{path}{name}/")
        assert answer.status == 200, name
        assert answer.headers["content-disposition"].startswith("attachment"), name
        assert answer.headers["x-content-type-options"] == "nosniff", name
    for_lenders = pl.read_parquet(io.BytesIO(who.fetch(f"{path}list-table/")))
    assert {"id", "standing", "offers", "held_by", "next"} <= set(for_lenders.columns)  # what their room takes in
    table = pl.read_parquet(io.BytesIO(who.fetch(f"{path}offers/")))
    rows = list(csv.reader(io.StringIO(who.get(f"{path}offers-csv/").text.removeprefix("\ufeff"))))
    assert (rows[0], len(rows) - 1) == (table.columns, table.height)
    made = {name: who.fetch(f"{path}{name}/") for name in ("list-table", "offers", "json", "report")}
    assert len(set(begun_again(site, "lab-allocation"))) == 1
    assert {name: who.fetch(f"{path}{name}/") for name in made} == made


def test_a_trial_shows_the_report_of_each_design_and_says_whose_it_is(site: Site) -> None:
    who, path = site.visitor("analyst"), asked_run(site)
    text = finished(who, path)
    (folder,) = [
        one.parent for one in site.data.glob("jobs/*/result/manifest.json")
        if json.loads(one.read_text(encoding="utf-8"))["digest"] in text
    ]  # fmt: skip
    run = open_run(folder)
    declared, first, other, _ = [scenario.id for scenario in run.programmes]
    own = {one: [tile.value for tile in tiles(run, one, catalogue("en"))] for one in (declared, first, other)}
    assert own[declared] != own[first]
    assert large_numbers(text) == own[first]
    assert "Report of the design “Vé rẻ cho nhà xa, đường dài”" in text
    assert large_numbers(who.get(f"{path}?report={other}").text) == own[other]
    text = who.get(f"{path}?report={declared}").text
    assert large_numbers(text) == own[declared]
    assert "Report of the programme as declared: School buses at half the fare" in text
    assert who.get(f"{path}?report=nothing").status == 404
    whole = json.loads(who.get(f"/api/v1{path.removeprefix('/en')}".rstrip("/"), site.key("analyst")).text)
    assert whole["told"]["numbers"][0]["cells"][1]["cells"][0]
    assert len(whole["told"]["numbers"][0]["cells"][1]["differs"]) == 3


def large_numbers(text: str) -> list[str]:
    """The numbers of a report's answer."""
    return [unescape(one) for one in re.findall(r'<span class="value">(.*?)</span>', text)]


def test_a_name_is_never_run_by_a_page_a_file_or_a_spreadsheet(site: Site) -> None:
    who, trial = site.visitor("analyst"), asked_run(site)
    found, other = evil_designs(site)
    assert post(who, found, "fork", name=EVIL)[0] == 302
    finished(who, trial)
    pages = ["/en/lab/", f"/en/lab/designs/{found}/", f"/en/lab/compare/?design={found}&design={other}", trial]
    for page in pages:
        text = who.get(page).text
        assert "<script>alert" not in text, page
        assert "49" not in re.findall(r"1\+1 (.{0,6})", text), page
    assert json.dumps(EVIL, ensure_ascii=False) in who.get(f"/en/lab/designs/{found}/design.yaml").text
    cells = list(csv.reader(io.StringIO(who.get(f"{trial}numbers/").text.removeprefix("\ufeff"))))
    assert any("HYPERLINK" in cell for row in cells for cell in row)
    assert not [cell for row in cells for cell in row if cell.startswith("=")]
