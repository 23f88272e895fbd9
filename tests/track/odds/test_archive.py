"""Forecasts as they were made, and what they were worth."""

import json
import math
import multiprocessing
import os
import time
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from haidang.results.points import Points
from haidang.results.run import RunWriteError
from haidang.results.scores import crps_of_normal
from haidang.track.odds import (
    Archived,
    ArchiveError,
    Came,
    append,
    brier,
    crps_of_points,
    hash_of_inputs,
    head,
    murphy,
    read,
    reliability,
    scored,
)

ONE = Archived(
    "digital", date(2026, 1, 5), date(2030, 12, 31), 0.3, 0.4, "trend", "0.3", hash_of_inputs([1, 2]), 0.25,
    Points(0.1, 0.2, 0.26, 0.33, 0.5), "not_enough", 0.3,
)  # fmt: skip
NONE = replace(ONE, target="Chỉ số", probability=None, points=None, programme=None, method=None, evidence="none")


def test_what_is_archived_is_read_and_lines_are_only_added(tmp_path):
    path = tmp_path / "forecasts.jsonl"
    first = append(path, [ONE, NONE])
    before = path.read_bytes()
    last = append(path, [replace(ONE, made=date(2026, 7, 5))])
    assert path.read_bytes().startswith(before)
    assert read(path) == (ONE, NONE, replace(ONE, made=date(2026, 7, 5)))
    assert head(path) == last != first


def test_the_same_forecasts_make_the_same_bytes(tmp_path):
    for name in ("a", "b"):
        append(tmp_path / name, [ONE, NONE])
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def damaged(lines, how):
    if how == "changed":
        body = {**json.loads(lines[1]), "probability": 0.9}
        return [lines[0], json.dumps(body, ensure_ascii=False, sort_keys=True), lines[2]], 2
    if how == "taken out":
        return [lines[0], lines[2]], 2
    if how == "moved":
        return [lines[1], lines[0], lines[2]], 1
    if how == "not JSON":
        return [lines[0], "{", lines[2]], 2
    return [lines[0], lines[1].replace('"target"', '"aim"'), lines[2]], 2


@pytest.mark.parametrize("how", ["changed", "taken out", "moved", "not JSON", "another key"])
def test_a_line_that_is_not_as_it_was_written_is_found(tmp_path, how):
    path = tmp_path / "forecasts.jsonl"
    append(path, [replace(ONE, target=name) for name in "abc"])
    lines, line = damaged(path.read_text(encoding="utf-8").splitlines(), how)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(ArchiveError) as found:
        read(path)
    assert found.value.place.line == line
    with pytest.raises(ArchiveError):
        append(path, [ONE])
    assert path.read_text(encoding="utf-8").splitlines() == lines


@given(st.data())
def test_every_changed_character_of_a_line_is_found(data):
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "forecasts.jsonl"
        append(path, [ONE, NONE])
        content = bytearray(path.read_bytes())
        place = data.draw(st.integers(0, len(content) - 1))
        content[place] = data.draw(st.sampled_from([byte for byte in range(33, 127) if byte != content[place]]))
        path.write_bytes(content)
        try:
            assert read(path) == (ONE, NONE)
        except ArchiveError:
            return
        raise AssertionError("a changed character was not found")


def test_lines_taken_off_the_end_show_in_the_last_hash_only(tmp_path):
    path = tmp_path / "forecasts.jsonl"
    last = append(path, [ONE, NONE])
    path.write_text(path.read_text(encoding="utf-8").splitlines(keepends=True)[0], encoding="utf-8")
    assert read(path) == (ONE,)
    assert head(path) != last


def test_a_line_that_was_cut_off_is_named(tmp_path):
    path = tmp_path / "forecasts.jsonl"
    append(path, [ONE, NONE])
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(ArchiveError, match=r"forecasts.jsonl:2: expected a whole line"):
        read(path)


def _add_for_ever(path):
    while True:
        append(path, [replace(ONE, target=str(number)) for number in range(200)])


def test_who_is_killed_in_the_middle_leaves_whole_batches(tmp_path):
    path = tmp_path / "forecasts.jsonl"
    writer = multiprocessing.get_context("spawn").Process(target=_add_for_ever, args=(path,))
    writer.start()
    while not path.exists() or path.stat().st_size < 1_000_000:
        time.sleep(0.002)
    writer.kill()
    writer.join()
    assert len(read(path)) % 200 == 0
    append(path, [ONE])
    assert read(path)[-1] == ONE


def test_an_append_that_cannot_be_ended_leaves_what_was(tmp_path, monkeypatch):
    path = tmp_path / "forecasts.jsonl"
    append(path, [ONE])
    before = path.read_bytes()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(RunWriteError, match="No space left"):
        append(path, [NONE])
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_what_only_a_programme_moves_is_scored_with_the_programme():
    alone = replace(ONE, method="definition", probability=0.0, programme=0.6)
    (found,) = scored([alone], [Came("digital", ONE.by, 0.35, "a report")])
    assert found.brier == pytest.approx(0.16)
    (without,) = scored([replace(alone, programme=None)], [Came("digital", ONE.by, 0.35, "a report")])
    assert without.brier is None


def _add(path, name):
    for _ in range(20):
        append(path, [replace(ONE, target=name)])


def test_two_who_write_at_once_leave_one_chain(tmp_path):
    path = tmp_path / "forecasts.jsonl"
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_add, args=(path, name)) for name in "ab"]
    for one in writers:
        one.start()
    for one in writers:
        one.join()
    assert sorted(one.target for one in read(path)) == ["a"] * 20 + ["b"] * 20


def test_inputs_hash_alike_whatever_their_order_and_otherwise_when_one_differs():
    inputs = {"values": [0.1, 0.2], "by": date(2030, 12, 31)}
    assert hash_of_inputs(inputs) == hash_of_inputs(dict(reversed(inputs.items())))
    assert hash_of_inputs(inputs) != hash_of_inputs({**inputs, "values": [0.1, 0.2000001]})


def test_archived_forecasts_are_scored_when_the_outcome_is_known():
    status = replace(ONE, target="signed", low=1.0, high=None, points=None, probability=0.8)
    found = scored(
        [ONE, NONE, status], [Came("digital", ONE.by, 0.35, "a report"), Came("signed", ONE.by, 0.0, "a letter")]
    )
    assert [(one.forecast.target, one.happened, one.brier) for one in found] == [
        ("digital", True, pytest.approx(0.75**2)),
        ("signed", False, pytest.approx(0.64)),
    ]
    assert found[0].crps > 0
    assert found[1].crps is None


@pytest.mark.parametrize(("said", "happened", "score"), [(1.0, True, 0.0), (0.0, True, 1.0), (0.5, False, 0.25)])
def test_brier_by_hand(said, happened, score):
    assert brier(said, happened) == score


@pytest.mark.parametrize("outcome", [-1.0, 0.0, 0.5, 2.0])
def test_five_points_of_a_normal_score_nearly_as_the_normal(outcome):
    points = Points(-1.6448536, -0.6744898, 0.0, 0.6744898, 1.6448536)
    assert crps_of_points(points, outcome) == pytest.approx(crps_of_normal(0.0, 1.0, outcome), abs=0.03)


def test_points_of_a_uniform_score_as_the_uniform():
    # Of the uniform distribution on 0 to 1 the score at its end is a third, at its middle a twelfth.
    points = Points(0.05, 0.25, 0.5, 0.75, 0.95)
    assert crps_of_points(points, 0.0) == pytest.approx(1 / 3, abs=1e-5)
    assert crps_of_points(points, 0.5) == pytest.approx(1 / 12, abs=1e-5)


def test_what_is_said_and_what_happens_is_held_together_in_ranges():
    found = reliability([0.1, 0.15, 0.9, 1.0], [False, True, True, True])
    assert [(one.low, one.count, one.said, one.happened) for one in found] == [
        (0.0, 2, pytest.approx(0.125), 0.5),
        (0.8, 2, pytest.approx(0.95), 1.0),
    ]


@given(st.lists(st.tuples(st.sampled_from([0.0, 0.2, 0.5, 0.9, 1.0]), st.booleans()), min_size=1, max_size=40))
def test_the_parts_of_the_brier_score_add_up(rows):
    said, happened = zip(*rows, strict=True)
    off, apart, uncertain = murphy(said, happened)
    mean = np.mean([brier(one, came) for one, came in rows])
    assert math.isclose(off - apart + uncertain, mean, abs_tol=1e-12)
