"""The report says the same in both languages, all of it, and loads nothing."""

import ast
import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from haidang.facts import wordbook
from haidang.learn import evaluate
from haidang.learn.evaluate import (
    Deviation,
    Effect,
    Evaluation,
    decide,
    lee_bounds,
    permuted,
    randomisation_inference,
    randomised,
    synthetic_control,
    write_evaluation,
)
from haidang.learn.evaluate.effect import Diagnostic
from haidang.learn.evaluate.report import Say, evaluation_html, summary
from haidang.learn.evaluate.report.say import CHANCES, EFFECTS, SHARES


@pytest.fixture(scope="module")
def told() -> Evaluation:
    random = np.random.default_rng(1)
    d = np.tile([0.0, 1.0], 100)
    table = pl.DataFrame({"y": random.normal(size=200) + 0.8 * d, "d": d, "x": random.normal(size=200)})
    effect = randomised(table, "y", "d", covariates=["x"])
    lost = table.with_columns(y=pl.when(pl.int_range(200) % 17 != 4).then("y"))
    return Evaluation(
        title={"vi": "Tín dụng ưu đãi", "en": "Preferential credit"},
        question={"vi": "Có nâng cấp độ không?", "en": "Does it raise the level?"},
        outcome={"vi": "Cấp độ", "en": "Level"},
        unit={"vi": "cấp", "en": "levels"},
        design="randomised",
        effect=replace(effect, warnings=("the score has <mass> points",)),
        decision=decide(effect, 0.3),
        registered="2026-01-02, sha256 ab12",
        deviations=(Deviation({"vi": "Đo muộn một tháng", "en": "Measured a month late"}),),
        lot=randomisation_inference(table, "y", "d", permuted(d), draws=500),
        bounds=lee_bounds(lost, "y", "d"),
    )


def visible(page: str, language: str) -> str:
    part = page.split(f'<div class="page page-{language}"')[1].split('<div class="page page-')[0]
    return re.sub(r"<svg.*?</svg>", "", part, flags=re.DOTALL)


def test_the_page_tells_question_answer_certainty_meaning_and_deviations(told: Evaluation) -> None:
    page = evaluation_html(told, "vi")
    vi, en = visible(page, "vi"), visible(page, "en")
    for text in ("Mở rộng", "Có nâng cấp độ không?", "Đo muộn một tháng", "không nêu lý do", "chặn Lee", "ab12"):
        assert text in vi
    for text in ("Scale", "Does it raise the level?", "Measured a month late", "no reason given", "Lee bounds", "ab12"):
        assert text in en
    assert "the score has &lt;mass&gt; points" in vi
    assert page.index('page-vi"') < page.index('page-en"')


def test_both_languages_show_the_same_numbers(told: Evaluation) -> None:
    found = []
    for language in ("vi", "en"):
        say = Say(language, told)
        cells = [cell for row in say.estimators[1] for cell in row[1:-1]]
        text = " ".join([*say.sure, *say.lead, *cells, *(row[1] for row in say.checks[1])])
        decimal = text.replace(".", "").replace(",", ".") if language == "vi" else text.replace(",", "")
        found.append(sorted(re.findall(r"\d+\.\d+", decimal)))
    assert found[0] == found[1]
    assert len(found[0]) > 15


def test_the_page_loads_nothing_and_runs_nothing(told: Evaluation) -> None:
    page = evaluation_html(told, "en")
    assert not re.search(r"<script|<link|<img|@import|src=|https?://(?!www\.w3\.org)", page)


def test_the_same_evaluation_gives_the_same_bytes(told: Evaluation, tmp_path: Path) -> None:
    one, two = (write_evaluation(told, tmp_path / name, "vi") for name in ("one", "two"))
    assert one.read_bytes() == two.read_bytes()
    whole = json.loads((tmp_path / "one" / "evaluation.json").read_text(encoding="utf-8"))
    assert whole["effect"]["estimate"] == told.effect.estimate
    assert whole["effect"]["second"]["method"] == "lin"
    assert whole["decision"]["action"] == "scale"


def test_an_unregistered_analysis_is_named_on_the_page_and_the_terminal(told: Evaluation) -> None:
    bare = replace(told, registered=None, deviations=(), lot=None, bounds=None)
    assert "read this as a hint, not as evidence" in visible(evaluation_html(bare, "en"), "en")
    assert "hãy đọc kết quả này như gợi ý" in summary(Say("vi", bare))
    assert "Measured a month late: no reason given" in summary(Say("en", told))


def test_a_failed_check_stands_beside_the_decision(told: Evaluation) -> None:
    weak = replace(told.effect, diagnostics=(Diagnostic("pre_trends", 0.001, "bad"),))
    page = evaluation_html(replace(told, effect=weak, decision=decide(weak, 0.3)), "en")
    assert "Caution: a check failed (trends before the start)" in visible(page, "en")


def test_an_end_that_the_data_cannot_bound_is_said_and_drawn(told: Evaluation, tmp_path: Path) -> None:
    random = np.random.default_rng(2)
    table = pl.DataFrame(
        {
            "y": random.normal(size=13 * 8),
            "u": np.repeat(np.arange(13), 8),
            "t": np.tile(np.arange(2010, 2018), 13),
            "on": ((np.arange(13)[:, None] == 0) & (np.arange(8) >= 5)).ravel().astype(int),
        }
    )
    effect = synthetic_control(table, "y", "u", "t", "on")
    found = replace(
        told, effect=effect, design="synthetic_control", decision=decide(effect, 0.3), lot=None, bounds=None
    )
    write_evaluation(found, tmp_path, "en")
    assert "the data cannot bound it" in (tmp_path / "report.html").read_text(encoding="utf-8")
    whole = json.loads((tmp_path / "evaluation.json").read_text(encoding="utf-8"))
    assert whole["effect"]["low"] is None


def test_amounts_are_written_in_the_unit_they_are_told_in(told: Evaluation) -> None:
    big = Effect("ate", 2.5e9, 1e9, 0.5e9, 4.5e9, 200, None, "welch", "none 0")
    say = Say(
        "vi", replace(told, effect=big, decision=decide(big, 1e9), factor=1e9, unit={"vi": "tỷ đồng", "en": "bn"})
    )
    assert "2,5 tỷ đồng; khoảng tin cậy 95%: từ 0,5 đến 4,5" in say.found


def test_every_key_that_the_room_gives_has_words_in_both_languages() -> None:
    keys = wordbook("haidang.learn.evaluate.report")
    for found in keys.values():
        assert set(found) == {"vi", "en"}
    folder = Path(evaluate.__file__).parent
    source = [ast.parse(path.read_text(encoding="utf-8")) for path in folder.glob("*.py")]
    calls = [one for tree in source for one in ast.walk(tree) if isinstance(one, ast.Call)]
    names = {
        call.args[0].value
        for call in calls
        if getattr(call.func, "id", "") == "Diagnostic" and isinstance(call.args[0], ast.Constant)
    }
    assert len(names) > 25
    assert {*names, *(f"{one}_means" for one in names)} <= set(keys)
    assert {*CHANCES, *EFFECTS, *SHARES} <= names
    given = [(word.arg, word.value) for call in calls for word in call.keywords if word.arg in ("method", "estimand")]
    texts = {one.value for _, value in given for one in ast.walk(value) if isinstance(one, ast.Constant)}
    assert {one for one in texts if isinstance(one, str)} - {"least_squares", "least_squares_"} <= set(keys)
    assert {"least_squares_hc2", "least_squares_classical", "harm", "unsure", "too_little"} <= set(keys)
