"""The roofs' model against numbers worked out on paper, in millions of VND where nothing else is said."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haidang.packs.hcmc.models.solar import KW, _Sight
from tests.packs.roofs import MILLION, MODEL, chosen, number, option, scene, utility

FIT = {"tariff": 1500.0, "sold_share": 1.0}
LOAN = {"loan_share": 0.7, "rate_gap": 0.02, "term": 5.0, "heard": 1.0}


def sight(**changed):
    return _Sight(scene(**changed))


def millions(array):
    return number(array) / MILLION


def test_for_own_use_a_roof_takes_what_meets_its_use_by_day():
    # 5,000 kWh at 1,000 kWh/kW is 5 kW of the 10 that fit, for 5 x 10 = 50.
    found = sight()
    assert number(found.size) == pytest.approx(5 * KW)
    assert millions(found.cost) == pytest.approx(50.0)
    assert number(option("own").available)
    assert not number(option("sale").available)


def test_a_small_roof_limits_it_and_less_than_a_kilowatt_is_not_built():
    assert number(sight(roof=3 * KW).size) == pytest.approx(3 * KW)
    assert not number(option("own", roof=0.9 * KW).available)


def test_the_gain_is_ten_years_of_electricity_over_the_cost():
    # 5,000 kWh x 2,000 VND x 10 years = 100, less 50: 50 over noise of 10 % of 50.
    assert utility() == pytest.approx(10.0, rel=1e-4)
    # 1 % of the cost a year to run, ten years: 5 less.
    assert utility(facts={"solar_running": 0.01}) == pytest.approx(9.0, rel=1e-4)
    # Having to act now weighs 2 % of the cost: 1 less.
    assert utility(facts={"solar_putting_off": 0.02}) == pytest.approx(9.8, rel=1e-4)


def test_a_hurdle_rate_discounts_and_rising_prices_make_up_for_it():
    # At 10 % ten years are worth 6.144567: 10 x 6.144567 - 50 = 11.44567.
    assert utility(facts={"solar_hurdle": 0.10}) == pytest.approx(2.28913, rel=1e-3)
    # Prices that rise by 10 % undo the discount; a spread of 0.6931 doubles the hurdle of who is one above the middle.
    both = {"solar_hurdle": 0.10, "solar_price_growth": 0.10}
    assert utility(facts=both) == pytest.approx(10.0, rel=1e-3)
    steep = {"solar_hurdle": 0.05, "solar_hurdle_spread": math.log(2.0)}
    assert utility(facts=steep, chance={"hurdle": 1.0}) == pytest.approx(2.28913, rel=1e-3)


def test_large_systems_cost_less_per_kilowatt_on_a_power_law():
    # 12 at 10 kW and 6 at 1 MW: at 100 kW, half way in logs, the root of 72, 8.4853.
    prices = {"solar_cost_small": 12 * MILLION / KW, "solar_cost_large": 6 * MILLION / KW}
    for size, price in ((10, 12.0), (100, 8.4853), (1000, 6.0)):
        found = sight(facts=prices, roof=size * KW, daytime=1e9)
        assert millions(found.cost) == pytest.approx(size * price, rel=1e-3)


def test_equipment_gets_cheaper_by_the_month_and_a_farm_builds_its_roof():
    # After six months at 10 % a year: 50 exp(-0.05); a farm pays 2 more for each of its 5 kW.
    assert millions(sight(index=6, facts={"solar_cost_fall": 0.1}).cost) == pytest.approx(
        50 * math.exp(-0.05), rel=1e-4
    )
    assert millions(sight(kind="farm").cost) == pytest.approx(60.0)


def test_where_all_that_is_left_over_is_bought_the_whole_roof_is_worth_covering():
    # 10 kW: 100 saved, 5,000 kWh x 1,500 x 10 = 75 sold, 100 to pay: 75 against 50.
    found = option("sale", levers=FIT)
    assert number(found.available)
    assert number(found.utility) == pytest.approx(75 / 10, rel=1e-4)
    assert number(found.uses["surplus"]) == pytest.approx(5000.0)
    # At 900 VND it earns 45 and costs 50 more: better no larger than its own use.
    assert not number(option("sale", levers={**FIT, "tariff": 900.0}).available)


def test_a_fifth_that_may_be_sold_makes_the_system_a_quarter_larger():
    # 5 kW / (1 - 20 %) = 6.25 kW; 1,250 kWh sold. It pays from 1,000 VND, where they earn 12.5 in ten years.
    terms = {"sold_share": 0.2, "tariff": 1100.0}
    assert number(sight(levers=terms).size) == pytest.approx(6.25 * KW)
    assert number(option("sale", levers=terms).uses["surplus"]) == pytest.approx(1250.0)
    assert number(sight(levers={**terms, "tariff": 900.0}).size) == pytest.approx(5 * KW)


def test_a_loan_is_worth_its_points_of_interest_and_costs_the_public_as_much():
    # 70 % of 50 is 35; two points over five years of equal parts are 6 %: 2.1.
    found = option("own", levers=LOAN)
    assert millions(found.uses["loan"]) == pytest.approx(35.0)
    assert millions(found.uses["subsidy"]) == pytest.approx(2.1)
    assert number(found.utility) == pytest.approx((50 + 2.1) / 5, rel=1e-4)
    assert number(option("own", levers={**LOAN, "heard": 0.5}, chance={"heard": 0.6}).uses["loan"]) == 0.0


def test_a_loan_lets_some_who_could_not():
    # 30 % of homes could; of the others a tenth with a loan: 37 %.
    for levers, share in ((None, 0.3), (LOAN, 0.37)):
        assert number(option("own", levers=levers, chance={"able": share - 0.01}).available)
        assert not number(option("own", levers=levers, chance={"able": share + 0.01}).available)
    assert number(option("own", kind="factory", chance={"able": 0.39}).available)
    assert not number(option("own", kind="farm", chance={"able": 0.21}).available)


def test_a_price_above_the_market_s_costs_the_public_the_difference_for_life():
    # 5,000 kWh x (1,500 - 700) x 10 = 40.
    assert millions(option("sale", levers={**FIT, "market": 700.0}).uses["subsidy"]) == pytest.approx(40.0)
    assert millions(option("sale", levers=FIT).uses["subsidy"]) == 0.0


def test_how_many_think_of_it_follows_from_new_roofs_of_the_kind():
    # 50 a year x 1 % is 0.5: in a month 1 - exp(-0.5/12) = 4.08 %.
    assert number(option("own", neighbours=0.01, chance={"look": 0.0407}).available)
    assert not number(option("own", neighbours=0.01, chance={"look": 0.0409}).available)
    # Six months' worth at the start, for who compares with waiting: 1 - exp(-0.25) = 22.1 %.
    start = {"neighbours": 0.01, "index": 0}
    assert number(sight(**start, chance={"look": 0.220, "patient": 0.1}).thinks)
    assert not number(sight(**start, chance={"look": 0.222, "patient": 0.1}).thinks)
    assert not number(sight(**start, chance={"look": 0.220}).thinks)


def test_who_thought_of_it_before_comes_back_by_another_chance():
    assert number(option("own", state={"looked": 1.0}, neighbours=0.0, chance={"look": 0.59}).available)
    assert not number(option("own", state={"looked": 1.0}, chance={"look": 0.61}).available)


def deadline(month, **changed):
    """A home in 2020 under a tariff that ends with the year; half a month of lead, two fifths of delay at most."""
    return {"year": 2020, "month": month, "index": month - 1, "levers": {**FIT, "ends": 2021.0}, **changed}


def test_what_is_ordered_at_the_end_of_november_is_in_time_and_in_december_it_is_not():
    assert number(sight(**deadline(11)).months) == 1.0
    assert number(option("sale", **deadline(11)).available)
    # In December the tariff is out of reach: no larger than own use.
    assert number(option("own", **deadline(12)).available)
    # Three quarters of a month and delays up to two fifths: (1 - 0.75) / 0.4 = 62.5 % are in time. Of the 75 sold
    # 46.875 are left, less than the 50 that the other 5 kW cost.
    assert not number(option("sale", **deadline(11, chance={"lead": 0.75})).available)


def test_the_attention_of_the_last_month_is_drawn_by_all_that_would_be_lost():
    # In November 75 is worth acting for and 50 is left without the tariff: 25 of a cost of 100, at 40 times 11-fold.
    drawn = deadline(11, facts={"solar_attention": 40.0}, neighbours=0.001)
    expected = 1 - math.exp(-0.05 * 11 / 12)
    assert number(sight(**drawn, chance={"look": expected - 0.001}).thinks)
    assert not number(sight(**drawn, chance={"look": expected + 0.001}).thinks)
    # In June nothing is lost by putting it off.
    expected = 1 - math.exp(-0.05 / 12)
    drawn = {**drawn, "month": 6}
    assert number(sight(**drawn, chance={"look": expected - 0.001}).thinks)
    assert not number(sight(**drawn, chance={"look": expected + 0.001}).thinks)


def test_who_compares_with_waiting_puts_it_off_until_the_last_month_that_is_safe():
    patient = {"chance": {"patient": 0.1}, "facts": {"solar_cost_fall": 0.12, "solar_hurdle": 0.02}}
    worth = [number(option("sale", **deadline(month, **patient)).utility) for month in range(6, 12)]
    assert all(one < 0 for one in worth[:-1])
    assert worth[-1] > 0
    # Who does not compare acts in any month.
    rash = {**patient, "chance": {"patient": 0.9}}
    assert all(number(option("sale", **deadline(month, **rash)).utility) > 1 for month in range(6, 12))


def test_whoever_believes_that_the_tariff_goes_on_has_less_to_lose():
    patient = {"solar_cost_fall": 0.12, "solar_hurdle": 0.02}
    sure, hoping = (
        number(
            option("sale", **deadline(11, chance={"patient": 0.1}, facts={**patient, "solar_extension": one})).utility
        )
        for one in (0.0, 0.9)
    )
    assert hoping < sure


def test_an_order_runs_after_its_lead_time_on_the_terms_of_that_day():
    seen = scene(**deadline(11))
    after = MODEL.move(seen, chosen(seen, "sale"))
    assert number(after["size"]) == pytest.approx(10 * KW)
    assert number(after["due"]) == 1.0
    assert number(after["sold"]) == 1.0
    assert number(after["looked"]) == 1.0
    assert number(MODEL.outcomes(seen, chosen(seen, "sale"), after)["capacity"]) == 0.0
    # Two and a half months, of which one is left: three months to wait, and nothing may be sold.
    slow = scene(**deadline(11, kind="factory", chance={"lead": 2.5 / 3}))
    after = MODEL.move(slow, chosen(slow, "sale"))
    assert number(after["due"]) == 3.0
    assert number(after["sold"]) == 0.0


def test_the_month_of_commissioning_brings_its_electricity_and_its_talk():
    # 10 kW give 10,000 / 12 kWh; 5,000 / 12 are used and as much is sold.
    seen = scene(levers=FIT, state={"size": 10 * KW, "due": 1.0, "sold": 1.0})
    taken = chosen(seen, "nothing")
    after = MODEL.move(seen, taken)
    found = {name: number(value) for name, value in MODEL.outcomes(seen, taken, after).items()}
    assert found["capacity"] == pytest.approx(10.0)
    assert found["cumulative"] == pytest.approx(10.0)
    assert found["selling"] == pytest.approx(10.0)
    assert found["energy"] == pytest.approx(10_000 / 12, rel=1e-5)
    assert found["surplus"] == pytest.approx(5_000 / 12, rel=1e-5)
    assert found["emissions_avoided"] == pytest.approx(0.5, rel=1e-5)
    assert found["investment"] == 0.0
    assert number(after["talk"]) == 1.0
    # The month after it is talked of a little less, and is commissioned no second time.
    later = scene(state={name: number(value) for name, value in after.items()})
    again = MODEL.move(later, chosen(later, "nothing"))
    assert number(again["talk"]) == pytest.approx(math.exp(-1 / 12), rel=1e-5)
    assert number(MODEL.outcomes(later, chosen(later, "nothing"), again)["capacity"]) == 0.0


def test_what_stands_already_counts_in_the_stock_is_half_talked_of_and_is_not_built_again():
    seen = scene(existing=7 * KW)
    state = MODEL.start(seen.units, seen.fact)
    assert number(MODEL.observe(seen.units, state)["neighbours"]) == 0.5
    found = MODEL.outcomes(seen, chosen(seen, "nothing"), state)
    assert [number(found[name]) for name in ("cumulative", "selling")] == pytest.approx([7.0, 7.0])
    assert not number(option("own", existing=7 * KW).available)
    assert not number(option("own", state={"size": 5 * KW}).available)


def test_a_roof_that_missed_the_deadline_runs_for_its_own_use_and_never_counts_as_one_that_sells():
    seen = scene(state={"size": 10 * KW, "due": 1.0, "sold": 0.0})
    taken = chosen(seen, "nothing")
    found = MODEL.outcomes(seen, taken, MODEL.move(seen, taken))
    assert [number(found[name]) for name in ("cumulative", "selling")] == pytest.approx([10.0, 0.0])


@settings(max_examples=25)
@given(
    share=st.floats(0.0, 1.0),
    tariff=st.floats(0.0, 3000.0),
    daytime=st.floats(100.0, 50_000.0),
    roof=st.floats(0.5, 1000.0),
)
def test_no_roof_sells_more_than_it_may_or_builds_more_than_fits(share, tariff, daytime, roof):
    seen = sight(levers={"sold_share": share, "tariff": tariff}, daytime=daytime, roof=roof * KW)
    size = number(seen.size)
    assert size <= max(roof, 0.1) * KW * (1 + 1e-5)
    assert number(seen.uses["surplus"]) <= share * size / KW * 1000 * (1 + 1e-5) + 1e-3
    assert np.isfinite(number(seen.utility))


@settings(max_examples=25)
@given(low=st.floats(500.0, 2500.0), more=st.floats(0.0, 1500.0), month=st.integers(1, 12))
def test_a_higher_tariff_never_makes_panels_less_worth_while(low, more, month):
    def worth(tariff):
        seen = deadline(month, facts={"solar_hurdle": 0.12, "solar_cost_fall": 0.05})
        seen["levers"] = {**seen["levers"], "tariff": tariff}
        found = sight(**seen)
        return number(found.utility) * number(found.cost)

    assert worth(low) <= worth(low + more) * (1 + 1e-4) + 1e3


def test_the_model_is_two_hundred_lines_at_most(root):
    text = (root / "src/haidang/packs/hcmc/models/solar.py").read_text(encoding="utf-8")
    assert len(text.splitlines()) < 200
