"""The estimates as a facts file: which technology takes which intercept, and how certain that is."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import Any

import numpy as np

from haidang.packs.hcmc.fits.logit import Floats
from haidang.packs.hcmc.fits.records import GROUPS

# The audits' groups from which each technology takes its intercept, weighed by their items, and the standard deviation
# of what the audits cannot say about it: 0.1 where the group is the technology, 0.3 where it is only the nearest.
COUNTERPARTS: dict[str, tuple[tuple[str, ...], float]] = {
    "energy_management": (("operations_electric", "operations_fuel", "demand"), 0.1),
    "efficient_drives": (("motors", "combustion"), 0.1),
    "rooftop_solar": (("operations_electric",), 0.3),
    "monitoring": (("demand",), 0.3),
    "planning": (("practice", "administration"), 0.3),
    "quality_inspection": (("output", "waste"), 0.3),
    "automation": (("labour",), 0.1),
    "maintenance": (("recycling", "practice"), 0.3),
    "supply_chain": (("administration",), 0.3),
    "training": (("practice",), 0.3),
}
CHECKED = {"group": "by_group", "payback": "by_payback", "size": "by_size"}
TITLES = {
    "energy_management": ("quản lý năng lượng", "energy management"),
    "efficient_drives": ("động cơ và nhiệt hiệu suất cao", "efficient drives and heat"),
    "rooftop_solar": ("điện mặt trời mái nhà", "rooftop solar"),
    "monitoring": ("giám sát và cảm biến", "monitoring and sensing"),
    "planning": ("lập kế hoạch (ERP, MES)", "planning (ERP, MES)"),
    "quality_inspection": ("kiểm tra chất lượng", "quality inspection"),
    "automation": ("tự động hóa và robot", "automation and robots"),
    "maintenance": ("bảo trì dự báo", "predictive maintenance"),
    "supply_chain": ("tích hợp chuỗi cung ứng", "supply-chain integration"),
    "training": ("đào tạo người lao động", "worker training"),
}


@dataclass(frozen=True, slots=True)
class Fitted:
    """What a facts file is written from.

    Attributes:
        coefficients: log cost, log saving, one per group of `GROUPS`, log employees, log of the plants' deviation.
        covariance: of the same.
        deviation: standard deviation of the plant effect, in logit units.
        counts: items per group.
        told: the report, for the notes.
    """

    coefficients: Floats
    covariance: Floats
    deviation: float
    counts: Floats
    told: dict[str, Any]


def technology_map(counts: Floats) -> Floats:
    """Rows log cost, log saving, log size and the technologies; columns as `Fitted.coefficients`."""
    names = list(GROUPS)
    rows = np.zeros((3 + len(COUNTERPARTS), len(names) + 4))
    rows[0, 0] = rows[1, 1] = rows[2, len(names) + 2] = 1.0
    for row, (groups, _) in enumerate(COUNTERPARTS.values(), start=3):
        weights = np.array([counts[names.index(group)] for group in groups])
        for group, weight in zip(groups, weights / weights.sum(), strict=True):
            rows[row, 2 + names.index(group)] = weight
    return rows


def joint(fitted: Fitted) -> tuple[Floats, Floats]:
    """Values of the facts and their covariance, with what the audits cannot say added to the intercepts' variances."""
    rows = technology_map(fitted.counts)
    unknown = np.array([0.0, 0.0, 0.0, *(deviation**2 for _, deviation in COUNTERPARTS.values())])
    covariance = rows @ fitted.covariance @ rows.T + np.diag(unknown)
    return rows @ fitted.coefficients, (covariance + covariance.T) / 2.0


def facts_text(fitted: Fitted) -> str:
    """The facts file."""
    values, covariance = joint(fitted)
    told = fitted.told
    single = told["time_split"]["single_plants"]
    origin = f"Estimated {told['date']} from {told['data']['file']}, sha256 {told['data']['sha256']}."
    trim = f"Sample: {told['restriction']}."
    conditional, rest, split = told["conditional"], told["plant_effect"], told["time_split"]
    errors = np.sqrt(np.diag(covariance))
    misses = "; ".join(f"{name} {_worst(split[key])}" for name, key in CHECKED.items())
    checked = (
        f"Checked on time: fitted to 2015, the share adopted in 2016-2023 is predicted at "
        f"{split['share_predicted']:.1%} and was {split['share_realised']:.1%}. Largest misses: {misses}. "
        "For single plants the area under the curve is "
        f"{single['area_under_curve']:.3f} and the mean log score {single['log_score']:.3f}, against "
        f"{single['log_score_base_rate']:.3f} for the base rate: hardly better, so read shares, not single plants."
    )
    money = (
        f"From the conditional logit with plant effects: {conditional['decisions']:,} energy items of "
        f"{conditional['plants']:,} plants that adopted some and refused others. {trim}"
    )
    second = (
        f"From a logit with a normal plant effect on {rest['decisions']:,} items of all kinds of "
        f"{rest['plants']:,} plants, log cost and log saving held at the conditional estimates. {trim}"
    )
    parts = [
        "# How factories decide. Written by the script fits/decisions.py; do not edit by hand.\n"
        "# Utility of an item = intercept + log_cost x ln(cost [USD]) + log_saving x ln(saving [USD/year])\n"
        "#          + log_size x ln(employees) + the plant's effect (normal, plant_effect_sd) + logistic noise.\n"
        "# Dollars are of the year of the visit (2001-2023): a model must bring its money to dollars first, by the\n"
        "# fact exchange_rate.",
        _fact(
            "decision_log_cost", "Hệ số của log chi phí", "Response to the logarithm of cost", values[0],
            f"{money} {_error(errors[0])} {origin} {checked}",
        ),
        _fact(
            "decision_log_saving", "Hệ số của log tiết kiệm", "Response to the logarithm of yearly saving", values[1],
            f"{money} {_error(errors[1])} Only the first stream of savings is recorded, which biases it to zero.",
        ),
        _fact(
            "decision_log_size", "Hệ số của log số lao động", "Response to the logarithm of employees", values[2],
            f"{second} {_error(errors[2])}",
        ),
    ]  # fmt: skip
    for position, (name, (groups, deviation)) in enumerate(COUNTERPARTS.items(), start=3):
        vi, en = TITLES[name]
        counterpart = "; ".join(GROUPS[group] for group in groups)
        closeness = "the group itself" if deviation < 0.2 else "only the nearest group"
        note = (
            f"Audit items on: {counterpart}. It is {closeness}, hence a further deviation of {deviation:g}, an "
            "assumption, for what the audits cannot tell of a city's factories. "
            f"{_error(errors[position])[:-1]}, with that deviation."
        )
        parts.append(_fact(f"decision_intercept_{name}", f"Hằng số: {vi}", f"Intercept: {en}", values[position], note))
    parts += [_plant_effect(fitted, second), _price_response(float(values[0])), _joint_text(covariance)]
    return "\n".join(parts) + "\n"


def _fact(name: str, vi: str, en: str, value: float, note: str) -> str:
    return (
        f'{name}:\n  title: {{vi: "{vi}", en: "{en}"}}\n  value: {value:.6g}\n  source: iac-2025\n  as_of: 2023\n'
        f"  note: >-\n{textwrap.indent(textwrap.fill(note, 110), '    ')}"
    )


def _worst(rows: list[dict[str, Any]]) -> str:
    """The share that was missed by most among those of 500 items and more."""
    row = max(
        (row for row in rows if row["n"] >= 500), key=lambda row: abs(row["predicted"] - row["realised"]), default=None
    )
    return "none of 500 items" if row is None else f"{row['id']} {row['predicted']:.1%} for {row['realised']:.1%}"


def _error(error: float) -> str:
    return f"Standard error {error:.3g}, clustered by plant."


def _plant_effect(fitted: Fitted, second: str) -> str:
    error = float(np.sqrt(fitted.covariance[-1, -1])) * fitted.deviation
    note = (
        f"Logit units. {second} The rival is read off the spread of plants' adoption shares, .281 against .183 if "
        "plants were alike, among plants with five or more items. The intercepts belong to the first."
    )
    return (
        "plant_effect_sd:\n"
        '  title: {vi: "Độ phân tán giữa các nhà máy", en: "Spread between factories in readiness to adopt"}\n'
        "  values:\n"
        f"    random-intercept: {{value: {fitted.deviation:.6g}, se: {error:.3g}, source: iac-2025, as_of: 2023}}\n"
        "    excess-variance: {value: 0.9, range: [0.7, 1.1], source: iac-2025, as_of: 2023}\n"
        f"  use: random-intercept\n  note: >-\n{textwrap.indent(textwrap.fill(note, 110), '    ')}"
    )


def _price_response(log_cost: float) -> str:
    note = (
        "The negative of decision_log_cost, with the range over samples of the same data (0.245 all kinds untrimmed "
        "to 0.524 fuels only). Estimated costs are noisy, which biases the response to zero, and audit items are "
        "small and quick to pay back, so money is rarely what stops them: deadweight of 94-99 % for support of a few "
        "to thirty percent. Free riding of about 50 % measured on the Dutch investment allowance implies a larger "
        "response for large projects."
    )
    low, high = min(0.245, -log_cost), max(0.524, -log_cost)
    return (
        "price_response:\n"
        '  title: {vi: "Phản ứng với giá", en: "Response to price of a factory that is not credit-constrained"}\n'
        f"  value: {-log_cost:.6g}\n  range: [{low:.6g}, {high:.6g}]\n"
        "  source: [iac-2025, eia-pbl-2020]\n  as_of: 2023\n"
        f"  note: >-\n{textwrap.indent(textwrap.fill(note, 110), '    ')}"
    )


def _joint_text(covariance: Floats) -> str:
    names = ["decision_log_cost", "decision_log_saving", "decision_log_size"]
    names += [f"decision_intercept_{name}" for name in COUNTERPARTS]
    rows = "\n".join("      - [" + ", ".join(f"{value:.9e}" for value in row) + "]" for row in covariance)
    listed = textwrap.indent(textwrap.fill(", ".join(names), 104), "      ").strip()
    return f"joint:\n  adoption-decision:\n    facts: [{listed}]\n    covariance:\n{rows}"
