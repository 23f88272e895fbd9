"""A model's card held against its population, its pack and itself: what is misspelt is named with the nearest word."""

from dataclasses import replace

import pytest

from haidang.models import Attribute
from haidang.packs import load_pack
from haidang.packs.card import ROLES, card_mistakes
from haidang.results.manifest import Roles

PACK = load_pack("hcmc")
CARD = PACK.model("factories").card


def said(**changed) -> list[str]:
    return [str(one) for one in card_mistakes(PACK, "factories", replace(CARD, **changed))]


def test_the_cards_of_the_city_are_in_order():
    for name in PACK.modules:
        assert list(card_mistakes(PACK, name, PACK.model(name).card)) == []


def test_the_parts_are_those_that_reports_know():
    assert set(ROLES) == set(Roles.model_fields)


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"roles": {"mian": "level_gain"}}, "a part that an outcome plays, found 'mian'; did you mean 'main'"),
        ({"roles": {"main": "level_gian"}}, "found 'level_gian'; did you mean 'level_gain'"),
        ({"tracked": ("lone",)}, "an outcome that is tracked, found 'lone'; did you mean 'loan'"),
        ({"groups": ("sise",)}, "found 'sise'; did you mean 'size'"),
        ({"groups": ("employees",)}, "a category or a flag to group by, found 'employees'"),
        ({"facts": ("market_rte",)}, "did you mean 'market_rate'"),
        ({"attributes": {"sizes": Attribute("category")}}, "to have the column 'sizes'"),
        ({"attributes": {"employees": Attribute("flag")}}, "expected 'employees' to be a number"),
        ({"attributes": {"employees": Attribute("number", "VND")}}, "expected 'employees' in person"),
        (
            {"attributes": {"size": Attribute("category", categories=("small", "medium", "big"))}},
            "to know the word 'large'",
        ),
    ],
)
def test_what_a_card_gets_wrong_is_said(changed, problem):
    assert any(problem in one for one in said(**changed)), said(**changed)
