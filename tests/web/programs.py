"""What programs write, on a site whose objects are there already (`planting`); nothing of it is kept.

By the owners' keys, and by those of others, who hear that there is no such thing.
"""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from haidang.web.city.models import ShownRun
from haidang.web.desk.book import book
from haidang.web.desk.models import Passage
from haidang.web.factories.models import Application, Assessment, Consent
from haidang.web.ledger.models import Entry
from haidang.web.lending.models import StageRecord
from haidang.web.people.models import Organisation, bodies_of
from haidang.web.people.roles import Role
from haidang.web.pilots.models import Pilot
from tests.web.city import CREDIT, PNG
from tests.web.desk import NEW
from tests.web.planted import post, undone
from tests.web.planting import PEOPLE, allocation
from tests.web.programs_lots import site_lots
from tests.web.test_pilots import PLAN, table
from tests.web.trespass import made_backup

Told = tuple[int, Any]
Before = Callable[[str, str, object], Callable[[], None]]


def writes(keys: dict[str, str], before: Before) -> dict[str, str]:
    """Each road with what went wrong on it; nothing where all is as it should be.

    Args:
        keys: by role a key with every scope.
        before: what is done before each writing (`trespass`), and what is to be said of it once that was taken.
    """
    found: dict[str, str] = {}
    for road in (a_design, a_factory, a_server, a_desk, a_list, a_city, a_pilot, site_lots, what_else):
        with undone(PEOPLE["public"]):
            try:
                road(lambda role, path, body: _send(keys[role], path, body, partial(before, role)))
            except AssertionError as mistake:
                line = traceback.extract_tb(mistake.__traceback__)[-1].line
                found[road.__name__] = f"{line}: {mistake}"[:600]
    return found


def _send(key: str, path: str, body: object, before: Callable[[str, object], Callable[[], None]]) -> Told:
    client, named = PEOPLE["public"].client, {"HTTP_AUTHORIZATION": f"Bearer {key}"}
    if body is None:
        answer = client.get(f"/api/v1{path}", **named)
    else:
        judge = before(f"/api/v1{path}", body)
        answer = post(client, f"/api/v1{path}", body, named)
        if answer.status_code < 300:
            judge()
    return answer.status_code, json.loads(answer.content)


Sends = Callable[[str, str, object], Told]


def _was(told: Told, status: int, *fields: str) -> Any:
    assert told[0] == status, told
    assert not fields or sorted(told[1]["fields"]) == sorted(fields), told
    return told[1]


def _noted(action: str) -> None:
    assert Entry.objects.latest("number").action == action, Entry.objects.latest("number").action


def a_design(sends: Sends) -> None:
    """Begun, saved as it was read, refused where it was saved since, shared, forked by whom it is shared with."""
    made = _was(sends("analyst", "/lab/designs", {"name": "Của chương trình", "begin": CREDIT}), 201)
    _noted("lab.design.made")
    at, hidden = f"/lab/designs/{made['number']}", ("approver", "administrator")
    lever = next(each for each in made["places"] if each["kind"] == "lever" and each["stated"])
    changed = {"name": "Khác", "version": made["version"], "places": {lever["name"]: "market_rate - 0.5 %"}}
    for role in hidden:
        assert sends(role, at, None)[0] == 404
    assert sends("administrator", f"{at}/save", changed)[0] == 404
    _was(sends("analyst", f"{at}/save", {**changed, "places": {lever["name"]: "1 kg"}}), 400, lever["name"])
    saved = _was(sends("analyst", f"{at}/save", changed), 200)
    _noted("lab.design.saved")
    assert saved["version"] == made["version"] + 1
    assert "market_rate - 0.5 %" in saved["file"]
    _was(sends("analyst", f"{at}/save", changed), 400, "version")
    _was(sends("analyst", f"{at}/share", {"people": ["nobody@example.vn"], "roles": []}), 400, "people")
    _was(sends("analyst", f"{at}/share", {"people": [], "roles": ["factory_owner"]}), 400, "roles")
    mail = PEOPLE["administrator"].user.email
    shared = _was(sends("analyst", f"{at}/share", {"people": [mail], "roles": ["approver"]}), 200)
    _noted("lab.design.shared")
    assert (len(shared["people"]), shared["roles"]) == (1, ["approver"])
    assert sends("approver", at, None)[0] == 200
    assert sends("administrator", f"{at}/save", {**changed, "version": 2})[0] == 404  # it is another's
    tried = {"places": {lever["name"]: "market_rate - 1 %"}}
    _was(sends("analyst", f"{at}/sample", {"places": {lever["name"]: "1 kg"}}), 400, lever["name"])
    _was(sends("analyst", f"{at}/sample", {"places": {"name": "x"}}), 400, "name")
    assert "nobody answers" in _was(sends("analyst", f"{at}/sample", tried), 200)["mistake"]  # no sampler is here
    assert "market_rate - 1 %" not in _was(sends("analyst", at, None), 200)["file"]
    forked = _was(sends("administrator", f"{at}/fork", {"name": "Nhánh"}), 201)
    assert (forked["parent"], forked["changes"]) == (made["number"], saved["changes"])


def a_factory(sends: Sends) -> None:
    """Answers with the version that was read, handed in; an application drafted, sent, withdrawn; a consent."""
    draft = _was(sends("factory_owner", "/factories/1/assessments", {}), 201)
    at = f"/assessments/{draft['number']}"
    whole = _was(sends("factory_owner", at, None), 200)
    (part,) = whole["parts"]
    criterion = whole["answers"][0]["criterion"]
    sent = {"version": part["version"], "answers": {criterion: {"value": 0, "note": "Chưa"}}}
    saved = _was(sends("factory_owner", f"{at}/parts/{part['part']}", sent), 200)
    _noted("factories.answers.saved")
    assert [(one["value"], one["note"]) for one in saved["answers"] if one["criterion"] == criterion] == [(0, "Chưa")]
    assert len(saved["answers"]) == 1  # what is not named is not answered
    _was(sends("factory_owner", f"{at}/parts/{part['part']}", sent), 400, "version")
    assert sends("assessor", f"{at}/parts/{part['part']}", sent)[0] == 404
    shown = {"criterion": criterion, "kind": "photo", "caption": "Ảnh"}
    files = f"{at}/parts/{part['part']}/files"
    bad = SimpleUploadedFile("a.png", b"MZ" + bytes(100))
    _was(sends("factory_owner", files, {**shown, "file": bad}), 400, "file")
    made = _was(sends("factory_owner", files, {**shown, "file": SimpleUploadedFile("../ảnh.png", PNG)}), 201)
    _noted("factories.file.added")
    assert (made["name"], made["media"], made["size"]) == ("ảnh.png", "image/png", len(PNG))
    assert _was(sends("factory_owner", f"/evidence/{made['number']}/remove", {}), 200)["sha256"] == made["sha256"]
    _noted("factories.file.removed")
    assert sends("factory_owner", f"/evidence/{made['number']}/remove", {})[0] == 404
    _was(sends("factory_owner", f"{at}/submit", {}), 200)
    assert Assessment.objects.get(pk=draft["number"]).submitted is not None
    _was(sends("factory_owner", f"{at}/parts/{part['part']}", sent), 404)

    new = {"name": "Nhà máy của chương trình", "tax_code": "0301234509", "sector": "food", "employees": 12}
    own = _was(sends("factory_owner", "/factories/1", None), 200)["organisation"]
    _was(sends("factory_owner", "/factories", {**new, "tax_code": "12"}), 400, "tax_code")
    _was(sends("factory_owner", "/factories", {**new, "organisation": "Nhà máy khác"}), 400, "organisation")
    added = _was(sends("factory_owner", "/factories", {**new, "organisation": own}), 201)
    _noted("factories.factory.added")
    assert (added["name"], added["organisation"], added["size"], added["version"]) == (new["name"], own, "small", 1)

    profile = _was(sends("factory_owner", "/factories/1", None), 200)
    sent = {name: profile[name] for name in ("version", "name", "tax_code", "sector", "employees")}
    sent = {**sent, "revenue": 93_000_000_000, "district": "Phường Hai", "traits": {"zone": False}}
    _was(sends("factory_owner", "/factories/1/profile", {**sent, "employees": 0}), 422)
    _was(sends("factory_owner", "/factories/1/profile", {**sent, "tax_code": "12"}), 400, "tax_code")
    _was(sends("factory_owner", "/factories/1/profile", {**sent, "traits": {"none": True}}), 400, "none")
    told = _was(sends("factory_owner", "/factories/1/profile", sent), 200)
    _noted("factories.factory.changed")
    assert (told["revenue"], told["value_added"], told["traits"]) == (93_000_000_000, None, {"zone": False})
    _was(sends("factory_owner", "/factories/1/profile", sent), 400, "version")

    _was(sends("factory_owner", "/applications/1/withdraw", {}), 200)
    asked = {"amount": 2_000_000_000, "purpose": "Máy mới"}
    _was(sends("factory_owner", f"/factories/1/programmes/{CREDIT}", {**asked, "amount": 5}), 400, "amount")
    made = _was(sends("factory_owner", f"/factories/1/programmes/{CREDIT}", asked), 201)
    _noted("factories.application.drafted")
    assert (made["amount"], made["state"], made["version"]) == (2_000_000_000, "draft", 1)
    _was(sends("factory_owner", f"/factories/1/programmes/{CREDIT}", asked), 400, "version")
    assert sends("lender_officer", f"/applications/{made['number']}/send", {})[0] == 403
    _was(sends("factory_owner", f"/applications/{made['number']}/send", {}), 200)
    _noted("factories.application.sent")
    assert Application.objects.get(pk=made["number"]).sent is not None
    assert sends("factory_owner", f"/applications/{made['number']}/send", {})[0] == 404

    lender = Organisation.objects.filter(kind="lender").latest("pk").pk
    assert lender in [one["number"] for one in _was(sends("factory_owner", "/lenders", None), 200)["items"]]
    for fields, current in ((["name", "amount"], True), ([], False)):
        told = _was(sends("factory_owner", f"/factories/1/consents/{lender}", {"fields": fields}), 200)
        assert (told["fields"], told["current"]) == (fields, current)
        _noted(f"factories.consent.{'given' if fields else 'withdrawn'}")
    assert not Consent.objects.filter(factory=1, lender=lender, current=True).exists()
    seen = _was(sends("lender_officer", f"/lending/applications/{made['number']}", None), 404)
    assert seen


def a_server(sends: Sends) -> None:
    """A server that the environment names is told from now on, any other never; its secret is told once."""
    asked = {"address": "https://example.vn/khác", "events": ["run.published"]}
    _was(sends("administrator", "/hooks", {**asked, "address": "https://elsewhere.example/"}), 400, "address")
    _was(sends("administrator", "/hooks", {**asked, "events": ["none"]}), 400, "events")
    made = _was(sends("administrator", "/hooks", asked), 201)
    _noted("api.hook.made")
    assert len(made["secret"]) > 30
    listed = _was(sends("administrator", "/hooks", None), 200)["items"]
    assert made["number"] in [one["number"] for one in listed]
    assert made["secret"] not in json.dumps(listed)
    _was(sends("administrator", f"/hooks/{made['number']}/end", {}), 200)
    _noted("api.hook.ended")
    assert sends("administrator", f"/hooks/{made['number']}/end", {})[0] == 404


def a_desk(sends: Sends) -> None:
    """A file brought; a promise carried on with what shows it; claims confirmed; a proposal answered."""
    about = {"title": "Quyết định", "publisher": "Báo", "day": "2026-01-02"}
    page = SimpleUploadedFile("tin.html", b"<!DOCTYPE html><title>x</title><p>3 tr\xe1\xba\xa1m.</p>")
    _was(sends("analyst", "/documents/files", {**about, "file": SimpleUploadedFile("a.pdf", b"MZ")}), 400, "file")
    made = _was(sends("analyst", "/documents/files", {**about, "file": page}), 201)
    _noted("desk.document.added")
    assert made["state"] == "waiting"

    promise = next(one for one in book().tracked.commitments if "javascript" in one)
    at = f"/commitments/{promise}"
    part = {"title_vi": "Phần", "title_en": "A part by a program", "due": "2026-05-01"}
    told = _was(sends("analyst", f"{at}/milestones", part), 200)
    _noted("desk.milestone.added")
    assert "a-part-by-a-program" in [one["id"] for one in told["milestones"]]
    version = _was(sends("analyst", f"{at}/history", None), 200)["items"][0]["version"]
    step = {"responsible": "Sở Công Thương", "next_vi": "Ký", "next_en": "Sign", "version": version}
    told = _was(sends("analyst", f"{at}/step", step), 200)
    _noted("desk.step.set")
    assert (told["responsible"], told["next_step"]["en"]) == ("Sở Công Thương", "Sign")
    _was(sends("analyst", f"{at}/step", step), 400, "version")
    proof = SimpleUploadedFile("biên bản.txt", "Biên bản của chương trình".encode())
    done = {"milestone": "a-part-by-a-program", "percent": 40, "day": "2026-02-01"}
    _was(sends("analyst", f"{at}/reports", {**done, "milestone": "none", "file": proof}), 400, "milestone")
    told = _was(sends("analyst", f"{at}/reports", {**done, "file": proof}), 200)
    _noted("desk.milestone.reported")
    assert [one["done"] for one in told["milestones"] if one["id"] == done["milestone"]] == [0.4]
    stage = {"stage": "delivered", "day": "2026-03-01", "file": proof}
    _was(sends("analyst", f"{at}/stages", stage), 400, "stage")  # it ends the promise, so it is asked about
    told = _was(sends("analyst", f"{at}/stages", {**stage, "sure": True}), 200)
    _noted("desk.stage.reached")
    assert (told["stage"], len(told["stages"][-1]["file"])) == ("delivered", 64)

    draft, other = Passage.objects.filter(state=Passage.State.OPEN).values_list("pk", flat=True)[:2]
    for rejected in (True, False):
        told = _was(sends("analyst", f"/drafts/{other}/reject", {"rejected": rejected}), 200)
        assert told["state"] == ("rejected" if rejected else "open")
        _noted("desk.draft.rejected" if rejected else "desk.draft.reopened")
    own = {name: value for name, value in NEW.items() if value} | {"responsible": "Sở", "title_en": "By a program"}
    told = _was(sends("analyst", f"/drafts/{draft}/take", own), 200)
    assert (told["state"], told["record"]) == ("taken", "commitment/by-a-program")
    _noted("desk.claim.taken")
    _was(sends("analyst", f"/drafts/{draft}/take", own), 400)
    record = told["record"]
    (waits,) = [one for one in _was(sends("approver", "/unconfirmed?limit=1000", None), 200)["items"]
                if f"{one['kind']}/{one['record']}" == record]  # fmt: skip
    claim = waits["claim"]
    assert (waits["title"]["en"], waits["told"]["id"], waits["told"]["confirmed"]) == ("By a program", claim, False)
    check = {"claims": [claim]}
    told = _was(sends("approver", f"/records/{record}/confirm", check), 200)
    _noted("desk.claim.confirmed")
    assert (told["confirmed"], told["unconfirmed"]) == (check["claims"], [])
    _was(sends("approver", f"/records/{record}/confirm", check), 400)
    _was(sends("analyst", "/consultation/1", {"state": "answered"}), 400, "answer")
    answered = _was(sends("analyst", "/consultation/1", {"state": "answered", "answer": "Sẽ làm"}), 200)
    _noted("desk.proposal.moderated")
    told = _was(sends("approver", "/consultation/1/answers", None), 200)["items"]
    assert (told[0]["answer"], told[0]["version"], len(told)) == ("Sẽ làm", answered["version"], answered["version"])
    assert (answered["state"], answered["answer"]) == ("answered", "Sẽ làm")
    about = {"title": "Tên đúng", "publisher": "Báo", "day": "2026-01-11"}
    _was(sends("analyst", "/documents/1/about", {**about, "day": "2199-01-01"}), 400, "day")
    assert _was(sends("analyst", "/documents/1/about", about), 200)["title"] == "Tên đúng"
    _noted("desk.document.corrected")
    assert _was(sends("analyst", "/documents/1/readings", {}), 200)["reading"]["state"] == "waiting"
    _noted("desk.document.read_again")
    own = PEOPLE["lender_officer"].user
    body = bodies_of(own, Role.LENDER_OFFICER).get().name
    asked = {"title": "Của chương trình", "text": "Xin trồng cây.", "body": body.upper(), "contact": "0900"}
    _was(sends("lender_officer", "/proposals", {**asked, "title": " "}), 400, "title")
    made = _was(sends("lender_officer", "/proposals", asked), 201)
    _noted("desk.proposal.made")
    assert (made["proposal"]["body"], made["proposal"]["body_confirmed"]) == (body, True)
    assert "0900" not in json.dumps(made)
    stands = _was(sends("factory_owner", "/proposals/receipt", {"receipt": made["receipt"].lower()}), 200)
    assert (stands["title"], stands["state"], stands["number"]) == ("Của chương trình", "draft", None)
    _was(sends("factory_owner", "/proposals/receipt", {"receipt": "AAAA-AAAA-AAAA-AAAA"}), 404)
    _was(sends("analyst", "/documents/1/readings", {}), 400)  # it is being read


def a_list(sends: Sends) -> None:
    """A list taken in, shown, taken back; records in one piece, all of them or none."""
    about, table = {"title": "Của chương trình", "programme": CREDIT}, SimpleUploadedFile("a.parquet", allocation())
    _was(sends("analyst", "/lending/lists", {**about, "file": SimpleUploadedFile("a.parquet", b"x")}), 400, "file")
    made = _was(sends("analyst", "/lending/lists", {**about, "file": table}), 201)
    _noted("lending.list.taken_in")
    at = f"/lending/lists/{made['number']}"
    assert sends("lender_officer", at, None)[0] == 404
    assert _was(sends("approver", f"{at}/publish", {}), 200)["published"] is not None
    _noted("lending.list.published")
    assert sends("lender_officer", at, None)[0] == 200
    assert _was(sends("approver", f"{at}/publish", {"published": False}), 200)["published"] is None
    _noted("lending.list.taken_back")
    one = {"application": 1, "stage": "approved", "day": "2026-02-01", "amount": 300_000_000, "sure": True}
    wrong = [one, {**one, "stage": "refused", "amount": None}]
    before = StageRecord.objects.count()
    _was(sends("lender_officer", "/lending/records", {"records": wrong}), 400, "records.1.reason")
    assert StageRecord.objects.count() == before
    paid = {**one, "stage": "disbursed", "day": "2026-02-02"}
    kept = _was(sends("lender_officer", "/lending/records", {"records": [one, paid]}), 201)
    assert [each["stage"] for each in kept] == ["approved", "disbursed"]
    _noted("lending.stage.recorded")


def a_city(sends: Sends) -> None:
    """An organisation; a run shown and taken back; an assessor's reading, which is the one that is open."""
    made = _was(sends("administrator", "/organisations", {"name": "Sở của chương trình", "kind": "city"}), 201)
    _noted("people.organisation.made")
    asked = {"name": " sở  của chương trình", "kind": "city"}
    _was(sends("administrator", "/organisations", asked), 400, "organisation_name")
    assert made["number"] in [
        one["number"] for one in _was(sends("administrator", "/organisations", None), 200)["items"]
    ]
    at = f"/organisations/{made['number']}"
    _was(sends("administrator", f"{at}/name", {"name": Organisation.objects.earliest("pk").name}), 400)
    told = _was(sends("administrator", f"{at}/name", {"name": "Sở  mới"}), 200)
    _noted("people.organisation.renamed")
    assert json.loads(Entry.objects.latest("number").details)["was"] == made["name"]
    whole = _was(sends("administrator", at, None), 200)
    assert (told["name"], whole["name"], whole["members"], whole["people"]) == ("Sở mới", "Sở mới", [], 0)
    run = ShownRun.objects.create(pack="hcmc", programme=CREDIT, folder="none", digest="0" * 64, draws=2)
    at = f"/runs/{run.pk}"
    assert sends("factory_owner", at, None)[0] == 404
    _was(sends("approver", f"{at}/publish", {}), 410)  # its files are nowhere
    ShownRun.objects.filter(pk=run.pk).update(published=timezone.now())
    assert _was(sends("approver", f"{at}/publish", {"published": False}), 200)["published"] is None
    _noted("city.run.taken_back")
    reading = _was(sends("assessor", "/assessments/1/readings", {}), 201)
    assert reading["of"] == 1


def a_pilot(sends: Sends) -> None:
    """Declared, changed, registered, drawn, watched, evaluated, decided: each by whom it is for."""
    plan = PLAN.format(id="by-a-program").replace("size: 200", "size: 8")
    _was(sends("analyst", "/pilots/declarations", {"declaration": "id: x"}), 400)
    made = _was(sends("analyst", "/pilots/declarations", {"declaration": plan}), 201)
    _noted("pilots.pilot.declared")
    _was(sends("analyst", "/pilots/declarations", {"declaration": plan}), 400)  # of its name there is one
    at, units = f"/pilots/{made['number']}", [f"f{one}" for one in range(8)]
    lots = {"table": table(["id", "sector"], [[one, "food"] for one in units]), "salt": "10 20 30"}
    _was(sends("analyst", f"{at}/lots", lots), 400)  # not registered
    changed = plan.replace("smallest_worthwhile: 0.5", "smallest_worthwhile: 0.4")
    assert _was(sends("analyst", f"{at}/plan", {"declaration": changed}), 200)["hash"] != made["hash"]
    _noted("pilots.pilot.changed")
    assert _was(sends("analyst", f"{at}/registrations", {}), 200)["registered"]
    _noted("pilots.pilot.registered")
    _was(sends("analyst", f"{at}/lots", lots), 200)
    _noted("pilots.lots.drawn")
    _was(sends("analyst", f"{at}/lots", lots), 400)  # once
    head = ["id", "date", "level", "bad"]
    seen = table(head, [[one, f"2025-01-{1 + at_:02d}", 4 + at_ % 3, 0] for at_, one in enumerate(units)])
    assert _was(sends("analyst", f"{at}/reports", {"table": seen}), 201) == {"days": 8}
    _noted("pilots.reports.seen")
    for place, sent, kind in (
        ("outcomes", {"table": seen}, "pilot-evaluation"), ("simulations", {"pilots_simulated": 20}, "pilot-power"),
    ):  # fmt: skip
        assert _was(sends("analyst", f"{at}/{place}", sent), 201)["kind"] == kind
        _noted("jobs.job.asked")
    assert sends("analyst", f"{at}/decisions", {"what": "scale", "reason": "x"})[0] == 403
    _was(sends("approver", f"{at}/decisions", {"what": "scale", "reason": "Tốt"}), 400, "before_evaluation")
    _was(sends("approver", f"{at}/decisions", {"what": "scale", "reason": "Tốt", "before_evaluation": True}), 201)
    _noted("pilots.decision.made")


def what_else(sends: Sends) -> None:
    """Work asked for, a record of a lender's, a text brought."""
    job = _was(sends("analyst", "/jobs", {"programme": CREDIT, "draws": 2}), 201)
    _noted("jobs.job.asked")
    assert (job["kind"], job["state"], job["asked_by"]) == ("simulate", "waiting", PEOPLE["analyst"].user.email)
    at = f"/jobs/{job['number']}"
    _was(sends("analyst", f"{at}/again", {}), 400)
    assert _was(sends("analyst", f"{at}/cancel", {}), 200)["state"] == "cancelled"
    _noted("jobs.job.cancelled")
    found = _was(sends("approver", "/jobs?state=cancelled&kind=simulate", None), 200)["items"]
    assert job["number"] in [one["number"] for one in found]
    assert {one["state"] for one in found} == {"cancelled"}
    assert _was(sends("administrator", f"{at}/again", {}), 200)["state"] == "waiting"
    _noted("jobs.job.tried_again")
    (own, *_) = _was(sends("analyst", "/lab/designs", None), 200)["items"]
    for place, draws in (("runs", 2), ("lists", 4)):
        _was(sends("analyst", f"/lab/designs/{own['number']}/{place}", {"draws": draws}), 201)
        _noted("lab.trial.asked")
    record = {"stage": "refused", "day": "2026-02-01", "reason": "Ghi thử", "sure": True}
    _was(sends("lender_officer", "/lending/applications/1/records", record), 201)
    _noted("lending.stage.recorded")
    text = {"title": "Tin", "publisher": "Báo", "day": "2026-01-02", "text": "Năm 2025 có 3 trạm."}
    _was(sends("analyst", "/documents", text), 201)
    _noted("desk.document.added")
    pilot = Pilot.objects.latest("pk").pk
    handed = _was(sends("analyst", f"/lending/pilots/{pilot}/hand-over", {}), 201)
    _noted("lending.outcomes.handed_over")
    takers = _was(sends("approver", f"/lending/takers/{CREDIT}", None), 200)["items"]
    assert [one["last"]["sha256"] for one in takers if one["pilot"] == pilot] == [handed["sha256"]]
    backup = made_backup()
    checked = _was(sends("administrator", f"/backups/{backup}/check", {}), 200)
    _noted("office.backup.check_asked")
    assert (checked["number"], checked["sha256"]) == (backup, "0" * 64)
    _was(sends("administrator", "/backups", {}), 201)
    _noted("office.backup.asked")
    _was(sends("administrator", "/backups", {}), 400)
