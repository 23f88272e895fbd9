"""The page of a pilot speaks, by its kind of design, of what that kind has: what assigns, when it is frozen."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from pathlib import Path

import pytest

from haidang.learn.pilot.declaration import RULES
from haidang.web.pilots.kind_words import keys_of
from haidang.web.pilots.kinds import KINDS
from haidang.web.words import words
from tests.web.pilot_kinds import WAYS, plan_of, units
from tests.web.site import Site, Visitor
from tests.web.test_pilots import declared

BY_CHANCE = {"en": re.compile(r"\b(lots?|salt|draw\w*)\b", re.IGNORECASE), "vi": re.compile(r"bốc|muối", re.IGNORECASE)}
"""Words of what chance decides."""
ASSIGNED = {
    "stratified": "A lot in each group of units of the same sector, ward",
    "complete": "One lot over all units",
    "simple": "A lot for each unit by itself",
    "pairs": "a lot says which of them is treated. This is done in each group of units of the same sector.",
    "rerandomised": "alike in employees, sector: the best 29% of all lots",
    "cluster": "A lot for each ward",
    "phased": "A lot says in which year each unit begins. All units of one ward get their arm together.",
    "encouragement": "is measured, in the column took. This is done in each group of units of the same sector.",
    "cutoff": "The score points: units at 58.5 or below it are treated",
}
WATCHED = {"en": ("No reports yet", "is not looked at"), "vi": ("Chưa có báo cáo", "không được xem giữa chừng")}


def said(visitor: Visitor, page: str, language: str = "en") -> str:
    """What a page says between its head and its foot, with the names of its fields' labels."""
    text = visitor.get(page.replace("/en/", f"/{language}/")).text
    whole = re.search(r"<main.*</main>", text, re.DOTALL)
    assert whole
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", whole.group())))


def both(visitor: Visitor, page: str) -> dict[str, str]:
    return {language: said(visitor, page, language) for language in BY_CHANCE}


def test_the_kinds_are_those_of_the_core() -> None:
    assert set(RULES) == set(KINDS) == set(WAYS) == set(ASSIGNED)


@pytest.mark.parametrize("kind", RULES)
def test_a_page_says_of_each_kind_only_what_it_has(site: Site, kind: str) -> None:
    analyst, own = site.visitor("analyst"), KINDS[kind]
    page = declared(analyst, f"kind-{kind}", plan_of(kind, f"kind-{kind}"))
    seen = [both(analyst, page)]
    analyst.post(f"{page}register/", token_from=page)
    waiting = analyst.get(page).text
    seen.append(both(analyst, page))
    salt = {"salt": "10 20 30"} if own.drawn else {}
    analyst.upload(f"{page}lots/", page, "table", "units.csv", units(), **salt)
    assert analyst.get(f"{page}files/assignment.csv").status == 200, said(analyst, page)
    drawn = both(analyst, page)
    seen.append(drawn)
    changed = plan_of(kind, f"kind-{kind}").replace("en: Advice}", "en: Otherwise}")
    analyst.post(f"{page}plan/", token_from=f"{page}plan/", declaration=changed)
    seen += [both(analyst, page), both(analyst, f"{page}plan/")]
    analyst.post(f"{page}register/", token_from=page, amendment="A name", after_lots="on")
    seen.append(both(analyst, page))
    for each in seen:
        for language, text in each.items():
            found = BY_CHANCE[language].findall(text.replace("/lots/", ""))
            assert bool(found) == own.drawn, (language, found, text)
    assert [ASSIGNED[kind] in each["en"] for each in seen] == [True, True, True, True, False, True]  # not on the box
    assert ('name="salt"' in waiting) == own.drawn
    assert ("/reports/" in analyst.get(page).text) == own.watched
    for language, (watched, not_watched) in WATCHED.items():
        assert (watched in drawn[language], not_watched in drawn[language]) == (own.watched, not own.watched)
    assert ("Standardised difference" in drawn["en"]) == own.drawn  # a score makes the two sides differ
    assert ("(0%)" in seen[0]["en"], "%)" in seen[0]["en"]) == (False, own.shares)


@pytest.mark.parametrize("kind", RULES)
def test_the_form_and_the_page_say_of_guardrails_and_stop_rules_where_nothing_watches_them(
    site: Site, kind: str, root: Path
) -> None:
    analyst, public, own, name = site.visitor("analyst"), site.visitor(), KINDS[kind], f"guarded-{kind}"
    page, bare = (
        declared(analyst, each, text)
        for each, text in (
            (name, plan_of(kind, name)),
            (f"{name}-not", re.sub(r"guardrails:.*", "", plan_of(kind, f"{name}-not"), flags=re.DOTALL)),
        )
    )
    for each in (page, bare):
        analyst.post(f"{each}register/", token_from=each)
    for language in ("en", "vi"):
        no = words(language).text(keys_of(kind, language)["not_watched"])
        assert [said(public, each, language).count(no) for each in (page, bare)] == [0 if own.watched else 1, 0]
        form = f"/{language}/pilots/new/form/"
        shown = re.sub(r"\s+", " ", html.unescape(analyst.post(form, token_from=form, step="kind", rule=kind).text))
        assert shown.count(no) == (0 if own.watched else 2)  # of guardrails, and of stop rules
        for key in ("guardrails_how", "stops_how"):
            assert (words(language).text(f"pilots.{key}") in shown) == own.watched
    number = page.split("/")[-2]
    assert json.loads(public.get(f"/api/v1/pilots/{number}").text)["watched"] == own.watched
    assert "**Waves and cut-offs are not watched**" in (root / "docs/howto/pilot.md").read_text(encoding="utf-8")


def test_where_a_score_decides_no_salt_is_asked_nor_written_down(site: Site) -> None:
    analyst = site.visitor("analyst")
    page = declared(analyst, "scored", plan_of("cutoff", "scored"))
    analyst.upload(f"{page}outcomes/", page, "table", "o.csv", "id\n")
    assert "expected a pilot whose units have their arms, found none" in analyst.get(page).text
    analyst.post(f"{page}register/", token_from=page)
    for _ in range(2):
        analyst.upload(f"{page}lots/", page, "table", "units.csv", units(), salt="10 20 30")
    assert "found that they have them already" in analyst.get(page).text
    arms = {
        row["id"]: row["arm"] for row in csv.DictReader(io.StringIO(analyst.get(f"{page}files/assignment.csv").text))
    }
    assert [arms[f"f{one:02d}"] for one in (0, 18, 19, 39)] == ["advised", "advised", "none", "none"]
    recipe = json.loads(analyst.get(f"{page}files/assignment.recipe.json").text)
    assert (recipe["salt"], recipe["assignment"]) == ("none: a score decides", "the score decides; no lot")
