"""The road of a real pilot on the command line, and what is said where it is left."""

import json
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

from haidang.cli import app
from haidang.errors import HaidangError
from tests.learn.pilot.plans import plan, units

SIZE = ("size: 60", "size: 600")


def ask(*words: str | Path) -> str:
    """What a command prints; its mistake is raised."""
    found = CliRunner().invoke(app, ["pilot", *map(str, words)])
    if isinstance(found.exception, HaidangError):
        raise found.exception
    assert found.exit_code == 0, found.output
    return found.output


@pytest.fixture
def road(tmp_path: Path) -> Path:
    """A folder with a declaration that is registered and assigned, and with data that came."""
    path = plan(tmp_path, SIZE)
    units(600).write_csv(tmp_path / "units.csv")
    ask("register", path, "--date", "2025-12-01")
    ask("assign", path, "--units", tmp_path / "units.csv", "--salt", "lottery 12 34", "--out", tmp_path / "arms.csv")
    arms = pl.read_csv(tmp_path / "arms.csv")
    generator = np.random.default_rng(2)
    level = np.clip(4.0 + generator.normal(0.0, 1.0, 600) + 1.0 * (arms["arm"] == "advised").to_numpy(), 0.0, 10.0)
    days = [date(2027, 1, 1) + timedelta(days=place // 20) for place in range(600)]
    mixed = pl.DataFrame({"id": arms["id"], "level": level, "bad": np.zeros(600)})[generator.permutation(600)]
    mixed.with_columns(pl.Series("date", days)).write_csv(tmp_path / "reports.csv")
    mixed.write_csv(tmp_path / "results.csv")
    return path


def test_a_pilot_goes_from_its_declaration_to_its_report(road: Path) -> None:
    folder = road.parent
    assert "600 units" in ask("design", road)
    assert "Bảng đúng như bản khai" in ask("assign", road, "--verify", folder / "arms.csv", "--lang", "vi")
    watched = ask("monitor", road, "--data", folder / "reports.csv", "--assignment", folder / "arms.csv")
    assert "30 new looks" in watched
    assert "No stop rule has spoken" in watched
    out = folder / "out"
    told = ask(
        "evaluate", road, "--data", folder / "results.csv", "--assignment", folder / "arms.csv", "--out", out,
        "--date", "2028-01-10", "--json",
    )  # fmt: skip
    found = json.loads(told)
    assert found["effect"]["low"] < 1.0 < found["effect"]["high"]
    assert found["deviations"] == []
    assert found["registered"].startswith("2025-12-01")
    assert (out / "report.html").is_file()


def test_an_analysis_otherwise_than_registered_says_so_in_both_languages(road: Path) -> None:
    folder = road.parent
    for lang, words in (("vi", "Kết quả đã đăng ký là level"), ("en", "The registered outcome is level")):
        told = ask(
            "evaluate", road, "--data", _with_noise(folder), "--assignment", folder / "arms.csv",
            "--out", folder / lang, "--outcome", "noise", "--lang", lang, "--date", "2028-01-10",
        )  # fmt: skip
        assert words in told


def _with_noise(folder: Path) -> Path:
    table = pl.read_csv(folder / "results.csv")
    path = folder / "noise.csv"
    table.with_columns(pl.Series("noise", np.random.default_rng(0).normal(size=600))).write_csv(path)
    return path


def test_mistakes_on_the_road_are_one_line(road: Path, tmp_path: Path) -> None:
    folder = road.parent
    arms = folder / "arms.csv"
    with pytest.raises(HaidangError, match="expected a table, found no such file"):
        ask("monitor", road, "--data", folder / "none.csv", "--assignment", arms)
    with pytest.raises(HaidangError, match="expected --salt, found none"):
        ask("assign", road, "--units", folder / "units.csv")
    with pytest.raises(HaidangError, match="did you mean 'difference'"):
        ask(
            "evaluate", road, "--data", folder / "results.csv", "--assignment", arms, "--out", tmp_path / "o",
            "--estimator", "diference",
        )  # fmt: skip
    assert not (tmp_path / "o").exists()


def test_a_pilot_amended_after_its_lots_goes_on_and_its_report_says_so(road: Path, tmp_path: Path) -> None:
    folder, arms = road.parent, road.parent / "arms.csv"
    watched = ("monitor", road, "--data", folder / "reports.csv", "--assignment", arms)
    assert "30 new looks" in ask(*watched)
    plan(
        folder,
        SIZE,
        ("en: Advice}\nq", "en: Better advice}\nq"),
        ("column: bad, at_most: 10 %", "column: bad, at_most: 9 %"),
    )
    amend = ("register", road, "--reason", "A name", "--date", "2025-12-02")
    with pytest.raises(HaidangError, match="expected --after-lots with an amendment, since the lots are drawn"):
        ask(*amend)
    ask(*amend, "--after-lots")
    assert "it was amended after the lots" in ask("assign", road, "--verify", arms)
    assert "0 new looks" in ask(*watched)
    results = ("--data", folder / "results.csv", "--assignment", arms, "--out", tmp_path / "o", "--date", "2028-01-10")
    (told,) = json.loads(ask("evaluate", road, *results, "--json"))["deviations"]
    assert "after the lots were drawn (guardrails, title.en): A name" in told["what"]["en"]
    plan(folder, SIZE, ("strata: [sector]", "strata: [ward]"))
    with pytest.raises(HaidangError, match=r"found changes of: units\.strata; lots that are drawn cannot be amended"):
        ask(*amend, "--after-lots")


def test_lost_outcomes_are_counted_in_the_report(road: Path, tmp_path: Path) -> None:
    table = pl.read_csv(road.parent / "results.csv")
    lost = table.with_columns(level=pl.when(pl.int_range(pl.len()) < 5).then(None).otherwise(pl.col("level")))
    lost.write_csv(tmp_path / "lost.csv")
    told = json.loads(
        ask(
            "evaluate", road, "--data", tmp_path / "lost.csv", "--assignment", road.parent / "arms.csv",
            "--out", tmp_path / "o", "--date", "2028-01-10", "--json",
        )
    )  # fmt: skip
    assert told["effect"]["n"] == 595
    assert told["bounds"]["n"] == 600
    assert len(told["deviations"]) == 1


def test_a_programme_without_a_pilot_is_named() -> None:
    with pytest.raises(HaidangError, match="declared are: smart-manufacturing-credit"):
        ask("hcmc/green-trucks")


def test_an_interrupted_circle_says_what_is_left_and_ends_with_130(tmp_path: Path, monkeypatch) -> None:
    from haidang.learn.pilot import circle

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(circle, "go_round", interrupted)
    found = CliRunner().invoke(app, ["pilot", "hcmc/smart-manufacturing-credit", "--out", str(tmp_path / "out")])
    assert found.exit_code == 130
    assert "interrupted; the steps that were told lie in" in found.output
