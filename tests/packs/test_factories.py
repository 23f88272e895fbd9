"""The factories' arithmetic against cases worked out by hand."""

import math

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haidang.models import Columns
from haidang.packs.hcmc.models.card import CARD
from haidang.packs.hcmc.models.technologies import AREAS, TECHNOLOGIES
from tests.packs.plants import BILLION, CODES, FACTS, MODEL, NAMES, columns, has, numbers, option, scene, taken

LOAN = {"loan_share": 0.7, "loan_rate": 0.06}
WORTH = 0.02 * 2.418426  # two points on a loan of five years at a discount of ten percent
COST = 0.02 * 50 * BILLION


def close(value, **given):
    return pytest.approx(value, rel=given.get("rel", 1e-5))


def test_a_middling_factory_pays_the_stated_share_of_its_revenue():
    seen = scene()
    assert numbers(MODEL.rank(seen, jnp.array([1], jnp.uint8), NAMES)["cost"]) == [close(COST)]


def test_four_times_the_revenue_costs_twice_as_much_at_an_elasticity_of_a_half():
    seen = scene({"revenue": 200 * BILLION}, {"revenue": 12.5 * BILLION})
    cost = MODEL.rank(seen, jnp.array([3, 3], jnp.uint8), NAMES)["cost"]
    assert numbers(cost) == [close(2 * COST), close(COST / 2)]


def appeal(saving, cost=40_000, employees=60):
    """What plants' decisions say of an investment in dollars."""
    return -1.0 - 0.5 * math.log(cost) + 0.4 * math.log(saving) + 0.1 * math.log(employees)


# A middling factory pays 1 billion VND = 40,000 USD and saves 5 % of 1 GWh at 2,000 VND and 1 % of 10 billion: 200
# million = 8,000 USD. Of the technologies that need none before them, two are about energy and four about processes;
# planning has running costs of 0.1 % of 50 billion, so it saves 6,000 USD.
TYPICAL = {
    "energy": math.log(2 * math.exp(appeal(8_000))),
    "process": math.log(3 * math.exp(appeal(8_000)) + math.exp(appeal(6_000))),
}


def test_the_utility_without_any_offer_is_counted_from_a_typical_factory():
    assert numbers(option("energy_management", scene()).utility) == [close(appeal(8_000) - TYPICAL["energy"] + 0.3)]
    assert numbers(option("monitoring", scene()).utility) == [close(appeal(8_000) - TYPICAL["process"] + 0.2)]


def test_a_typical_factory_takes_up_a_kind_at_the_odds_of_its_shift():
    for kind, shift in (("energy", 0.3), ("process", 0.2)):
        first = [one.id for one in TECHNOLOGIES if one.kind == kind and not one.after]
        odds = sum(math.exp(numbers(option(name, scene()).utility)[0]) for name in first)
        assert odds == close(math.exp(shift), rel=1e-4)


def test_cost_saving_and_size_move_the_utility_as_decisions_say():
    # Four times the revenue: twice the cost. Ten times the electricity: it saves 1.1 billion VND, 44,000 USD.
    large = {"revenue": 200 * BILLION, "electricity": 1e7, "employees": 600.0}
    expected = appeal(44_000, 80_000, 600) - TYPICAL["process"] + 0.2
    assert numbers(option("training", scene(large)).utility) == [close(expected)]


def test_running_costs_are_taken_from_the_saving_of_planning_and_maintenance():
    found = [numbers(option(name, scene()).utility)[0] for name in ("planning", "maintenance")]
    assert found == [close(appeal(saving) - TYPICAL["process"] + 0.2) for saving in (6_000, 4_000)]


def test_a_saving_below_one_dollar_counts_as_one():
    poor = {"electricity": 0.0, "value_added": 0.0}
    assert numbers(option("planning", scene(poor)).utility) == [close(appeal(1) - TYPICAL["process"] + 0.2)]


def test_peers_plants_and_advice_add_what_the_facts_say():
    plain = numbers(option("training", scene()).utility)[0]
    peers = numbers(option("training", scene(peers={"peers_training": 0.4})).utility)[0]
    plant = numbers(option("training", scene(chance={"plant": -2.0})).utility)[0]
    advised = numbers(option("training", scene(levers={"advisory": 1.0})).utility)[0]
    assert peers - plain == close(1.5 * 0.4, rel=1e-4)
    assert plant - plain == close(-2.0 * 0.5, rel=1e-4)
    assert advised - plain == close(4 * 0.05 + 0.02 * 3, rel=1e-4)


def test_a_loan_is_its_share_of_the_cost_and_worth_its_interest():
    found = option("monitoring", scene(levers=LOAN))
    assert numbers(found.uses["loan"]) == [close(0.7 * COST)]
    assert numbers(found.uses["subsidy"]) == [close(0.7 * COST * WORTH, rel=1e-4)]
    raised = numbers(found.utility)[0] - numbers(option("monitoring", scene()).utility)[0]
    assert raised == close(-2.0 * math.log(1 - 0.7 * WORTH), rel=1e-3)


def test_a_loan_is_cut_to_its_cap():
    found = option("monitoring", scene(levers={**LOAN, "loan_cap": 300e6}))
    assert numbers(found.uses["loan"]) == [close(300e6)]


def test_a_grant_is_its_share_of_the_cost_and_needs_no_loan():
    found = option("monitoring", scene({"no_need": True, "collateral": False}, levers={"grant_share": 0.3}))
    assert numbers(found.uses["loan"]) == [0.0]
    assert numbers(found.uses["subsidy"]) == [close(0.3 * COST)]


def test_support_of_the_whole_cost_counts_as_ninety_five_percent():
    found = option("monitoring", scene(levers={"grant_share": 1.0}))
    raised = numbers(found.utility)[0] - numbers(option("monitoring", scene()).utility)[0]
    assert raised == close(-2.0 * math.log(0.05), rel=1e-4)


def test_a_guarantee_opens_the_loan_without_collateral_and_costs_its_expected_loss():
    bare = {"collateral": False}
    assert numbers(option("monitoring", scene(bare, levers=LOAN)).uses["loan"]) == [0.0]
    found = option("monitoring", scene(bare, {}, levers={**LOAN, "guarantee_share": 0.8}))
    interest, loss = 0.7 * COST * WORTH, 0.7 * COST * 0.8 * 0.05
    assert numbers(found.uses["loan"]) == [close(0.7 * COST)] * 2
    assert numbers(found.uses["subsidy"]) == [close(interest + loss, rel=1e-4), close(interest, rel=1e-4)]


def test_some_lenders_ask_for_no_collateral():
    found = option("monitoring", scene({"collateral": False}, levers=LOAN, chance={"pledge": 0.95}))
    assert numbers(found.uses["loan"]) == [close(0.7 * COST)]


def test_advice_costs_its_price_whatever_the_factory_then_does():
    seen = scene(levers={"advisory": 1.0})
    assert numbers(option("nothing", seen).uses["subsidy"]) == [close(FACTS["advisory_cost"])]
    assert numbers(option("monitoring", seen).uses["subsidy"]) == [close(FACTS["advisory_cost"])]
    nobody = scene(levers={"advisory": 1.0}, chance={"advice": 1.0})
    assert numbers(option("nothing", nobody).uses["subsidy"]) == [0.0]


def test_a_technology_that_the_programme_does_not_pay_gets_nothing():
    found = MODEL.options(scene(levers={**LOAN, "pays_monitoring": 0.0}))
    assert numbers(found["monitoring"].uses["loan"]) == [0.0]
    assert numbers(found["planning"].uses["loan"]) == [close(0.7 * COST)]


STAGE = {
    "offered": {"levers": {}},
    "aware": {"chance": {"aware": 0.6}},
    "needs": {"plant": {"no_need": True}},
    "applies": {"chance": {"applies": 0.9}},
    "collateral": {"plant": {"collateral": False}},
    "approved": {"chance": {"approval": 0.9}},
}


@pytest.mark.parametrize("stage", STAGE)
def test_a_factory_stops_at_the_first_stage_that_it_does_not_pass(stage):
    case = STAGE[stage]
    seen = scene(case.get("plant", {}), levers=case.get("levers", LOAN), chance=case.get("chance"))
    reached = [name for name, passes in MODEL.stages(seen).items() if numbers(passes)[0]]
    names = [one.id for one in CARD.stages]
    assert reached == names[: names.index(stage)]
    assert numbers(option("monitoring", seen).uses["loan"]) == [0.0]


def test_a_factory_that_passes_every_stage_is_approved():
    assert all(numbers(passes) == [True] for passes in MODEL.stages(scene(levers=LOAN)).values())


def test_advice_makes_aware_a_part_of_those_who_were_not():
    # 0.5 are aware; advice reaches 0.6 of the others: 0.8.
    for random, aware in ((0.79, True), (0.81, False)):
        seen = scene(levers={**LOAN, "advisory": 1.0}, chance={"aware": random})
        assert numbers(MODEL.stages(seen)["aware"]) == [aware]


def test_the_share_that_applies_follows_the_worth_of_the_offer():
    odds = 0.4 / 0.6 * WORTH / 0.05
    share = odds / (1 + odds)
    for random, applies in ((share - 0.001, True), (share + 0.001, False)):
        assert numbers(MODEL.stages(scene(levers=LOAN, chance={"applies": random}))["applies"]) == [applies]


def test_nobody_applies_for_a_loan_at_the_market_rate():
    assert numbers(MODEL.stages(scene(levers={"loan_share": 0.7}))["applies"]) == [False]


@pytest.mark.parametrize(("size", "rate"), [("small", 0.3), ("medium", 0.5), ("large", 0.7)])
def test_an_occasion_comes_at_the_rate_of_the_size(size, rate):
    for random, there in ((rate - 0.001, True), (rate + 0.001, False)):
        found = MODEL.options(scene({"size": size}, chance={"occasion": random}))
        assert {numbers(found[name].available)[0] for name in ("monitoring", "training")} == {there}


def test_a_technology_waits_for_what_must_come_first_and_is_adopted_once():
    for one in TECHNOLOGIES:
        bare, ready = scene(), scene(had=has(*one.after))
        done = scene(had=has(*one.after), new=has(one.id))
        assert numbers(option(one.id, bare).available) == [not one.after]
        assert numbers(option(one.id, ready).available) == [True]
        assert numbers(option(one.id, done).available) == [False]


def test_what_was_adopted_since_the_start_counts_as_what_must_come_first():
    assert numbers(option("automation", scene(new=has("monitoring"))).available) == [True]


def test_a_factory_begins_with_every_technology_of_its_levels():
    plants = ({}, {"level_sustain": 2.0}, {"level_flow": 3.0, "level_process": 2.0}, {"level_digital": 2.9})
    found = MODEL.start(Columns(columns(plants), CODES), {})
    assert numbers(found["had"]) == [
        0,
        has("energy_management", "efficient_drives"),
        has("monitoring", "planning", "quality_inspection"),
        0,
    ]
    assert numbers(found["new"]) == [0, 0, 0, 0]


# Own funds: a tenth of revenue. A cost of 20 % of revenue is beyond them, one of 12 % only with a bank's quarter.
@pytest.mark.parametrize(
    ("constrained", "share", "levers", "affordable"),
    [
        ("none", 0.20, {}, True),
        ("partial", 0.20, {}, False),
        ("full", 0.20, {}, False),
        ("partial", 0.12, {}, True),
        ("full", 0.12, {}, False),
        ("full", 0.09, {}, True),
        ("full", 0.20, {**LOAN}, True),
        ("full", 0.12, {"grant_share": 0.3}, True),
        ("full", 0.20, {"grant_share": 0.3}, False),
        ("partial", 0.18, {"grant_share": 0.3}, True),
    ],
)
def test_a_constrained_factory_is_held_by_its_own_funds_with_what_a_programme_brings(
    constrained, share, levers, affordable
):
    seen = scene({"constrained": constrained}, levers=levers, facts={"monitoring_cost": share})
    assert numbers(option("monitoring", seen).available) == [affordable]


def test_a_smaller_share_of_constrained_factories_frees_some_and_a_larger_one_holds_more():
    dear = {"monitoring_cost": 0.20}
    for share, kind, random, affordable in (
        (0.1, "full", 0.49, False),
        (0.1, "full", 0.51, True),
        (0.4, "none", 0.39, False),
        (0.4, "none", 0.41, True),
        (0.2, "none", 0.0, True),
    ):
        facts = dear | {"constrained_share": share}
        seen = scene({"constrained": kind}, facts=facts, chance={"constraint": random})
        assert numbers(option("monitoring", seen).available) == [affordable], (share, kind, random)


def test_levels_rise_to_those_of_what_was_adopted_and_never_fall():
    high = {"level_sustain": 4.0}
    seen = scene({}, {}, {"level_flow": 2.5}, high, had=0)
    choice = taken(seen, "monitoring", "rooftop_solar", "planning", "energy_management")
    after = MODEL.move(seen, choice)
    found = MODEL.outcomes(seen, choice, after)
    assert numbers(found["level_gain"]) == [2.0, 3.0, 0.5, 0.0]
    assert numbers(found["level"]) == [close(2 / 7), close(3 / 7), close(3 / 7), close(4 / 7)]
    assert numbers(found["adoptions"]) == [1.0] * 4


def test_the_rank_of_a_wish_is_the_level_it_would_bring():
    seen = scene({}, {"level_process": 2.5}, {})
    choice = jnp.array([NAMES.index("automation") + 1, NAMES.index("automation") + 1, 0], jnp.uint8)
    found = MODEL.rank(seen, choice, NAMES)
    assert numbers(found["expected_level_gain"]) == [3.0, 0.5, 0.0]
    assert numbers(found["cost"]) == [close(COST), close(COST), 0.0]


def test_a_year_brings_what_was_adopted_since_the_start_and_not_what_was_there_before():
    seen = scene({}, had=has("training"), new=has("energy_management"))
    choice = taken(seen, "monitoring")
    found = MODEL.outcomes(seen, choice, MODEL.move(seen, choice))
    saved = 1 - 0.95**2
    assert numbers(found["investment"]) == [close(COST)]
    assert numbers(found["value_added_gain"]) == [close(0.02 * 10 * BILLION)]
    assert numbers(found["electricity_saved"]) == [close(saved * 1e6)]
    assert numbers(found["emissions_avoided"]) == [close(saved * 1e6 * 0.00066)]


def test_who_does_nothing_invests_nothing_and_keeps_its_state():
    seen = scene({}, new=has("planning"))
    choice = taken(seen, "nothing")
    after = MODEL.move(seen, choice)
    found = MODEL.outcomes(seen, choice, after)
    assert numbers(after["new"]) == [has("planning")]
    for name in ("adoptions", "investment", "loan", "subsidy", "level_gain"):
        assert numbers(found[name]) == [0.0]
    assert numbers(found["value_added_gain"]) == [close(0.01 * 10 * BILLION)]


@settings(max_examples=8)
@given(st.lists(st.floats(0.0, 1.0), min_size=10, max_size=10))
def test_a_factory_never_saves_more_electricity_than_it_uses(shares):
    facts = {f"{one.id}_energy": share for one, share in zip(TECHNOLOGIES, shares, strict=True)}
    seen = scene(facts=facts, new=has(*NAMES))
    found = MODEL.outcomes(seen, taken(seen, "nothing"), seen.state)
    saved = numbers(found["electricity_saved"])[0]
    assert saved == pytest.approx(1e6 * (1 - np.prod([1 - share for share in shares])), rel=1e-4, abs=1.0)
    assert saved <= 1e6 * (1 + 1e-6)


def test_what_programmes_may_name_follows_the_state():
    seen = scene({"level_sustain": 2.0}, had=has("energy_management", "efficient_drives"), new=has("training"))
    found = MODEL.derive(Columns(columns([{"level_sustain": 2.0}]), CODES), seen.state)
    assert numbers(found["technologies"]) == [3.0]
    assert numbers(found["level"]) == [close(4 / len(AREAS))]


def test_a_factory_without_revenue_is_never_better_off_with_any_technology():
    seen = scene({"revenue": 0.0})
    for name in NAMES:
        found = option(name, seen)
        assert not bool(found.utility[0] > -jnp.inf) or not bool(found.available[0])
