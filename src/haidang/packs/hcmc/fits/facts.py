"""The estimates as a facts file: which technology takes which intercept, and how certain that is."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from haidang.packs.hcmc.fits.logit import Floats
from haidang.packs.hcmc.fits.records import GROUPS, LONGEST, SHORTEST, YEARS

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
CHECKED = {"by_group": ("nhóm", "group"), "by_payback": ("hoàn vốn", "payback"), "by_size": ("quy mô", "size")}
GROUPS_VI = {
    "motors": "động cơ, khí nén, điện và nhiệt công nghệ (dùng điện), ARC 2.1-2.4",
    "combustion": "buồng đốt, lò hơi, hơi nước, thu hồi nhiệt, cách nhiệt (dùng nhiên liệu), ARC 2.1-2.4",
    "operations_electric": "vận hành, chiếu sáng, điều hòa, tòa nhà, năng lượng tái tạo (dùng điện), ARC 2.5-2.9",
    "operations_fuel": "vận hành, sưởi, tòa nhà (dùng nhiên liệu), ARC 2.5-2.9",
    "demand": "quản lý công suất, biểu giá và phụ tải (ED, EF)",
    "recycling": "tái chế, bảo trì, cải tiến sản xuất (năng lượng), ARC 3.5-4.4",
    "labour": "tiết kiệm lao động: tự động hóa, bốc xếp, dòng công việc",
    "output": "tăng sản lượng: điểm nghẽn, chất lượng, tỷ lệ thành phẩm",
    "practice": "mặt bằng, thời gian dừng, thực hành quản lý, ARC 4.5-4.8",
    "waste": "chất thải và nguyên liệu, ARC 3 và 4.0-4.4",
    "water": "nước và nước thải",
    "administration": "chi phí hành chính và mua hàng",
    "other": "khác",
}
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


Words = Mapping[str, str]
"""A text in Vietnamese (`vi`) and English (`en`)."""


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
    errors = [_error(error) for error in np.sqrt(np.diag(covariance))]
    conditional, rest = fitted.told["conditional"], fitted.told["plant_effect"]
    trim = _trim(fitted.told["restriction"])
    money = _joined(
        {
            "vi": f"Từ logit có điều kiện với hiệu ứng nhà máy: {_vi(conditional['decisions'], ',')} khuyến nghị năng "
            f"lượng của {_vi(conditional['plants'], ',')} nhà máy đã thực hiện một số và từ chối một số.",
            "en": f"From the conditional logit with plant effects: {conditional['decisions']:,} energy items of "
            f"{conditional['plants']:,} plants that adopted some and refused others.",
        },
        trim,
    )
    second = _joined(
        {
            "vi": f"Từ logit với hiệu ứng nhà máy phân phối chuẩn trên {_vi(rest['decisions'], ',')} khuyến nghị mọi "
            f"loại của {_vi(rest['plants'], ',')} nhà máy, hệ số log chi phí và log tiết kiệm giữ ở ước lượng có điều "
            "kiện.",
            "en": f"From a logit with a normal plant effect on {rest['decisions']:,} items of all kinds of "
            f"{rest['plants']:,} plants, log cost and log saving held at the conditional estimates.",
        },
        trim,
    )
    first_stream = {
        "vi": "Chỉ dòng tiết kiệm đầu tiên được ghi lại, khiến hệ số lệch về không.",
        "en": "Only the first stream of savings is recorded, which biases it to zero.",
    }
    parts = [
        "# How factories decide. Written by the script fits/decisions.py; do not edit by hand.\n"
        "# Utility of an item = intercept + log_cost x ln(cost [USD]) + log_saving x ln(saving [USD/year])\n"
        "#          + log_size x ln(employees) + the plant's effect (normal, plant_effect_sd) + logistic noise.\n"
        "# Dollars are of the year of the visit (2001-2023): a model must bring its money to dollars first, by the\n"
        "# fact exchange_rate.",
        _fact(
            "decision_log_cost", "Hệ số của log chi phí", "Response to the logarithm of cost", values[0],
            _joined(money, errors[0], _origin(fitted.told), _checked(fitted.told["time_split"])),
        ),
        _fact(
            "decision_log_saving", "Hệ số của log tiết kiệm", "Response to the logarithm of yearly saving", values[1],
            _joined(money, errors[1], first_stream),
        ),
        _fact(
            "decision_log_size", "Hệ số của log số lao động", "Response to the logarithm of employees", values[2],
            _joined(second, errors[2]),
        ),
    ]  # fmt: skip
    for position, name in enumerate(COUNTERPARTS, start=3):
        vi, en = TITLES[name]
        note = _intercept(name, errors[position])
        parts.append(_fact(f"decision_intercept_{name}", f"Hằng số: {vi}", f"Intercept: {en}", values[position], note))
    parts += [_plant_effect(fitted, second), _price_response(float(values[0])), _joint_text(covariance)]
    return "\n".join(parts) + "\n"


def _fact(name: str, vi: str, en: str, value: float, note: Words) -> str:
    return (
        f'{name}:\n  title: {{vi: "{vi}", en: "{en}"}}\n  value: {value:.6g}\n  source: iac-2025\n  as_of: 2023\n'
        f"{_note(note)}"
    )


def _note(words: Words) -> str:
    """The key `note` of a fact. A line ends at a space only: folded, a line break becomes one."""
    blocks = [
        f"    {language}: >-\n" + textwrap.indent(textwrap.fill(words[language], 110, break_on_hyphens=False), "      ")
        for language in ("vi", "en")
    ]
    return "\n".join(["  note:", *blocks])


def _joined(*parts: Words) -> Words:
    return {language: " ".join(part[language] for part in parts) for language in ("vi", "en")}


def _vi(value: float, form: str) -> str:
    """A number in a format of Python's, with a Vietnamese decimal comma and dots between thousands."""
    return format(value, form).translate(str.maketrans(",.", ".,"))


def _trim(restriction: str) -> Words:
    first, last = YEARS
    return {
        "vi": f"Mẫu: năm tài chính {first}-{last}, đã biết kết quả, chi phí và tiết kiệm > 0, thời gian hoàn vốn trên "
        f"{_vi(SHORTEST, 'g')} và không quá {_vi(LONGEST, 'g')} năm.",
        "en": f"Sample: {restriction}.",
    }


def _origin(told: dict[str, Any]) -> Words:
    data = told["data"]
    day = "/".join(str(int(part)) for part in reversed(told["date"].split("-")))
    return {
        "vi": f"Ước lượng ngày {day} từ {data['file']}, sha256 {data['sha256']}.",
        "en": f"Estimated {told['date']} from {data['file']}, sha256 {data['sha256']}.",
    }


def _checked(split: dict[str, Any]) -> Words:
    """How well the estimates of the years to 2015 foretell the later ones."""
    single = split["single_plants"]
    predicted, realised = split["share_predicted"], split["share_realised"]
    misses = {
        "vi": "; ".join(f"{vi} {_worst(split[key], _miss_vi)}" for key, (vi, _) in CHECKED.items()),
        "en": "; ".join(f"{en} {_worst(split[key], _miss_en)}" for key, (_, en) in CHECKED.items()),
    }
    area, score, base = (single[name] for name in ("area_under_curve", "log_score", "log_score_base_rate"))
    return {
        "vi": f"Kiểm tra theo thời gian: ước lượng với số liệu đến 2015, dự báo tỷ lệ thực hiện 2016-2023 là "
        f"{_vi(100 * predicted, '.1f')} %, thực tế {_vi(100 * realised, '.1f')} %. Lệch nhiều nhất: {misses['vi']}. "
        f"Với từng nhà máy, diện tích dưới đường cong là {_vi(area, '.3f')} và điểm log bình quân {_vi(score, '.3f')}, "
        f"so với {_vi(base, '.3f')} của tỷ lệ chung: gần như không hơn, nên chỉ đọc ở mức tỷ lệ, không đọc cho từng "
        "nhà máy.",
        "en": f"Checked on time: fitted to 2015, the share adopted in 2016-2023 is predicted at {predicted:.1%} and "
        f"was {realised:.1%}. Largest misses: {misses['en']}. For single plants the area under the curve is {area:.3f} "
        f"and the mean log score {score:.3f}, against {base:.3f} for the base rate: hardly better, so read shares, not "
        "single plants.",
    }


def _worst(rows: list[dict[str, Any]], say: Callable[[dict[str, Any] | None], str]) -> str:
    """The share that was missed by most among those of 500 items and more."""
    known = (row for row in rows if row["n"] >= 500)
    return say(max(known, key=lambda row: abs(row["predicted"] - row["realised"]), default=None))


def _miss_vi(row: dict[str, Any] | None) -> str:
    if row is None:
        return "không có nhóm nào từ 500 khuyến nghị"
    name = GROUPS_VI.get(row["id"], row["id"].replace(" years", " năm"))
    return f"{name}: dự báo {_vi(100 * row['predicted'], '.1f')} %, thực tế {_vi(100 * row['realised'], '.1f')} %"


def _miss_en(row: dict[str, Any] | None) -> str:
    return "none of 500 items" if row is None else f"{row['id']} {row['predicted']:.1%} for {row['realised']:.1%}"


def _error(error: float) -> Words:
    return {
        "vi": f"Sai số chuẩn {_vi(error, '.3g')}, hiệu chỉnh theo cụm nhà máy.",
        "en": f"Standard error {error:.3g}, clustered by plant.",
    }


def _intercept(name: str, error: Words) -> Words:
    groups, deviation = COUNTERPARTS[name]
    same = deviation < 0.2
    vi, en = ("chính nhóm ấy", "the group itself") if same else ("nhóm gần nhất", "only the nearest group")
    return {
        "vi": f"Khuyến nghị kiểm toán về: {'; '.join(GROUPS_VI[group] for group in groups)}. Đây là {vi}, nên cộng "
        f"thêm độ lệch {_vi(deviation, 'g')}, một giả định, cho điều mà kiểm toán không nói được về nhà máy của thành "
        f"phố. {error['vi'][:-1]}, đã gồm độ lệch ấy.",
        "en": f"Audit items on: {'; '.join(GROUPS[group] for group in groups)}. It is {en}, hence a further "
        f"deviation of {deviation:g}, an assumption, for what the audits cannot tell of a city's factories. "
        f"{error['en'][:-1]}, with that deviation.",
    }


def _plant_effect(fitted: Fitted, second: Words) -> str:
    error = float(np.sqrt(fitted.covariance[-1, -1])) * fitted.deviation
    note = {
        "vi": f"Đơn vị logit. {second['vi']} Giá trị thứ hai suy từ độ phân tán của tỷ lệ thực hiện giữa các nhà máy, "
        "0,281 so với 0,183 nếu các nhà máy giống nhau, trong những nhà máy có từ năm khuyến nghị. Các hằng số đi với "
        "giá trị thứ nhất.",
        "en": f"Logit units. {second['en']} The rival is read off the spread of plants' adoption shares, 0.281 against "
        "0.183 if plants were alike, among plants with five or more items. The intercepts belong to the first.",
    }
    return (
        "plant_effect_sd:\n"
        '  title: {vi: "Độ phân tán giữa các nhà máy", en: "Spread between factories in readiness to adopt"}\n'
        "  values:\n"
        f"    random-intercept: {{value: {fitted.deviation:.6g}, se: {error:.3g}, source: iac-2025, as_of: 2023}}\n"
        "    excess-variance: {value: 0.9, range: [0.7, 1.1], source: iac-2025, as_of: 2023}\n"
        f"  use: random-intercept\n{_note(note)}"
    )


def _price_response(log_cost: float) -> str:
    note = {
        "vi": "Bằng decision_log_cost đổi dấu, khoảng lấy theo các mẫu của cùng bộ số liệu (0,245 với mọi loại, không "
        "cắt, đến 0,524 chỉ với nhiên liệu). Chi phí ước tính có nhiễu nên phản ứng bị lệch về không, và khuyến nghị "
        "kiểm toán thường nhỏ, hoàn vốn nhanh nên hiếm khi vướng vì tiền: với mức hỗ trợ từ vài đến ba mươi phần trăm, "
        "94-99 % đằng nào cũng làm. Ưu đãi đầu tư của Hà Lan đo được khoảng 50 % đằng nào cũng làm, hàm ý phản ứng lớn "
        "hơn ở dự án lớn.",
        "en": "The negative of decision_log_cost, with the range over samples of the same data (0.245 all kinds "
        "untrimmed to 0.524 fuels only). Estimated costs are noisy, which biases the response to zero, and audit items "
        "are small and quick to pay back, so money is rarely what stops them: deadweight of 94-99 % for support of a "
        "few to thirty percent. Free riding of about 50 % measured on the Dutch investment allowance implies a larger "
        "response for large projects.",
    }
    low, high = min(0.245, -log_cost), max(0.524, -log_cost)
    return (
        "price_response:\n"
        '  title: {vi: "Phản ứng với giá", en: "Response to price of a factory that is not credit-constrained"}\n'
        f"  value: {-log_cost:.6g}\n  range: [{low:.6g}, {high:.6g}]\n"
        f"  source: [iac-2025, eia-pbl-2020]\n  as_of: 2023\n{_note(note)}"
    )


def _joint_text(covariance: Floats) -> str:
    names = ["decision_log_cost", "decision_log_saving", "decision_log_size"]
    names += [f"decision_intercept_{name}" for name in COUNTERPARTS]
    rows = "\n".join("      - [" + ", ".join(f"{value:.9e}" for value in row) + "]" for row in covariance)
    listed = textwrap.indent(textwrap.fill(", ".join(names), 104), "      ").strip()
    return f"joint:\n  adoption-decision:\n    facts: [{listed}]\n    covariance:\n{rows}"
