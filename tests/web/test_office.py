"""The administration: accounts are opened and locked, roles given, the last administrator stays; all is in the log."""

from __future__ import annotations

import base64
import csv
import io
import json
import re
import sqlite3
import unicodedata
import urllib.request
import zlib
from contextlib import closing
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from haidang.web.tables import PIECE, _lines, harmless
from tests.web.site import DATABASE, PASSWORD, Site, Visitor

PEOPLE = "/en/office/people/"
BODIES = "/en/office/organisations/"
NEW = "Một người mới"
STAFF = "Sở thử nghiệm"


@pytest.fixture(scope="module")
def admin(site: Site) -> Visitor:
    return site.visitor("administrator")


def opened(admin: Visitor, email: str, role: str = "analyst", name: str = NEW) -> str:
    """Open an account, and give its page's address."""
    answer = admin.post(PEOPLE, token_from=PEOPLE, email=email, name=name, organisation=STAFF, role=role)
    assert answer.status == 302, answer.text
    return answer.headers["location"]


def invitation(admin: Visitor, page: str) -> str:
    text = admin.post(f"{page}invite/", token_from=page).text
    found = re.search(r'value="https?://[^/]+([^"]+/invitation/[^"]+)"', text)
    assert found
    return found.group(1)


def test_a_new_person_chooses_a_password_by_a_link_that_works_once(site: Site, admin: Visitor) -> None:
    page = opened(admin, "new-person@example.vn")
    link = invitation(admin, page)
    person = site.visitor()
    weak = person.post(link, token_from=link, password1="12345", password2="12345")
    assert weak.status == 200
    assert 'class="errors"' in weak.text
    differing = person.post(link, token_from=link, password1=PASSWORD, password2=PASSWORD + "!")
    assert "The two passwords differ." in differing.text
    assert person.post(link, token_from=link, password1=PASSWORD, password2=PASSWORD).status == 302
    assert person.get(link).status == 404
    assert person.log_in("new-person").status == 302
    assert "analyst" in person.get("/en/people/me/").text


def coming_from(visitor: Visitor, page: str, came_from: str) -> str:
    """What somebody reads of a page to which a link of another page leads."""
    headers = {"Referer": visitor.base + came_from}
    return visitor._open(urllib.request.Request(visitor.base + page, headers=headers)).text


def test_a_link_stays_with_its_maker_when_the_page_is_read_in_the_other_language(site: Site, admin: Visitor) -> None:
    page = opened(admin, "other-language@example.vn")
    other, secret = page.replace("/en/", "/vi/"), invitation(admin, page).rstrip("/").rpartition("/")[2]
    assert secret in coming_from(admin, other, f"{page}invite/")
    assert secret in coming_from(admin, page, other)
    # What the site keeps of it is no link: neither in the sessions nor anywhere else.
    with closing(sqlite3.connect(site.data / DATABASE)) as base:
        kept = [in_session(one) for (one,) in base.execute("select session_data from django_session")]
        assert [one["invitation"].keys() for one in kept if "invitation" in one] == [
            {"person", "moment", "mark", "until"}
        ]
        assert not [line for line in base.iterdump() if secret.partition("-")[2] in line]
    # Whoever comes from elsewhere does not see it, nor does anybody after that.
    assert secret not in coming_from(admin, page, PEOPLE)
    assert secret not in coming_from(admin, page, other)


def in_session(text: str) -> dict[str, Any]:
    """What a row of a session holds."""
    packed = text.partition(":")[0]
    found = base64.urlsafe_b64decode(packed.lstrip(".") + "==")
    return json.loads(zlib.decompress(found) if packed.startswith(".") else found)


def test_a_link_is_not_shown_again_to_others_nor_once_it_was_used(site: Site, admin: Visitor) -> None:
    page = opened(admin, "used-meanwhile@example.vn")
    link, person = invitation(admin, page), site.visitor()
    secret = link.rstrip("/").rpartition("/")[2]
    assert secret not in coming_from(another := again_in(site), page, f"{page}invite/")
    assert "used-meanwhile" in another.get(page).text
    person.post(link, token_from=link, password1=PASSWORD, password2=PASSWORD)
    assert "/invitation/" not in coming_from(admin, page, f"{page}invite/")


def again_in(site: Site) -> Visitor:
    """The administrator at another browser."""
    visitor = Visitor(site.base)
    assert visitor.log_in("administrator").status == 302
    return visitor


def test_a_locked_account_is_logged_out_at_once_and_cannot_log_in(site: Site, admin: Visitor) -> None:
    page = opened(admin, "locked-person@example.vn")
    link = invitation(admin, page)
    person = site.visitor()
    person.post(link, token_from=link, password1=PASSWORD, password2=PASSWORD)
    assert person.log_in("locked-person").status == 302
    assert person.get("/en/people/me/").status == 200
    admin.post(f"{page}lock/", token_from=page)
    assert person.get("/en/people/me/").status == 302
    again = person.log_in("locked-person")
    assert again.status != 302 or "inactive" in again.headers["location"]
    assert invitation_refused(site, admin, page)
    admin.post(f"{page}lock/", token_from=page)
    assert site.visitor().log_in("locked-person").status == 302


def invitation_refused(site: Site, admin: Visitor, page: str) -> bool:
    return site.visitor().get(invitation(admin, page)).status == 404


def test_the_last_administrator_can_neither_be_locked_nor_lose_the_role(site: Site, admin: Visitor) -> None:
    found = re.search(r'href="(/en/office/people/\d+/)">administrator@example.vn', admin.get(PEOPLE).text)
    assert found
    page = found.group(1)
    take = re.search(r'action="(/en/office/roles/\d+/take/)"', admin.get(page).text)
    assert take
    for act in (take.group(1), f"{page}lock/"):
        admin.post(act, token_from=page)
        assert "This is the last administrator" in admin.get(page).text
    assert admin.get(PEOPLE).status == 200


def test_a_role_is_given_and_taken_and_both_are_in_the_log(admin: Visitor) -> None:
    page = opened(admin, "roles-person@example.vn", role="assessor")
    admin.post(f"{page}role/", token_from=page, organisation="ngan hang  MỘT", role="lender_officer")
    text = admin.get(page).text
    assert text.count("/take/") == 2
    takes = re.findall(r'action="(/en/office/roles/\d+/take/)"', text)
    admin.post(takes[0], token_from=page)
    assert admin.get(page).text.count("/take/") == 1
    log = admin.get("/en/office/log.csv?action=people.role&subject=" + f"people.user:{page.split('/')[-2]}").text
    assert [line.split(",")[3] for line in log.splitlines()[1:]] == [
        "people.role.taken", "people.role.given", "people.role.given",
    ]  # fmt: skip


def test_a_role_that_does_not_fit_the_organisation_is_refused_and_none_is_chosen_beforehand(admin: Visitor) -> None:
    page = opened(admin, "misfit-person@example.vn")
    for path in (page, PEOPLE):
        text = admin.get(path).text
        assert not re.search(r'<option value="[^"]+" selected', text)
    for language, said in (
        ("en", "its people may be: factory owner, factory editor."),
        ("vi", "có thể là: chủ nhà máy"),
    ):
        there = page.replace("/en/", f"/{language}/")
        answer = admin.post(f"{there}role/", token_from=there, organisation="Nhà máy Một", role="analyst")
        assert (answer.status, said in answer.text) == (200, True)
        assert 'id="id_role_error"' in answer.text
    given = {"email": "y@example.vn", "name": "Y", "organisation": "Nhà máy Một", "role": "lender_officer"}
    assert "its people may be" in admin.post(PEOPLE, token_from=PEOPLE, **given).text
    assert admin.get(page).text.count("/take/") == 1
    assert "y@example.vn" not in admin.get(PEOPLE).text


@pytest.mark.parametrize("wanted", ["MỘT NGƯỜI", "mot nguoi m", "một người mới"])
def test_people_are_found_without_capitals_and_accents(admin: Visitor, wanted: str) -> None:
    opened(admin, f"found-{len(wanted)}-{wanted[0] == 'm'}@example.vn")
    text = admin.get(f"{PEOPLE}?q={quote(wanted)}").text
    assert NEW in text
    assert "factory_owner@example.vn" not in text
    assert "analyst@example.vn" in admin.get(f"{PEOPLE}?q={quote('sở THỬ')}").text


@pytest.mark.parametrize(
    ("field", "value"), [("email", "no address"), ("role", "mayor"), ("organisation", "Sở"), ("name", "")]
)
def test_a_form_that_cannot_be_is_said_so_beside_its_field(admin: Visitor, field: str, value: str) -> None:
    before = admin.get(PEOPLE).text.count('<th scope="row">')
    given = {"email": "x@example.vn", "name": "X", "organisation": STAFF, "role": "analyst"} | {field: value}
    answer = admin.post(PEOPLE, token_from=PEOPLE, **given)
    assert answer.status == 200
    assert f'id="id_{field}_error"' in answer.text
    assert admin.get(PEOPLE).text.count('<th scope="row">') == before


def test_nothing_more_than_the_form_asks_for_is_taken(site: Site, admin: Visitor) -> None:
    more = {"is_superuser": "1", "is_staff": "1", "is_active": "0", "password": "x", "id": "1"}
    admin.post(PEOPLE, token_from=PEOPLE, email="mass@example.vn", name="M", organisation=STAFF, role="analyst", **more)
    assert "no password chosen yet" in admin.get(PEOPLE + "?q=mass@").text


def test_a_name_is_in_use_however_its_capitals_gaps_and_accents_are_encoded(admin: Visitor) -> None:
    admin.post(BODIES, token_from=BODIES, organisation_name="Viện  Chế tạo Đông Á", kind="city")
    twins = [unicodedata.normalize("NFD", "Viện Chế tạo Đông Á"), "VIỆN CHẾ TẠO ĐÔNG Á", "viện\u00a0chế tạo đông á "]
    for twin in twins:
        answer = admin.post(BODIES, token_from=BODIES, organisation_name=twin, kind="city")
        assert (answer.status, "in use already" in answer.text) == (200, True), ascii(twin)
    # What comes decomposed is kept composed, and an accent makes another name.
    for name in ("Viện Chế tạo Đông À", unicodedata.normalize("NFD", "Viện Chế tạo Tây Á")):
        assert admin.post(BODIES, token_from=BODIES, organisation_name=name, kind="city").status == 302
    found = admin.get(f"{BODIES}?q={quote('viện chế tạo')}").text
    for kept in ("Viện Chế tạo Đông Á", "Viện Chế tạo Đông À", "Viện Chế tạo Tây Á"):
        assert found.count(f">{kept}<") == 1, kept


def test_names_are_never_run(admin: Visitor) -> None:
    script = "<script>alert(1)</script>"
    page = opened(admin, "script@example.vn", name=script)
    organisations = "/en/office/organisations/"
    admin.post(organisations, token_from=organisations, organisation_name=f"{script} Sở", kind="city")
    for path in (page, PEOPLE, organisations, "/en/office/log/"):
        text = admin.get(path).text
        assert script not in text
    assert "&lt;script&gt;" in admin.get(page).text


def test_logins_are_in_the_log_with_their_address_and_strangers_words_are_not(site: Site, admin: Visitor) -> None:
    visitor, page = site.visitor(), "/en/account/login/"
    visitor.post(page, token_from=page, login="nobody-at-all@example.vn", password="x")
    text = admin.get("/en/office/log.csv?action=people.login").text
    assert "people.login.done" in text
    assert "127.0.0.1" in text
    assert "nobody-at-all" not in text


def test_both_logs_are_checked_on_their_page(admin: Visitor) -> None:
    text = admin.get("/en/office/log/verify/").text
    assert "The log is as it was written" in text
    assert "The records are as they were written" in text


@pytest.mark.parametrize("words", ["đăng nhập", "Dang nhap", "logged in", "people.login.done"])
def test_the_log_is_searched_by_the_words_of_both_languages_and_by_its_own(admin: Visitor, words: str) -> None:
    wanted = urlencode({"action": words})
    actions = {line.split(",")[3] for line in admin.get(f"/en/office/log.csv?{wanted}").text.splitlines()[1:]}
    assert "people.login.done" in actions
    assert actions <= {"people.login.done", "people.login.failed"}


def test_the_log_is_searched_by_what_a_thing_is_called_and_its_number(admin: Visitor) -> None:
    for words in ("account 1", "tai khoan  1"):
        wanted = urlencode({"subject": words, "who": "trang tự làm", "action": "role"})
        rows = list(csv.reader(io.StringIO(admin.get(f"/vi/office/log.csv?{wanted}").text)))[1:]
        assert {tuple(row[2:5]) for row in rows} == {("site", "people.role.given", "people.user:1")}


@pytest.mark.parametrize("rows", [0, 1, PIECE - 1, PIECE, PIECE + 1])
def test_a_table_that_leaves_row_by_row_is_whole_however_long_it_is(rows: int) -> None:
    told = "".join(_lines(("number", "text"), ((each, '=1, "x"\n') for each in range(rows))))
    assert told.startswith("\ufeffnumber,text\r\n")
    read = list(csv.reader(io.StringIO(told[1:], newline="")))
    assert read[1:] == [[str(each), '\'=1, "x"\n'] for each in range(rows)]


def test_an_organisation_is_found_and_renamed_and_the_log_keeps_the_name_before(admin: Visitor) -> None:
    admin.post(BODIES, token_from=BODIES, organisation_name="Phòng Đổi Tên", kind="city")
    listed = admin.get(f"{BODIES}?q=phong+doi").text
    found = re.search(r'href="(/en/office/organisations/\d+/)">Phòng Đổi Tên', listed)
    assert found
    assert STAFF not in listed
    page = found.group(1)
    assert "in use already" in admin.post(page, token_from=page, organisation_name=STAFF).text
    assert admin.post(page, token_from=page, organisation_name=" Phòng  mới tên").status == 302
    text = admin.get(page).text
    assert "<h1>Phòng mới tên</h1>" in text
    assert "before: Phòng Đổi Tên" in text
    assert "renamed an organisation" in text


def test_the_people_of_an_organisation_stand_on_its_page(admin: Visitor) -> None:
    found = re.search(rf'href="([^"]+/organisations/\d+/)">{STAFF}<', admin.get(BODIES).text)
    assert found
    text = admin.get(found.group(1)).text
    for person in ("analyst", "approver", "administrator"):
        assert f"{person}@example.vn" in text
    assert "lender_officer@example.vn" not in text


def test_who_types_part_of_a_name_is_offered_the_organisations_that_have_it(admin: Visitor) -> None:
    place = f"{BODIES}names/?organisation=nha+may"
    offered = admin._open(urllib.request.Request(admin.base + place, headers={"HX-Request": "true"})).text
    assert admin.get(place).headers["location"] == f"{BODIES}?q=nha+may"
    assert re.findall(r'value="([^"]+)"', offered)[:2] == ["Nhà máy Ba", "Nhà máy Hai"]
    told = admin.post(PEOPLE, token_from=PEOPLE, email="n@example.vn", name="N", organisation="nhà máy", role="analyst")
    assert "Near: Nhà máy Ba; Nhà máy Hai" in told.text


def test_a_name_is_corrected_and_an_address_as_long_as_nobody_used_it(site: Site, admin: Visitor) -> None:
    page = opened(admin, "mistyped@exmaple.vn", name="Sai Tên")
    link = invitation(admin, page)
    taken = admin.post(f"{page}correct/", token_from=page, name="Đúng Tên", email="analyst@example.vn")
    assert "in use already" in taken.text
    admin.post(f"{page}correct/", token_from=page, name="Đúng Tên", email="Typed-Right@example.vn")
    text = admin.get(page).text
    assert "<h1>Đúng Tên</h1>" in text
    assert "before: mistyped@exmaple.vn, Sai Tên" in text
    assert site.visitor().get(link).status == 404, "a link made for the address before works no longer"
    link, person = invitation(admin, page), site.visitor()
    person.post(link, token_from=link, password1=PASSWORD, password2=PASSWORD)
    assert person.log_in("typed-right").status == 302
    assert 'name="email"' not in admin.get(page).text
    admin.post(f"{page}correct/", token_from=page, name="Khác", email="another@example.vn")
    text = admin.get(page).text
    assert "<h1>Khác</h1>" in text
    assert "another@example.vn" not in text, "nobody's deeds come to stand under another address"


def test_health_counts_what_failed_and_leads_to_it(admin: Visitor) -> None:
    link = re.search(r'href="(/en/jobs/\?state=failed)">\d+ failed', admin.get("/en/office/").text)
    assert link
    assert re.search(r'<option value="failed" selected>', admin.get(link.group(1)).text)


def test_health_names_the_roles_that_misfit_and_the_page_to_mend_them(site: Site, admin: Visitor) -> None:
    assert "every role fits" in admin.get("/en/office/").text
    page = opened(admin, "misfit@example.vn")
    with closing(sqlite3.connect(site.data / DATABASE)) as base:
        base.execute("UPDATE people_membership SET role = 'lender_officer' WHERE user_id = ?", [page.split("/")[-2]])
        base.commit()
    text = " ".join(re.sub(r"<[^>]+>", " ", found := admin.get("/en/office/").text).split())
    assert f'href="{page}"' in found
    assert (
        f"misfit@example.vn : lender officer. {STAFF} is a body of the kind “city office”; its people may be:" in text
    )
    assert "chuyên viên phân tích" in admin.get("/vi/office/").text
    (told,) = json.loads(admin.get("/api/v1/health", site.key("administrator")).text)["misfits"]
    assert (told["email"], told["role"], told["kind"]) == ("misfit@example.vn", "lender_officer", "city")
    take = re.search(r'action="(/en/office/roles/\d+/take/)"', admin.get(page).text)
    assert take
    assert admin.post(take[1], token_from=page).status == 302
    assert "every role fits" in admin.get("/en/office/").text


def test_health_says_that_the_worker_is_there(admin: Visitor) -> None:
    assert "at its place" in admin.get("/en/office/").text


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1", "+1+1", "-1+1", "@SUM(A1)", " =1+1", "\u00a0=1+1", "\u3000=1+1", "\n=1+1", "\r\n=1+1", "\t=1+1", "\tx",
        "\ufeff=1+1", "\u200b=1+1", "\0=1+1", " \n @SUM(A1)", "＝1+1", "＋1", "－1+1", "＠SUM(A1)", " ＝1+1", "﹢1",
        "﹣1", "﹫A1", "-2+3", "-1,5*2", "-cmd|' /C calc'!A0", "- một dòng", "-5 =1", "-5\n",
    ],
)  # fmt: skip
def test_no_text_leaves_in_a_table_as_a_formula(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"
    for row in csv.reader(io.StringIO("".join(_lines([cell], [[cell]])).removeprefix("\ufeff"), newline="")):
        assert row == [f"'{cell}"]


@pytest.mark.parametrize(
    "cell", ["-5", "-12.5", "-1,234.5", "-1.234,5", "-3e-05", "+7", "-46%", "1-1", "a=b", "a@b.vn", "", -5, -0.5, None]
)
def test_a_number_stays_a_number_and_a_text_that_is_none_stays_as_it_is(cell: object) -> None:
    assert harmless(cell) == cell
