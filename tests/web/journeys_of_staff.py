"""What the public and the city's own people come for: the same kind of journeys as in `journeys`, on two other sites.

The public's and one of the approver's on that of a small city that has promised something; the rest on the tutorial's.
"""

from __future__ import annotations

import csv
import io
import time

from tests.web import desk
from tests.web.conftest import PROGRAMME
from tests.web.site import PASSWORD
from tests.web.test_pilots import PLAN, declared, units
from tests.web.traveller import Traveller

PROMISE = "commitments/school-bus-stops/"
STATIONS = "Công ty E cam kết xây {} trạm xe buýt trường học vào năm 2028."


def the_public(t: Traveller) -> None:
    """Reads what was promised and what is late, follows a number to its source, proposes something."""
    t.go("")
    t.follow("/commitments/")
    t.write("q", "bus" if t.language == "en" else "trạm")
    t.press(t.say("facts.look"))
    t.follow(f"/{PROMISE}")
    t.go("facts/")
    t.write("q", "bus_fare")
    t.press(t.say("facts.look"))
    t.follow("/facts/bus_fare/")
    t.follow("/facts/")
    t.go("late/")
    t.go("proposals/")
    t.press(t.say("desk.propose"))
    t.write("title", f"Thêm ghế ở trạm xe buýt ({t.language})")
    t.write("text", "Xin đặt thêm ghế.")
    for _ in range(4):  # the field that no person sees is not on the way
        t.page.keyboard.press("Tab")
        assert t.page.evaluate("document.activeElement.name") != "website"
    t.press(t.say("desk.propose_do"))
    t.sees(*t.say("desk.message.proposed", receipt="|").split("|"))


def an_analyst_simulates(t: Traveller) -> None:
    """Asks for a run; the browser itself holds back too few draws, and the work is seen in its list."""
    t.go(f"programmes/{PROGRAMME}/")
    t.write("draws", "1")
    t.page.keyboard.press("Enter")
    assert t.page.evaluate("document.activeElement.validity.rangeUnderflow")
    t.write("draws", "2")
    t.press(t.say("city.simulate_do"))
    t.sees(t.say("jobs.asked"), t.say("jobs.kind.simulate"))


def an_analyst_makes_a_design(t: Traveller) -> None:
    """Begins it, moves a lever, saves, shares, makes another of it, takes its file along and has it run."""
    name, other = f"Thiết kế ({t.language})", f"Bản khác ({t.language})"
    t.go("lab/")
    t.choose("begin", PROGRAMME)
    t.write("name", name)
    t.press(t.say("lab.begin_do"))
    answered(t)
    t.write("lever__fare__discount", "60 %")
    moved(t)
    t.press(t.say("lab.save"))
    t.sees(t.say("lab.saved"))
    answered(t)
    t.tick("roles", "approver")
    t.press(t.say("lab.share_do"))
    t.sees(t.say("lab.shared"))
    answered(t)
    t.write("name", other)
    t.write("lever__fare__discount", "65 %")
    moved(t)
    t.press(t.say("lab.fork_do"))
    t.sees(t.say("lab.forked"), other, t.say("lab.forked_from", name=name))
    answered(t)
    file = t.page.locator("#content a[href$='design.yaml']").get_attribute("href")
    assert 'discount: "65 %"' in t.site.visitor("analyst").get(str(file)).text
    t.write("draws", "2")
    t.press(t.say("lab.run_do"))
    t.sees(t.say("lab.asked"), other)


def answered(t: Traveller) -> None:
    """Wait for the sample: a page that is left while it asks calls that a fault."""
    t.page.wait_for_selector("#answer .tiles", timeout=60_000)
    t.page.wait_for_load_state("networkidle")


def moved(t: Traveller) -> None:
    """Leave the field, and be told of it that it is not saved."""
    t.page.keyboard.press("Tab")
    t.page.wait_for_selector("#unsaved button", timeout=60_000)
    t.page.wait_for_load_state("networkidle")
    t.sees(t.say("lab.unsaved"))


def _looks_at_the_form(t: Traveller) -> None:
    """Chooses a kind of design, adds a guardrail and a stop rule, and goes back to the box."""
    t.press(t.say("pilots.design_form"))
    t.choose("rule", "phased")
    t.page.wait_for_selector("#id_waves-1-title_vi")
    t.sees(t.say("pilots.kind_says.phased"))
    t.write("name", "by-keyboard")
    t.grow(t.say("pilots.guardrail_add"), "#id_guardrails-1-name")
    t.grow(t.say("pilots.stop_add"), "#id_stops-1-on")
    assert t.page.input_value("#id_name") == "by-keyboard"
    t.look()
    t.follow("/pilots/new/")


def an_analyst_runs_a_pilot(t: Traveller) -> None:
    """Declares it, corrects what is misspelt, registers it, draws the lots, looks at reports."""
    plan, folder = PLAN.format(id=f"journey-{t.language}"), t.site.data.parent
    plan = plan.replace("column: level, unit: level", "column: diem, unit: điểm")
    t.go("pilots/")
    t.press(t.say("pilots.declare"))
    if t.language == "vi":
        _looks_at_the_form(t)
    t.write("declaration", plan.replace("rule: stratified", "rule: stratifed"))
    t.press(t.say("pilots.keep"))
    t.sees("stratified")
    t.write("declaration", plan)
    t.press(t.say("pilots.keep"))
    t.sees(t.say("pilots.not_yet"), t.say("pilots.lots_first"))
    t.press(t.say("pilots.register_do"))
    t.sees(t.say("pilots.registration_why"))
    lots, reports = folder / f"units-{t.language}.csv", folder / f"reports-{t.language}.csv"
    lots.write_text(units(), encoding="utf-8")
    t.give("table", lots)
    t.write("salt", "10 20 30")
    t.press(t.say("pilots.lots_do"))
    t.sees(t.say("pilots.lots_drawn"), t.say("pilots.balance"))
    drawn = t.site.visitor("analyst").get(t.page.url.removeprefix(t.site.base) + "files/assignment.csv").text
    arms = [(row["id"], row["arm"]) for row in csv.DictReader(io.StringIO(drawn))][:40]
    seen = [
        f"{unit},2025-01-{1 + place // 10:02d},{4 + 2 * (arm == 'advised')},0" for place, (unit, arm) in enumerate(arms)
    ]
    reports.write_text("\n".join(["id,date,diem,bad", *seen, ""]), encoding="utf-8")
    t.give("table", reports)
    t.press(t.say("pilots.reports_do"))
    t.sees(t.say("pilots.chart_said"), t.say("pilots.evidence_said"))


def an_analyst_goes_through_drafts(t: Traveller) -> None:
    """Reads a document's drafts with the desk's own keys: to the next and back, one rejected, one taken."""
    counts = {"vi": (21, 22, 23), "en": (24, 25, 26)}[t.language]
    paper = desk.read_in(t.site, f"Tin bàn phím ({t.language})", "\n".join(map(STATIONS.format, counts)), "2026-10-02")
    first, second, third = desk.drafts(t.site, paper)
    t.go(paper.removeprefix("/en/"))
    for key, shown in (("j", second), ("k", first), ("r", second)):
        t.page.keyboard.press(key)
        t.page.wait_for_url(f"**?draft={shown}#now")
    t.look()
    t.write("record", "commitment/school-bus-stops")
    t.page.keyboard.press("Escape")
    t.write("unit", "stops")
    t.page.keyboard.press("Enter")
    t.page.wait_for_url(f"**?draft={third}#now")
    t.sees(
        t.say(
            "desk.message.taken",
            title={"vi": "Xây trạm xe buýt trường học", "en": "Build school bus stops"}[t.language],
        )
    )
    assert [one.get_attribute("class") for one in t.page.locator(".drafts li").all()] == ["rejected", "taken", "open"]
    assert f"{counts[1]} stops" in t.site.visitor("analyst").get(f"/en/{PROMISE}").text


def an_approver_publishes(t: Traveller) -> None:
    """Reads a run that only the staff sees, shows it to everybody, takes it back."""
    t.go(f"programmes/{PROGRAMME}/")
    t.follow(f"/programmes/{PROGRAMME}/runs/2/")
    t.sees(t.say("city.hidden"))
    for act, said in (("publish", "published"), ("take_back", "taken_back")):
        t.press_in("/runs/2/publish/", t.say(f"city.{act}"))
        t.sees(t.say(f"city.{said}"))
        status = t.site.visitor().get("/en/runs/2/headlines.json").status
        assert status == (200 if act == "publish" else 404)


def an_approver_confirms(t: Traveller) -> None:
    """Holds what an analyst wrote down against its document, and lets everybody see it."""
    count = {"vi": 51, "en": 52}[t.language]
    paper = desk.read_in(t.site, f"Tin để duyệt ({t.language})", STATIONS.format(count), "2026-10-04")
    (draft,) = desk.drafts(t.site, paper)
    told = {"about": "count", "minimum": str(count), "maximum": str(count), "unit": "stops", "qualifier": "exactly"}
    answer = desk.take(t.site, paper, draft, record="commitment/school-bus-stops", status="actual", **told)
    assert answer.status == 302, answer.text
    t.go("desk/check/")
    t.sees(str(count))
    t.press_in("/check/commitment/school-bus-stops/", t.say("desk.confirm_do"))
    t.sees(t.say("desk.message.confirmed"))
    assert f"{count} stops" in t.site.visitor().get(f"/en/{PROMISE}").text


def an_approver_decides(t: Traveller) -> None:
    """Decides what becomes of a pilot, for everybody to read."""
    analyst = t.site.visitor("analyst")
    page = declared(analyst, f"decided-{t.language}")
    analyst.post(f"{page}register/", token_from=page)
    t.go(page.removeprefix("/en/"))
    t.choose("what", "change")
    t.write("reason", f"Cần thêm số liệu ({t.language}).")
    t.tick("before_evaluation")
    t.press(t.say("pilots.decide_do"))
    t.sees(f"{t.say('pilots.decision')}: {t.say('pilots.what.change')}")
    assert f"Cần thêm số liệu ({t.language})." in t.site.visitor().get(page).text


def an_administrator_opens_an_account(t: Traveller) -> None:
    """Adds an organisation and a person, hands over the link, who chooses a password by it; all is in the log."""
    body, email = f"Phòng thử ({t.language})", f"journey-{t.language}@example.vn"
    t.go("office/")
    t.sees(t.say("office.worker_there"))
    t.press(t.say("office.organisations"))
    t.write("organisation_name", body)
    t.choose("kind", "city")
    t.press(t.say("office.new_organisation_do"))
    t.sees(body)
    t.press(t.say("office.people"))
    t.write("email", email)
    t.write("name", "Người mới")
    t.write("organisation", body)
    t.choose("role", "analyst")
    t.press(t.say("office.new_person_do"))
    t.sees(email, t.say("deed.people.account.opened"))
    t.press(t.say("office.invite"))
    link = t.page.locator("input.copied").input_value()
    stranger = Traveller(t.page.context.browser.new_page(), t.site, t.language, t.wrong)  # type: ignore[union-attr]
    stranger.go(link.partition(f"/{t.language}/")[2])
    stranger.write("password1", PASSWORD)
    stranger.write("password2", PASSWORD)
    stranger.press(t.say("office.choose_do"))
    stranger.page.close()
    t.press(t.say("office.log"))
    t.write("who", "administrator")
    t.press(t.say("facts.look"))
    t.sees(t.say("deed.people.organisation.made"))
    t.press(t.say("office.verify"))
    t.sees(t.say("office.seal_why"))


def an_administrator_keeps_the_site(t: Traveller) -> None:
    """A backup, made by the worker and checked; a server that is told, a key for a program, both ended again."""
    t.go("office/backups/")
    before = t.page.locator("table.backups tbody tr").count()
    t.press(t.say("office.backup.make"))
    t.sees(t.say("office.backup.queued"))
    for _ in range(100):
        t.page.reload()
        if t.page.locator("table.backups button").count() == 2 * (before + 1):
            break
        time.sleep(0.2)
    t.look()
    t.sees(t.say("office.backup.read"))
    t.press(t.say("office.backup.check"))
    t.sees(t.say("office.backup.check_queued"))
    t.press(t.say("api.hooks"))
    t.write("address", "https://elsewhere.example/")
    t.tick("events", "commitment.stage")
    t.press(t.say("api.new_hook_do"))
    t.sees(t.say("api.not_allowed"))
    t.write("address", "https://told.example/haidang")
    t.press(t.say("api.new_hook_do"))
    t.sees(t.say("api.secret_how"))
    t.press(t.say("api.end"))
    t.sees(t.say("api.no_hook"))
    t.press(t.say("menu.jobs:list"))
    t.go("people/me/")
    t.press(t.say("api.tokens"))
    t.write("token_name", f"Máy thử ({t.language})")
    t.tick("scopes", "office:read")
    t.press(t.say("api.new_do"))
    t.sees(t.say("api.made_how"))
    t.press(t.say("api.end"))
    t.sees(t.say("api.token_ended"))
