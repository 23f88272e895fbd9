"""The carbon market's model against numbers worked out on paper."""

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haidang.models.abatement import cost_per_tonne
from haidang.packs import load_pack
from haidang.packs.hcmc.models.carbon import CARD, _quota, _Year
from tests.packs.permits import MODEL, NAMES, orders, outcomes, scene, taken

DOLLAR = 25_000.0
STRAW, REFIT = 1 << NAMES.index("straw"), 1 << NAMES.index("plant_efficiency")
PROJECT = {"kind": "buildings", "quota_2025": 0.0, "quota_2026": 0.0, "credits": 1000.0}
OPEN = {"credits_open": 1.0, "offset_limit": 0.3, "city_share": 0.25}


def one(values):
    return float(np.asarray(values)[0])


# --- emissions and quotas ---


def test_emissions_are_the_quota_over_its_cover():
    # 1,000,000 over 1.25, at 110 % of its sector's load: 880,000.
    assert one(_Year(scene(load=1.1)).emissions) == 880_000


def test_a_sector_s_own_cover_and_growth_count_and_so_does_the_year_s_swing():
    # 1,000,000 / (1.25 x 0.8) = 1,000,000; two years at 5 %: 1,102,500; a swing of one deviation of 10 %: x e^0.1.
    facts = {"carbon_steel_cover": 0.8, "carbon_steel_growth": 0.05}
    year = _Year(scene(kind="steel", year=2027, facts=facts, chance={"output": 1.0}))
    assert one(year.gross) == pytest.approx(1_102_500 * np.exp(0.1), rel=1e-6)


def test_two_measures_cut_19_percent_and_cost_what_each_avoids():
    # Refit first: 10 % at 12 dollars; straw 10 % of the other 90 % at 8: 0.1 x 12 + 0.09 x 8 = 1.92 dollars a tonne.
    year = _Year(scene(kit=STRAW | REFIT))
    assert one(year.emissions) == pytest.approx(800_000 * 0.81)
    assert one(year.cost) == pytest.approx(1.92 * DOLLAR, rel=1e-6)


def test_quotas_are_published_for_two_years_and_then_follow_output_and_benchmarks():
    # 2025 and 2026 as given; after that 4 % of growth and 10 % tighter a year: 1,200,000 x (1.04 x 0.9)^2 = 1,051,315.
    facts = {"carbon_thermal_power_growth": 0.04}
    assert one(_quota(scene(year=2025), 0)) == 1_000_000
    assert one(_quota(scene(year=2025), 1)) == 1_200_000
    assert one(_quota(scene(year=2028, facts=facts), 0)) == pytest.approx(1_051_315, abs=1)
    assert one(_quota(scene(year=2026, levers={"benchmark": 0.85}), 0)) == 1_020_000


def test_what_is_auctioned_is_not_given():
    year = _Year(scene(levers={"auction_share": 0.3}))
    assert one(year.auctioned) == 300_000
    assert one(year.permits.given) == 700_000


def test_without_an_obligation_there_are_no_permits_and_no_orders():
    assert orders(scene(levers={"obligation": 0.0}, load=[1.0, 2.0]), count=2) == {
        "facilities": [0, 0],
        "projects": [0, 0],
        "state": [0, 0],
    }


# --- what a permit is worth ---


def test_a_kept_permit_is_worth_the_chance_of_a_shortage_times_the_penalty():
    # Permits for 1.2 of emissions and a bank of 0.1; tighter by 10 % a year over four: 0.1 + 4 (1.2 x 0.85 - 1) = 0.18;
    # error 0.1 x 2 = 0.2; chance 1 / (1 + e^(1.8138 x 0.9)) = 0.16353; (20,000 + 600,000 x 0.16353) / 1.25 = 94,494.
    year = _Year(scene(peers={"bank": 0.1, "quota": 1.2, "owed": 1.0}))
    assert one(year.kept) == pytest.approx(94_494, rel=1e-3)


def test_who_believes_more_in_a_shortage_asks_more():
    # One deviation of 0.5: 20,000 + 74,494 x e^0.5 = 142,820.
    year = _Year(scene(peers={"bank": 0.1, "quota": 1.2, "owed": 1.0}, chance={"belief": 1.0}))
    assert one(year.kept) == pytest.approx(142_820, rel=1e-3)


def test_in_a_long_market_a_kept_permit_is_worth_the_floor():
    assert one(_Year(scene()).kept) == pytest.approx(20_000, rel=1e-3)


def test_a_tonne_saved_is_worth_the_price_or_what_keeping_its_permit_brings():
    assert one(_Year(scene(price=300_000.0)).worth) == 300_000
    assert one(_Year(scene(price=1_000.0)).worth) == pytest.approx(20_000, rel=1e-3)
    assert one(_Year(scene(price=300_000.0, levers={"obligation": 0.5})).worth) == 150_000


def test_without_trade_it_is_worth_the_penalty_to_who_is_short_and_nothing_to_others():
    year = _Year(scene(price=300_000.0, levers={"trade": 0.0}, load=[1.5, 1.0]))
    assert np.asarray(year.worth).tolist()[:2] == [620_000, 0]


# --- measures and projects ---


def test_a_measure_s_utility_is_what_it_brings_less_its_cost_and_hurdle_over_the_spread():
    # 500,000 VND are 20 dollars; straw costs 8 and must bring 10 more: 2 over 5 is 0.4. Where it costs 12: -0.4.
    found = MODEL.options(scene(price=500_000.0, cost_scale=[1.0, 1.5]))["straw"]
    assert np.asarray(found.utility).tolist()[:2] == pytest.approx([0.4, -0.4], abs=1e-5)
    assert found.available.all()


def test_a_measure_is_for_its_kind_once_and_at_an_occasion():
    seen = scene(
        4, kind=["steel", "cement", "cement", "cement"], heat_recovery=[False, False, True, False], kit=[0, 0, 0, 1]
    )
    assert np.asarray(MODEL.options(seen)["heat_recovery"].available).tolist()[:4] == [False, True, False, False]
    late = scene(kind="cement", chance={"occasion": 0.51})
    assert not MODEL.options(late)["heat_recovery"].available[0]


def test_a_project_is_built_where_the_price_covers_the_gap_its_papers_and_the_hurdle():
    # 400,000 VND are 16 dollars; a tenth of 40 is 4, papers 2, hurdle 10: nothing left, utility 0.
    seen = scene(price=400_000.0, levers=OPEN, **PROJECT)
    found = MODEL.options(seen)
    assert one(found["build"].utility) == pytest.approx(0.0, abs=1e-5)
    assert found["build"].available[0]
    assert not found["sell"].available[0], "it is not built yet"
    assert not MODEL.options(scene(price=400_000.0, **PROJECT))["build"].available[0], "credits are not admitted"


def test_credits_are_sold_from_the_cost_of_their_papers_on():
    for price, sells in ((49_999.0, False), (50_000.0, True)):
        found = MODEL.options(scene(price=price, levers=OPEN, kit=1, **PROJECT))["sell"]
        assert bool(found.available[0]) is sells
        assert one(found.uses["offsets"]) == (1000.0 if sells else 0.0)


def test_a_choice_stays():
    seen = scene(kind=["thermal_power", "thermal_power", "buildings"], kit=[REFIT, REFIT, 0])
    after = MODEL.move(seen, taken(seen, "straw", "nothing", "build"))
    assert np.asarray(after["kit"]).tolist()[:3] == [REFIT | STRAW, REFIT, 1]


# --- the market ---


def test_who_is_short_bids_and_who_is_long_offers_what_is_left_with_its_bank():
    # 800,000 x 1.5 = 1,200,000 owed: 200,000 short, less a bank of 50,000. At load 1: 200,000 left, and 50,000 banked.
    seen = scene(price=20_500.0, load=[1.5, 1.0], bank=50_000)
    assert orders(seen, count=2)["facilities"] == [150_000, -250_000]


def test_a_holder_keeps_its_permits_below_its_price_or_while_it_does_not_look():
    seen = {"peers": {"bank": 0.1, "quota": 1.2, "owed": 1.0}}
    assert orders(scene(price=94_000.0, **seen))["facilities"] == [0]
    assert orders(scene(price=95_000.0, **seen))["facilities"] == [-200_000]
    # At 95,000, an eighth of the way from 20,000 to 620,000, 0.4 + 0.6 / 8 = 47.5 % look.
    assert orders(scene(price=95_000.0, chance={"active": 0.48}, **seen))["facilities"] == [0]
    assert orders(scene(price=620_000.0, chance={"active": 0.999}, **seen))["facilities"] == [-200_000]


def test_credits_and_auctions_are_offered():
    seen = scene(price=60_000.0, levers={**OPEN, "auction_share": 0.1}, kind=["buildings", "thermal_power"],
                 quota_2025=[0.0, 1e6], credits=[1000.0, 0.0], kit=[1, 0])  # fmt: skip
    found = orders(seen, "sell", "nothing", count=2)
    assert found["projects"] == [-1000, 0]
    assert found["state"] == [0, -100_000]


def test_a_year_s_accounts():
    # 900,000 given, 100,000 auctioned, 1,200,000 owed after straw's tenth of 1,333,333; 300,000 bought; 60,000 VND.
    seen = scene(price=60_000.0, load=5 / 3, levers={"auction_share": 0.1, "offset_limit": 0.3})
    found = {name: one(values) for name, values in outcomes(seen, "straw", bought=300_000, auctioned=80_000).items()}
    assert found["surrendered"] == 1_200_000
    assert found["shortage"] == found["banked"] == found["bank"] == 0
    assert found["surplus"] == 900_000 + 80_000 - 1_200_000, "the 20,000 that nobody bought are cancelled"
    assert found["auctioned"] == 80_000
    assert found["public_revenue"] == 80_000 * 60_000
    assert found["price"] == 60_000
    assert found["emissions_avoided"] == pytest.approx(133_333, rel=1e-5)
    assert found["abatement_cost"] == pytest.approx(133_333 * 8 * DOLLAR, rel=1e-5)
    assert found["offset_room"] == pytest.approx(360_000)


def test_what_is_not_bought_is_missing_and_what_is_not_sold_is_banked():
    seen = scene(price=60_000.0, load=[1.5, 1.0], bank=[0, 7])
    found = outcomes(seen, bought=[150_000, -150_000], count=2)
    assert found["shortage"] == [50_000, 0]
    assert found["bank"] == [0, 50_007]
    assert found["banked"] == [0, 50_000]


def test_the_city_has_its_share_of_what_credits_bring():
    seen = scene(price=60_000.0, levers=OPEN, kit=1, **PROJECT)
    found = outcomes(seen, "sell", credits=800)
    assert found["offsets"] == [800]
    assert found["city_revenue"] == [800 * 60_000 * 0.25]
    assert found["offset_room"] == [-800]


plants = st.lists(
    st.tuples(
        st.sampled_from(["thermal_power", "steel", "cement", "buildings"]),
        st.integers(1, 5_000_000), st.floats(0.5, 2.0), st.integers(0, 1_000_000), st.integers(0, 1),
        st.floats(0, 1), st.floats(-2, 2), st.integers(0, 63),
    ),
    min_size=6, max_size=6,
)  # fmt: skip


@settings(max_examples=15)
@given(rows=plants, cover=st.floats(0.6, 1.6))
def test_what_is_bid_less_what_is_offered_never_rises_with_the_price(rows, cover):
    kind, quota, load, bank, built, active, belief, noise = (list(one) for one in zip(*rows, strict=True))
    project = [word == "buildings" for word in kind]
    excess = []
    for price in (20_000, 60_000, 200_000, 500_000, 620_000):
        seen = scene(
            price=float(price), levers={**OPEN, "auction_share": 0.05}, kind=kind, load=load, bank=bank,
            quota_2025=[0.0 if none else float(q) for q, none in zip(quota, project, strict=True)],
            credits=[float(q) if none else 0.0 for q, none in zip(quota, project, strict=True)],
            kit=[b if none else 0 for b, none in zip(built, project, strict=True)],
            chance={"active": active, "belief": belief}, peers={"quota": cover},
        )  # fmt: skip
        options = MODEL.options(seen)
        # Everybody takes the best, each alternative with the same noise at every price.
        value = np.stack([
            np.where(options[name].available, options[name].utility + np.sin(np.array(noise) + k), -np.inf)
            for k, name in enumerate(NAMES)
        ])  # fmt: skip
        best = np.where(value.max(axis=0) > 0, value.argmax(axis=0) + 1, 0)
        found = MODEL.orders(seen, taken(seen, *(["nothing", *NAMES][code] for code in best)))
        excess.append(sum(int(np.asarray(side, np.int64).sum()) for side in found.values()))
    assert excess == sorted(excess, reverse=True)


# --- the facts ---


@pytest.fixture(scope="module")
def book():
    return load_pack("hcmc").book


def test_the_sectors_add_up_to_the_published_caps(book):
    for year in (2025, 2026):
        sectors = [book.value(f"carbon_{sector}_{year}") for sector in ("power", "steel", "cement")]
        assert sum(sectors) == book.value(f"carbon_cap_{year}")
    assert book.value("carbon_cap_2025") == 243_082_392
    assert book.value("carbon_cap_2026") == 268_391_454


def test_the_power_plants_that_are_named_grow_by_one_factor_and_so_does_the_sector(book):
    named = ("quangninh", "mongduong", "vinhtan1", "vinhtan2", "power")
    factors = [book.value(f"carbon_{name}_2026") / book.value(f"carbon_{name}_2025") for name in named]
    assert factors == pytest.approx([1.09553] * 5, abs=1e-5)
    steel = [book.value(f"carbon_{name}_2026") / book.value(f"carbon_{name}_2025") for name in ("formosa", "steel")]
    assert steel == pytest.approx([1.16579] * 2, abs=1e-5)


def test_waste_heat_costs_what_the_published_project_says(book):
    # 18 million dollars, 44 million kWh a year, 4 % of the capital a year to run, 15 years at 10 %.
    dollar, power = book.value("exchange_rate"), 44e6
    yearly = 0.04 * 18e6 - power * book.value("electricity_price") / dollar
    tonnes = power * book.value("grid_factor", 2025)
    numbers = (18e6, yearly, tonnes, book.value("carbon_discount"), 15)
    found = float(cost_per_tonne(*(jnp.float32(number) for number in numbers)))
    assert found == pytest.approx(book.value("carbon_heat_recovery_cost"), abs=0.5)


def test_every_fact_that_the_model_reads_is_dated(book):
    for name in CARD.facts:
        if name.startswith("carbon_"):
            assert book.fact(name).claim.as_of is not None, name
