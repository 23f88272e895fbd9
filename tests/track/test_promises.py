"""How likely promises are delivered: from their stages, by their day, with what is not known said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from haidang.track import forecasts, gather
from haidang.track.forecasts import archive, in_time, score
from haidang.track.odds import read
from haidang.track.outlook import outlooks
from haidang.track.overview import overview, prospect_text, sentences
from haidang.track.plain import as_plain
from haidang.track.promises import Prospects
from haidang.track.records import (
    Claim,
    Commitment,
    Indicator,
    Observation,
    Period,
    Quantity,
    SourcePlace,
    Stage,
    StageName,
    Target,
)

Make = Callable[..., Commitment]
TITLE = {"vi": "Tên", "en": "Name"}
PLACE = SourcePlace("paper")
TODAY, BY = date(2026, 1, 31), date(2030, 12, 31)
CITY = ("city", TITLE)


def at(*names: StageName, since: date = date(2025, 11, 26)) -> tuple[Stage, ...]:
    return tuple(Stage(name, since + timedelta(days=place), PLACE) for place, name in enumerate(names))


def target(*names: str, stage: StageName | None = "delivered") -> Target:
    claim = Claim("asked", PLACE, date(2025, 11, 26), "target")
    return Target("state", TITLE, "status", BY, (claim,), stage=stage, commitments=names)


def test_a_promise_without_a_day_is_told_for_the_end_of_the_decade_and_says_so(commitment: Make):
    (one,) = Prospects([commitment()], TODAY).values()
    assert (one.stated, one.odds.by) == (False, date(2030, 12, 31))
    assert one.odds.spread is not None
    low, high = one.odds.spread
    assert low < (one.odds.probability or 0) < high
    assert high - low > 0.5, "with nothing on record the range is wide"
    told = prospect_text(one, "en")
    assert told.startswith("No document names a date, so this is told for 31 December 2030.")
    assert "Not enough data: too few cases are on record" in told
    assert "Chưa đủ dữ liệu" in prospect_text(one, "vi")


def test_what_is_delivered_or_ended_has_no_odds_and_what_is_late_no_number(commitment: Make):
    ended = [commitment("a", stages=at("delivered")), commitment("b", stages=at("lapsed"))]
    late = commitment("c", due=date(2026, 1, 30))
    (one,) = Prospects([*ended, late], TODAY).values()
    assert (one.commitment, one.odds.probability, one.odds.reason) == ("c", None, "past")
    (none,) = Prospects([commitment("d", stages=())], TODAY).values()
    assert (none.odds.probability, none.odds.reason) == (None, "no_stage")


def test_silence_counts_neither_as_standing_still_nor_as_going_on(commitment: Make):
    (now,) = Prospects([commitment()], TODAY).values()
    (later,) = Prospects([commitment()], TODAY + timedelta(days=300)).values()
    assert now.odds.probability == pytest.approx(later.odds.probability, abs=1e-3)


def test_the_citys_own_record_moves_the_odds(commitment: Make):
    quick = [commitment(f"quick-{n}", stages=at("announced", "signed", "planned", "funded", "running", "delivered"))
             for n in range(8)]  # fmt: skip
    gone = [commitment(f"gone-{n}", stages=at("announced", "lapsed")) for n in range(8)]
    alone, after_quick, after_gone = (
        Prospects([commitment(), *others], TODAY)["promise"].odds for others in ([], quick, gone)
    )  # fmt: skip
    assert (after_quick.probability or 0) > 0.8 > (alone.probability or 0) > (after_gone.probability or 0)
    assert (alone.evidence, after_quick.evidence) == ("not_enough", "enough")


def test_a_state_of_affairs_waits_for_every_promise_behind_it(commitment: Make):
    def told(*promises: Commitment) -> float | None:
        book = gather([*promises, target(*(one.id for one in promises))], {})
        (one,) = outlooks(book, TODAY)
        return one.odds.probability

    done, one, two = commitment("done", stages=at("delivered")), commitment("one"), commitment("two")
    assert told(done) == 1.0
    assert told(done, one) == pytest.approx(told(one))
    assert (told(one, two) or 0) < (told(one) or 0)
    assert told(one, commitment("open", stages=())) is None
    assert told() is None


def test_a_sum_that_no_indicator_counts_is_told_by_the_promise_behind_it(commitment: Make):
    asked = replace(target("fund", stage=None), kind="amount", lower=5e12, unit="VND")
    made = commitment("fund", due=BY)
    (one,) = overview(CITY, gather([made, asked], {}), TODAY).outlooks
    (promise,) = Prospects([made], TODAY).values()
    assert one.odds.probability == pytest.approx(promise.odds.probability)
    assert "Told by how likely the promise behind it is kept" in " ".join(sentences(one, "en"))
    counted = replace(asked, indicator="loans")
    (other,) = outlooks(gather([made, counted], {}), TODAY)
    assert (other.odds.probability, other.odds.reason) == (None, "no_series")


def test_a_state_of_affairs_is_drawn_as_it_rises_with_its_range(commitment: Make):
    from haidang.track.odds.figures import status_figure

    (one,) = outlooks(gather([commitment(), target("promise")], {}), TODAY)
    assert one.status is not None
    figure = status_figure(one.status, "State", "en")
    assert figure is not None
    assert len(figure.table.rows) == 5
    assert "–" in figure.table.rows[-1][2]


@pytest.mark.parametrize(
    ("stages", "came"),
    [
        (at("announced", "delivered"), True),
        (at("announced", "lapsed"), False),
        (at("announced"), None),
        (at("announced", "running", since=date(2031, 2, 1)), False),
        (at("delivered", since=date(2031, 2, 1)), False),
    ],
)  # fmt: skip
def test_a_promise_came_only_where_a_document_tells(commitment: Make, stages: tuple[Stage, ...], came: bool | None):
    assert in_time(commitment(stages=stages), "delivered", BY) is came


def test_forecasts_of_promises_and_states_are_archived_and_scored(commitment: Make, tmp_path: Path):
    path = tmp_path / "kept.jsonl"
    book = gather([commitment(due=BY), target("promise")], {})
    archive(overview(CITY, book, TODAY), path)
    assert score(book, read(path), TODAY) == ()
    kept = commitment(due=BY, stages=at("announced", "delivered"))
    found = score(gather([kept, target("promise")], {}), (*read(path), *read(path)), TODAY)
    assert [(one.forecast.target, one.happened, one.came.source) for one in found] == [
        ("state", True, "paper"), ("commitment/promise", True, "paper"),
    ]  # fmt: skip
    assert found[0].brier == pytest.approx((1 - (found[0].forecast.probability or 0)) ** 2)


def test_what_is_kept_of_many_promises_reads_the_stages_of_each_once(commitment: Make, monkeypatch: pytest.MonkeyPatch):
    asked: list[str] = []
    days = forecasts._days  # pyright: ignore[reportPrivateUsage]
    monkeypatch.setattr(forecasts, "_days", lambda one: (asked.append(one.id), days(one))[1])
    many = [commitment(name=f"promise-{number}", due=BY) for number in range(40)]
    kept = forecasts.of_promises(overview(CITY, gather(many, {}), TODAY))
    assert len({one.inputs for one in kept}) == len(asked) == 40
    later = [*many[1:], commitment(name="promise-0", due=BY, stages=at("announced", "signed"))]
    again = forecasts.of_promises(overview(CITY, gather(later, {}), TODAY))
    assert not {one.inputs for one in kept} & {one.inputs for one in again}


def scores(name: str, values: dict[int, float], **fields: object) -> Indicator:
    seen = tuple(
        Observation(Claim(str(year), PLACE, date(year, 12, 31), "value", None, Quantity(value, value, "points"),
                          Period(date(year, 1, 1), date(year, 12, 31))))
        for year, value in values.items()
    )  # fmt: skip
    return Indicator(name, TITLE, "points", TITLE, "higher", seen, **fields)  # type: ignore[arg-type]


def rank_book(*rivals: Indicator) -> tuple[float | None, str | None, int]:
    ranks = scores("rank", {2023: 3, 2024: 3, 2025: 3}, scores="own", rivals=tuple(one.id for one in rivals))
    own = scores("own", {2023: 600.0, 2024: 605.0, 2025: 610.0})
    claim = Claim("asked", PLACE, date(2025, 11, 26), "target")
    asked = Target("top", TITLE, "rank", BY, (claim,), "rank", None, 2.0, "rank")
    (one,) = outlooks(gather([ranks, own, *rivals, asked], {}), TODAY)
    return one.odds.probability, one.odds.method, one.odds.ahead


def test_a_rank_is_told_from_rivals_scores_where_they_are_on_record():
    near = scores("near", {2023: 620.0, 2024: 618.0, 2025: 615.0})
    far = scores("far", {2023: 800.0, 2024: 820.0, 2025: 840.0})
    chance, method, ahead = rank_book(near, far)
    assert (method, ahead) == ("rank_scores", 0)
    assert (chance or 0) > 0.6, "the city rises and the near rival falls"
    fewer, method, ahead = rank_book(near)
    assert (method, ahead) == ("rank_scores", 1)
    assert (fewer or 0) == pytest.approx(chance or 0, abs=0.1)


def test_a_rank_without_rivals_scores_walks_by_itself_and_says_so(commitment: Make):
    from haidang.track.odds.words import odds_sentences

    _, method, _ = rank_book()
    assert method == "rank_walk"
    ranks = scores("rank", {2023: 3, 2024: 3, 2025: 3})
    claim = Claim("asked", PLACE, date(2025, 11, 26), "target")
    asked = Target("top", TITLE, "rank", BY, (claim,), "rank", None, 2.0, "rank")
    (one,) = outlooks(gather([ranks, asked], {}), TODAY)
    assert "Rivals' scores are not on record" in " ".join(odds_sentences(one.odds, one.series, "rank", "en"))


def test_the_json_tells_of_each_open_promise_how_likely_and_on_what(commitment: Make):
    (one,) = as_plain(overview(CITY, gather([commitment(due=BY)], {}), TODAY))["commitments"]
    assert one["odds"]["delivered_by"] == "2030-12-31"
    assert one["odds"]["day_is_stated"] is True
    assert one["odds"]["probability_range"][0] < one["odds"]["probability"] < one["odds"]["probability_range"][1]
    assert one["odds"]["evidence"] == "not_enough"
