"""Borrowers: bank customers whose loans come round, and a support of their interest that they take or leave.

The model of the backtests. Periods are months. One set of behavioural facts (`borrower_*`) and the rules of a programme
as levers: points of interest, whom the list admits, whether ability to repay is assessed and audited, whether the bank
applies the support by itself, from when loans count and for how long. Where nothing is assessed and the bank does the
work, nearly every customer has the support; where both are asked for, few apply, those with large loans first.
"""

from __future__ import annotations

from collections.abc import Mapping

from haidang.models import (
    Alternative,
    Attribute,
    Card,
    Chance,
    Columns,
    Lever,
    Model,
    Option,
    Outcome,
    Resource,
    Scene,
    State,
    Taken,
)
from haidang.models import arrays as np
from haidang.models.finance import annuity_factor
from haidang.models.funnel import apply_probability, pass_stages
from haidang.models.model import Array

MONTH = 1.0 / 12.0
"""A period, years."""

_CERTAIN = 30.0
"""Utility of the support over an ordinary loan to who has passed the funnel: the applying was the decision."""

_FROM_AVERAGE = 16.0**2 * 3.0 / (15.0 * 3.141592653589793) ** 2
"""In a logit with a normal effect of variance v, log odds of the average are those at the middle divided by
sqrt(1 + this x v) (Zeger, Liang and Albert 1988)."""

_LONG = 1e3

CARD = Card(
    id="borrowers",
    title={"vi": "Khách hàng vay nhận hỗ trợ lãi suất", "en": "Borrowers taking a support of interest"},
    population="borrowers",
    unit="firm",
    attributes={"loan": Attribute("number", "VND"), "scale": Attribute("number", "1")},
    derived={},
    ranks={},
    states={"joined": State("int8")},
    alternatives=(Alternative("supported", {"vi": "Vay có hỗ trợ", "en": "A supported loan"}),),
    levers={
        "points": Lever("point/year", 0.0, {"vi": "Mức hỗ trợ lãi suất", "en": "Points of interest"}),
        "admitted": Lever("%", 1.0, {"vi": "Tỷ lệ thuộc danh mục", "en": "Share of customers that the list admits"}),
        "assessed": Lever(
            "1", 0.0, {"vi": "Phải đánh giá, hậu kiểm", "en": "Assessed, and audited by the state"}, flag=True
        ),
        "bank_applies": Lever(
            "1", 0.0, {"vi": "Ngân hàng tự áp dụng", "en": "The bank applies it by itself"}, flag=True
        ),
        "support_years": Lever("year", 1.0, {"vi": "Thời gian chương trình", "en": "How long it runs"}),
        "support_per_loan": Lever("year", _LONG, {"vi": "Thời hạn mỗi khoản", "en": "Longest support of one loan"}),
        "signed_before": Lever("year", 0.0, {"vi": "Khoản vay ký trước", "en": "How long before a loan may be signed"}),
        "growth": Lever("%/year", 0.0, {"vi": "Tăng trưởng dư nợ", "en": "Growth of loans meanwhile"}),
    },
    resources={"support": Resource("VND", {"vi": "Tiền hỗ trợ lãi suất", "en": "Interest support"})},
    outcomes=(
        Outcome("support", {"vi": "Tiền hỗ trợ lãi suất", "en": "Interest support paid"}, "VND", quantum=1e3),
        Outcome("lent", {"vi": "Doanh số cho vay", "en": "Lent under the programme"}, "VND", quantum=1e6),
        Outcome("balance", {"vi": "Dư nợ được hỗ trợ", "en": "Supported loans"}, "VND", "stock", quantum=1e6),
        Outcome("customers", {"vi": "Khách hàng đã nhận", "en": "Customers that have had it"}, "firm", "stock"),
    ),
    facts=(
        "borrower_applies_strict",
        "borrower_applies_free",
        "borrower_response",
        "borrower_approved",
        "borrower_filing",
        "borrower_loan_term",
        "borrower_loan_spread",
        "borrower_discount",
        "support_2022_rate",
        "support_2022_years",
    ),
    chances={name: Chance("uniform", "draw") for name in ("list", "applies", "approval", "filing", "phase")},
)


class Borrowers(Model):
    """Customers with loans of different sizes that are signed anew every few months."""

    card = CARD

    def start(self, units: Columns, fact: Mapping[str, Array]) -> Mapping[str, Array]:
        """Nobody has the support."""
        del fact
        return {"joined": np.zeros_like(units["loan"])}

    def options(self, scene: Scene) -> Mapping[str, Option]:
        """The support, for who has passed the funnel, has a loan that counts, and does not have it yet."""
        lever = scene.lever
        end = _end(scene)
        counts = _last_signed(scene, end) >= -lever["signed_before"]
        ready = 2.0 * scene.fact["borrower_filing"] * scene.chance["filing"] * lever["assessed"] <= end
        open_now = _funnel(scene)["approved"] & counts & ready & (scene.state["joined"] == 0)
        promised = (
            scene.units["loan"]
            * lever["points"]
            * np.minimum(scene.fact["borrower_loan_term"], lever["support_per_loan"])
        )
        return {"supported": Option(open_now, _CERTAIN, {"support": promised})}

    def move(self, scene: Scene, taken: Taken) -> Mapping[str, Array]:
        """Who took it has it for this loan and the ones after."""
        return {"joined": np.where(taken.chose("supported"), 1.0, scene.state["joined"].astype("float32"))}

    def outcomes(self, scene: Scene, taken: Taken, after: Mapping[str, Array]) -> Mapping[str, Array]:
        """What the month brought, per customer."""
        lever, end = scene.lever, _end(scene)
        joined = (after["joined"] > 0) & (lever["points"] > 0)
        signed = _last_signed(scene, end)
        loan = scene.units["loan"] * np.exp(np.log1p(lever["growth"]) * end)
        # Counted in whole months, the one in which a loan is signed being the first.
        running = joined & (end - signed <= lever["support_per_loan"])
        balance = np.where(running, loan, 0.0)
        return {
            "support": balance * lever["points"] * MONTH,
            "lent": np.where(joined & (signed > end - MONTH), loan, 0.0),
            "balance": balance,
            "customers": np.where(joined, 1.0, 0.0),
        }


def _end(scene: Scene) -> Array:
    """The end of the month, years since the start."""
    return (scene.period.index.astype("float32") + 1.0) * MONTH


def _last_signed(scene: Scene, now: Array) -> Array:
    """When a customer's loan was last signed, years since the start: every term anew, each customer at its own time."""
    term, phase = scene.fact["borrower_loan_term"], scene.chance["phase"]
    return (np.floor(now / term + phase) - phase) * term


def _funnel(scene: Scene) -> Mapping[str, Array]:
    """Who is on the list, applies, and passes the assessment where there is one."""
    fact, chance, lever = scene.fact, scene.chance, scene.lever
    return pass_stages(
        (
            ("offered", (lever["points"] > 0) & (chance["list"] < lever["admitted"])),
            ("applies", chance["applies"] < _applies(scene)),
            ("approved", (lever["assessed"] <= 0) | (chance["approval"] < fact["borrower_approved"])),
        )
    )


def _applies(scene: Scene) -> Array:
    """Probability that a customer applies.

    Log odds lie on the line between the share under strict rules and the share where the bank does it all, by how many
    of the two hassles the rules ask for. The worth of the support counts as far as there is a hassle to weigh it
    against, and is that of the customer's own loan over a middling loan under the rules of 2022.
    """
    fact, lever = scene.fact, scene.lever
    hassle = 0.5 * (lever["assessed"] + 1.0 - lever["bank_applies"])
    strict, free = fact["borrower_applies_strict"], fact["borrower_applies_free"]
    response = fact["borrower_response"] * hassle
    average = hassle * _log_odds(strict) + (1.0 - hassle) * _log_odds(free)
    middle = average * np.sqrt(1.0 + _FROM_AVERAGE * (response * fact["borrower_loan_spread"]) ** 2)
    worth = lever["points"] * annuity_factor(fact["borrower_discount"], lever["support_years"])
    reference = fact["support_2022_rate"] * annuity_factor(fact["borrower_discount"], fact["support_2022_years"])
    size = np.exp(fact["borrower_loan_spread"] * scene.units["scale"])
    return apply_probability(1.0 / (1.0 + np.exp(-middle)), worth / reference * size, response)


def _log_odds(share: Array) -> Array:
    return np.log(share) - np.log1p(-share)
