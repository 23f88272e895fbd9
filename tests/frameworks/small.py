"""A small framework for tests: two areas, three capabilities, and its YAML text."""

from haidang.frameworks.framework import Framework
from haidang.frameworks.read import parse_framework

HEAD = """id: small
title: {vi: Khung nhỏ, en: Small framework}
version: "1.0"
date: 2026-11-22
rights: own
note: {vi: "Dùng để thử", en: "For tests: a colon"}
sources:
  - {title: A paper, publisher: A press, date: 2025-04, address: "https://example.org/a"}
levels:
"""
LEVELS = "".join(
    f"  - {{level: {n}, title: {{vi: Bậc {n}, en: Level {n}}}, meaning: {{vi: Nghĩa {n}, en: Meaning {n}}}}}\n"
    for n in range(6)
)


def criterion(name: str, level: int, kind: str = "must") -> str:
    """One criterion as YAML."""
    return f"""          {name}:
            level: {level}
            kind: {kind}
            text: {{vi: "Tiêu chí {name}", en: "Criterion {name}"}}
            question: {{vi: "Có {name} không?", en: "Is there {name}?"}}
            evidence: {{kinds: [photo, record], example: {{vi: Ảnh bảng, en: A photo of the board}}}}
            remedy: {{text: {{vi: "Làm {name}", en: "Do {name}"}}, effort: low}}
"""


def capability(name: str, criteria: str, more: str = "") -> str:
    """One capability as YAML."""
    return f"""      {name}:
        title: {{vi: Năng lực {name}, en: Capability {name}}}
        meaning: {{vi: Nghĩa, en: Meaning}}
        weight: 1
{more}        criteria:
{criteria}"""


def area(name: str, capabilities: str, weight: str = "1") -> str:
    """One area as YAML."""
    return f"""  {name}:
    title: {{vi: Lĩnh vực {name}, en: Area {name}}}
    meaning: {{vi: Nghĩa, en: Meaning}}
    weight: {weight}
    capabilities:
{capabilities}"""


STANDARD = "".join(
    criterion(name, level, kind)
    for name, level, kind in [
        ("P1-1", 1, "must"), ("P1-1b", 1, "must"), ("P1-2", 2, "must"), ("P1-2s", 2, "should"), ("P1-3", 3, "must"),
    ]
)  # fmt: skip
YAML = (
    HEAD
    + LEVELS
    + "areas:\n"
    + area(
        "process",
        capability("standard-work", STANDARD)
        + capability(
            "quality", criterion("P2-1", 1) + criterion("P2-2", 2), "        applies: {sector: [food, metal]}\n"
        ),
    )
    + area("flow", capability("visibility", criterion("F1-1", 1) + criterion("F1-2", 2)), "2.5")
    + """crosswalks:
  - {from: standard-work, to: "siri:Vertical Integration", relation: related, note: {vi: Ghi chú, en: A note}}
  - {from: visibility, to: "siri:Shop Floor Connectivity", relation: narrower}
"""
)


def small() -> Framework:
    """The small framework."""
    return parse_framework(YAML, "small.yaml")
