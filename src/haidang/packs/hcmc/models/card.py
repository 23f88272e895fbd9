"""The card of the `factories` model: what it reads, what a programme may change, what it gives."""

from __future__ import annotations

from haidang.models import Alternative, Attribute, Card, Chance, Lever, Outcome, Peers, Resource, Stage, State
from haidang.packs.hcmc.models.technologies import AREAS, TECHNOLOGIES

_UNLIMITED = 1e18

ATTRIBUTES = {
    "sector": Attribute("category", categories=("food", "garments", "metal", "other")),
    "size": Attribute("category", categories=("small", "medium", "large")),
    "area": Attribute("category", categories=("hcmc", "binh_duong", "vung_tau")),
    "employees": Attribute("number", "person"),
    "revenue": Attribute("number", "VND/year"),
    "value_added": Attribute("number", "VND/year"),
    "electricity": Attribute("number", "kWh/year"),
    "zone": Attribute("flag"),
    "exporter": Attribute("flag"),
    "foreign": Attribute("flag"),
    "constrained": Attribute("category", categories=("none", "partial", "full")),
    "no_need": Attribute("flag"),
    "collateral": Attribute("flag"),
    "management": Attribute("number", "1"),
    **{f"level_{area}": Attribute("level", "1") for area in AREAS},
}

LEVERS = {
    "loan_rate": Lever("%/year", "market_rate", {"vi": "Lãi suất vay ưu đãi", "en": "Rate of the preferential loan"}),
    "loan_share": Lever("%", 0.0, {"vi": "Tỷ lệ vốn vay trên chi phí", "en": "Share of the cost that is lent"}),
    "loan_years": Lever("year", "loan_years", {"vi": "Thời hạn vay", "en": "Years of the loan"}),
    "guarantee_share": Lever("%", 0.0, {"vi": "Tỷ lệ bảo lãnh", "en": "Share of the loan that is guaranteed"}),
    "grant_share": Lever("%", 0.0, {"vi": "Tỷ lệ hỗ trợ không hoàn lại", "en": "Share of the cost that is granted"}),
    "advisory": Lever("%", 0.0, {"vi": "Tỷ lệ nhà máy được tư vấn", "en": "Share of factories that are advised"}),
    "loan_cap": Lever("VND", _UNLIMITED, {"vi": "Trần vay mỗi nhà máy", "en": "Most that one factory may borrow"}),
    **{
        f"pays_{one.id}": Lever("1", 1.0, {"vi": f"Được hỗ trợ: {one.vi}", "en": f"Supported: {one.en}"}, flag=True)
        for one in TECHNOLOGIES
    },
}

RESOURCES = {
    "loan": Resource("VND", {"vi": "Vốn vay", "en": "Loan"}, cap="loan_cap", returns="loan_years"),
    "subsidy": Resource("VND", {"vi": "Chi phí công", "en": "Public cost"}),
}

OUTCOMES = (
    Outcome("adoptions", {"vi": "Số lần áp dụng công nghệ", "en": "Technology adoptions"}, "adoption"),
    Outcome("investment", {"vi": "Đầu tư công nghệ", "en": "Investment in technology"}, "VND", quantum=1.0),
    Outcome("loan", {"vi": "Vốn vay ưu đãi", "en": "Preferential loans"}, "VND", good="neutral", quantum=1.0),
    Outcome("subsidy", {"vi": "Chi phí công", "en": "Public cost"}, "VND", good="less", quantum=1.0),
    Outcome("level_gain", {"vi": "Bậc trưởng thành tăng thêm", "en": "Levels gained"}, "level"),
    Outcome("level", {"vi": "Mức trưởng thành bình quân", "en": "Mean maturity level"}, "level", "mean"),
    Outcome(
        "value_added_gain",
        {"vi": "Giá trị gia tăng nhờ công nghệ", "en": "Value added gained from technology"},
        "VND",
        quantum=1.0,
    ),
    Outcome("electricity_saved", {"vi": "Điện tiết kiệm", "en": "Electricity saved"}, "kWh", quantum=1e-3),
    Outcome("emissions_avoided", {"vi": "Phát thải tránh được", "en": "Emissions avoided"}, "tCO2e"),
)

STAGES = (
    Stage("offered", {"vi": "Đủ điều kiện", "en": "Eligible"}),
    Stage("aware", {"vi": "Biết chương trình", "en": "Aware"}),
    Stage("needs", {"vi": "Cần vay vốn", "en": "Need a loan"}),
    Stage("applies", {"vi": "Nộp hồ sơ", "en": "Would apply"}),
    Stage("collateral", {"vi": "Có tài sản bảo đảm hoặc bảo lãnh", "en": "Have collateral or a guarantee"}),
    Stage("approved", {"vi": "Được duyệt", "en": "Would be approved"}),
)

FACTS = (
    "market_rate",
    "loan_years",
    "discount_rate",
    "exchange_rate",
    "aware_share",
    "applies_share",
    "application_response",
    "reference_benefit",
    "collateral_required",
    "approval_share",
    "guarantee_loss",
    "constrained_share",
    "constrained_share_surveyed",
    "needing_share_surveyed",
    "own_funds_share",
    "bank_share_investment",
    "advisory_cost",
    "advisory_awareness",
    "advisory_rank_effect",
    "advisory_places",
    "management_attention",
    "invest_small",
    "invest_medium",
    "invest_large",
    "reference_revenue",
    *(f"typical_{name}" for name in ("employees", "revenue", "value_added", "electricity")),
    "cost_elasticity",
    "planning_running",
    "maintenance_running",
    "electricity_price",
    "grid_factor",
    "peer_effect",
    "plant_effect_sd",
    "price_response",
    "decision_log_cost",
    "decision_log_saving",
    "decision_log_size",
    "shift_process",
    "shift_energy",
    *(f"{one.id}_{what}" for one in TECHNOLOGIES for what in ("cost", "productivity", "energy")),
    *(f"decision_intercept_{one.id}" for one in TECHNOLOGIES),
)

CARD = Card(
    id="factories",
    title={"vi": "Nhà máy áp dụng công nghệ", "en": "Factories adopting technology"},
    population="factories",
    unit="firm",
    attributes=ATTRIBUTES,
    derived={"level": Attribute("number", "1"), "technologies": Attribute("number", "1")},
    ranks={"expected_level_gain": Attribute("number", "1"), "cost": Attribute("number", "VND")},
    foretold={"level_gain": "expected_level_gain"},
    states={"had": State("int16"), "new": State("int16")},
    alternatives=tuple(Alternative(one.id, {"vi": one.vi, "en": one.en}) for one in TECHNOLOGIES),
    levers=LEVERS,
    resources=RESOURCES,
    outcomes=OUTCOMES,
    facts=FACTS,
    chances={
        "plant": Chance("normal", "draw"),
        "aware": Chance("uniform", "draw"),
        "applies": Chance("uniform", "draw"),
        "pledge": Chance("uniform", "draw"),
        "guarantee": Chance("uniform", "draw"),
        "approval": Chance("uniform", "draw"),
        "advice": Chance("uniform", "period"),
        "constraint": Chance("uniform", "draw"),
        "occasion": Chance("uniform", "period"),
    },
    peers={f"peers_{one.id}": Peers("sector") for one in TECHNOLOGIES},
    stages=STAGES,
    groups=("size", "sector", "area", "zone", "foreign", "exporter"),
    tracked=(
        "adoptions",
        "investment",
        "loan",
        "subsidy",
        "level_gain",
        "value_added_gain",
        "electricity_saved",
        "emissions_avoided",
    ),
)
