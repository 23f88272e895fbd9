"""What an attacker tries at every address and in every field, beside what `test_safety` tries at some."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest

from tests.web.city import DRAFT, FACTORY, PNG, PROFILE, TAX_CODE, criteria, done, send_file, version
from tests.web.doors import ASKED
from tests.web.examples import POSTED, is_of_the_city
from tests.web.site import BODIES, PASSWORD, SECRET, Answer, Site

SCRIPT = "<script>alert(1)</script>"
HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}
NUL = "\0"
EVIL = ("' OR '1'='1", "1; DROP TABLE people_user; --", NUL, "%27%20UNION%20SELECT%20password", "9" * 40, "-1")


@pytest.fixture(scope="module")
def pages(table: list[dict[str, object]]) -> list[dict[str, object]]:
    return [route for route in table if "name" in route and route["name"] not in POSTED]


def address(route: dict[str, object]) -> str:
    path = str(route["route"]).replace("vi/", "en/", 1).replace("^(?P<provider_id>[^/]+)/", "house/")
    return "/" + re.sub(r"<[^>]+>|\{\w+\}", "1", path)


def somebody(route: dict[str, object]) -> str:
    """One whom the door lets in."""
    return next(one for one in BODIES if not route["roles"] or BODIES[one][0] in route["roles"])  # type: ignore[operator]


def test_no_page_takes_a_form_without_its_token(site: Site, city_site: Site, pages: list[dict[str, object]]) -> None:
    wrong: list[str] = []
    for route in pages:
        if str(route["route"]).startswith("api/"):
            continue  # programs send no cookies that a browser would send for somebody else
        where = city_site if is_of_the_city(str(route["name"])) else site
        status = where.visitor(somebody(route)).post(address(route), name="x", token_name="x", state="shown").status
        if status not in {403, 405}:
            wrong.append(f"{route['name']}: {status}")
    assert wrong == []


def test_a_cookie_lets_no_forged_request_in_at_the_interface(city_site: Site) -> None:
    body = {"stage": "refused", "day": "2026-02-01", "reason": "x"}
    answer = city_site.visitor("lender_officer").send("/api/v1/lending/applications/1/records", body)
    assert answer.status == 401


@pytest.mark.parametrize("evil", EVIL)
def test_no_parameter_of_any_address_reaches_the_database_as_a_command(
    site: Site, city_site: Site, pages: list[dict[str, object]], evil: str
) -> None:
    wrong = list[str]()
    for route in pages if evil == EVIL[0] else [one for one in pages if str(one["route"]).count("<") == 0]:
        where = city_site if is_of_the_city(str(route["name"])) else site
        answer = asked(where, route, dict.fromkeys(ASKED, evil))
        if answer.status >= 500 or (answer.status == 400) != (evil == NUL):
            wrong.append(f"{route['name']}: {answer.status}")
        if evil == EVIL[0] and answer.headers.get("content-type", "").startswith("text/html"):
            missing = [name for name, value in HEADERS.items() if answer.headers.get(name) != value]
            if missing or "default-src 'none'" not in answer.headers.get("content-security-policy", ""):
                wrong.append(f"{route['name']}: without {missing}")
    assert wrong == []


def asked(site: Site, route: dict[str, object], query: dict[str, str]) -> Answer:
    """What an address answers to somebody whom its door lets in."""
    return site.visitor(somebody(route)).get(f"{address(route)}?{urlencode(query)}")


def test_what_is_asked_for_finds_no_more_than_one_may_see(city_site: Site) -> None:
    owner = city_site.visitor("factory_owner")
    for evil in ("' OR '1'='1", "%", "_", "' OR name LIKE '%"):
        text = owner.get(f"/en/factories/?q={evil.replace('%', '%25').replace(' ', '%20')}").text
        assert "Nhà máy Hai" not in text
    for wanted in ("NHÀ MÁY <B>M", "nha may <b>mot", "0100"):
        assert "Nhà máy &lt;b&gt;Một" in owner.get(f"/en/factories/?q={quote(wanted)}").text
    assert "Nhà máy &lt;b&gt;Một" not in owner.get(f"/en/factories/?q={quote('máy hai')}").text


def test_a_script_in_the_name_or_caption_of_evidence_is_never_run(city_site: Site) -> None:
    owner = city_site.visitor("factory_owner")
    part = f"/en/factories/assessments/{DRAFT}/parts/standard-work/"
    told = {"criterion": criteria(owner.get(part).text)[0], "kind": "photo", "caption": f"Ảnh {SCRIPT}"}
    done(send_file(owner, part, "../../<img src=x onerror=alert(1)>.svg", PNG, **told))
    files = f"/en/factories/{FACTORY}/files/"
    number = max(int(one) for one in re.findall(r"/en/factories/files/(\d+)/", owner.get(files).text))
    try:
        for path in (part, files, f"/en/factories/{FACTORY}/history/", f"/en/factories/assessments/{DRAFT}/"):
            text = owner.get(path).text
            assert SCRIPT not in text
            assert "<img src=x" not in text
        assert "&lt;script&gt;alert(1)" in owner.get(part).text
        given = owner.get(f"/en/factories/files/{number}/")
        assert given.headers["content-type"] == "image/png"
        assert given.headers["content-disposition"].startswith("attachment")
        assert ".." not in given.headers["content-disposition"]
        assert "sandbox" in given.headers["content-security-policy"]
    finally:
        done(owner.post(f"/en/factories/files/{number}/remove/", token_from=part))


@pytest.mark.parametrize(
    "plan",
    [
        "id: !!python/object/apply:os.system ['true']\n",
        "a: &a [x, x, x, x, x, x, x, x, x]\n"
        + "".join(f"{c}: &{c} [{', '.join(['*' + b] * 9)}]\n" for b, c in zip("abcdefgh", "bcdefghi", strict=True)),
        "id: x\nid: y\n",
    ],
)
def test_a_file_that_would_run_or_burst_is_refused_in_one_line(site: Site, plan: str) -> None:
    page = "/en/pilots/new/"
    answer = site.visitor("analyst").post(page, token_from=page, declaration=plan)
    assert answer.status == 200
    assert re.search(r'<ul class="errors" id="id_declaration_error"', answer.text)
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    "elsewhere", ["//elsewhere.example/", "https:elsewhere.example", "/\\elsewhere.example", "javascript:alert(1)"]
)
def test_no_address_of_elsewhere_is_gone_to_after_a_login(site: Site, elsewhere: str) -> None:
    visitor, page = site.visitor(), f"/en/account/login/?next={quote(elsewhere)}"
    answer = visitor.post(page, token_from=page, login="approver@example.vn", password=PASSWORD, next=elsewhere)
    assert answer.status == 302
    assert "elsewhere" not in answer.headers["location"]
    assert "javascript" not in answer.headers["location"]


def test_a_form_takes_its_own_fields_and_nothing_else_of_what_is_sent(city_site: Site) -> None:
    owner, page = city_site.visitor("factory_owner"), f"/en/factories/{FACTORY}/profile/"
    told = {**PROFILE, "name": "Nhà máy <b>Một</b>", "tax_code": TAX_CODE, "version": version(owner.get(page).text)}
    more = {"example": "on", "body": "2", "changed_by": "1", "made": "2001-01-01", "pk": "2", "id": "2", "traits": "{}"}
    done(owner.post(page, token_from=page, **told, **more))
    answer = city_site.visitor().get(f"/api/v1/factories/{FACTORY}", token=city_site.key("factory_owner"))
    found = json.loads(answer.text)
    assert (found["example"], found["organisation"], found["number"]) == (False, "Nhà máy Một", FACTORY)
    assert found["traits"] == {"zone": True, "collateral": False}


def test_a_proposal_cannot_answer_itself(site: Site) -> None:
    page = "/en/proposals/new/"
    more = {"state": "answered", "answer": "Đồng ý", "became_programme": "school-bus", "made": "2001-01-01"}
    site.visitor().post(page, token_from=page, title="Tự trả lời", text="Xin làm.", **more)
    assert "Tự trả lời" not in site.visitor().get("/en/proposals/").text
    held = json.loads(site.visitor().get("/api/v1/consultation?limit=1000", token=site.key("analyst")).text)["items"]
    (own,) = [one for one in held if one["title"] == "Tự trả lời"]
    assert (own["state"], own["answer"], own["became_programme"]) == ("draft", "", "")


def test_a_secret_stands_in_no_file_of_the_program_and_in_no_answer(site: Site, root: Path) -> None:
    own = re.compile(r"""(?i)\b(secret|password|api_?key)\w*\s*[:=]\s*["'](?!HAIDANG_)[^"'{}$\s]{12,}["']""")
    found = [
        f"{path.name}:{number}"
        for path in (root / "src" / "haidang").rglob("*.py")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if own.search(line)
    ]
    assert found == []
    assert f"HAIDANG_SECRET_KEY={SECRET}".encode() in Path(f"/proc/{site.server.pid}/environ").read_bytes()
    admin = site.visitor("administrator")
    told = [
        admin.get(path) for path in ("/en/office/", "/en/no-such-page/", "/en/office/people/1/invite/", "/en/?q=%00")
    ]
    told += [site.visitor().get(path) for path in ("/health", "/en/", "/en/account/login/", "/api/v1/openapi.json")]
    told += [admin.post("/en/office/people/1/invite/"), site.visitor().get("/api/v1/log", token="hd_1_x")]
    assert [one.status for one in told] == [200, 404, 405, 400, 200, 200, 200, 200, 403, 401]
    for one in told:
        assert SECRET not in one.text + "".join(one.headers.values())
