"""Remitting households: each year they consume, save, buy real estate, put money into a business, or lend it.

The year's money has a purpose before anybody offers anything, in the published shares, which disagree (fact
`remit_use_business`). Money to consume or for a home is not lent. Other money goes to a city bond or a fund where the
household is asked, trusts the city, can pay a ticket, and likes the yield better than what it meant to do. *Nothing* is
to consume: the family keeps the money as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from haidang.models import Alternative, Attribute, Card, Chance, Columns, Lever, Model, Option, Outcome, Resource
from haidang.models import arrays as np
from haidang.models.bonds import interest_cost, levered_yield, matched_yield, take_utility, whole_tickets
from haidang.models.funnel import pass_stages, raise_share
from haidang.models.model import Array, Scene, Stage, State, Taken

_MEANT, _KNOWN = 30.0, 2025.0
"""Utility of the year's purpose over consuming, so that without an offer it is followed; the year of the amounts."""
_USES, _PRODUCTS = ("saving", "property", "business"), ("bond", "fund")
_CHANCES = ("asked", "trust", "dollars", "purpose")
_MONEY: tuple[tuple[str, str, str, Literal["more", "less", "neutral"]], ...] = (
    ("fund_raised", "Vốn huy động", "Money raised", "more"),
    ("public_cost", "Chi phí vốn", "Cost of funds", "less"),
    ("interest", "Tiền lãi", "Interest", "less"),
    ("matching", "Tiền thành phố góp thêm", "City money on top", "less"),
    ("guarantee_loss", "Tổn thất bảo lãnh", "Loss on guarantees", "less"),
    ("saving", "Kiều hối gửi tiết kiệm", "Remittances saved", "neutral"),
    ("property", "Kiều hối vào bất động sản", "Remittances into real estate", "neutral"),
    ("business", "Kiều hối vào kinh doanh gia đình", "Remittances into family business", "neutral"),
)
_FACTS = """growth use_business banks_business banks_property survey_property survey_saving deposit_short deposit_long
    saves_dollars dollar_rate depreciation return_property return_business property_invested take_at_par asked_others
    yield_response asked_customers trust trust_reporting placed_share risk_bond risk_fund loss_bond loss_fund city_rate
    borrow_rate"""

CARD = Card(
    id="remittances",
    title={"vi": "Hộ có kiều hối", "en": "Remitting households"},
    population="remitters",
    attributes={
        "region": Attribute("category", categories=("asia", "americas", "europe", "elsewhere")),
        "amount": Attribute("category", categories=("small", "medium", "large")),
        "bank": Attribute("flag"),
        "remittance": Attribute("number", "USD/year"),
    },
    derived={},
    ranks={},
    states={"lent": State("int8")},
    alternatives=(
        Alternative("saving", {"vi": "Gửi tiết kiệm", "en": "Saving"}),
        Alternative("property", {"vi": "Bất động sản", "en": "Real estate"}),
        Alternative("business", {"vi": "Kinh doanh gia đình", "en": "Family business"}),
        Alternative("bond", {"vi": "Trái phiếu thành phố", "en": "City bond"}),
        Alternative("fund", {"vi": "Quỹ sản xuất thông minh", "en": "Smart-manufacturing fund"}),
    ),
    levers={
        "bond_yield": Lever("%/year", 0.0, {"vi": "Lãi suất trái phiếu", "en": "Yield of the bond"}),
        "fund_yield": Lever("%/year", 0.0, {"vi": "Lợi suất của quỹ", "en": "Yield of the fund"}),
        "matching": Lever("%", 0.0, {"vi": "Tiền thành phố góp thêm vào quỹ", "en": "City money on top in the fund"}),
        "guarantee": Lever("%", 0.0, {"vi": "Phần gốc được bảo lãnh", "en": "Share of principal guaranteed"}),
        "ticket": Lever("VND", 0.0, {"vi": "Mức mua nhỏ nhất", "en": "Smallest ticket"}),
        "years": Lever("year", 5.0, {"vi": "Kỳ hạn", "en": "Years"}),
        "reporting": Lever("%", 0.0, {"vi": "Phần vốn có báo cáo sử dụng", "en": "Share of money reported on"}),
        "channel": Lever("%", 0.0, {"vi": "Phần do ngân hàng chào bán", "en": "Share that banks offer"}),
        "leverage": Lever("1", 1.0, {"vi": "Số lần vốn tự có, ngân hàng cho vay thêm", "en": "Times own money"}),
        "business_share": Lever("%", "remit_use_business", {"vi": "Phần vào kinh doanh", "en": "Share into business"}),
    },
    resources={
        "bond": Resource("VND", {"vi": "Tiền mua trái phiếu", "en": "Money in bonds"}),
        "fund": Resource("VND", {"vi": "Tiền góp quỹ", "en": "Money in the fund"}),
        "public_cost": Resource("VND", {"vi": "Chi phí vốn", "en": "Cost of funds"}),
    },
    outcomes=(
        *(Outcome(name, {"vi": vi, "en": en}, "VND", "flow", good, 1.0) for name, vi, en, good in _MONEY),
        Outcome("households", {"vi": "Hộ đã tham gia", "en": "Households taking part"}, "household", "stock"),
    ),
    facts=("exchange_rate", *(f"remit_{name}" for name in _FACTS.split())),
    chances={name: Chance("uniform", "period" if name == "purpose" else "draw") for name in _CHANCES},
    stages=(
        Stage("offered", {"vi": "Được mua", "en": "May buy"}),
        Stage("asked", {"vi": "Được hỏi", "en": "Asked"}),
        Stage("trusts", {"vi": "Tin giao tiền cho thành phố", "en": "Trust the city with money"}),
        Stage("spare", {"vi": "Có tiền không để tiêu hay mua nhà ở", "en": "Have money that is not for use or a home"}),
        Stage("ticket", {"vi": "Đủ tiền mua một phiếu", "en": "Can pay a ticket"}),
    ),
    groups=("region", "amount", "bank"),
    tracked=("fund_raised", "public_cost", *_USES),
    roles={"main": "fund_raised", "cost": "public_cost", "money": "bond"},
    unit="household",
)


class Remittances(Model):
    """Households with a year's remittance and a purpose for it."""

    card = CARD

    def start(self, units: Columns, fact: Mapping[str, Array]) -> Mapping[str, Array]:
        """Nobody has lent yet."""
        return {"lent": 0.0 * units["remittance"] * fact["exchange_rate"]}

    def options(self, scene: Scene) -> Mapping[str, Option]:
        """The year's purpose; the bond and the fund for who comes through the funnel."""
        fact, lever, purpose, placed = scene.fact, scene.lever, _purpose(scene), _placed(scene)
        found = {use: Option(purpose[use], _MEANT + 0.0 * placed) for use in _USES}
        for product in _PRODUCTS:
            gain = _earned(fact, lever, product) - _forgone(scene, purpose)
            utility = _MEANT + take_utility(fact["remit_take_at_par"], gain, fact["remit_yield_response"])
            uses = {product: placed, "public_cost": sum(_costs(fact, lever, product).values()) * placed}
            found[product] = Option(_funnel(scene)["ticket"] & (lever[f"{product}_yield"] > 0), utility, uses)
        return found

    def stages(self, scene: Scene) -> Mapping[str, Array]:
        """How far the offer comes."""
        return _funnel(scene)

    def move(self, scene: Scene, taken: Taken) -> Mapping[str, Array]:
        """Who has lent once has taken part."""
        before = scene.state["lent"].astype("float32")
        return {"lent": np.where(taken.chose("bond") | taken.chose("fund"), 1.0, before)}

    def outcomes(self, scene: Scene, taken: Taken, after: Mapping[str, Array]) -> Mapping[str, Array]:
        """What the year brought, per household; what a bond will cost is booked in the year in which it is sold."""
        raised, money, purpose = taken.uses["bond"] + taken.uses["fund"], _money(scene), _purpose(scene)
        by_product = [(_costs(scene.fact, scene.lever, product), taken.uses[product]) for product in _PRODUCTS]
        costs = {kind: sum(cost[kind] * amount for cost, amount in by_product) for kind in by_product[0][0]}
        left = money - np.minimum(raised / scene.lever["leverage"], money)
        uses = {use: np.where(purpose[use], left, 0.0) for use in _USES}
        people = {"households": after["lent"].astype("float32")}
        return {"fund_raised": raised, "public_cost": sum(costs.values()), **costs, **people, **uses}


def _money(scene: Scene) -> Array:
    """The year's remittance, VND."""
    growth = (1.0 + scene.fact["remit_growth"]) ** (scene.period.year.astype("float32") - _KNOWN)
    return scene.units["remittance"] * scene.fact["exchange_rate"] * growth


def _placed(scene: Scene) -> Array:
    """What a household that lends puts in, with what a bank lends it, in whole tickets, VND."""
    fact, lever = scene.fact, scene.lever
    return whole_tickets(_money(scene) * fact["remit_placed_share"] * lever["leverage"], lever["ticket"])


def _purpose(scene: Scene) -> Mapping[str, Array]:
    """What the year's money is for, by the share that goes into business; `spare` where it could be lent."""
    fact, business, drawn = scene.fact, scene.lever["business_share"], scene.chance["purpose"]
    banks = business / fact["remit_banks_business"]
    built = business + banks * fact["remit_banks_property"] + (1.0 - banks) * fact["remit_survey_property"]
    homes = business + (1.0 - fact["remit_property_invested"]) * (built - business)
    saved = (drawn >= built) & (drawn < built + (1.0 - banks) * fact["remit_survey_saving"])
    property_ = (drawn >= business) & (drawn < built)
    spare = (drawn < business) | (property_ & (drawn >= homes)) | saved
    return {"business": drawn < business, "property": property_, "saving": saved, "spare": spare}


def _forgone(scene: Scene, purpose: Mapping[str, Array]) -> Array:
    """What the money would earn where it was meant to go, a fraction per year."""
    fact, dollars = scene.fact, scene.chance["dollars"] < scene.fact["remit_saves_dollars"]
    deposit = np.where(scene.lever["years"] > 2.0, fact["remit_deposit_long"], fact["remit_deposit_short"])
    saved = np.where(dollars, fact["remit_dollar_rate"] + fact["remit_depreciation"], deposit)
    built = np.where(purpose["property"], fact["remit_return_property"], saved)
    return np.where(purpose["business"], fact["remit_return_business"], built)


def _earned(fact: Mapping[str, Array], lever: Mapping[str, Array], product: str) -> Array:
    """What a saver counts on, a fraction per year: the yield on own money, less what is asked for the risk."""
    bonus = matched_yield(lever["matching"], lever["years"]) if product == "fund" else 0.0
    paid = levered_yield(lever[f"{product}_yield"] + bonus, fact["remit_borrow_rate"], lever["leverage"])
    return paid - (1.0 - lever["guarantee"]) * fact[f"remit_risk_{product}"]


def _costs(fact: Mapping[str, Array], lever: Mapping[str, Array], product: str) -> Mapping[str, Array]:
    """What one dong raised costs the city, at its present value when it is raised."""
    matching = 0.0 * lever["matching"] if product == "bond" else lever["matching"]
    interest = interest_cost(lever[f"{product}_yield"], fact["remit_city_rate"], lever["years"])
    loss = lever["guarantee"] * fact[f"remit_loss_{product}"]
    return {"interest": interest, "matching": matching, "guarantee_loss": loss}


def _funnel(scene: Scene) -> Mapping[str, Array]:
    """Who is asked by a bank or hears otherwise, trusts, has money to place, and can pay a ticket."""
    fact, lever, chance = scene.fact, scene.lever, scene.chance
    by_bank = np.where(scene.units["bank"], fact["remit_asked_customers"], fact["remit_asked_others"])
    reach = lever["channel"] * by_bank + (1.0 - lever["channel"]) * fact["remit_asked_others"]
    trust = raise_share(fact["remit_trust"], lever["reporting"] * fact["remit_trust_reporting"])
    stages = (
        ("offered", (lever["bond_yield"] > 0) | (lever["fund_yield"] > 0)),
        ("asked", chance["asked"] < reach),
        ("trusts", chance["trust"] < trust),
        ("spare", _purpose(scene)["spare"]),
        ("ticket", _placed(scene) > 0),
    )
    return pass_stages(stages)
