"""A pilot of each of the nine kinds of design, as somebody writes it by hand, and units that each can be laid over."""

from __future__ import annotations

from collections.abc import Mapping

from tests.web.test_pilots import table

HEAD = """id: {name}
title: {{vi: Tư vấn, en: Advice}}
question: {{vi: "Có thêm công nghệ không?", en: "Does it help?"}}
programme: my-city/school-bus
years: 2027..2029
units: {{size: 40, {units}}}
arms:
{arms}
assignment: {{rule: {rule}}}
outcome: {{column: level, unit: level, better: more, between: [0, 10]}}
covariates: [employees]
smallest_worthwhile: 0.35
alpha: 0.07
measuring_cost: 1.5e6 VND
dates: {{start: 2027-01-01, end: 2029-12-31}}
guardrails:
  trouble: {{title: {{vi: Sự cố, en: Trouble}}, kind: rate, column: bad, at_most: 7 %, between: [0, 1]}}
  money: {{title: {{vi: Tiền, en: Money}}, kind: pace, column: paid, budget: 20e9 VND, between: [0, 3e9], alpha: 1 %}}
stop:
  - {{on: money, reason: {{vi: Hết tiền, en: No money left}}}}
  - {{on: ratio, reason: {{vi: Lệch, en: Askew}}}}
"""
TWO = """  none: {title: {vi: Đối chứng, en: Nothing}, share: 50 %}
  advised: {title: {vi: Tư vấn, en: Advised}, share: 50 %}"""
THREE = """  none: {title: {vi: Đối chứng, en: Nothing}, share: 0.29}
  advised: {title: {vi: Tư vấn, en: Advised}, share: 36 %}
  both: {title: {vi: Cả hai, en: Both}, share: 0.35}"""
WAVES = """  waiting: {title: {vi: Chờ, en: Waiting}, share: 50 %}
  early: {title: {vi: Sớm, en: Early}, share: 25 %, start: 2027}
  late: {title: {vi: Muộn, en: Late}, share: 25 %, start: 2028}"""
SCORED = """  none: {title: {vi: Đối chứng, en: Nothing}}
  advised: {title: {vi: Tư vấn, en: Advised}}"""
WAYS: Mapping[str, tuple[str, str, str]] = {
    "stratified": ("strata: [sector, ward]", THREE, "stratified"),
    "complete": ("where: level < 4", THREE, "complete"),
    "simple": ("where: level < 4", TWO, "simple"),
    "pairs": ("strata: [sector]", TWO, "pairs, balance: [employees]"),
    "rerandomised": ("where: level < 4", TWO, "rerandomised, balance: [employees, sector], acceptance: 29 %"),
    "cluster": ("cluster: ward", TWO, "cluster"),
    "phased": ("cluster: ward", WAVES, "phased"),
    "encouragement": ("strata: [sector]", TWO, "encouragement, takeup: took"),
    "cutoff": ("where: level < 4", SCORED, "cutoff, score: points, cutoff: 58.5, above: false"),
}
"""By kind: who takes part, the arms, the rule."""


def plan_of(kind: str, name: str) -> str:
    """The declaration of a kind."""
    units, arms, rule = WAYS[kind]
    return HEAD.format(name=name, units=units, arms=arms, rule=rule)


def units() -> str:
    """Forty units, with every column that a kind reads."""
    rows: list[list[object]] = [
        [f"f{one:02d}", ("food", "metal")[one % 2], f"w{one // 4}", 10 + one * 7 % 53, 40 + one] for one in range(40)
    ]
    return table(["id", "sector", "ward", "employees", "points"], rows)
