"""A factory's papers: filled in together, handed in, read again, applied with, shown to whom it says."""

from __future__ import annotations

import re

import lxml.html
import pytest

from tests.web.city import (
    CREDIT,
    DRAFT,
    FACTORY,
    HANDED_IN,
    OTHER,
    PNG,
    PROFILE,
    TAX_CODE,
    add_factory,
    answer,
    criteria,
    done,
    send_file,
    version,
)
from tests.web.site import Site

PART = f"/en/factories/assessments/{DRAFT}/parts/quality-control/"


def test_two_people_never_overwrite_each_other(city_site: Site) -> None:
    owner, editor = city_site.visitor("factory_owner"), city_site.visitor("factory_editor")
    seen = version(owner.get(PART).text)
    done(answer(editor, PART, "1"))
    late = answer(owner, PART, "0", version=seen)
    assert late.status == 200
    assert "Somebody else saved before you" in late.text
    assert "factory_editor@example.vn saved:" in late.text
    kept = owner.get(PART).text
    assert len(re.findall(r'value="1"[^>]*checked', kept)) == len(criteria(kept))
    # Who has seen what was saved may decide otherwise.
    done(answer(owner, PART, "0"))
    again = editor.get(PART).text
    assert len(re.findall(r'value="0"[^>]*checked', again)) == len(criteria(again))


def test_a_profile_saved_by_somebody_else_is_shown_and_kept(city_site: Site) -> None:
    owner, editor = city_site.visitor("factory_owner"), city_site.visitor("factory_editor")
    page = f"/en/factories/{FACTORY}/profile/"
    seen = version(owner.get(page).text)
    told = {**PROFILE, "name": "Nhà máy <b>Một</b>", "tax_code": TAX_CODE, "version": seen}
    done(editor.post(page, token_from=page, **(told | {"district": "Phường Editor"})))
    late = owner.post(page, token_from=page, **(told | {"district": "Phường Owner"}))
    assert late.status == 200
    assert "Somebody else saved before you" in late.text
    assert "Phường Editor" in owner.get(f"/en/factories/{FACTORY}/").text


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "at most the revenue of 80,000,000,000 VND was expected; found 90,000,000,000 VND"),
        ("vi", "nhiều nhất bằng doanh thu 80.000.000.000 đồng; đã nhập 90.000.000.000 đồng"),
    ],
)
def test_value_added_above_revenue_is_a_mistake_of_the_profile(city_site: Site, language: str, told: str) -> None:
    owner = city_site.visitor("factory_owner")
    page = f"/{language}/factories/{FACTORY}/profile/"
    sent = {**PROFILE, "name": "Nhà máy <b>Một</b>", "tax_code": TAX_CODE, "version": version(owner.get(page).text)}
    amounts = {"revenue": "80000000000", "value_added": "90000000000"}
    refused = owner.post(page, token_from=page, **(sent | amounts))
    assert (refused.status, told in refused.text) == (200, True)
    assert version(owner.get(page).text) == sent["version"]
    new = add_factory(owner, "Nhà máy khác", "0301234509", revenue="80 tỷ", value_added="80,1 tỷ")
    assert (new.status, "80,100,000,000 VND" in new.text) == (200, True)


def test_what_was_handed_in_changes_no_more(city_site: Site) -> None:
    owner = city_site.visitor("factory_owner")
    part = f"/en/factories/assessments/{HANDED_IN}/parts/quality-control/"
    told = owner.get(f"/en/factories/{FACTORY}/history/").text.count("<tr>")
    assert owner.get(part).status == 302
    assert owner.post(part, token_from=PART, version="0").status == 409
    assert owner.send_file(part, PART, "a.png", PNG, version="0", caption="x", kind="photo").status == 409
    assert owner.post(f"/en/factories/assessments/{HANDED_IN}/submit/", token_from=PART).status == 302
    assert owner.post("/en/factories/files/1/remove/", token_from=PART).status == 404
    assert owner.get(f"/en/factories/{FACTORY}/history/").text.count("<tr>") == told
    assert city_site.visitor("assessor").get(part).status == 404


def test_what_is_typed_while_somebody_hands_in_stays_and_may_begin_another_assessment(city_site: Site) -> None:
    owner = city_site.visitor("other_factory_owner")
    home = done(add_factory(owner, "Nhà máy nộp sớm", "0301234509")).headers["location"]
    begun = done(owner.post(f"{home}assessments/start/", token_from=home)).headers["location"]
    part = f"{begun}parts/quality-control/"
    first, *_ = criteria(owner.get(part).text)
    done(owner.post(part, token_from=part, version="0", **{f"answer-{first}": "1"}))
    typed = {"version": "1", f"answer-{first}": "0", f"note-{first}": "Câu vừa gõ", "caption": "Chú thích gõ dở"}
    done(owner.post(f"{begun}submit/", token_from=begun))
    late = owner.post(part, token_from=home, **typed)
    assert late.status == 409
    assert "handed in while you were answering" in late.text
    assert "Câu vừa gõ" in late.text
    assert "Chú thích gõ dở" in late.text
    assert re.search(rf'name="answer-{first}" value="0"[^>]*checked', late.text)
    assert "Câu vừa gõ" not in owner.get(f"{home}assessments/").text
    again = done(owner.post(part, token_from=home, anew="1", **{**typed, "caption": ""})).headers["location"]
    assert again != begun
    assert "Câu vừa gõ" in owner.get(f"{again}parts/quality-control/").text


def test_a_file_is_sent_with_the_answers_and_neither_costs_the_other(city_site: Site) -> None:
    editor = city_site.visitor("factory_editor")
    part = f"/en/factories/assessments/{DRAFT}/parts/inventory/"
    page = editor.get(part).text
    first, seen = criteria(page)[0], version(page)
    told = {f"answer-{first}": "1", "criterion": first, "kind": "photo"}
    # No caption: the file waits, the answer is kept.
    half = editor.send_file(part, part, "a.png", PNG + b"1", version=seen, go_on="1", **told)
    assert half.status == 200
    assert "The file was not taken" in half.text
    assert re.search(rf'name="answer-{first}" value="1"[^>]*checked', editor.get(part).text)
    # Somebody else saved: the answers wait, the file is kept.
    more = {**told, f"note-{first}": "Mới", "caption": "Thẻ kho"}
    late = editor.send_file(part, part, "a.png", PNG + b"1", version=seen, **more)
    assert "Somebody else saved before you" in late.text
    assert "Mới" in late.text
    shown = editor.get(part).text
    assert "Thẻ kho" in shown
    assert "Mới" not in shown
    (number,) = re.findall(r'name="drop" value="(\d+)"', shown)
    done(editor.post(part, token_from=part, version=version(shown), drop=[number, "1", "x"]))
    assert "Thẻ kho" not in editor.get(part).text
    assert editor.get("/en/factories/files/1/").status == 200


def test_a_draft_leads_to_where_it_is_sent_and_a_second_click_does_nothing(city_site: Site) -> None:
    owner = city_site.visitor("other_factory_owner")
    home = done(add_factory(owner, "Nhà máy làm đơn", "0301234516")).headers["location"]
    apply = f"{home}programmes/{CREDIT}/"
    editing = {"token_from": apply, "amount": "2 billion", "purpose": "Lò hơi"}
    place = done(owner.post(apply, version="0", **editing)).headers["location"]
    for page in (home, f"{home}programmes/", apply):
        assert f'href="{place}"' in owner.get(page).text, page
    assert f'{place}send/"' in owner.get(place).text
    assert "2,000,000,000 VND" in owner.get(home).text
    late = owner.post(apply, version="0", **{**editing, "amount": "3 billion"})
    assert "2,000,000,000 VND" in late.text
    first, second = (owner.post(f"{place}send/", token_from=place) for _ in range(2))
    assert first.headers["location"] == second.headers["location"] == place
    assert "This was done already" in owner.get(place).text
    late = owner.post(apply, version="1", **{**editing, "token_from": home, "purpose": "Đang gõ dở"})
    assert (late.status, "Đang gõ dở" in late.text, "The application was sent while" in late.text) == (409, True, True)
    done(owner.post(f"{place}withdraw/", token_from=place))
    assert "no lender sees it any more" in owner.get(place).text


def test_only_the_owner_hands_in_applies_and_consents(city_site: Site) -> None:
    editor = city_site.visitor("factory_editor")
    for path in (
        f"assessments/{DRAFT}/submit/", "applications/1/send/", "applications/1/withdraw/", f"{FACTORY}/consents/1/",
    ):  # fmt: skip
        assert editor.post(f"/en/factories/{path}", token_from=PART).status == 403, path


@pytest.mark.parametrize(
    "path",
    [
        f"{FACTORY}/profile/", f"{FACTORY}/assessments/start/", f"assessments/{DRAFT}/submit/",
        f"assessments/{DRAFT}/parts/quality-control/",
        f"{FACTORY}/programmes/{CREDIT}/", "applications/1/send/", "applications/1/withdraw/", f"{FACTORY}/consents/1/",
        "files/1/remove/",
    ],
)  # fmt: skip
def test_what_is_somebody_elses_looks_as_if_it_were_not_there(city_site: Site, path: str) -> None:
    other = city_site.visitor("other_factory_owner")
    reply = other.post(f"/en/factories/{path}", token_from="/en/factories/new/", version="0", fields_seen="name")
    assert reply.status == 404


def test_a_factory_is_added_to_nobody_elses_organisation(city_site: Site) -> None:
    other = city_site.visitor("other_factory_owner")
    body = re.search(r'<option value="(\d+)"', city_site.visitor("factory_owner").get("/en/factories/new/").text)
    assert body
    reply = add_factory(other, "Nhà máy lạ", "0301234568", body=body.group(1))
    assert reply.status == 200
    assert "Nhà máy lạ" not in city_site.visitor("analyst").get("/en/factories/").text


def test_nothing_is_written_that_the_form_does_not_name(city_site: Site) -> None:
    owner = city_site.visitor("other_factory_owner")
    page = f"/en/factories/{OTHER}/profile/"
    seen = version(owner.get(page).text)
    more = {"example": "on", "body": "1", "body_id": "1", "id": "99", "traits": '{"zone": "x"}', "changed_by": "1"}
    told = {**PROFILE, "name": "Nhà máy Hai", "tax_code": "0314409058002", "version": seen, **more}
    done(owner.post(page, token_from=page, **told))
    text = owner.get(f"/en/factories/{OTHER}/").text
    assert "An example, not real" not in text
    assert city_site.visitor("factory_owner").get(f"/en/factories/{OTHER}/").status == 404


def test_each_condition_of_a_programme_is_said_with_how_it_stands(city_site: Site) -> None:
    text = city_site.visitor("factory_owner").get(f"/en/factories/{FACTORY}/programmes/").text
    assert "Mean maturity level below 4" in text
    assert "leaves the level of some area open" in text
    other = city_site.visitor("other_factory_owner").get(f"/en/factories/{OTHER}/programmes/").text
    assert "No self-assessment has been handed in yet" in other
    assert "Not known" in other


def test_an_unlikely_amount_is_asked_about_once(city_site: Site) -> None:
    other = city_site.visitor("other_factory_owner")
    page = f"/en/factories/{OTHER}/programmes/{CREDIT}/"
    for amount, question in (("1,5", "cannot be read"), ("15000", "less than a million"), ("86 tỷ", "more than the")):
        reply = other.post(page, token_from=page, amount=amount, purpose="x", version="0")
        assert reply.status == 200
        assert question in reply.text
    kept = done(other.post(page, token_from=page, amount="86 tỷ", purpose="x", version="0", sure="on"))
    assert "86,000,000,000 VND" in other.get(kept.headers["location"]).text


def test_peers_are_hidden_where_they_are_fewer_than_five(city_site: Site) -> None:
    text = city_site.visitor("factory_owner").get(f"/en/factories/assessments/{HANDED_IN}/result/").text
    assert "only where factories of at least five other organisations" in text


def test_evidence_is_given_out_as_a_file_and_never_as_a_page(city_site: Site) -> None:
    owner = city_site.visitor("factory_owner")
    page = owner.get(PART).text
    told = {"criterion": criteria(page)[0], "kind": "record", "caption": "<script>alert(1)</script>"}
    done(send_file(owner, PART, "../../trang.html", b"alert('xin')\n", **told))
    number = max(int(one) for one in re.findall(r"/files/(\d+)/", owner.get(f"/en/factories/{FACTORY}/files/").text))
    reply = owner.get(f"/en/factories/files/{number}/")
    assert reply.headers["content-disposition"].startswith('attachment; filename="trang.txt"')
    assert reply.headers["content-type"] == "text/plain"
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in reply.headers["content-security-policy"]
    listed = owner.get(f"/en/factories/{FACTORY}/files/").text
    assert "<script>alert(1)" not in listed
    assert "&lt;script&gt;alert(1)" in listed
    kept = [path for path in (city_site.data / "factories").rglob("*") if path.is_file()]
    assert all(re.fullmatch(r"[0-9a-f]{64}", path.name) for path in kept)
    done(owner.post(f"/en/factories/files/{number}/remove/", token_from=PART))
    assert owner.get(f"/en/factories/files/{number}/").status == 404
    assert len([path for path in (city_site.data / "factories").rglob("*") if path.is_file()]) == len(kept) - 1


def test_before_a_file_goes_the_page_says_which_and_what_rests_on_it(city_site: Site) -> None:
    owner = city_site.visitor("factory_owner")
    page = f"/factories/{FACTORY}/files/"
    first = criteria(owner.get(PART).text)[1]
    done(owner.post(PART, token_from=PART, version=version(owner.get(PART).text), **{f"answer-{first}": "1"}))
    told = {"criterion": first, "kind": "record", "caption": "x"}

    def asked(name: str, language: str = "en") -> tuple[str, str]:
        """What is said before the file of this name goes, and whither the form in it leads."""
        whole = lxml.html.fromstring(owner.get(f"/{language}{page}").text)
        assert not whole.xpath("//form[contains(@action, '/remove/')]"), "nobody is asked yet"
        (link,) = whole.xpath(f"//tr[th[contains(., '{name}')]]//a[contains(@href, '#remove')]/@href")
        (inside,) = lxml.html.fromstring(owner.get(f"/{language}{page}{link.partition('#')[0]}").text).xpath(
            "//*[@id='remove']"
        )
        (address,) = inside.xpath(".//form/@action")
        return " ".join(inside.text_content().split()), address

    done(send_file(owner, PART, "once-asked.txt", b"one\n", **told))
    alone, _ = asked("once-asked.txt")
    assert "“once-asked.txt” is taken out of this assessment" in alone
    assert "counts as claimed and no longer as documented" in alone
    assert "chỉ được tính là tự khai" in asked("once-asked.txt", "vi")[0]
    done(send_file(owner, PART, "twice-asked.txt", b"two\n", **told))
    both, address = asked("twice-asked.txt")
    assert ": 1; the answer still counts as documented" in both
    done(owner.post(address, token_from=f"/en{page}"))
    assert "twice-asked.txt" not in owner.get(f"/en{page}").text
    assert "no longer as documented" in asked("once-asked.txt")[0]
    done(owner.post(asked("once-asked.txt")[1], token_from=f"/en{page}"))


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.png", b"<!DOCTYPE html><script>1</script>", "Only pictures"),
        ("a.pdf", b"MZ\x90\x00", "Only pictures"),
        ("a.png", b"", "The submitted file is empty"),
        ("a.png", PNG + b"0" * (11 * 2**20), "larger than 10 MB"),
        ("a.png", PNG + b"0" * (33 * 2**20), "This field is required"),
    ],
)
def test_files_of_other_kinds_and_too_large_ones_are_refused(
    city_site: Site, name: str, content: bytes, why: str
) -> None:
    owner = city_site.visitor("factory_owner")
    told = {"criterion": criteria(owner.get(PART).text)[0], "kind": "photo", "caption": "x"}
    reply = send_file(owner, PART, name, content, **told)
    assert reply.status == 200
    assert why in reply.text


def test_no_text_of_a_factory_is_taken_for_markup(city_site: Site) -> None:
    for person, path in (
        ("factory_owner", f"factories/{FACTORY}/"), ("factory_owner", f"factories/assessments/{HANDED_IN}/result/"),
        ("factory_owner", "factories/applications/1/"), ("analyst", "factories/"), ("analyst", "lending/"),
        ("analyst", "lending/applications/1/"), ("lender_officer", "lending/"), ("analyst", "lending/lists/1/"),
    ):  # fmt: skip
        text = city_site.visitor(person).get(f"/en/{path}").text
        assert "Nhà máy &lt;b&gt;Một&lt;/b&gt;" in text, path
        assert "<b>Một</b>" not in text, path


def test_an_assessor_reads_again_and_what_agrees_is_verified(city_site: Site) -> None:
    assessor, owner = city_site.visitor("assessor"), city_site.visitor("factory_owner")
    result = f"/en/factories/assessments/{HANDED_IN}/result/"
    begun = done(assessor.post(f"/en/factories/assessments/{HANDED_IN}/second/", token_from=result))
    place = begun.headers["location"]
    part = f"{place}parts/standard-work/"
    page = assessor.get(part).text
    assert "The factory answered:" in page
    assert owner.get(part).status == 404
    first, *rest = criteria(page)
    told = {f"answer-{one}": "1" for one in rest} | {f"status-{one}": "2" for one in rest}
    done(assessor.post(part, token_from=part, version="0", **{f"answer-{first}": "0"}, **told))
    assert "Second reading by" not in owner.get(f"/en/factories/{FACTORY}/").text
    done(assessor.post(f"{place}submit/", token_from=place))
    text = owner.get(result).text
    assert "The same answer to" in text
    assert "Questions with different answers" in text


def test_a_factory_sees_its_own_history_and_nobody_elses(city_site: Site) -> None:
    own = city_site.visitor("factory_owner").get(f"/en/factories/{FACTORY}/history/").text
    assert "handed in a self-assessment" in own
    assert "let a lender see fields" in own
    assert "lender: Ngân hàng Một" in own
    assert "Levels by area" in own
    assert "recorded a stage of an application" in own
    assert "lender_officer@example.vn" not in own
    other = city_site.visitor("other_factory_owner").get(f"/en/factories/{OTHER}/history/").text
    assert "factory_owner@example.vn" not in re.sub("other_factory_owner@example.vn", "", other)


def test_a_roadmap_needs_a_known_profile_and_says_so(city_site: Site) -> None:
    owner = city_site.visitor("factory_owner")
    page = f"/en/factories/{FACTORY}/roadmap/"
    assert owner.get(page).status == 200
    told = owner.get(f"{page}?budget=3+billion&goal=level:2&to=2031").text
    assert "Roadmap" in told
    assert "cannot be read" in owner.get(f"{page}?budget=3+kg&goal=npv&to=2031").text
