"""A run made of invented numbers, in the format of a real one. Test material: nothing here says anything of a city."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import polars as pl

from haidang.results.run import Run, write_backtests, write_run

Case = Literal["partial", "exhausted", "unused", "none_eligible", "negative"]

YEARS = (2026, 2027, 2028, 2029, 2030)
LINE = 1500e9
FACTORIES = 11_200.0


def text(vi: str, en: str) -> dict[str, str]:
    return {"vi": vi, "en": en}


SCENARIOS = [
    {"id": "baseline", "title": text("Không có chương trình", "No programme")},
    {"id": "credit", "title": text("Tín dụng ưu đãi", "Preferential credit")},
    {"id": "guarantee", "title": text("Bảo lãnh cho nhà máy thiếu tài sản bảo đảm", "Guarantee without collateral")},
    {"id": "advisory", "title": text("Tư vấn trước, vay sau", "Advisory first")},
    {"id": "grant", "title": text("Tài trợ trực tiếp", "Grant")},
    {"id": "zones", "title": text("Ưu tiên khu công nghiệp", "Zones first")},
]
STRENGTH = {"credit": 1.0, "guarantee": 1.35, "advisory": 1.5, "grant": 0.8, "zones": 0.9}
RESOURCE = {"grant": "grant"}
COST_SHARE = {"credit": 0.075, "guarantee": 0.08, "advisory": 0.078, "grant": 0.08, "zones": 0.072}

OUTCOMES = [
    {"id": "units", "title": text("Số nhà máy", "Factories"), "unit": "firm", "kind": "stock", "good": "neutral"},
    {"id": "adoptions", "title": text("Lượt áp dụng công nghệ", "Technology adoptions"), "unit": "adoption",
     "kind": "flow", "good": "more"},
    {"id": "investment", "title": text("Vốn đầu tư vào công nghệ", "Investment in technology"), "unit": "VND",
     "kind": "flow", "good": "more"},
    {"id": "loan", "title": text("Vốn vay ưu đãi", "Preferential loans"), "unit": "VND", "kind": "flow",
     "good": "neutral"},
    {"id": "subsidy", "title": text("Chi phí công", "Public cost"), "unit": "VND", "kind": "flow", "good": "less"},
    {"id": "level_gain", "title": text("Số bậc tăng", "Levels gained"), "unit": "level", "kind": "flow",
     "good": "more"},
    {"id": "level", "title": text("Bậc trung bình", "Mean level"), "unit": "level", "kind": "mean", "good": "more"},
    {"id": "value_added_gain", "title": text("Giá trị gia tăng thêm", "Added value gained"), "unit": "VND/year",
     "kind": "flow", "good": "more"},
    {"id": "electricity_saved", "title": text("Điện tiết kiệm", "Electricity saved"), "unit": "kWh/year",
     "kind": "flow", "good": "more"},
    {"id": "emissions_avoided", "title": text("Phát thải tránh được", "Emissions avoided"), "unit": "tCO2e/year",
     "kind": "flow", "good": "more"},
]  # fmt: skip
PER_LEVEL = {"adoptions": 1.4, "investment": 1.1e9, "level_gain": 1.0, "value_added_gain": 1.5e8,
             "electricity_saved": 9e4, "emissions_avoided": 58.0}  # fmt: skip
GROUPS = {
    "size": [("small", 0.66, 0.18, text("Nhỏ (5–19 người)", "Small (5–19)")),
             ("medium", 0.26, 0.37, text("Vừa (20–99 người)", "Medium (20–99)")),
             ("large", 0.08, 0.45, text("Lớn (từ 100 người)", "Large (100 or more)"))],
    "sector": [("food", 0.17, 0.20, text("Thực phẩm", "Food")), ("garments", 0.24, 0.16, text("May mặc", "Garments")),
               ("metal", 0.19, 0.30, text("Kim loại", "Metal")), ("other", 0.40, 0.34, text("Khác", "Other"))],
    "area": [("hcmc", 0.58, 0.44, text("TP.HCM cũ", "Former HCMC")),
             ("binh_duong", 0.34, 0.45, text("Bình Dương cũ", "Former Binh Duong")),
             ("vung_tau", 0.08, 0.11, text("Bà Rịa – Vũng Tàu cũ", "Former Ba Ria – Vung Tau"))],
}  # fmt: skip
STAGES = [("eligible", 1.0, text("Đủ điều kiện", "Eligible")), ("aware", 0.42, text("Biết đến", "Aware")),
          ("needs", 0.21, text("Cần vốn vay", "Need a loan")), ("applies", 0.09, text("Nộp hồ sơ", "Apply")),
          ("collateral", 0.045, text("Có tài sản bảo đảm", "Have collateral")),
          ("approved", 0.032, text("Được duyệt", "Approved"))]  # fmt: skip
SOURCE = {"id": "survey", "title": "Enterprise Survey (invented here)", "publisher": "Test Bureau", "date": "2023",
          "address": "https://example.org/survey?a=1&b=2"}  # fmt: skip
FACTS = {
    "awareness": (text("Tỉ lệ nhà máy biết đến chương trình", "Share of factories aware of the programme"),
                  0.2, 0.6, "percent", None),
    "collateral_needed": (text("Tỉ lệ khoản vay đòi hỏi tài sản bảo đảm", "Share of loans that need collateral"),
                          0.8, 0.98, "percent", "survey"),
    "price_response": (text("Độ nhạy của quyết định đầu tư với chi phí vốn",
                            "Response of investment to the cost of money"), 0.1, 0.9, "1", "survey"),
    "constrained": (text("Tỉ lệ nhà máy bị hạn chế tín dụng", "Share of credit-constrained factories"),
                    0.08, 0.24, "percent", "survey"),
    "market_rate": (text("Lãi suất cho vay bình quân", "Average rate on new loans"), 6.1, 7.9, "%/year", "survey"),
    "grid_factor": (text("Hệ số phát thải lưới điện", "Grid emission factor"), 0.6, 0.7, "tCO2e/MWh", "survey"),
    "diffusion": (text("Lan toả từ nhà máy cùng ngành", "Diffusion from peers"), 0.0, 0.3, "1", None),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Draws:
    """The invented chance of one run."""

    facts: dict[str, np.ndarray]
    noise: np.ndarray


def draw(draws: int, seed: int) -> Draws:
    generator = np.random.default_rng(seed)
    facts = {name: generator.uniform(low, high, draws) for name, (_, low, high, _, _) in FACTS.items()}
    return Draws(facts, generator.lognormal(0.0, 0.12, (draws, len(YEARS))))


def spending(case: Case, scenario: str, chance: Draws) -> np.ndarray:
    """Money lent or granted, draws by years."""
    if case in {"unused", "none_eligible"}:
        return np.zeros_like(chance.noise)
    facts = chance.facts
    pull = facts["awareness"] * facts["price_response"] * (1.3 - facts["collateral_needed"]) * STRENGTH[scenario]
    wish = 1500e9 * pull[:, None] * np.array([0.5, 0.9, 1.2, 1.3, 1.2]) * chance.noise
    if case == "exhausted":
        wish = wish * 30
    before = np.zeros(len(wish))
    spent = np.zeros_like(wish)
    for year in range(len(YEARS)):
        spent[:, year] = np.minimum(wish[:, year], LINE - before)
        before += spent[:, year]
    return np.floor(spent)


def effect_levels(case: Case, scenario: str, chance: Draws) -> np.ndarray:
    """Additional levels, draws by years."""
    sign = -0.5 if case == "negative" else 1.0
    share = 0.25 + 0.5 * chance.facts["constrained"][:, None]
    return sign * spending(case, scenario, chance) / 1.6e9 * share * chance.noise


def totals(case: Case, chance: Draws) -> pl.DataFrame:
    draws = len(chance.noise)
    growth = 1400 * np.array([0.8, 0.9, 1.0, 1.05, 1.1]) * chance.noise * (1 + chance.facts["diffusion"][:, None])
    frames = []
    for scenario in SCENARIOS:
        name = str(scenario["id"])
        paid = np.zeros_like(growth) if name == "baseline" else spending(case, name, chance)
        gained = growth if name == "baseline" else growth + effect_levels(case, name, chance)
        values = {outcome: gained * factor for outcome, factor in PER_LEVEL.items()}
        values["emissions_avoided"] = values["emissions_avoided"] * (chance.facts["grid_factor"] / 0.65)[:, None]
        values["loan"] = paid * (RESOURCE.get(name, "loan") == "loan")
        values["subsidy"] = paid * COST_SHARE.get(name, 0.0)
        values["units"] = np.full_like(growth, FACTORIES)
        values["level"] = FACTORIES * 1.3 + np.cumsum(gained, axis=1) / 7
        for outcome, grid in values.items():
            frames += [
                frame(grid * part, scenario=name, outcome=outcome, by=by, group=group)
                for by, group, part in parts(outcome)
            ]
    assert draws == len(growth)
    return pl.concat(frames)


def parts(outcome: str) -> list[tuple[str, str, float]]:
    whole = [("all", "all", 1.0)]
    count = outcome in {"units", "level"}
    return whole + [
        (by, group, units if count else money) for by, rows in GROUPS.items() for group, units, money, _ in rows
    ]


def frame(grid: np.ndarray, **labels: str) -> pl.DataFrame:
    draws, years = grid.shape
    return pl.DataFrame(
        {
            "draw": np.repeat(np.arange(draws, dtype=np.int32), years),
            "year": np.tile(np.array(YEARS, dtype=np.int32), draws),
            "value": grid.reshape(-1),
        }
    ).with_columns(**{name: pl.lit(value) for name, value in labels.items()})


def users(case: Case, chance: Draws) -> pl.DataFrame:
    frames = []
    for name in STRENGTH:
        paid = spending(case, name, chance).sum(axis=1)
        extra = effect_levels(case, name, chance).sum(axis=1)
        had = np.abs(extra) * (1.1 - chance.facts["constrained"]) / 0.55
        both = {outcome: ((had + extra) * factor, had * factor) for outcome, factor in PER_LEVEL.items()}
        both["loan"] = (paid * (RESOURCE.get(name, "loan") == "loan"), np.zeros_like(paid))
        both["subsidy"] = (paid * COST_SHARE[name], np.zeros_like(paid))
        both["units"] = (paid / 4e9, paid / 4e9)
        for outcome, (with_it, without) in both.items():
            frames += [
                pl.DataFrame(
                    {
                        "draw": np.arange(len(paid), dtype=np.int32),
                        "scenario_value": with_it * part,
                        "baseline_value": without * part,
                    }
                ).with_columns(scenario=pl.lit(name), outcome=pl.lit(outcome), by=pl.lit(by), group=pl.lit(group))
                for by, group, part in parts(outcome)
            ]
    return pl.concat(frames)


def budgets(case: Case, chance: Draws) -> pl.DataFrame:
    frames = []
    for name in STRENGTH:
        spent = spending(case, name, chance)
        left = LINE - np.cumsum(spent, axis=1) + spent
        counts = spent / 4e9
        columns = {"available": left, "requested": spent * 1.1, "spent": spent, "applicants": counts * 1.4,
                   "served": counts, "refused": counts * 0.4}  # fmt: skip
        first = frame(spent, scenario=name, instrument="main", resource=RESOURCE.get(name, "loan")).drop("value")
        frames.append(first.with_columns(**{column: grid.reshape(-1) for column, grid in columns.items()}))
    whole = pl.concat(frames)
    return whole.with_columns(pl.col("available", "requested", "spent").cast(pl.Int64))


def funnel(case: Case, chance: Draws) -> pl.DataFrame:
    size = 0.0 if case == "none_eligible" else FACTORIES
    shrink = {"unused": 0.0}.get(case, 1.0)
    return pl.concat(
        [
            frame(
                size * share * (1.0 if stage == "eligible" else shrink) * chance.noise**0.3, scenario=name, stage=stage
            )
            for name in STRENGTH
            for stage, share, _ in STAGES
        ]
    )


def choices(case: Case, chance: Draws) -> pl.DataFrame:
    return pl.concat(
        [
            frame(FACTORIES * share * chance.noise, scenario=str(scenario["id"]), alternative=alternative)
            for scenario in SCENARIOS
            for alternative, share in (("nothing", 0.85), ("automation", 0.15))
        ]
    )


def fact_texts() -> dict[str, object]:
    return {
        name: {
            "title": title, "value": (low + high) / 2, "unit": unit, "range": [low, high],
            "source": [] if source is None else [SOURCE],
            "assumption": "No survey asks for it; the range covers what officers say" if source is None else None,
            "note": None, "rivals": [],
        }
        for name, (title, low, high, unit, source) in FACTS.items()
    }  # fmt: skip


def manifest(draws: int, seed: int) -> dict[str, object]:
    lines = [
        {"scenario": name, "instrument": "main", "resource": RESOURCE.get(name, "loan"), "line": LINE}
        for name in STRENGTH
    ]
    return {
        "haidang": "0.1.0", "pack": "hcmc", "programme": "smart-manufacturing-credit", "model": "factories",
        "seed": seed, "draws": draws, "rows": 50_000, "years": list(YEARS), "scenarios": SCENARIOS,
        "outcomes": OUTCOMES, "alternatives": [
            {"id": "nothing", "title": text("Không làm gì", "Nothing")},
            {"id": "automation", "title": text("Tự động hoá", "Automation")}],
        "stages": [{"id": stage, "title": title} for stage, _, title in STAGES],
        "groups": {by: [{"id": group, "title": title} for group, _, _, title in rows] for by, rows in GROUPS.items()},
        "resources": ["loan", {"id": "grant", "title": text("Tài trợ", "Grant")}], "budgets": lines,
        "facts_read": sorted(FACTS), "inputs": {"facts/finance.yaml": "0" * 64},
        "versions": {"haidang": "0.1.0", "python": "3.11", "jax": "0.10.2"}, "times": {"seconds": 9.5},
        "population": {"rows": 50_000, "units": FACTORIES, "source": "test margins"},
    }  # fmt: skip


BACKTESTS = [
    {"id": "hcmc/interest-support-2022",
     "title": text("Hỗ trợ lãi suất 2% năm 2022–2023", "2% interest support 2022–2023"),
     "cutoff": "2022-09-30", "quantity": text("Tiền hỗ trợ đã chi đến cuối 2023", "Money paid by the end of 2023"),
     "unit": "VND", "quantiles": {"5": 3e11, "25": 6e11, "50": 9.5e11, "75": 1.6e12, "95": 3.1e12}, "outcome": 1.2e12,
     "outcome_source": SOURCE, "official": 2.56e12, "naive": 4e13,
     "crps": {"model": 2.1e11, "official": 1.36e12, "naive": 3.88e13}, "covered90": True, "read": ["market_rate"]},
    {"id": "hcmc/interest-subsidy-2009", "title": text("Hỗ trợ lãi suất 4% năm 2009", "4-point subsidy of 2009"),
     "cutoff": "2009-02-01", "quantity": text("Dư nợ được hỗ trợ", "Supported loans outstanding"), "unit": "VND",
     "draws": [float(x) for x in np.linspace(2.4e14, 5.2e14, 50)], "outcome": 3.8e14, "official": None,
     "naive": 6e14, "crps": {"model": 3e13, "naive": 2.2e14}, "covered90": True, "read": []},
]  # fmt: skip


def write_example(path: Path, case: Case = "partial", draws: int = 200, seed: int = 7) -> Run:
    """An invented run on disk."""
    chance = draw(draws, seed)
    facts = pl.concat(
        [
            pl.DataFrame({"draw": np.arange(draws, dtype=np.int32), "value": values}).with_columns(fact=pl.lit(name))
            for name, values in chance.facts.items()
        ]
    )
    tables = {
        "totals": totals(case, chance), "users": users(case, chance), "budgets": budgets(case, chance),
        "funnel": funnel(case, chance), "choices": choices(case, chance), "facts": facts,
    }  # fmt: skip
    run = write_run(path, tables, manifest(draws, seed), fact_texts())
    write_backtests(path, BACKTESTS)
    return run
