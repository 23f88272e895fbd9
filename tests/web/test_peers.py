"""What one looks up of one's peers: nobody is found by subtracting two looks, nor by whoever has several factories."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from tests.web.site import ACCOUNTS, PASSWORD, inside

HAND_IN = """
from haidang.web.factories.demo import example_code
from haidang.web.factories.drafts import hand_in
from haidang.web.factories.models import Answer, Assessment, Factory
from haidang.web.factories.scored import peers
from haidang.web.factories.vocabulary import framework
from haidang.web.ledger.write import verify
from haidang.web.people.models import Organisation, User
who = User.objects.create_user("who@example.vn", None)
SIZES = {"small": 10, "large": 400}
def factory(at, sector, size):
    body = Organisation.objects.create(name=f"F{at}", kind="factory")
    return Factory.objects.create(body=body, name=f"F{at}", tax_code=example_code(at), sector=sector,
                                  employees=SIZES[size], changed_by=who)
def begun(one):
    return Assessment.objects.create(factory=one, framework=framework().id,
                                     framework_version=framework().version, begun_by=who)
def assess(one, yes):
    made = begun(one)
    Answer.objects.bulk_create(Answer(assessment=made, criterion=each.id, value=int(each.level <= yes), given_by=who)
                               for each in framework().criteria)
    hand_in(made, who)
    return made
def seen(watcher):
    found = peers(watcher)
    keys = [] if found is None else [key for key in found if key[0] == framework().id]
    return {f"{sector}/{size}": [found[name, sector, size].shown, found[name, sector, size].factories,
                                 [one.value for one in found[name, sector, size].quantiles]]
            for name, sector, size in keys}
watcher = begun(factory(0, "garments", "large"))
factories, told = {}, []
for at, sector, size, yes in json.load(sys.stdin):
    if at not in factories:
        factories[at] = factory(at, sector, size)
    own = assess(factories[at], yes)
    told.append([seen(watcher), seen(own)])
counted = list(Assessment.objects.filter(batch__gt=0).values_list("batch", flat=True))
print(json.dumps({"told": told, "counted": counted, "entries": verify().entries}))
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a watcher, who never hands in, and each factory itself saw after each of them handed in."""
    small = [[1 + at, "food", "small", at % 4] for at in range(13)]
    others = [[20 + at, "food", "large", 3] for at in range(4)]
    again = [[1 + at, "food", "small", 4] for at in range(7)]
    data = tmp_path_factory.mktemp("peers") / "data"
    return json.loads(inside(data, "hcmc", HAND_IN, [*small, *others, *again]))


def test_a_look_before_and_one_after_never_tell_fewer_than_five_apart(told: dict[str, Any]) -> None:
    for who, itself in ((0, 0), (1, 1)):
        counts = [look[who][cell][1] for look in told["told"] for cell in look[who]]
        assert all(count == 0 or count >= 5 for count in counts)
        differences = {abs(one - other) for one, other in combinations(counts, 2)}
        # Who is counted sees one fewer than who is not: itself, of which it knows.
        assert all(difference <= itself or difference >= 5 for difference in differences), differences


def test_nothing_changes_while_a_batch_fills(told: dict[str, Any]) -> None:
    watched = [json.dumps(look[0], sort_keys=True) for look in told["told"]]
    changes = [at for at in range(1, len(watched)) if watched[at] != watched[at - 1]]
    # The sixth small one, the twelfth, and once half of a batch has handed in anew and six can be counted.
    assert watched[4] == json.dumps({})
    assert changes[:2] == [5, 11]
    assert len(changes) <= 4
    assert told["told"][5][0]["food/small"][:2] == ["cell", 6]
    assert told["told"][16][0]["food/large"][:2] == ["sector", 12]


def test_every_batch_has_six_or_more_and_the_log_stays_whole(told: dict[str, Any], tmp_path: Path) -> None:
    batches = told["counted"]
    assert batches
    assert all(batches.count(one) >= 6 for one in batches)
    assert told["entries"] > 24


STORY = """
import lxml.html
from django.conf import settings
from haidang.web.factories.demo import example_code
from haidang.web.factories import drafts
from haidang.web.factories.models import Answer, Assessment, Factory
from haidang.web.factories.owners import joined
from haidang.web.factories.scored import _gathered
from haidang.web.factories.vocabulary import framework
from haidang.web.ledger.models import Entry
from haidang.web.ledger.write import verify
from haidang.web.people.models import Organisation, User
from haidang.web.serve import begin_records
from tests.web.city import add_factory, done
from tests.web.within import BASE, Unserved
begin_records()
site, codes, who = Unserved(BASE, settings.HOME.data, None), iter(range(1, 99)), User.objects.latest("pk")
def answered(made, yes):
    Answer.objects.bulk_create(Answer(assessment=made, criterion=each.id, value=int(each.level <= yes))
                               for each in framework().criteria)
def hand_in(person, yes, **more):
    visitor, code = site.visitor(person), example_code(next(codes))
    home = done(add_factory(visitor, f"Plant {code}", code, **more)).headers["location"]
    page = done(visitor.post(f"{home}assessments/start/", token_from=home)).headers["location"]
    made = Assessment.objects.latest("pk")
    answered(made, yes)
    done(visitor.post(f"/en/factories/assessments/{made.pk}/submit/", token_from=page))
    return made.pk
def others(*named):  # who looks at nothing is spared the forms
    for name, yes in named:
        body, _ = Organisation.objects.get_or_create(name=f"Body of {name}", kind="factory")
        one = Factory.objects.create(body=body, name=name, tax_code=example_code(next(codes)), sector="food",
                                     employees=64)
        made = Assessment.objects.create(factory=one, framework=framework().id,
                                         framework_version=framework().version, begun_by=who)
        answered(made, yes)
        drafts.hand_in(made, who)
def asked(person, number):
    key = site.key(person, "factories:read")
    said = json.loads(site.visitor(person).get(f"/api/v1/assessments/{number}/result", key).text)
    parts = [one["peers"] for one in (*said["areas"], *said["capabilities"])]
    return {"counts": [one["peers"]["factories"] for one in said["areas"]],
            "values": [[each["value"] for each in one["quantiles"]] for one in parts]}
def look(person, number):
    text = site.visitor(person).get(f"/en/factories/assessments/{number}/result/").text
    cells = lxml.html.fromstring(text).xpath("//td[@data-label='Quartiles of factories alike']")
    told = asked(person, number)
    return {"page": [one.text_content() for one in cells], "few": "other organisations" in text, **told}
told = {}
firm = first, *_, newest = [hand_in("firm", yes) for yes in (0, 0, 4, 4, 4)]
other = hand_in("other1", 2)
told["attack"] = [look("firm", first), look("firm", newest), look("other1", other)]
rows = Assessment.objects.filter(submitted__isnull=False)
rows.update(batch=1)  # as factories were once counted
told["before"] = [asked("firm", first), asked("other1", other)]
rows.update(batch=None)
_gathered.cache_clear()  # as in a site that begins with it
others(("other2", 1), ("other3", 1), ("other4", 3))
told["five"] = [asked("firm", newest), asked("other1", other)]
others(("other5", 3))
told["six"] = [look("firm", first), look("firm", newest)]
told["other"] = look("other1", other)
outside = hand_in("outside", 0, sector="metal")
told["outside"] = asked("outside", outside)
late = hand_in("late", 2)
others(*((f"late{at}", 2) for at in range(1, 5)))
told["eleven"] = [asked("firm", first), asked("late", late)]
told["counted"] = list(rows.order_by("pk").values_list("batch", flat=True))
give_role("firm@example.vn", "factory_editor", "Body of other3", "factory", "", lambda: password)
told["joined"] = [asked("firm", first), asked("outside", outside), asked("other1", other)]
hand_in("outside", 1, sector="metal")
told["back"] = sorted({one for one in rows.values_list("batch", flat=True) if one is not None})
give_role("late@example.vn", "factory_editor", "Body of other3", "factory", "", lambda: password)
give_role("outside@example.vn", "factory_editor", "Body of other4", "factory", "", lambda: password)
give_role("outside@example.vn", "assessor", "Readers", "evaluator", "", lambda: password)
give_role("other1@example.vn", "factory_editor", "Body of other5", "factory", "", lambda: password)
User.objects.filter(email="other1@example.vn").update(is_active=False)
named = dict(Organisation.objects.values_list("pk", "name"))
told["together"] = [sorted(named[one] for one in joined()), len(set(joined().values()))]
told["log"] = [Entry.objects.filter(action="factories.peers.taken_back").count(), verify().entries > 0]
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What people of different organisations see, one of which has five plants, on the page and by the interface."""
    looking = ("firm", "outside", "other1", "late")
    rows = [(f"{one}@example.vn", "factory_owner", f"Body of {one}", "factory") for one in looking]
    data = tmp_path_factory.mktemp("owners") / "data"
    return json.loads(inside(data, "hcmc", ACCOUNTS + STORY, [PASSWORD, *rows]))


def says_nothing(told: dict[str, Any]) -> bool:
    """Whether the interface says nothing of peers."""
    return set(told["counts"]) == {0} and not any(told["values"])


def shows_nothing(look: dict[str, Any]) -> bool:
    """Whether the page says that there are too few, and nothing of peers, nor does the interface."""
    return look["few"] and set(look["page"]) == {"–"} and says_nothing(look)


def test_an_owner_of_five_factories_does_not_read_off_the_sixth(story: dict[str, Any]) -> None:
    assert [shows_nothing(look) for look in story["attack"]] == [True] * 3
    assert [says_nothing(told) for told in story["five"]] == [True] * 2


def test_what_was_counted_by_factories_is_shown_no_more(story: dict[str, Any]) -> None:
    assert [says_nothing(told) for told in story["before"]] == [True] * 2


def test_of_six_organisations_each_sees_one_factory_of_the_five_others_and_none_of_its_own(
    story: dict[str, Any],
) -> None:
    one, another = story["six"]
    assert one == another  # whichever of its plants the firm looks from
    assert set(one["counts"]) == set(story["other"]["counts"]) == {5}
    assert set(story["outside"]["counts"]) == {6}
    # The others' levels are 2, 1, 1, 3, 3; for the first of them 1, 1, 3, 3 and that of the firm's last plant, 4.
    assert one["values"][0] == pytest.approx([1, 2, 3])
    assert story["other"]["values"][0] == pytest.approx([1, 3, 3])
    assert story["outside"]["values"][0] == pytest.approx([1.25, 2.5, 3])
    assert not one["few"]
    assert "–" not in one["page"]


def test_a_second_factory_of_a_firm_is_counted_with_five_others_more(story: dict[str, Any]) -> None:
    firm, late = story["eleven"]
    assert (set(firm["counts"]), set(late["counts"])) == ({10}, {11})
    # Of the firm's five plants the last came first; the plant outside is of another sector.
    assert story["counted"] == [None, None, None, 2, *[1] * 6, None, *[2] * 5]


def test_two_organisations_for_which_one_person_fills_in_are_one(story: dict[str, Any]) -> None:
    # The first batch holds both of them and so only five others of anybody's; the second stands.
    assert [set(told["counts"]) for told in story["joined"]] == [{5}, {6}, {6}]
    assert story["back"] == [0, 2]
    assert story["log"] == [1, True]


def test_a_third_organisation_is_one_with_both_and_who_sees_all_or_is_locked_out_joins_none(
    story: dict[str, Any],
) -> None:
    assert story["together"] == [["Body of firm", "Body of late", "Body of other3"], 1]
