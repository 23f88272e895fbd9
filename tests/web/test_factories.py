"""A factory's papers: filled in together, handed in, read again, applied with, shown to whom it says."""

from __future__ import annotations

import re

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


def test_what_was_handed_in_changes_no_more(city_site: Site) -> None:
    owner = city_site.visitor("factory_owner")
    part = f"/en/factories/assessments/{HANDED_IN}/parts/quality-control/"
    assert owner.get(part).status == 404
    assert owner.post(part, token_from=PART, version="0").status == 404
    assert owner.send_file(f"{part}files/", PART, "a.png", PNG).status == 404
    assert owner.post(f"/en/factories/assessments/{HANDED_IN}/submit/", token_from=PART).status == 404
    assert owner.post("/en/factories/files/1/remove/", token_from=PART).status == 404


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
        f"assessments/{DRAFT}/parts/quality-control/", f"assessments/{DRAFT}/parts/quality-control/files/",
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
    assert "only where at least five other factories" in text


def test_evidence_is_given_out_as_a_file_and_never_as_a_page(city_site: Site) -> None:
    owner = city_site.visitor("factory_owner")
    page = owner.get(PART).text
    told = {"criterion": criteria(page)[0], "kind": "record", "caption": "<script>alert(1)</script>"}
    done(owner.send_file(f"{PART}files/", PART, "../../trang.html", b"alert('xin')\n", **told))
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
    reply = owner.send_file(f"{PART}files/", PART, name, content, **told)
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
    other = city_site.visitor("other_factory_owner").get(f"/en/factories/{OTHER}/history/").text
    assert "factory_owner@example.vn" not in re.sub("other_factory_owner@example.vn", "", other)


def test_a_roadmap_needs_a_known_profile_and_says_so(city_site: Site) -> None:
    owner = city_site.visitor("factory_owner")
    page = f"/en/factories/{FACTORY}/roadmap/"
    assert owner.get(page).status == 200
    told = owner.get(f"{page}?budget=3+billion&goal=level:2&to=2031").text
    assert "Roadmap" in told
    assert "cannot be read" in owner.get(f"{page}?budget=3+kg&goal=npv&to=2031").text
