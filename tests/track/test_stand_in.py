"""An indicator of a territory with new borders, told by the one that it was: what moves, what stands, what is said."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from haidang.packs import load_pack
from haidang.track import gather, load_tracked
from haidang.track.book import link_mistakes
from haidang.track.forecasts import archive, score
from haidang.track.odds import Asked, Bound, Growing, Series, growth_odds, level_odds, level_of, read, required_growth
from haidang.track.outlook import outlooks
from haidang.track.overview import overview, sentences
from haidang.track.pack_files import read_records
from haidang.track.records import (
    Claim,
    Indicator,
    Observation,
    Period,
    Quantity,
    SourcePlace,
    StandIn,
    Target,
)

TITLE = {"vi": "Địa bàn cũ", "en": "The old borders"}
WHY = {"vi": "Vì mới hợp nhất.", "en": "Since the borders are new."}
TODAY, BY = date(2026, 1, 31), date(2030, 12, 31)
OLD = {2021: 60.0, 2022: 66.0, 2023: 68.0, 2024: 75.0, 2025: 80.0}


def indicator(name: str, values: dict[int, float], unit: str = "USD", stand_in: StandIn | None = None) -> Indicator:
    seen = tuple(
        Observation(
            Claim(
                f"v{year}", SourcePlace("paper"), date(year + 1, 1, 15), quantity=Quantity(value, value, unit),
                period=Period(date(year, 1, 1), date(year, 12, 31)),
            )
        )
        for year, value in values.items()
    )  # fmt: skip
    return Indicator(name, TITLE, unit, TITLE, "higher", seen, stand_in=stand_in)


def target(kind: str, unit: str, lower: float, since: date | None = None) -> Target:
    claim = Claim("asked", SourcePlace("paper"), date(2025, 10, 15))
    return Target("goal", TITLE, kind, BY, (claim,), "new", lower, None, unit, since)  # pyright: ignore[reportArgumentType]


def told(own: dict[int, float], asked: Target, old: dict[int, float] = OLD):
    unit = asked.unit or ""
    new = indicator("new", own, unit, StandIn("old", WHY))
    (found,) = outlooks(gather([new, indicator("old", old, unit), asked], {}), TODAY)
    return found


def test_a_level_starts_at_its_own_value_and_moves_as_the_other_did():
    found = told({2025: 100.0}, target("level", "USD", 130.0))
    # By hand: the other's values times 100 / 80, forecast as if they were the target's own.
    scaled = Series("new", tuple(date(year, 12, 31) for year in OLD), tuple(1.25 * one for one in OLD.values()), "log")
    (wanted,) = level_odds([Asked("goal", scaled, BY, Bound(low=130.0))])
    assert found.odds.probability == pytest.approx(wanted.probability, rel=1e-12)
    assert found.required is not None
    assert found.required.needed == pytest.approx(1.3**0.2 - 1, abs=1e-4)
    assert found.required.best == pytest.approx((80 / 60) ** 0.25 - 1, abs=1e-4)
    # What is drawn as published is the one value that was: no scaled number passes for one that somebody published.
    assert found.series is not None
    assert found.series.values == (100.0,)
    assert [point.value for point in found.points] == [*OLD.values(), 100.0]


def test_values_of_another_are_never_enough_and_are_said_to_be_another_s():
    old = {year: 50.0 * 1.05 ** (year - 2010) for year in range(2010, 2026)}
    own = told(old, target("level", "USD", 110.0))
    borrowed = told({2025: old[2025]}, target("level", "USD", 110.0), old)
    assert own.odds.evidence == "enough"
    assert own.stand_in is None
    assert (borrowed.odds.evidence, borrowed.odds.reason) == ("not_enough", "stand_in")
    assert borrowed.odds.probability == pytest.approx(own.odds.probability, rel=1e-12)
    for language in ("vi", "en"):
        words = " ".join(sentences(borrowed, language))
        assert TITLE[language] in words
        assert WHY[language] in words


def test_without_a_common_day_the_other_is_used_as_it_is():
    found = told({}, target("level", "USD", 90.0))
    plain = Series("old", tuple(date(year, 12, 31) for year in OLD), tuple(OLD.values()), "log")
    (wanted,) = level_odds([Asked("goal", plain, BY, Bound(low=90.0))])
    assert found.odds.probability == pytest.approx(wanted.probability, rel=1e-12)
    assert found.stand_in is not None
    assert found.stand_in.level is None


def test_growth_is_told_by_the_other_s_rates():
    rates = {2021: 5.0, 2022: 9.0, 2023: 6.0, 2024: 7.0, 2025: 8.0}
    found = told({2025: 8.5}, target("growth", "%/year", 10.0, date(2026, 1, 1)), rates)
    level = level_of("new", list(rates), [rate / 100 for rate in rates.values()])
    wanted = growth_odds(Growing("goal", level, date(2026, 1, 1), BY, Bound(low=0.1)))
    assert found.odds.probability == pytest.approx(wanted.probability, rel=1e-12)
    assert found.required is not None
    assert found.required.needed == pytest.approx(0.1, abs=1e-6)


def test_what_stood_in_never_tells_whether_a_target_came(tmp_path: Path):
    asked = target("level", "USD", 130.0)
    records = [indicator("new", {2025: 100.0}, "USD", StandIn("old", WHY)), indicator("old", OLD), asked]
    city = ("city", {"vi": "Thành phố", "en": "City"})
    archive(overview(city, gather(records, {}), TODAY), tmp_path / "kept.jsonl")
    later = [records[0], indicator("old", OLD | {2030: 140.0}), asked]
    assert score(gather(later, {}), read(tmp_path / "kept.jsonl"), date(2031, 2, 1)) == ()
    own = [indicator("new", {2025: 100.0, 2030: 120.0}, "USD", StandIn("old", WHY)), records[1], asked]
    (came,) = score(gather(own, {}), read(tmp_path / "kept.jsonl"), date(2031, 2, 1))
    assert came.came.value == 120.0


def test_two_values_of_its_own_need_nothing_to_stand_in():
    found = told({2024: 95.0, 2025: 100.0}, target("level", "USD", 130.0))
    assert found.stand_in is None
    assert found.odds.reason == "few_points"


def test_growth_that_is_needed_counts_what_is_known():
    level = level_of("it", [2024, 2025, 2026], [0.05, 0.06, 0.04])
    found = required_growth(level, date(2026, 1, 1), BY, Bound(0.1, 0.11))
    assert found is not None
    # Five years at 10 % with the first at 4 % leave four at the fourth root of 1.1 ** 5 / 1.04.
    assert found.needed == pytest.approx((1.1**5 / 1.04) ** 0.25 - 1, abs=1e-4)
    assert found.best == pytest.approx((1.05 * 1.06 * 1.04) ** (1 / 3) - 1, abs=1e-4)
    assert found.faster is True
    assert required_growth(level, date(2026, 1, 1), date(2026, 12, 31), Bound(low=0.1)) is None
    assert required_growth(level_of("it", [], []), date(2026, 1, 1), BY, Bound(low=0.1)) is None


@pytest.mark.parametrize(
    ("link", "unit", "words"),
    [
        (StandIn("nowhere", WHY), "USD", "an indicator"),
        (StandIn("old", WHY), "VND", "in USD, found VND"),
    ],
)
def test_what_may_not_stand_in_is_named(link: StandIn, unit: str, words: str):
    pack = load_pack("hcmc")
    records = [indicator("new", {2025: 1.0}, "USD", link), indicator("old", OLD, unit)]
    found = [str(one) for one in link_mistakes(pack, gather(records, pack.book.sources), {})]
    assert any(words in one for one in found), found


def test_the_growth_of_the_city_is_told_by_its_old_borders():
    tracked = load_tracked(load_pack("hcmc"))
    by_target = {one.target.id: one for one in outlooks(tracked, TODAY)}
    growth = by_target["grdp-growth-2030"]
    assert growth.stand_in is not None
    assert growth.stand_in.indicator.id == "grdp-growth-old-borders"
    assert growth.odds.probability is not None
    assert growth.odds.evidence == "not_enough"
    assert growth.required is not None
    assert growth.required.faster is True
    # Its own values come first as soon as there are two.
    known = tracked.indicators["grdp-growth"]
    one = known.observations[0]
    earlier = replace(
        one, claim=replace(one.claim, id="more", period=Period(date(2024, 1, 1), date(2024, 12, 31)))
    )  # fmt: skip
    more = replace(known, observations=(*known.observations, earlier))
    again = outlooks(gather([*tracked.records(), more], tracked.sources), TODAY)
    assert {each.target.id: each for each in again}["grdp-growth-2030"].stand_in is None


def test_an_indicator_does_not_stand_in_for_itself(tmp_path: Path):
    folder = tmp_path / "indicators"
    folder.mkdir()
    (folder / "some.yaml").write_text(
        "new:\n  title: {vi: Mới, en: New}\n  unit: USD\n  definition: {vi: Mới, en: New}\n  observations: []\n"
        "  stand_in: {indicator: new, why: {vi: Vì, en: Since}}\n",
        encoding="utf-8",
    )
    (mistake,) = read_records(tmp_path, {}).mistakes
    assert "some.yaml:6" in str(mistake)
    assert "expected another indicator to stand in, found the same" in str(mistake)
