"""A factory that answered little has no mean level yet, and its result says over how much it is told."""

from __future__ import annotations

import json
from pathlib import Path

from tests.web.site import inside

HAND_IN = """
from haidang.web.factories.demo import example_code
from haidang.web.factories.drafts import hand_in
from haidang.web.factories.models import Answer, Assessment, Factory
from haidang.web.factories.scored import advice
from haidang.web.factories.vocabulary import asked_of, framework
from haidang.web.ledger.models import Entry
from haidang.web.people.models import Organisation, User
from haidang.allocate.factory_report.view import View
from haidang.allocate.factory_report.wording import Wording
who = User.objects.create_user("who@example.vn", None)
body = Organisation.objects.create(name="F", kind="factory")
one = Factory.objects.create(body=body, name="F", tax_code=example_code(1), sector="garments", employees=64,
                             changed_by=who)
asked = asked_of("garments", one.size)
parts = [part for area in framework().areas for part in area.capabilities]
applying = [part for part in parts if any(each.id in asked for each in part.criteria)]
foreign = [each.id for each in framework().criteria if each.id not in asked]
def handed_in(some):
    made = Assessment.objects.create(factory=one, framework=framework().id,
                                     framework_version=framework().version, begun_by=who)
    chosen = [each.id for part in some for each in part.criteria if each.id in asked]
    left = [each for each in asked if each not in chosen]
    values = {name: 1 for name in (*chosen, *foreign)} | {name: -1 for name in left[:2]}
    Answer.objects.bulk_create(Answer(assessment=made, criterion=name, value=value, given_by=who)
                               for name, value in values.items())
    hand_in(made, who)
    made.refresh_from_db()
    entry = Entry.objects.filter(action="factories.assessment.handed_in").order_by("-pk").first()
    return {"mean": made.mean, "answers": json.loads(entry.details)["answers"], "asked": len(chosen),
            "lead": View("en", Wording("en"), advice(made)).facts["lead"]}
print(json.dumps({"few": handed_in(applying[:1]), "all": handed_in(applying), "applying": len(applying)}))
"""


def test_who_answered_one_capability_has_no_mean_level_and_reads_over_what_it_is_told(tmp_path: Path) -> None:
    told = json.loads(inside(tmp_path / "data", "hcmc", HAND_IN, []))
    few, whole = told["few"], told["all"]
    assert few["mean"] is None
    assert f"is 5 of 5 over the 1 of {told['applying']} capabilities whose level is known" in few["lead"]
    assert whole["mean"] == 5
    assert "stands at a mean level of 5 of 5." in whole["lead"]
    # Neither an open question nor one that is not asked of such a factory counts as an answer.
    assert (few["answers"], whole["answers"]) == (few["asked"], whole["asked"])
