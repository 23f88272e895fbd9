"""What people do on a site on which every text is a payload; runs inside it (`planted`)."""

from __future__ import annotations

import io
import json
import re
import time
from datetime import date, timedelta
from typing import Any

import docx
import lxml.html
import polars as pl
from django.test import Client

from haidang.web.api.models import Token
from haidang.web.api.scopes import Scope
from haidang.web.desk.book import book
from haidang.web.jobs.queue import claim
from haidang.web.jobs.work import work_on
from haidang.web.people.give import give_role
from haidang.web.people.models import Organisation, User
from haidang.web.pilots import desk as pilot_desk
from haidang.web.pilots.lots import draw_lots
from tests.web.city import CREDIT, PNG, PROFILE, SHOWN, TAX_CODE
from tests.web.desk import NEW, NEWS
from tests.web.planted import SEEN, Somebody, file, filled, look, route, sends
from tests.web.site import PASSWORD
from tests.web.test_pilots import PLAN, table

KINDS = {
    "factory_owner": "factory", "lender_officer": "lender", "assessor": "evaluator", "analyst": "city",
    "approver": "city", "administrator": "city",
}  # fmt: skip
PEOPLE: dict[str, Somebody] = {}
"""By role; the public by no name."""


def somebody(name: str, user: User | None = None) -> Somebody:
    """A person of this site, at a browser."""
    PEOPLE[name] = at_a_browser(name, user)
    return PEOPLE[name]


def at_a_browser(name: str, user: User | None = None) -> Somebody:
    """A person at a browser, logged in where there is an account."""
    client = Client(HTTP_HOST="localhost")
    if user is not None:
        client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
        session = client.session  # as after a login, so that no page asks for the password again
        by = {"method": "password", "at": time.time() + 3600, "email": user.email}
        session["account_authentication_methods"] = [by]
        session.save()
    return Somebody(name, client, user)


def address(name: str) -> str:
    """An address of mail that is a payload, and one all the same: its first part stands in quotation marks."""
    said = SEEN.evil(name).replace('"', "").replace("(", "").replace(":", "")
    return f'"{said}"@example.vn'


def place(name: str) -> str:
    """An address on the web that is a payload."""
    return f"https://example.vn/{SEEN.evil(name)}"


def people() -> None:
    """Everybody, with organisations, made by an administrator."""
    give_role("root@example.vn", "administrator", SEEN.evil("give organisation"), "city", SEEN.evil("give name"),
              lambda: PASSWORD)  # fmt: skip
    root = somebody("root", User.objects.latest("pk"))
    for kind in dict.fromkeys(KINDS.values()):
        root.does("/en/office/organisations/", "office:organisations", kind=kind)
    for role, kind in KINDS.items():
        body = Organisation.objects.filter(kind=kind).last()
        assert body
        mail = address("office:people email")
        root.does("/en/office/people/", "office:people", email=mail, organisation=body.name, role=role)
        if role == "analyst":  # before anybody uses the account
            root.does(root.pages[-1], "office:correct", email=address("office:correct email"))
        somebody(role, User.objects.latest("pk"))
    page = root.pages[-1]
    body = Organisation.objects.get(memberships__user=root.user)
    root.does(page, "office:give", organisation=body.name, role="analyst")
    root.does(f"/en/office/organisations/{body.pk}/", "office:organisation")
    shown = root.does(page, "office:invite", 200).content.decode()
    found = re.search(r"http://localhost(/en/office/invitation/[^<\"]+)", shown)
    assert found
    public = somebody("public")
    public.spoil(*public.form(found.group(1), "office:invitation"))  # before it is used: it works once
    public.does(found.group(1), "office:invitation", password1=PASSWORD, password2=PASSWORD)
    somebody("administrator", User.objects.latest("pk"))
    root.does("/en/office/hooks/", "hooks:list", 200, address=place("hooks:list address"), events=["run.published"])
    root.does("/en/people/tokens/", "tokens:list", 200, scopes=["read"], days="1")


def work() -> None:
    """Do what waits in the background."""
    while (job := claim()) is not None:
        if job.kind.startswith("lab-"):
            continue  # takes seconds; its names are tried in `test_lab`
        work_on(job)
        job.refresh_from_db()
        assert job.state == "done", job.mistake


def desk() -> None:
    """A proposal answered; documents read; a promise taken, confirmed, advanced."""
    public, analyst, approver = PEOPLE["public"], PEOPLE["analyst"], PEOPLE["approver"]
    public.does("/en/proposals/new/", "desk:propose", website="")
    public.does("/en/proposals/receipt/", "desk:receipt", 200)
    analyst.does("/en/desk/proposals/1/", "desk:moderate", state="answered", became_commitment="")
    told = "\n".join(f"{SEEN.evil('text of a document')} {line}" for line in NEWS.splitlines())
    given = {"day": "2026-01-10", "address": place("desk:add-document address")}
    analyst.does("/en/desk/", "desk:add-document", text=told, **given)
    for ending, content in ((".html", page_of(NEWS)), (".docx", document_of(NEWS))):
        sent = file("name of a document", content, ending)
        analyst.does("/en/desk/", "desk:add-document", text="", file=sent, **given)
    work()
    analyst.get("/en/desk/drafts/1/take/")
    page = "/en/desk/documents/1/"
    analyst.does(page, "desk:correct", day="2026-01-11", address=place("desk:correct address"))
    work()
    analyst.does(page, "desk:reread")
    work()
    own = {name: value for name, value in NEW.items() if name not in ("title_vi", "title_en", "parties")}
    analyst.does(page, "desk:take", **own, none_named="", indicator="", method="", definition_vi="", definition_en="")
    approver.does("/en/desk/check/", "desk:confirm", claims=claims(approver))
    promise = next(one for one in book().tracked.commitments if "javascript" in one)
    at = f"/en/commitments/{promise}/"
    source = next(name for name, one in book().tracked.sources.items() if "javascript" in one.title)
    proof = {"stage__source": source, "stage__file": file("desk:advance file", "Biên bản", ".txt")}
    analyst.does(at, "desk:advance", stage__stage="signed", stage__day="2026-02-01", **proof)
    analyst.does(at, "desk:milestone", milestone__due="2026-03-01", milestone__weight="1")
    done = {"done__source": source, "done__file": file("desk:done file", "Biên bản hai", ".txt")}
    analyst.does(at, "desk:done", done__percent="50", done__day="2026-02-01", **done)
    analyst.does(at, "desk:step", step__next_on="2026-12-01", step__none_named="")


def claims(who: Somebody) -> list[str]:
    """The claims that wait on the first form of the page of checks."""
    import lxml.html

    shown = lxml.html.fromstring(who.get("/en/desk/check/").content.decode())
    form = next(one for one in shown.forms if route(one.action or "") == "desk:confirm")
    return [one.get("value") for one in form.inputs if one.get("name") == "claims"]


def page_of(news: str) -> str:
    """A page with payloads in its texts, as somebody would lay it down."""
    from html import escape

    told = "".join(f"<p>{escape(SEEN.evil('text of a page'))} {line}</p>" for line in news.splitlines())
    return f"<!DOCTYPE html><html><head><title>Tin</title></head><body>{told}</body></html>"


def document_of(news: str) -> bytes:
    """The same as an office document."""
    made, stream = docx.Document(), io.BytesIO()
    for line in news.splitlines():
        made.add_paragraph(f"{SEEN.evil('text of a docx')} {line}")
    made.save(stream)
    return stream.getvalue()


def factories() -> None:
    """A factory with an assessment, read again by an assessor; an application with what a lender made of it; a list."""
    owner, officer, analyst = PEOPLE["factory_owner"], PEOPLE["lender_officer"], PEOPLE["analyst"]
    profile = {name: value for name, value in PROFILE.items() if name != "district"}
    owner.does("/en/factories/new/", "factories:new", tax_code=TAX_CODE, **profile)
    owner.does("/en/factories/1/profile/", "factories:profile", tax_code=TAX_CODE, **profile)
    for number in ("1", "2"):  # one that is handed in and one that is a draft
        owner.does("/en/factories/1/assessments/", "factories:start")
        part = f"/en/factories/assessments/{number}/parts/standard-work/"
        sent = file("factories:section file", PNG, ".png")
        owner.does(part, "factories:section", answer="1", file=sent, kind="photo")
        if number == "1":
            owner.does(f"/en/factories/assessments/{number}/", "factories:submit")
    assessor = PEOPLE["assessor"]
    assessor.does("/en/factories/assessments/1/result/", "factories:second")
    part = "/en/factories/assessments/3/parts/standard-work/"
    assessor.does(part, "factories:section", answer="1", status="2", caption="")
    apply = f"/en/factories/1/programmes/{CREDIT}/"
    owner.does(apply, "factories:apply", amount="1.5 billion")
    owner.does("/en/factories/applications/1/", "factories:send")
    owner.does("/en/factories/1/consents/", "factories:consent", fields_seen=[*SHOWN, "purpose", "answers", "district"])
    for stage, more in (("approved", {"amount": "1.2 billion"}), ("refused", {"amount": ""})):
        day = date.today().isoformat()
        officer.does("/en/lending/applications/1/", "lending:record", stage=stage, day=day, corrects="", **more)
    sent = file("lending:lists file", allocation(), ".parquet")
    analyst.does("/en/lending/lists/", "lending:lists", programme=CREDIT, file=sent)
    analyst.does("/en/lending/lists/1/", "lending:publish-list")


def allocation() -> bytes:
    """A list whose words are payloads."""
    stream = io.BytesIO()
    words = {"offers": [SEEN.evil("offers of a list")], "next": [""], "held_by": [""]}
    pl.DataFrame(
        {"id": [int(TAX_CODE)], "weight": [1.0], "standing": ["listed"], "expected": [0.4], "share_in": [0.97],
         "certainty": ["always"], **words}
    ).write_parquet(stream)  # fmt: skip
    return stream.getvalue()


DESIGN = {
    "name": "planted-by-form", "programme": CREDIT, "units_from": "number", "size": "8", "units_file": "",
    "control_share": "40", "first_share": "30", "second_share": "30", "first_offers": [], "second_offers": [],
    "rule": "stratified", "better": "more", "least": "0", "most": "10", "smallest_worthwhile": "0.5",
    "first_year": "2027", "last_year": "2028", "start": "2027-01-01", "end": "2028-12-31", "estimator": "adjusted",
    "alpha": "5", "power": "80", "where": "", "measuring_cost": "",
}  # fmt: skip
"""What of the form of a pilot takes no payload."""


FORM = "/en/pilots/new/form/"


def designed(who: Somebody, **given: str) -> None:
    """The form of a pilot as a kind of design and rows are added to it, filled in and sent."""
    page = lxml.html.fromstring(who.client.post(FORM, {"step": "kind", **given}).content.decode())
    where, form = next(one for one in sends(FORM, page) if route(one[0]) == "pilots:design")
    answer = who.client.post(where, filled("pilots:design", form, {**DESIGN, **given}))
    assert answer.status_code == 200
    look(where, answer)
    who.spoil(where, form)


def pilots() -> None:
    """A pilot declared, registered, drawn, watched, decided."""
    analyst, approver = PEOPLE["analyst"], PEOPLE["approver"]
    analyst.does(FORM, "pilots:design", 200, **DESIGN)
    for rule in ("pairs", "cluster", "encouragement", "cutoff"):
        designed(analyst, rule=rule)
    hidden = {"waves-1-id": SEEN.evil("id of a wave")}
    designed(analyst, rule="phased", waves="1", guardrails="1", stops="1", **hidden)
    sent = file("pilots:declare plan_file", plan("new"), ".yaml")
    analyst.does("/en/pilots/new/", "pilots:declare", declaration="", plan_file=sent)
    page = analyst.pages[-1]
    analyst.does(f"{page}plan/form/", "pilots:redesign", 200, smallest_worthwhile="0.4")
    analyst.does(page, "pilots:register")
    analyst.does(f"{page}plan/", "pilots:change", declaration=plan("changed"), plan_file="")
    analyst.does(page, "pilots:register")
    names = [f"{SEEN.evil('unit')}{one}" for one in range(8)]
    analyst.does(page, "pilots:site-lots")  # refused: there are fewer factories than units
    for each in (names, [name.removeprefix("=") for name in names]):  # formulas are refused: the file leaves as it is
        lots = file("pilots:lots table", table(["id", "sector"], [[one, "food"] for one in each]), ".csv")
        analyst.does(page, "pilots:lots", table=lots)
    names = each
    seen = [[name, f"2025-01-{1 + at:02d}", 4 + at % 3, 0] for at, name in enumerate(names)]
    reports = file("pilots:reports table", table(["id", "date", "level", "bad"], seen), ".csv")
    analyst.does(page, "pilots:reports", table=reports)
    approver.does(page, "pilots:decide", what="scale", before_evaluation="on")
    lent(analyst.user)


def lent(by: User) -> None:
    """A pilot that is evaluated on what lenders recorded, with a lot for the factory of this site."""
    text = plan("lent").replace("id: planted", "id: lent").replace("years:", f"programme: hcmc/{CREDIT}\nyears:")
    made = pilot_desk.declare(by, text.replace("column: level", "column: amount_disbursed").encode())
    pilot_desk.register_plan(by, made, "", date(2024, 12, 1))
    units = table(["id", "sector"], [[one, "food"] for one in (int(TAX_CODE), *range(7))])
    draw_lots(by, made, units.encode(), "10 20 30")


def plan(name: str) -> str:
    """A declaration in which every text is a payload."""
    text = PLAN.format(id="planted").replace("size: 200", "size: 8")
    if name == "changed":  # what is amended needs a reason
        text = text.replace("smallest_worthwhile: 0.5", "smallest_worthwhile: 0.4")
    for said in ("Thí điểm tư vấn", "Advice pilot", "Có tác dụng không?", "Does it work?", "Đối chứng", "Control",
                 "Tư vấn", "Advised", "Vỡ nợ nhiều", "Too many default", "Vỡ nợ", "Default"):  # fmt: skip
        text = re.sub(rf"(vi|en): {re.escape(said)}(?=[,}}])", rf"\1: @@{said}@@", text)
    return re.sub(r"@@(.*?)@@", lambda one: json.dumps(SEEN.evil(f"plan {name}: {one[1]}")), text)


def laboratory() -> None:
    """A design with a fork, shared, saved, asked to be run."""
    analyst = PEOPLE["analyst"]
    analyst.does("/en/lab/", "lab:begin", begin=CREDIT)
    page = analyst.pages[-1]
    stated = {one.get("name"): one.get("value", "") for one in slots(analyst, page)}
    analyst.does(page, "lab:save", **stated)
    analyst.does(page, "lab:fork", **stated)
    analyst.does(page, "lab:share", roles=["approver"])
    analyst.does(page, "lab:run", draws="2", seed="1", beside=["2"])
    analyst.does(page, "lab:try", 200)


def slots(who: Somebody, page: str) -> list[Any]:
    """The controls of a design's page that its programme's own reader reads."""
    (form,) = [form for where, form in who.forms(page) if route(where) == "lab:save"]
    return [one for one in form.iter("input", "textarea") if "__" in one.get("name", "")]


def keys() -> dict[str, str]:
    """A key of everybody's with every scope."""
    scopes, day = list(Scope.values), timedelta(days=1)
    return {role: Token.objects.make(PEOPLE[role].user, "key", scopes, day)[1] for role in KINDS}
