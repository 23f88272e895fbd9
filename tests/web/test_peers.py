"""What one looks up of one's peers, before and after others hand in: nobody is found by subtracting."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from tests.web.site import inside

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
