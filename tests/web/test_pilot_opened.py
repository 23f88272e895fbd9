"""A plan that is not registered yet is opened in the form and saved back, and nothing of it is lost."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import lxml.html
import pytest

from haidang.learn.pilot.declaration import RULES
from tests.web.pilot_kinds import plan_of
from tests.web.site import Answer, Site, Visitor
from tests.web.test_pilot_design import box, frozen, wrong
from tests.web.test_pilots import declared

Sent = dict[str, str | list[str]]


def opened(visitor: Visitor, page: str) -> Sent:
    """What a browser would send of the form as it was opened."""
    return sent_of(visitor.get(f"{page}plan/form/"))


def sent_of(answer: Answer) -> Sent:
    form: Any = lxml.html.fromstring(answer.text).xpath("//main//form[@method='post']")[0]
    found = dict[str, list[str]]()
    for name, value in form.form_values():
        found.setdefault(name, []).append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in found.items() if "csrf" not in name}


def saved(visitor: Visitor, page: str, given: Sent) -> Answer:
    """The box that the form became, kept as it is."""
    there = f"{page}plan/form/"
    answer = visitor.post(there, token_from=there, **given)
    assert wrong(answer) == {}
    return visitor.post(f"{page}plan/", token_from=there, **sent_of(answer))


def hash_of(visitor: Visitor, page: str) -> str:
    found = re.search(r'<dd class="hash">([0-9a-f]{64})</dd>', visitor.get(page).text)
    assert found
    return found.group(1)


@pytest.mark.parametrize("kind", RULES)
def test_opening_and_saving_without_a_change_gives_the_same_hash(site: Site, kind: str, tmp_path: Path) -> None:
    analyst, name = site.visitor("analyst"), f"opened-{kind}"
    page = declared(analyst, name, plan_of(kind, name))
    before = hash_of(analyst, page)
    assert before == frozen(tmp_path, plan_of(kind, name))
    given = opened(analyst, page)
    assert saved(analyst, page, given).headers["location"] == page
    assert hash_of(analyst, page) == before
    again = opened(analyst, page)  # and what the form wrote is opened as well
    assert {**again, "seen": ""} == {**given, "seen": ""}
    changed = {**again, "smallest_worthwhile": "0.4"}
    assert saved(analyst, page, changed).headers["location"] == page
    assert hash_of(analyst, page) == frozen(
        tmp_path, plan_of(kind, name).replace("worthwhile: 0.35", "worthwhile: 0.4")
    )


ADDED = "designs: {half: {units: {size: 20}}}\n"


@pytest.mark.parametrize(
    ("kind", "change", "said"),
    [
        ("complete", ("stop:", f"{ADDED}stop:"), "the key 'designs'"),
        ("complete", ("stop:", "learns: [bus_fare]\nstop:"), "the key 'learns'"),
        ("complete", ("stop:", "# why so\nstop:"), "a remark in line 21"),
        ("complete", ("en: Advice}", 'en: "Advice # 1"}'), ""),
        ("complete", ("en: Advice}", 'en: "Advice\\nof two lines"}'), "the key 'title.en'"),
        ("simple", ("where: level < 4", "strata: [sector]"), "the key 'units.strata'"),
        ("complete", ("id: opened", "id: Opened_"), "the key 'id'"),
        ("complete", ("share: 0.35}", "share: 0.25}\n  more: {title: {vi: Bốn, en: Four}, share: 10 %}"),
         "the key 'arms.more'"),
        ("phased", ("share: 25 %, start: 2028}", "share: 25 %}"), ""),
        ("complete", ("at_most: 7 %, ", "at_most: 7 %, better: less, "), "the key 'guardrails.trouble.better'"),
        ("stratified", ("covariates: [employees]", 'covariates: ["employees, old"]'), "the key 'covariates'"),
        ("complete", ("programme: my-city/school-bus", "programme: my-city/ended"), "the key 'programme'"),
        ("complete", ("share: 36 %}", "share: 36 %, offers: [other/thing]}"), "the key 'arms'"),
    ],
)  # fmt: skip
def test_what_the_form_cannot_show_is_named_and_stays_in_the_box(
    site: Site, kind: str, change: tuple[str, str], said: str
) -> None:
    analyst, name = site.visitor("analyst"), f"opened-by-hand-{sum(map(ord, ''.join(change)))}"
    text = plan_of(kind, name)
    assert text.count(change[0]) == 1
    text = text.replace(*change)
    if kind == "phased":
        text = text.replace("share: 50 %}", "share: 50 %, start: 2029}")
    page = declared(analyst, name, text)
    answer = analyst.get(f"{page}plan/form/")
    posted = analyst.post(f"{page}plan/form/", token_from=f"{page}plan/form/", name=name)
    if not said:
        assert ("form does not open" in answer.text) is (kind == "phased")
        return
    for each in (answer, posted):
        assert f"expected a plan that the form can show, found {said}".replace("'", "&#x27;") in each.text
        assert box(each) == text
    told = analyst.get(f"{page.replace('/en/', '/vi/')}plan/form/").text
    assert "biểu mẫu không" in told
    assert "expected" not in told.partition("<textarea")[0]


def test_a_registered_plan_stays_frozen_and_one_that_was_changed_meanwhile_is_not_written_over(site: Site) -> None:
    analyst, text = site.visitor("analyst"), plan_of("simple", "opened-meanwhile")
    page = declared(analyst, "opened-meanwhile", text)
    given = opened(analyst, page)
    there = f"{page}plan/form/"
    kept = sent_of(analyst.post(there, token_from=there, **given))
    other = text.replace("en: Advice}", "en: Otherwise}")
    assert analyst.post(f"{page}plan/", token_from=there, declaration=other).status == 302
    late = analyst.post(f"{page}plan/", token_from=there, **kept)
    assert "found it changed since" in wrong(late)["declaration"]
    before, kept = hash_of(analyst, page), sent_of(analyst.post(there, token_from=there, **opened(analyst, page)))
    assert "plan/form/" in analyst.get(page).text
    analyst.post(f"{page}register/", token_from=page)
    assert "plan/form/" not in analyst.get(page).text
    for answer in (
        analyst.post(f"{page}plan/", token_from=f"{page}plan/", **kept),
        analyst.post(there, token_from=f"{page}plan/", **given),
        analyst.get(there),
    ):
        assert (answer.status, "that is not registered yet, found it registered" in answer.text) == (200, True)
    assert hash_of(analyst, page) == before
    assert "en: Otherwise}" in analyst.get(f"{page}files/pilot.yaml").text


def test_arms_and_waves_keep_their_ids_and_new_ones_get_their_own(site: Site) -> None:
    analyst = site.visitor("analyst")
    page = declared(analyst, "opened-waves", plan_of("phased", "opened-waves"))
    there, given = f"{page}plan/form/", opened(analyst, page)
    grown = sent_of(analyst.post(there, token_from=there, **given, step="drop-waves-1"))
    grown = sent_of(analyst.post(there, token_from=there, **grown, step="add-waves"))
    third = {"title_vi": "Ba", "title_en": "Third", "share": "25", "start": "2029"}
    grown |= {f"waves-2-{key}": value for key, value in third.items()}
    text = box(analyst.post(there, token_from=there, **grown))
    assert re.findall(r'^  "([\w-]+)": \{title.*share', text, re.MULTILINE) == ["waiting", "late", "wave-2"]
    assert '"arm": ' not in text
    assert re.findall(r"arm: \"(\w+)\"", text) == []
