"""The report's two drawings as SVG: levels as dots and ranges, and the roadmap as bars over years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import isnan

WIDE, LABEL, ROW = 760, 250, 34
FONT = 'font-family="system-ui, Noto Sans, DejaVu Sans, sans-serif"'


@dataclass(frozen=True, slots=True)
class Dot:
    """One row of the profile: claimed and verified level, and the quartiles of peers where they are shown."""

    label: str
    claimed: float
    verified: float
    peers: tuple[float, float, float] | None


@dataclass(frozen=True, slots=True)
class Bar:
    """One step of the roadmap: where it begins, and what is written on it."""

    label: str
    year: int
    text: str


def profile_svg(rows: Sequence[Dot], top: int, title: str) -> str:
    """Levels as dots over the range of peers."""
    height = ROW * len(rows) + 40

    def x(level: float) -> float:
        return LABEL + (WIDE - LABEL - 30) * level / top

    parts = [_grid(x(level), height, str(level)) for level in range(top + 1)]
    for at, row in enumerate(rows):
        y = 30 + ROW * at + ROW / 2
        parts.append(_text(0, y + 5, row.label))
        if row.peers is not None:
            low, middle, high = (x(one) for one in row.peers)
            parts.append(_peers(low, middle, high, y))
        if not isnan(row.verified):
            parts.append(f'<circle class="verified" cx="{x(row.verified):.1f}" cy="{y:.1f}" r="9"/>')
        if not isnan(row.claimed):
            parts.append(f'<circle class="claimed" cx="{x(row.claimed):.1f}" cy="{y:.1f}" r="5"/>')
    return _svg(height, title, parts)


def roadmap_svg(bars: Sequence[Bar], years: Sequence[int], title: str) -> str:
    """Steps as bars from the year in which they are taken to the last year."""
    height = ROW * len(bars) + 40
    width = (WIDE - LABEL) / len(years)
    parts = [_grid(LABEL + width * at, height, str(year), width / 2) for at, year in enumerate(years)]
    for at, bar in enumerate(bars):
        y = 30 + ROW * at
        left = LABEL + width * list(years).index(bar.year)
        parts.append(_text(0, y + ROW / 2 + 5, bar.label))
        parts.append(
            f'<rect class="bar" x="{left:.1f}" y="{y + 5:.1f}" width="{WIDE - left:.1f}" height="{ROW - 10}" rx="4"/>'
        )
        anchor, place = ("end", left - 6) if WIDE - left < 130 else ("start", left + 8)
        shade = "" if anchor == "end" else ' class="on"'
        parts.append(
            f'<text{shade} x="{place:.1f}" y="{y + ROW / 2 + 5:.1f}" text-anchor="{anchor}">{escape(bar.text)}</text>'
        )
    return _svg(height, title, parts)


def _peers(low: float, middle: float, high: float, y: float) -> str:
    band = f'<rect class="peers" x="{low - 2:.1f}" y="{y - 8:.1f}" width="{high - low + 4:.1f}" height="16" rx="8"/>'
    where = f'x1="{middle:.1f}" x2="{middle:.1f}" y1="{y - 8:.1f}" y2="{y + 8:.1f}"'
    return f'{band}<line class="median" {where}/>'


def _grid(x: float, height: int, label: str, shift: float = 0.0) -> str:
    line = f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="24" y2="{height - 6}"/>'
    return f'{line}<text class="axis" x="{x + shift:.1f}" y="16" text-anchor="middle">{escape(label)}</text>'


def _text(x: float, y: float, label: str) -> str:
    short = label if len(label) <= 34 else f"{label[:33]}…"
    return f'<text x="{x:.1f}" y="{y:.1f}"><title>{escape(label)}</title>{escape(short)}</text>'


def _svg(height: int, title: str, parts: Sequence[str]) -> str:
    head = f'<svg viewBox="0 0 {WIDE} {height}" role="img" {FONT} font-size="15">'
    return f"{head}<title>{escape(title)}</title>{''.join(parts)}</svg>"
