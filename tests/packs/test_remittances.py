"""The remittances model against cases worked out by hand."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.packs.savers import BOND, CARD, MILLION, MODEL, USES, available, numbers, odds, option, scene, taken, year_of

BANKS = {"remit_use_business": 0.72}
GRID = (np.arange(100) + 0.5) / 100

yields = st.floats(0.01, 0.2)
shares = st.floats(0.0, 1.0)


def shares_of(facts=None):
    """Shares of households by the purpose of the year's money, over an even grid of chance."""
    seen = scene(*({} for _ in GRID), chance={"purpose": GRID}, facts=facts, levers={})
    return {use: float(np.mean(available(use, seen))) for use in USES}


def test_without_an_offer_the_survey_s_money_is_put_to_the_survey_s_uses():
    assert shares_of() == pytest.approx({"saving": 0.24, "property": 0.52, "business": 0.0}, abs=0.011)


def test_without_an_offer_the_banks_money_is_put_to_the_banks_uses():
    assert shares_of(BANKS) == pytest.approx({"saving": 0.0, "property": 0.22, "business": 0.72}, abs=0.011)


def test_half_of_each_answer_mixes_them_half_and_half():
    mixed = shares_of({"remit_use_business": 0.36})
    assert mixed == pytest.approx({"saving": 0.12, "property": 0.37, "business": 0.36}, abs=0.011)


def test_ten_thousand_dollars_at_25_000_are_250_million_in_2025_and_grow():
    # 250 x 1.04^2 = 270.4
    assert numbers(year_of(scene(levers={}), "saving")["saving"]) == pytest.approx([250 * MILLION])
    assert numbers(year_of(scene(levers={}, year=2027), "saving")["saving"]) == pytest.approx(
        [270.4 * MILLION], rel=1e-5
    )


def test_a_saver_in_dong_weighs_the_bond_against_a_long_deposit():
    # 7.5 - 1 for the risk - 7 = -0.5 points; odds 0.2/0.8 x 2^-0.5 = 0.17678
    assert odds("bond", scene()) == pytest.approx(0.25 * 2**-0.5, rel=1e-3)


def test_a_saver_in_dollars_weighs_it_against_the_fall_of_the_dong():
    # 7.5 - 1 - 2.5 = 4 points; odds 0.25 x 2^4 = 4
    assert odds("bond", scene(chance={"dollars": 0.1})) == pytest.approx(4.0, rel=1e-3)


def test_a_guarantee_of_everything_takes_the_price_of_the_risk_away():
    # 7.5 - 7 = 0.5 points
    assert odds("bond", scene(levers=BOND | {"guarantee": 1.0})) == pytest.approx(0.25 * 2**0.5, rel=1e-3)


def test_a_bond_of_two_years_is_weighed_against_a_short_deposit():
    # 7.5 - 1 - 5 = 1.5 points
    assert odds("bond", scene(levers=BOND | {"years": 2.0})) == pytest.approx(0.25 * 2**1.5, rel=1e-3)


def test_money_for_investment_in_real_estate_and_for_business_is_weighed_against_their_own_return():
    # The last quarter of the survey's 52 percent invests: 7.5 - 1 - 8 = -1.5. Business: 7.5 - 1 - 15 = -8.5.
    assert odds("bond", scene(chance={"purpose": 0.5})) == pytest.approx(0.25 * 2**-1.5, rel=1e-3)
    assert odds("bond", scene(chance={"purpose": 0.1}, facts=BANKS)) == pytest.approx(0.25 * 2**-8.5, rel=5e-3)


def test_the_fund_adds_the_city_s_tenth_and_asks_for_more_risk():
    # 8 + (1.1^(1/5) - 1 = 1.9245) - 3 - 7 = -0.0755 points
    levers = {"fund_yield": 0.08, "matching": 0.1, "channel": 1.0}
    assert odds("fund", scene(levers=levers)) == pytest.approx(0.25 * 2**-0.0755, rel=1e-3)


def test_nine_parts_lent_by_a_bank_multiply_yield_and_money():
    # 6 + 9 x (6 - 4.5) = 19.5, less 1 for the risk and 7: 11.5 points; 250 million become 2,500
    seen = scene(levers=BOND | {"bond_yield": 0.06, "leverage": 10.0})
    assert odds("bond", seen) == pytest.approx(0.25 * 2**11.5, rel=5e-3)
    assert numbers(option("bond", seen).uses["bond"]) == pytest.approx([2_500 * MILLION])


def test_money_for_consumption_and_for_a_home_is_never_lent():
    # Under the survey: real estate up to 0.52, of which the first three quarters (0.39) are homes; saving up to 0.76.
    seen = scene(*({} for _ in range(5)), chance={"purpose": np.array([0.2, 0.38, 0.4, 0.7, 0.8])})
    assert available("bond", seen)[:5] == [False, False, True, True, False]


def test_whole_tickets_are_bought_and_who_cannot_pay_one_is_not_offered_any():
    seen = scene({}, {"remittance": 4_000.0}, {"remittance": 3_900.0})
    assert available("bond", seen)[:3] == [True, True, False]
    assert numbers(option("bond", seen).uses["bond"])[:3] == pytest.approx([200 * MILLION, 100 * MILLION, 0.0])


def test_half_of_a_bank_s_customers_are_asked_and_a_tenth_of_others():
    households = [{"bank": bank} for bank in (True, True, False, False)]
    seen = scene(*households, chance={"asked": np.array([0.49, 0.51, 0.09, 0.11])})
    assert available("bond", seen)[:4] == [True, False, True, False]


def test_without_banks_their_customers_hear_of_it_as_others_do():
    seen = scene({}, {}, levers=BOND | {"channel": 0.0}, chance={"asked": np.array([0.09, 0.11])})
    assert available("bond", seen)[:2] == [True, False]


def test_a_report_wins_half_of_the_doubters():
    # 0.4 trust; with a report 0.4 + 0.5 x 0.6 = 0.7
    chance = {"trust": np.array([0.39, 0.41, 0.69, 0.71])}
    assert available("bond", scene({}, {}, {}, {}, chance=chance))[:4] == [True, False, False, False]
    reported = scene({}, {}, {}, {}, levers=BOND | {"reporting": 1.0}, chance=chance)
    assert available("bond", reported)[:4] == [True, True, True, False]


def test_nothing_is_sold_where_no_yield_is_offered():
    assert available("bond", scene(levers={"channel": 1.0})) == [False]
    assert available("fund", scene()) == [False]


def test_a_bond_costs_its_interest_and_its_guarantee_in_the_year_of_sale():
    # 7.5 % for five years at 3 %: 0.075 x 4.579707 = 0.343478; 1 % of what is guaranteed; both of 200 million
    found = year_of(scene(levers=BOND | {"guarantee": 1.0}), "bond")
    assert numbers(found["fund_raised"]) == pytest.approx([200 * MILLION])
    assert numbers(found["interest"]) == pytest.approx([68.6956 * MILLION], rel=1e-5)
    assert numbers(found["guarantee_loss"]) == pytest.approx([2 * MILLION])
    assert numbers(found["matching"]) == [0.0]
    assert numbers(found["public_cost"]) == pytest.approx([70.6956 * MILLION], rel=1e-5)


def test_the_fund_costs_the_city_s_tenth_too():
    # 250 million: 8 % x 4.579707 = 0.366377 and a tenth
    found = year_of(scene(levers={"fund_yield": 0.08, "matching": 0.1, "channel": 1.0}), "fund")
    assert numbers(found["matching"]) == pytest.approx([25 * MILLION])
    assert numbers(found["interest"]) == pytest.approx([91.5941 * MILLION], rel=1e-5)


def test_what_is_asked_of_a_budget_is_what_the_year_books():
    seen = scene(levers=BOND | {"guarantee": 0.5})
    asked = option("bond", seen).uses["public_cost"]
    assert numbers(year_of(seen, "bond")["public_cost"]) == pytest.approx(numbers(asked), rel=1e-6)


def test_a_saver_served_in_part_keeps_the_rest_saved():
    # 200 of 250 million asked, half of it served
    found = year_of(scene(), "bond", share=0.5)
    assert numbers(found["fund_raised"]) == pytest.approx([100 * MILLION])
    assert numbers(found["saving"]) == pytest.approx([150 * MILLION])


def test_what_older_savings_or_a_bank_add_is_not_taken_from_the_year_s_money():
    doubled = scene(facts={"remit_placed_share": 2.0})
    assert numbers(year_of(doubled, "bond")["fund_raised"]) == pytest.approx([500 * MILLION])
    assert numbers(year_of(doubled, "bond")["saving"]) == [0.0]
    borrowed = scene(levers=BOND | {"leverage": 5.0})
    assert numbers(year_of(borrowed, "bond")["saving"]) == pytest.approx([10 * MILLION])


def test_a_household_that_has_lent_once_counts_from_then_on():
    assert numbers(MODEL.start(scene().units, scene().fact)["lent"]) == [0.0]
    assert numbers(MODEL.move(scene(), taken(scene(), "bond"))["lent"]) == [1.0]
    assert numbers(MODEL.move(scene(lent=1), taken(scene(lent=1), "saving"))["lent"]) == [1.0]
    assert numbers(year_of(scene(), "saving")["households"]) == [0.0]


@settings(max_examples=12)
@given(yields, shares)
def test_better_terms_never_lose_a_saver(bond, guarantee):
    worse = odds("bond", scene(levers=BOND | {"bond_yield": bond, "guarantee": guarantee}))
    assert odds("bond", scene(levers=BOND | {"bond_yield": bond + 0.01, "guarantee": guarantee})) >= worse
    assert odds("bond", scene(levers=BOND | {"bond_yield": bond, "guarantee": 1.0})) >= worse


@settings(max_examples=12)
@given(st.lists(shares, min_size=2, max_size=8), shares)
def test_reports_and_small_tickets_never_shut_anybody_out(drawn, reporting):
    households = [{"remittance": 1_000.0 * (k + 1)} for k in range(len(drawn))]
    seen = available("bond", scene(*households, chance={"trust": np.array(drawn)}))
    levers = BOND | {"reporting": reporting, "ticket": 5 * MILLION}
    better = available("bond", scene(*households, levers=levers, chance={"trust": np.array(drawn)}))
    assert all(after >= before for before, after in zip(seen, better, strict=True))


@settings(max_examples=12)
@given(st.lists(shares, min_size=2, max_size=8), st.sampled_from([0.0, 0.3, 0.72]))
def test_no_money_is_lost_or_made(drawn, business):
    households = [{"remittance": 3_000.0 * (k + 1)} for k in range(len(drawn))]
    seen = scene(*households, chance={"purpose": np.array(drawn)}, facts={"remit_use_business": business})
    options = MODEL.options(seen)
    meant = np.stack([np.asarray(options[use].available) for use in USES]).any(axis=0)
    lent = np.asarray(options["bond"].available)
    found = year_of(seen, "bond")
    kept = sum(np.asarray(found[use]) for use in USES)
    whole = np.asarray(seen.units["remittance"]) * 25_000.0
    assert np.all(~lent | meant)
    assert (kept + np.asarray(found["fund_raised"]))[meant] == pytest.approx(whole[meant], rel=1e-5)
    assert kept[~meant] == pytest.approx(0.0)


def test_stages_only_ever_lose_households():
    seen = scene(*({"remittance": 2_000.0 * k} for k in range(1, 9)), chance={"purpose": np.arange(8) / 8})
    reached = [np.asarray(MODEL.stages(seen)[one.id]) for one in CARD.stages]
    assert all(np.all(after <= before) for before, after in itertools.pairwise(reached))
    assert numbers(reached[-1]) == available("bond", seen)
