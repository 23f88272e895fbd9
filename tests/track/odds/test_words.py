"""The odds as a reader sees them, in both languages."""

from datetime import date
from importlib.resources import files

import numpy as np
import pytest
from ruamel.yaml import YAML

from haidang.results.theme import svg
from haidang.track.odds import (
    Asked,
    Bound,
    Series,
    StageChance,
    StageWait,
    count_odds,
    level_odds,
    pipeline,
    required,
    status_odds,
)
from haidang.track.odds.figures import count_figure, fan_figure, status_figure
from haidang.track.odds.words import chance_text, odds_sentences, required_sentences, state_text, value_text

BY = date(2030, 12, 31)
DIGITAL = Series(
    "digital", (date(2021, 12, 31), date(2022, 12, 31), date(2025, 12, 31)), (0.154, 0.187, 0.215), "logit"
)
RANK = Series("rank", tuple(date(year, 9, 30) for year in range(2020, 2026)), (104, 120, 112, 105, 98, 95), "rank")
EFFECT = {date(year, 12, 31): np.linspace(0.0, 0.01 * (year - 2025), 16).tolist() for year in range(2026, 2031)}
ODDS = level_odds(
    [Asked("digital", DIGITAL, BY, Bound(0.3, 0.4), EFFECT), Asked("rank", RANK, BY, Bound(high=75))],
)


def flat(node, prefix=""):
    for key, value in node.items():
        yield from flat(value, f"{prefix}{key}.") if isinstance(value, dict) else [(f"{prefix}{key}", value)]


def test_both_languages_have_the_same_keys_and_the_same_blanks():
    import re

    texts = [
        dict(flat(YAML(typ="safe").load(files("haidang.track.odds").joinpath(f"words.{name}.yaml").read_text("utf-8"))))
        for name in ("vi", "en")
    ]
    blanks = [{key: sorted(re.findall(r"\{\w+\}", text)) for key, text in one.items()} for one in texts]
    assert blanks[0] == blanks[1]


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "Not enough data: there are 3 values, and five are needed."), ("vi", "Chưa đủ dữ liệu: mới có 3 giá trị")],
)
def test_few_points_are_told_in_words_beside_the_number(language, said):
    assert any(said in one for one in odds_sentences(ODDS[0], DIGITAL, "share", language))
    assert state_text(ODDS[0], language) in {"not enough data", "chưa đủ dữ liệu"}
    assert state_text(ODDS[1], language) in {"enough data", "đủ dữ liệu"}


@pytest.mark.parametrize("language", ["vi", "en"])
def test_one_value_is_told_with_the_words_and_that_its_movement_is_assumed(language):
    series = Series("it", (BY.replace(year=2025),), (0.2,), "logit")
    odds = level_odds([Asked("it", series, BY, Bound(low=0.3))])[0]
    said = " ".join(odds_sentences(odds, series, "share", language))
    assert {"vi": "Chưa đủ dữ liệu: mới có một giá trị", "en": "Not enough data: there is one value only"}[
        language
    ] in said
    assert {"vi": "giả định", "en": "is assumed"}[language] in said
    assert "%" in said


def test_the_ends_of_probability_are_not_told_more_sharply_than_they_are_known():
    assert (chance_text(0.004, "en"), chance_text(0.996, "vi"), chance_text(0.234, "en")) == (
        "under 1%", "trên 99%", "23%",
    )  # fmt: skip


def test_a_rank_is_told_as_a_place():
    said = " ".join(odds_sentences(ODDS[1], RANK, "rank", "vi"))
    assert "xếp hạng 75 hoặc tốt hơn" in said
    assert "nằm giữa hạng" in said


@pytest.mark.parametrize("language", ["vi", "en"])
def test_what_would_have_to_be_true_is_held_against_the_best_on_record(language):
    said = " ".join(required_sentences(required(RANK, BY, ODDS[1].bound), "rank", language))
    assert {"vi": "tăng 3,8 bậc", "en": "3.8 places up"}[language] in said
    assert {"vi": "30/9/2020", "en": "30 September 2020"}[language] in said
    assert {"vi": "nhanh hơn cả những năm tốt nhất", "en": "faster than the city was in its best years"}[
        language
    ] in said


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize(("odds", "series", "unit"), [(ODDS[0], DIGITAL, "share"), (ODDS[1], RANK, "rank")])
def test_a_fan_is_drawn_the_same_twice_with_a_sentence_and_a_table(odds, series, unit, language):
    figure, again = (fan_figure(odds, series, "Mục tiêu", unit, language) for _ in range(2))
    drawn = svg(figure.chart)
    assert drawn == svg(again.chart)
    assert "<svg" in drawn
    assert figure.chart.to_dict()
    fans = 1 + (odds.programme is not None)
    assert len(figure.table.rows) == fans * len(odds.without.fan.dates)
    assert figure.sentence.count(".") >= 2


@pytest.mark.parametrize("language", ["vi", "en"])
def test_numbers_and_promises_have_figures_of_their_own(language):
    stages = [StageChance("announced", 4), StageChance("running", 2)]
    count = count_figure(count_odds("it", BY, Bound(low=5), stages, 1), pipeline(stages, 1), "Centres", language)
    assert [row[0] for row in count.table.rows] == [str(one) for one in range(1, 8)]
    waits = [StageWait("announced", 0, 0, 0.0, 2.0, 0.5, 1.5)]
    status = status_figure(status_odds("it", date(2025, 11, 28), BY, waits), "Promise", language)
    assert len(status.table.rows) == 6
    for one in (count, status):
        assert one.chart.to_dict()
        assert {"vi": "Chưa đủ dữ liệu", "en": "Not enough data"}[language] in one.sentence


def test_what_records_are_counted_in_is_told_in_words():
    assert value_text(400000.0, "vehicles", "vi") == "400.000 xe"
    assert value_text(400000.0, "vehicles", "en") == "400,000 vehicles"
