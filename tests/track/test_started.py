"""What only a programme moves: zero by definition without it, and with it what a run says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from haidang.faces import track_simulated
from haidang.packs import Pack, load_pack
from haidang.track import load_tracked
from haidang.track.effects import effects_of
from haidang.track.odds import Bound, started_odds
from haidang.track.outlook import Outlook, outlooks
from haidang.track.pack_files import read_records
from haidang.track.records import Claim, Observation, Period, Quantity, SourcePlace

START, BY, TOTAL = date(2026, 1, 1), date(2030, 12, 31), 1500e9
TARGET = "smart-manufacturing-credit-2030"


def effect(*last: float) -> dict[date, list[float]]:
    """Draws that add up evenly over five years to what each ends at."""
    return {date(2025 + year, 12, 31): [each * year / 5 for each in last] for year in range(1, 6)}


def told(payments: tuple[tuple[int, float], ...] = (), draws: dict[date, list[float]] | None = None) -> Outlook:
    """The pack's target on the credit, with payments at the ends of years."""
    tracked = load_tracked(load_pack("hcmc"))
    seen = tuple(
        Observation(Claim(str(year), SourcePlace("paper"), date(year + 1, 1, 5), "value", None,
                          Quantity(paid, paid, "VND"), Period(date(year, 1, 1), date(year, 12, 31))))
        for year, paid in payments
    )  # fmt: skip
    loans = replace(tracked.indicators["smart-manufacturing-loans"], observations=seen)
    book = replace(tracked, indicators={**tracked.indicators, loans.id: loans})
    found = outlooks(book, date(2028, 2, 1), None if draws is None else {loans.id: draws})
    return next(one for one in found if one.target.id == TARGET)


def test_without_the_programme_it_is_zero_for_certain_and_with_it_the_share_of_the_draws():
    found = started_odds("credit", START, BY, Bound(TOTAL), effect(0.4 * TOTAL, 0.8 * TOTAL, TOTAL, TOTAL))
    assert found.probability == 0.0
    assert found.without is not None
    assert {one.p95 for one in found.without.fan.points} == {0.0}
    assert found.programme is not None
    assert found.programme.chance.within == 0.5
    assert found.programme.fan.dates == (START, *(date(year, 12, 31) for year in range(2026, 2031)))
    assert found.programme.fan.points[0].p95 == 0.0
    expected = np.quantile([0.4 * TOTAL, 0.8 * TOTAL, TOTAL, TOTAL], 0.25)
    assert found.programme.fan.points[-1].p25 == pytest.approx(expected)


def test_a_line_used_up_to_a_dong_is_used_up():
    found = started_odds("credit", START, BY, Bound(TOTAL), effect(TOTAL - 1293.0, TOTAL * (1 - 1e-4)))
    assert found.programme is not None
    assert found.programme.chance.within == 0.5


def test_a_target_before_the_programme_ends_takes_the_years_before_it():
    found = started_odds("credit", START, date(2028, 6, 30), Bound(TOTAL), effect(TOTAL))
    assert found.programme is not None
    assert found.programme.fan.points[-1].p50 == pytest.approx(0.4 * TOTAL)


def test_once_payments_are_published_a_run_stands_beside_the_forecast_and_is_not_added_to_it():
    paid = ((2026, 50e9), (2027, 250e9))
    alone, beside = told(paid), told(paid, effect(TOTAL, 0.5 * TOTAL))
    assert alone.odds.method == "payments"
    assert alone.odds.probability == beside.odds.probability
    assert beside.odds.programme is not None
    assert beside.odds.programme.chance.within == 0.5
    assert len(beside.points) == 2, "the zero by definition is no published value"
    assert beside.series is not None
    assert beside.series.values == (50e9, 250e9)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("  moved_by: [{programme: a, outcome: b, only: true}]\n", "expected 'starts'"),
        ("  starts: {on: 2026-01-01, why: {vi: a, en: b}}\n  moved_by:\n    - {programme: a, outcome: b, only: true}\n"
         "    - {programme: c, outcome: d}\n", "expected one programme"),
        ("  starts: {on: 2026-01-01, why: {vi: a, en: b}}\n  observations:\n"
         "    - {source: plo-2025-12, period: 2025, quantity: 5 VND}\n", "expected values behind 2026-01-01"),
    ],
)  # fmt: skip
def test_a_start_that_cannot_be_is_refused_with_its_line(tmp_path: Path, more: str, said: str):
    (tmp_path / "indicators").mkdir()
    text = "lent:\n  title: {vi: a, en: b}\n  unit: VND\n  definition: {vi: a, en: b}\n  direction: higher\n"
    (tmp_path / "indicators" / "x.yaml").write_text(text + more, encoding="utf-8")
    (mistake,) = read_records(tmp_path, load_pack("hcmc").book.sources).mistakes
    assert said in str(mistake)
    assert "x.yaml" in str(mistake)


def test_the_programmes_of_targets_still_to_come_are_run_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    pack = load_pack("hcmc")
    tracked = load_tracked(pack)
    assert track_simulated.moving(tracked, date(2031, 1, 1)) == ()
    assert track_simulated.moving(tracked, date(2026, 11, 29)) == ("smart-manufacturing-credit",)
    monkeypatch.chdir(tmp_path)
    first = _simulated(pack)
    whole = {path: path.stat().st_mtime_ns for path in first.rglob("*")}
    assert _simulated(pack) == first
    assert {path: path.stat().st_mtime_ns for path in first.rglob("*")} == whole
    draws = effects_of(tracked, pack, [first])["smart-manufacturing-loans"]
    assert list(draws) == [date(year, 12, 31) for year in range(2026, 2031)]
    assert all(0 < early < late <= TOTAL for early, late in zip(draws[date(2026, 12, 31)], draws[BY], strict=True))


def _simulated(pack: Pack) -> Path:
    tracked = load_tracked(pack)
    (folder,) = track_simulated.simulate_all(pack, tracked, date(2026, 11, 29), 2, quiet=True)
    return folder


def test_nothing_is_forecast_beyond_all_that_there_is():
    """The band ends where there is no more, and the chance of all is that of the forecast at or beyond it."""
    tracked = load_tracked(load_pack("hcmc"))
    electric = tracked.indicators["electric-ride-hailing"]
    assert electric.most == 400_000
    found, free = (
        next(each for each in outlooks(book, date(2026, 11, 28)) if each.target.id == "electric-ride-hailing-2030")
        for book in (
            tracked,
            replace(tracked, indicators={**tracked.indicators, electric.id: replace(electric, most=None)}),
        )
    )
    assert found.odds.without is not None
    assert free.odds.without is not None
    for one, other in zip(found.odds.without.fan.points, free.odds.without.fan.points, strict=True):
        assert (one.p5, one.p50, one.p95) == (other.p5, other.p50, min(other.p95, 400_000.0))
    assert free.odds.without.fan.points[-1].p95 > 400_000
    assert found.odds.probability == free.odds.probability
