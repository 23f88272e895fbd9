"""All programmes in one table: what each adds, what that costs, and how its backtests came out."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from haidang.results import Run, overview, overview_json, overview_table
from haidang.results.manifest import LANGUAGES, Backtest, Language
from haidang.results.overview import score
from tests.results.example import BACKTESTS, write_example
from tests.results.shapes import CASES, CLASS, write_bikes, write_bonds, write_carbon


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, ...]:
    folder = tmp_path_factory.mktemp("overview")
    return (
        write_example(folder / "credit", draws=30), write_carbon(folder / "carbon", 30),
        write_bikes(folder / "bikes", 30), write_bonds(folder / "bonds", 30),
    )  # fmt: skip


def printed(rows: object, language: Language) -> str:
    stream = StringIO()
    Console(file=stream, width=240).print(overview_table(rows, language))  # type: ignore[arg-type]
    return stream.getvalue()


def test_each_programme_has_a_row_with_its_own_main_outcome(runs: tuple[Run, ...]) -> None:
    rows = overview(runs)
    assert [row.outcome.id if row.outcome else None for row in rows] == [
        "level_gain", "abatement", "bike_trips", "raised",
    ]  # fmt: skip
    assert all(row.effect is not None for row in rows)
    assert [row.cost is not None for row in rows] == [True, False, False, True]
    assert [row.price_is_private for row in rows] == [False, True, False, False]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_table_says_none_where_the_public_pays_nothing(runs: tuple[Run, ...], language: Language) -> None:
    text = printed(overview(runs), language)
    for run in runs:
        assert run.programme.title[language] in text
    assert ("none" if language == "en" else "không có") in text
    assert ("paid by those who take part" if language == "en" else "do bên tham gia trả") in text
    assert ("no backtest" if language == "en" else "chưa thử ngược") in text
    assert "nan" not in text


def test_the_table_as_json_has_the_same_numbers(runs: tuple[Run, ...]) -> None:
    rows = overview(runs)
    found = json.loads(json.dumps(overview_json(rows), allow_nan=False))
    for row, each in zip(rows, found["programmes"], strict=True):
        assert row.effect is not None
        assert each["effect"]["p50"] == row.effect.p50
        assert (each["public_cost"] is None) == (row.cost is None)
    assert found["programmes"][1]["cost_per_unit"]["paid_by"] == "private"
    assert found["programmes"][2]["cost_per_unit"] is None


def test_an_empty_table_is_a_table(tmp_path: Path) -> None:
    del tmp_path
    assert overview([]) == ()
    assert printed((), "en")


def parsed(*entries: object) -> list[Backtest]:
    return [Backtest.model_validate(entry) for entry in entries]


def test_a_single_backtest_is_told_by_its_two_error_scores() -> None:
    found = score(parsed(CLASS))
    assert found is not None
    assert (found.model, found.naive) == (0.25, 0.2)
    assert (found.scored, found.better, found.held, found.inside) == (1, 0, 1, 0)


def test_several_backtests_are_counted() -> None:
    # The two of the example: both better than the naive forecast, both inside. The class is worse, and with 2 of 5
    # cases inside it is one forecast that missed; of the four scored cases 3 are inside.
    found = score(parsed(*BACKTESTS, CLASS, CASES))
    assert found is not None
    assert (found.scored, found.better) == (4, 3)
    assert (found.held, found.inside) == (7, 5)
    assert found.model is None


def test_a_quantity_that_two_files_forecast_counts_once() -> None:
    again = {**BACKTESTS[0], "id": "hcmc/the-same-by-another-source", "naive": 1e13, "crps": {"model": 9, "naive": 1}}
    found = score(parsed(*BACKTESTS, again))
    assert found is not None
    assert (found.scored, found.better, found.held) == (2, 2, 2)
    other = {**again, "quantity": {"vi": "Khoản khác", "en": "Another quantity"}}
    found = score(parsed(*BACKTESTS, other))
    assert found is not None
    assert (found.scored, found.better, found.held) == (3, 2, 3)


def test_without_backtests_there_is_no_score() -> None:
    assert score([]) is None
    assert score(parsed({**BACKTESTS[0], "crps": {}, "outcome": None, "covered90": None})) is None


def test_a_programme_worse_than_the_naive_forecast_is_said_to_be_worse(tmp_path: Path) -> None:
    from haidang.results import write_backtests

    run = write_bonds(tmp_path / "run", 30)
    write_backtests(run.path, [{**CLASS, "programmes": []}])
    assert "0.25, naive 0.2: worse" in printed(overview([run]), "en")
    assert "kém hơn" in printed(overview([run]), "vi")
    write_backtests(run.path, [{**CLASS, "programmes": [], "crps": {"model": 0.2001, "naive": 0.2002}}])
    assert "0.2, as the naive" in printed(overview([Run(run.path, run.manifest)]), "en")
