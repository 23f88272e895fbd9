"""The tracking desk: a document read, its drafts gone through, claims confirmed by another, stages with evidence."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from haidang.track.store import open_store
from haidang.web.archive import read_backup, write_backup
from tests.web.begun import begun_again
from tests.web.desk import NEW, NEWS, drafts, read_in, take, upload
from tests.web.site import Site, command

SCRIPT = "<script>alert(1)</script>"
STOPS = "/en/commitments/school-bus-stops/"


@pytest.fixture(scope="module")
def city(promised: Site) -> Site:
    """The site of the small city."""
    return promised


@pytest.fixture(scope="module")
def document(city: Site) -> str:
    return read_in(city, "Tin ngân hàng", NEWS)


def until(site: Site, path: str, wanted: str) -> str:
    """The page once the worker has drawn what it should say."""
    for _ in range(150):
        text = site.visitor().get(path).text
        if wanted in text:
            return text
        time.sleep(0.2)
    raise AssertionError(f"{path} never said {wanted!r}")


def test_the_packs_promises_are_taken_over_on_the_first_start(city: Site) -> None:
    store = open_store(str(city.data / "records.sqlite3"))
    found = store.verify()
    assert found.records >= 3
    assert {link.by for link in store.history("commitment", "school-bus-stops")} == {"pack"}


def test_a_draft_stands_beside_the_words_that_carry_it(city: Site, document: str) -> None:
    text = city.visitor("analyst").get(document).text
    marked = re.findall(r"<mark>(.*?)</mark>", text)
    assert any("1.500 tỷ đồng" in words for words in marked)
    assert "1,500 billion VND" in text
    assert len(drafts(city, document)) == 3


def test_a_new_promise_needs_a_responsible_body_or_the_word_that_none_is_named(city: Site, document: str) -> None:
    first = drafts(city, document)[0]
    refused = take(city, document, first, **NEW)
    assert refused.status == 200
    assert 'id="id_responsible_error"' in refused.text
    both = take(city, document, first, **NEW, responsible="Sở Tài chính", none_named="on")
    assert 'id="id_responsible_error"' in both.text
    assert city.visitor("analyst").get("/en/commitments/preferential-credit/").status == 404


def test_what_one_person_enters_everybody_sees_only_when_another_has_confirmed_it(city: Site, document: str) -> None:
    first = drafts(city, document)[0]
    assert take(city, document, first, **NEW, responsible="Sở Tài chính").status == 302
    page = "/en/commitments/preferential-credit/"
    analyst, approver = city.visitor("analyst"), city.visitor("approver")
    assert city.visitor().get(page).status == 404
    assert "1,500 billion VND" in analyst.get(page).text
    claim = re.search(r'name="claims" value="([^"]+)"', approver.get("/en/desk/check/").text)
    assert claim
    assert claim.group(1).startswith("doc-2026-11-20-")
    own = city.visitor("administrator")
    assert analyst.post("/en/desk/check/commitment/preferential-credit/", token_from=page, claims="x").status == 403
    done = approver.post(
        "/en/desk/check/commitment/preferential-credit/", token_from="/en/desk/check/", claims=claim.group(1)
    )
    assert done.status == 302
    text = city.visitor().get(page).text
    assert "1,500 billion VND" in text
    assert "confirmed by Sở thử nghiệm" in text
    assert "@example.vn" not in text
    assert "approver@example.vn" in own.get(page).text
    until(city, "/en/targets/", "Preferential credit")


def test_who_entered_a_claim_never_confirms_it(city: Site, document: str) -> None:
    # An administrator may both write and confirm, and still not the same claim.
    admin = city.visitor("administrator")
    third = drafts(city, document)[2]
    given = {
        **NEW, "record": "", "kind": "indicator", "about": "value", "minimum": "25", "maximum": "25", "unit": "%",
        "since": "2025-01-01", "until": "2025-12-31", "title_en": "Digital economy", "definition_vi": "Tỷ trọng",
        "definition_en": "Share", "stage": "",
    }  # fmt: skip
    page = f"{document}?draft={third}"
    answer = admin.post(f"/en/desk/drafts/{third}/take/", token_from=page, **given)
    assert answer.status == 302, re.findall(r'class="errors".*', answer.text)
    text = admin.get("/en/desk/check/").text
    assert "entered by you" in text
    store = open_store(str(city.data / "records.sqlite3"))
    held = store.one("indicator", "digital-economy")
    assert held is not None
    name = held.record.observations[0].claim.id  # type: ignore[union-attr]
    admin.post("/en/desk/check/indicator/digital-economy/", token_from="/en/desk/check/", claims=name)
    assert "Somebody else confirms what you entered" in admin.get("/en/desk/check/").text
    again = store.one("indicator", "digital-economy")
    assert again is not None
    assert again.version == 1


def test_a_draft_joined_to_a_record_is_one_more_claim_of_it(city: Site, document: str) -> None:
    page = read_in(
        city, "Trạm xe buýt", "Ngày 1/9/2026, thành phố cam kết xây 55 trạm xe buýt trường học.", "2026-09-01"
    )
    given = {**NEW, "record": "commitment/school-bus-stops", "about": "count", "minimum": "55", "maximum": "55",
             "unit": "stops", "until": "", "stage": ""}  # fmt: skip
    draft = drafts(city, page)[0]
    assert take(city, page, draft, **given).status == 302
    text = city.visitor("analyst").get(STOPS).text
    assert "55 stops" in text
    assert "55 stops" not in city.visitor().get(STOPS).text
    # A worker that fell after it had read, and reads again, leaves what people decided since.
    assert len(set(begun_again(city, "read"))) == 1
    assert drafts(city, page)[0] == draft
    # A second time it is decided; and what was decided cannot be set aside.
    assert take(city, page, draft, **given).status == 200
    city.visitor("analyst").post(f"/en/desk/drafts/{draft}/reject/", token_from=page)
    assert "has been taken" in city.visitor("analyst").get(page).text


def test_what_was_said_before_is_said_beside_a_draft(city: Site, document: str) -> None:
    page = read_in(city, "Tin nhắc lại", "Techcombank cam kết giải ngân 1.500 tỷ đồng tín dụng ưu đãi.", "2026-11-25")
    text = city.visitor("analyst").get(page).text
    assert "Said before in:" in text
    assert "Tin ngân hàng" in text


def test_a_draft_is_rejected_and_opened_again(city: Site) -> None:
    page = read_in(city, "Tin bỏ", "Công ty A cam kết trồng 200 cây xanh trong năm 2027.", "2026-11-21")
    draft, analyst = drafts(city, page)[0], city.visitor("analyst")
    for state in ("rejected", "open"):
        analyst.post(f"/en/desk/drafts/{draft}/reject/", token_from=page)
        assert f'<li class="{state}">' in analyst.get(page).text


def test_a_form_that_cannot_be_changes_nothing(city: Site) -> None:
    page = read_in(city, "Tin sai", "Công ty B cam kết xây 12 trường học vào năm 2028.", "2026-11-22")
    draft = drafts(city, page)[0]
    store = open_store(str(city.data / "records.sqlite3"))
    before = store.verify().changes
    for wrong in (
        {"record": "commitment/nobody-knows"}, {"unit": "a;b"}, {"minimum": "5", "maximum": "2"}, {"minimum": "nan"},
        {"since": "2031-01-01"}, {"kind": "wish"}, {"title_en": ""}, {"kind": "indicator"}, {"kind": "target"},
    ):  # fmt: skip
        answer = take(city, page, draft, **{**NEW, "responsible": "A", **wrong})
        assert answer.status == 200, wrong
        assert 'class="errors"' in answer.text, wrong
    assert store.verify().changes == before


def test_a_stage_needs_evidence_and_has_it_kept(city: Site) -> None:
    analyst, page = city.visitor("analyst"), "/en/desk/commitments/school-bus-stops/stage/"
    bare = upload(analyst, page, STOPS, None, **{"stage-stage": "signed", "stage-day": "2025-05-01"})
    assert "It takes a document or a file that shows it" in bare.text
    wrong = upload(
        analyst, page, STOPS, ("stage-file", "a.pdf", b"MZ not a pdf"),
        **{"stage-stage": "signed", "stage-day": "2025-05-01"},
    )  # fmt: skip
    assert "content must be of that kind" in wrong.text
    file = ("stage-file", f"../../{SCRIPT}.txt", "Biên bản ký ngày 1/5/2025".encode())
    done = upload(analyst, page, STOPS, file, **{"stage-stage": "signed", "stage-day": "2025-05-01"})
    assert done.status == 302, re.findall(r'class="errors".*', done.text)
    text = analyst.get(STOPS).text
    assert SCRIPT not in text
    found = re.search(r'href="(/en/desk/evidence/[0-9a-f]{64}/)"', text)
    assert found
    given = analyst.get(found.group(1))
    assert given.text == "Biên bản ký ngày 1/5/2025"
    assert given.headers["content-disposition"].startswith("attachment")
    assert given.headers["x-content-type-options"] == "nosniff"
    assert {path.name.partition(".")[0] for path in (city.data / "desk").rglob("*")} >= {found.group(1).split("/")[-2]}
    assert city.visitor("assessor").get(found.group(1)).status == 403
    public = city.visitor().get(STOPS).text
    assert "signed" in public
    assert "by a file that the office keeps" in public
    back = upload(analyst, page, STOPS, file, **{"stage-stage": "announced", "stage-day": "2025-06-01"})
    assert back.status == 200


def test_a_stage_that_ends_a_promise_is_asked_about_once_more(city: Site) -> None:
    """Without a line of script: the page comes back with a box to tick, and only then the room hears of it."""
    analyst, page = city.visitor("analyst"), "/vi/desk/commitments/school-bus-stops/stage/"
    told = {"stage-stage": "withdrawn", "stage-day": "2024-01-01", "stage-source": "tutorial"}
    assert 'name="stage-sure"' not in analyst.get(STOPS).text
    asked = analyst.post(page, token_from=STOPS, **told)
    assert asked.status == 200
    assert "“đã rút” là giai đoạn cuối" in asked.text
    assert 'name="stage-sure"' in asked.text
    sure = analyst.post(page, token_from=STOPS, **told, **{"stage-sure": "on"})
    assert "là giai đoạn cuối" not in sure.text
    # Asked no more, the room refuses it for its day, in the reader's language.
    assert "phải từ 2025-05-01 trở đi, nhưng là 2024-01-01" in sure.text


def test_milestones_next_steps_and_the_responsible_body_are_written_down(city: Site) -> None:
    analyst, base = city.visitor("analyst"), "/en/desk/commitments/school-bus-stops"
    titles = {"milestone-title_vi": "Năm trạm nữa", "milestone-title_en": "Five more", "milestone-due": "2027-01-31"}
    assert analyst.post(f"{base}/milestone/", token_from=STOPS, **titles).status == 302
    done = {"done-milestone": "first-ten", "done-percent": "40", "done-day": "2026-01-15", "done-source": "tutorial"}
    assert analyst.post(f"{base}/done/", token_from=STOPS, **done).status == 302
    step = {"step-responsible": "Sở Xây dựng", "step-next_vi": "Ký hợp đồng", "step-next_en": "Sign the contract"}
    assert analyst.post(f"{base}/step/", token_from=STOPS, **step, **{"step-next_on": "2027-02-01"}).status == 302
    text = city.visitor().get(STOPS).text
    for words in ("Five more", "40%", "Sở Xây dựng", "Sign the contract"):
        assert words in text


def test_a_change_from_an_old_page_is_refused(city: Site) -> None:
    analyst = city.visitor("analyst")
    step = {"step-responsible": "Nobody", "version": "1", "step-next_vi": "", "step-next_en": ""}
    answer = analyst.post("/en/desk/commitments/school-bus-stops/step/", token_from=STOPS, **step)
    assert "Somebody has just changed this record" in answer.text


def test_claims_that_exclude_each_other_stand_side_by_side(city: Site) -> None:
    text = city.visitor().get(STOPS).text.partition("Documents that contradict")[2]
    assert "40 stops" in text
    assert "60 stops" in text


def test_a_promise_is_shown_as_it_stood_on_a_day(city: Site) -> None:
    text = city.visitor().get(f"{STOPS}?on=2025-03-15").text
    assert "40 stops" in text
    assert "60 stops" not in text
    assert "no document had spoken" in city.visitor().get(f"{STOPS}?on=2020-01-01").text
    assert city.visitor().get(f"{STOPS}?on=yesterday").status == 200


def test_promises_are_found_by_stage_body_and_what_is_late(city: Site) -> None:
    visitor = city.visitor()
    for query, there, gone in (
        ("stage=delivered", "Quiet streets", "school bus stops"),
        ("q=bus", "school bus stops", "Quiet streets"),
        ("late=1", "school bus stops", "Quiet streets"),
        ("body=Quiet%20Office", "Quiet streets", "school bus stops"),
    ):
        table = visitor.get(f"/en/commitments/?{query}").text.partition("<tbody>")[2]
        assert there in table, query
        assert gone not in table, query
    assert "school bus stops" in visitor.get("/en/late/").text


def test_files_for_others_hold_what_is_public_and_nobodys_address(city: Site) -> None:
    until(city, "/en/targets/", "school bus stops")
    text = city.visitor().get("/en/records/json/").text
    assert "school-bus-stops" in text
    assert "@example.vn" not in text
    assert "55" not in re.findall(r'"minimum": ([\d.]+)', text)
    assert city.visitor().get("/en/records/csv/").text.startswith("PK")
    assert city.visitor().get("/en/records/xlsx/").text.startswith("PK")
    assert "riders" in city.visitor().get("/en/records/sdmx/").text
    assert city.visitor().get("/en/records/exe/").status == 404


def test_letters_to_bodies_say_what_is_late(city: Site) -> None:
    step = {"step-responsible": "Sở Xây dựng", "step-next_vi": "Ký hợp đồng", "step-next_en": "Sign the contract"}
    write = "/en/desk/commitments/school-bus-stops/step/"
    assert city.visitor("analyst").post(write, token_from=STOPS, **step, **{"step-next_on": "2027-02-01"}).status == 302
    approver = city.visitor("approver")
    text = approver.get("/en/desk/reminders/").text
    letter = re.search(r'href="(/en/desk/reminders/letter/\?body=S%E1%BB%9F%20X[^"]+)"', text)
    assert letter
    told = approver.get(letter.group(1)).text
    assert "Build school bus stops" in told
    assert "Late" in told
    table = approver.get("/en/desk/reminders.csv").text
    assert "school-bus-stops" in table
    assert approver.get("/en/desk/reminders/letter/?body=Nobody%20at%20all").status == 404


def test_what_is_not_a_document_is_not_taken_in(city: Site) -> None:
    analyst, page = city.visitor("analyst"), "/en/desk/"
    given = {"title": "T", "publisher": "P", "day": "2026-01-01"}
    for file in (
        ("file", "x.exe", b"MZ"), ("file", "x.pdf", b"PK\x03\x04"), ("file", "x.txt", b"%PDF-1.4"),
        ("file", "x.docx", b"hello"), ("file", "x.txt", b"   "), None,
    ):  # fmt: skip
        answer = upload(analyst, "/en/desk/documents/", page, file, **given)
        assert answer.status == 200
        assert 'class="errors"' in answer.text
    late = upload(analyst, "/en/desk/documents/", page, ("file", "x.txt", b"text"), **{**given, "day": "2199-01-01"})
    assert "This day has not come yet" in late.text
    many = upload(analyst, "/en/desk/documents/", page, ("file", "x.txt", b"a" * 20_000_001), **given)
    assert "more than 20 MB" in many.text


def test_a_bomb_is_not_taken_and_harms_nothing_else(city: Site) -> None:
    import io
    import zipfile

    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", b" " * 150_000_000)
    analyst, page = city.visitor("analyst"), "/en/desk/"
    given = {"title": "Bomb", "publisher": "P", "day": "2026-01-01"}
    answer = upload(analyst, "/en/desk/documents/", page, ("file", "b.docx", stream.getvalue()), **given)
    assert answer.status == 200
    assert "unpacks" in answer.text
    assert ">Bomb<" not in analyst.get(page).text
    assert read_in(city, "Sau đó", "Công ty C cam kết mua 30 xe buýt điện.", "2026-11-23")


def test_no_text_of_a_document_is_ever_run(city: Site) -> None:
    text = f"{SCRIPT} Công ty D cam kết xây 77 trạm {SCRIPT} vào năm 2029. <img src=x onerror=alert(1)>"
    page = read_in(city, "Tin độc", text, "2026-11-24")
    shown = city.visitor("analyst").get(page).text
    assert SCRIPT not in shown
    assert "<img src=x" not in shown
    draft = drafts(city, page)[0]
    words = {**NEW, "title_vi": f"{SCRIPT} vi", "title_en": f"{SCRIPT} evil", "parties": SCRIPT, "said_by": SCRIPT}
    assert take(city, page, draft, **words, responsible=SCRIPT).status == 302
    analyst = city.visitor("analyst")
    name = re.search(r'href="(/en/commitments/script[^"]*)"', analyst.get("/en/commitments/").text)
    assert name
    for path in (name.group(1), "/en/commitments/", "/en/desk/check/", "/en/desk/reminders/", page):
        assert SCRIPT not in analyst.get(path).text, path


def test_a_backup_holds_the_records_and_every_file_that_was_sent(city: Site, tmp_path: Path) -> None:
    archive, there = tmp_path / "site.tar.gz", tmp_path / "there"
    write_backup(city.data, archive)
    read_backup(archive, there)
    kept = open_store(str(there / "records.sqlite3")).verify()
    assert kept.changes == open_store(str(city.data / "records.sqlite3")).verify().changes
    sent, back = (
        {path.name: path.read_bytes() for path in (home / "desk").rglob("*") if path.is_file()}
        for home in (city.data, there)
    )
    assert sent
    assert sent == back


def test_the_records_log_is_verified_with_the_sites(city: Site, root: Path) -> None:
    done = command(city.data, str(city.data.parent / "pack"), "web", "verify")
    assert done.returncode == 0, done.stderr
    assert "changes of records" in done.stdout
    log = city.visitor("administrator").get("/en/office/log/?action=desk").text
    assert "claim written down" in log


def test_what_record_a_statement_becomes_is_left_to_the_person(city: Site) -> None:
    page = read_in(city, "Tin đê", "The dikes along the southern canal are weaker than thought, the engineers said.")
    shown = city.visitor("analyst").get(page).text
    chosen = {
        name: re.findall(r'<option value="([^"]*)" selected', options)
        for name, options in re.findall(r'<select name="(\w+)"[^>]*>(.*?)</select>', shown, re.DOTALL)
    }
    assert "<strong>statement</strong>" in shown
    assert (chosen["kind"], chosen["promise_kind"], chosen["about"]) == ([""], ["statement"], ["promise"])
