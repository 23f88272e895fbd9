"""What the laboratory tells readers who may look and try, and what its lists and comparisons leave out."""

from __future__ import annotations

import re

import pytest

from haidang.web.people.roles import SIMULATORS
from haidang.web.words import LANGUAGES, Language, words
from tests.web.site import Site
from tests.web.test_lab import asked_list, begin, finished, post, save

HEADINGS = ("full", "allocate", "share")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reader_finds_what_the_rules_let_it_do_and_no_empty_heading(site: Site, language: Language) -> None:
    analyst, approver, own = site.visitor("analyst"), site.visitor("approver"), words(language)
    if "shared-with-approvers" not in site.objects:
        number = begin(analyst, "For approvers")
        assert post(analyst, number, "share", roles="approver")[0] == 302
        site.objects["shared-with-approvers"] = str(number)
    page = f"/{language}/lab/designs/{site.objects['shared-with-approvers']}/"
    mine, theirs = analyst.get(page).text, approver.get(page).text
    assert [f'id="{one}"' in mine for one in HEADINGS] == [True] * len(HEADINGS)
    assert [f'id="{one}"' in theirs for one in HEADINGS] == [False] * len(HEADINGS)
    who = ", ".join(own.text(f"role.{one}") for one in sorted(SIMULATORS))
    assert own.text("lab.share_intro", who=who) in mine
    assert own.text("lab.reader", who=who) in theirs
    tried = approver.post(f"{page}try/", token_from=page, name="x", lever__fare__discount="20 %").text
    assert own.text("lab.unsaved_reader") in tried
    assert own.text("lab.unsaved") not in tried
    for what in ("save", "fork", "run", "allocate"):
        assert approver.post(f"{page}{what}/", token_from=page, name="x", draws="4", seed="1").status == 403


def test_a_list_says_that_its_rows_are_the_models_and_which_are_shown(site: Site) -> None:
    who, path = site.visitor("analyst"), asked_list(site)
    text = finished(who, path)
    assert re.search(r'<h2 id="list">The first 100 of all [\d,]+ units</h2>', text)
    assert "none is a real one" in text
    assert "haidang allocate " in text
    assert " --applicants applicants.csv --out list" in text
    assert "trong tất cả" in who.get(path.replace("/en/", "/vi/")).text
    assert "không dòng nào là đơn vị có thật" in who.get(path.replace("/en/", "/vi/")).text


def test_a_design_that_cannot_be_shown_is_told_of_and_never_why(site: Site) -> None:
    analyst, administrator = site.visitor("analyst"), site.visitor("administrator")
    own, hidden = begin(administrator, "Own"), begin(analyst, "Hidden")
    assert save(analyst, hidden, name="Hidden")[0] == 302
    told = "Chosen designs that could not be shown: 1"
    shown, absent, word = (
        administrator.get(f"/en/lab/compare/?design={own}&design={other}").text for other in (hidden, 99999, "x")
    )
    assert [one.count(told) for one in (shown, absent, word)] == [1, 1, 1]
    assert "Hidden" not in shown
    assert told not in administrator.get(f"/en/lab/compare/?design={own}&design={own}").text
    alone = administrator.get(f"/vi/lab/compare/?design={hidden}").text
    assert "Số thiết kế đã chọn mà không hiện được: 1" in alone
    assert "Hãy chọn thiết kế" in alone
