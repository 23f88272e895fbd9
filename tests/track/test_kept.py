"""Forecasts in the database: kept as they were made, once, and never changed."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connections
from typer.testing import CliRunner

from haidang.cli import app
from haidang.results.points import Points
from haidang.track.odds import Archived, hash_of_inputs
from haidang.track.records import Commitment
from haidang.track.store import Draft, TamperedError, close_store, open_store
from tests.track.tampering import without_guards

if TYPE_CHECKING:
    from haidang.track.store import Store

ONE = Archived(
    "digital", date(2026, 1, 5), date(2030, 12, 31), 0.3, 0.4, "trend", "0.3", hash_of_inputs([1]), 0.25,
    Points(0.1, 0.2, 0.26, 0.33, 0.5), "not_enough", 0.3,
)  # fmt: skip
MANY = [replace(ONE, target=f"commitment/Lời hứa {number}", points=None) for number in range(600)]


def test_a_forecast_comes_back_as_it_was_made_and_the_same_one_is_one_row(store: Store):
    assert store.keep([ONE, *MANY, ONE]) == 601
    assert store.keep([*MANY, ONE]) == 0
    assert store.keep([replace(ONE, made=date(2026, 1, 6)), replace(ONE, inputs=hash_of_inputs([2])), ONE]) == 2
    found = store.forecasts()
    assert found[:601] == (ONE, *MANY)
    assert len(found) == 603


@pytest.mark.parametrize("verb", ["UPDATE track_forecast SET body = '{}'", "DELETE FROM track_forecast"])
def test_the_database_refuses_to_change_what_was_forecast(store: Store, verb: str):
    store.keep([ONE])
    with pytest.raises(DatabaseError, match="only grows"), connections[store.alias].cursor() as cursor:
        cursor.execute(verb)


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE track_forecast SET body = replace(body, '0.25', '0.95') WHERE number = 2", "2 .* was altered"),
        ("DELETE FROM track_forecast WHERE number = 2", "expected forecast 2 behind the one before it"),
        ("DELETE FROM track_forecast WHERE number = 3", "expected 3 forecasts, found 2"),
    ],
)  # fmt: skip
def test_whatever_is_tampered_with_is_found(store: Store, statement: str, told: str):
    store.keep([replace(ONE, target=name) for name in "abc"])
    without_guards(store, "track_forecast")
    with connections[store.alias].cursor() as cursor:
        cursor.execute(statement)
    for look in (store.forecasts, store.verify):
        with pytest.raises(TamperedError, match=told):
            look()


def test_a_database_of_before_is_brought_up_to_date_and_keeps_its_records(
    store: Store, address: str, commitment: Callable[..., Commitment]
):
    store.write([Draft(commitment(), 0)], "add", "Lan")
    with connections[store.alias].cursor() as cursor:
        cursor.execute("DROP TABLE track_forecast")
        cursor.execute("DELETE FROM track_head WHERE id = 2")
        if connections[store.alias].vendor == "postgresql":
            cursor.execute("DROP FUNCTION track_forecast_kept")
    call_command("migrate", "track", "0001", database=store.alias, verbosity=0, interactive=False, fake=True)
    close_store(store)
    opened = open_store(address)
    assert opened.verify().changes == 1
    assert opened.keep([ONE]) == 1


def test_the_command_keeps_what_it_tells_and_scores_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    pack = _pack(tmp_path)
    said = [_told("track", str(pack), "--json") for _ in range(2)]
    assert said[0] == said[1]
    assert not (tmp_path / "track-small.sqlite3").exists(), "without a database nothing is kept"
    store = open_store("track-small.sqlite3")
    for _ in range(2):
        _told("track", str(pack))
    (kept,) = store.forecasts()
    assert (kept.target, kept.made, kept.evidence) == ("goal", date.today(), "not_enough")
    _told("track", str(pack), "--as-of", (date.today() - timedelta(days=3)).isoformat())
    assert store.forecasts() == (kept,)
    came = replace(
        kept, target="past", by=date(2024, 12, 31), made=date(2023, 1, 5), low=0.2, points=None, probability=0.75
    )
    store.keep([came])
    shown = _told("track", "score", str(pack), "--lang", "en")
    assert "mean Brier score 0.062" in shown
    assert "Was what was called likely likely" in shown
    assert "60% – 80%" in shown
    (row,) = json.loads(_told("track", "score", str(pack), "--json"))["forecasts"]
    assert (row["happened"], row["source"]) == (True, "paper")
    close_store(store)


def test_forecasts_of_another_day_are_not_kept_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    words = ["track", str(_pack(tmp_path)), "--as-of", "2025-01-31", "--archive", "kept.jsonl"]
    found = CliRunner().invoke(app, words)
    assert found.exit_code == 1
    assert "kept on the day on which it is made" in str(found.exception) + found.output
    assert not (tmp_path / "kept.jsonl").exists()


def _told(*words: str) -> str:
    found = CliRunner().invoke(app, list(words))
    assert found.exit_code == 0, (found.output, found.exception)
    return found.output


def _pack(tmp_path: Path) -> Path:
    """A pack with one indicator, counted for two years, and a target that is still to come and one that has passed."""
    pack = tmp_path / "small"
    for folder in ("facts", "sources", "indicators", "targets"):
        (pack / folder).mkdir(parents=True)
    (pack / "pack.yaml").write_text(
        "id: small\ntitle: {vi: Nhỏ, en: Small}\ndescription: {vi: a, en: b}\nlanguages: [vi, en]\nmodels: {}\n",
        encoding="utf-8",
    )
    (pack / "sources" / "all.yaml").write_text(
        "paper: {title: A paper, publisher: A publisher, date: 2025-01-05}\n", encoding="utf-8"
    )
    (pack / "indicators" / "all.yaml").write_text(
        "share:\n  title: {vi: a, en: b}\n  unit: '%'\n  definition: {vi: a, en: b}\n  direction: higher\n"
        "  observations:\n    - {source: paper, id: first, period: 2023, quantity: '20 %'}\n"
        "    - {source: paper, id: second, period: 2024, quantity: '22 %'}\n",
        encoding="utf-8",
    )
    target = (
        "{name}:\n  title: {{vi: a, en: b}}\n  kind: level\n  by: {by}\n  indicator: share\n  lower: 25\n  unit: '%'\n"
        "  claims: [{{id: a, source: paper, about: target, quantity: '25 %'}}]\n"
    )
    both = target.format(name="goal", by="2040-12-31") + target.format(name="past", by="2024-12-31")
    (pack / "targets" / "all.yaml").write_text(both, encoding="utf-8")
    return pack
