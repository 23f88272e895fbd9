"""The ten technology groups that a factory may adopt, the area and level each stands for, and what must come first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

AREAS = ("process", "flow", "sync", "sustain", "learning", "digital", "responsible")
"""Areas of maturity: the six principles of the Lighthouse Operating System (World Economic Forum 2025) as themes, and
responsible industry. Each is a column `level_<area>` from 0 to 5."""


@dataclass(frozen=True, slots=True)
class Technology:
    """A technology group.

    Args:
        id: its name; `<id>_cost`, `<id>_productivity`, `<id>_energy`, `decision_intercept_<id>` are its facts.
        vi: title in Vietnamese.
        en: title in English.
        area: the area that it raises.
        level: the level of that area that a factory with it has reached.
        kind: which published rate its spread is held to: process innovation or energy measures.
        after: technology groups that must be in place before.
    """

    id: str
    vi: str
    en: str
    area: str
    level: int
    kind: Literal["process", "energy"]
    after: tuple[str, ...] = ()


TECHNOLOGIES = (
    Technology("energy_management", "Quản lý năng lượng", "Energy management", "sustain", 1, "energy"),
    Technology(
        "efficient_drives",
        "Động cơ và nhiệt hiệu suất cao",
        "Efficient motors and heat",
        "sustain",
        2,
        "energy",
        ("energy_management",),
    ),
    Technology("rooftop_solar", "Điện mặt trời mái nhà", "Rooftop solar", "sustain", 3, "energy"),
    Technology("monitoring", "Giám sát và cảm biến", "Monitoring and sensing", "flow", 2, "process"),
    Technology(
        "planning", "Điều độ và tồn kho (ERP, MES)", "Scheduling and inventory (ERP, MES)", "flow", 3, "process"
    ),
    Technology("quality_inspection", "Kiểm tra chất lượng", "Quality inspection", "process", 2, "process"),
    Technology("automation", "Tự động hóa và robot", "Automation and robots", "process", 3, "process", ("monitoring",)),
    Technology("maintenance", "Bảo trì dự báo", "Predictive maintenance", "digital", 3, "process", ("monitoring",)),
    Technology(
        "supply_chain", "Tích hợp chuỗi cung ứng", "Supply-chain integration", "sync", 3, "process", ("planning",)
    ),
    Technology("training", "Đào tạo người lao động", "Worker training", "learning", 2, "process"),
)

PLACE = {one.id: place for place, one in enumerate(TECHNOLOGIES)}
"""The bit of each technology group in the column of what a factory has."""


def bit(name: str) -> int:
    """The technology group's bit."""
    return 1 << PLACE[name]
