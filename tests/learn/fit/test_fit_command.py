"""`haidang fit` as its user meets it: bad data in real files, a long search, and an interruption."""

import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

from haidang.cli import app
from haidang.errors import HaidangError
from haidang.faces import fitting
from haidang.learn.fit.maximise import quasi_newton

FIT = """
kind: multinomial
data: {chosen: modeREST}
alternatives:
  bus: {code: bus, utility: asc_bus + b * fare_bus + c * far_bus}
  car: {code: car, utility: b * fare_car + c * far_car}
coefficients: {asc_bus: , b: , c: }
"""
ROWS = 80


def fit(folder: Path, rest: str = "", **columns: object) -> str:
    """What the command prints for a table with some columns written anew; its mistake is raised."""
    rng = np.random.default_rng(1)
    names = ("fare_bus", "fare_car", "far_bus", "far_car")
    table = pl.DataFrame({name: rng.random(ROWS) for name in names}).with_columns(
        mode=pl.Series(["bus" if one else "car" for one in rng.random(ROWS) < 0.5]), ward=pl.lit("w1")
    )
    table.with_columns(**columns).write_csv(folder / "choices.csv")
    (folder / "fit.yaml").write_text(FIT.replace("REST", rest), encoding="utf-8")
    found = CliRunner().invoke(app, ["fit", str(folder / "fit.yaml"), "--data", str(folder / "choices.csv")])
    if isinstance(found.exception, HaidangError):
        raise found.exception
    assert found.exit_code == 0, found.output
    return found.output


@pytest.mark.parametrize(
    ("rest", "columns", "said"),
    [
        ("", {"mode": pl.lit("bus")}, "perfect separation along 'asc_bus'"),
        ("", {"mode": pl.when(pl.int_range(pl.len()) == 4).then(pl.lit("tram")).otherwise(pl.col("mode"))}, "tram"),
    ],
    ids=["one choice", "unknown code"],
)  # fmt: skip
def test_data_that_tell_nothing_are_named_on_one_line(tmp_path: Path, rest: str, columns: dict, said: str) -> None:
    with pytest.raises(HaidangError, match=said) as found:
        fit(tmp_path, rest, **columns)
    assert "\n" not in str(found.value)
    assert "choices.csv" in str(found.value) or "fit.yaml" in str(found.value)


def test_good_data_are_fitted(tmp_path: Path) -> None:
    assert "80" in fit(tmp_path)


def test_an_interrupted_fit_ends_with_130_and_writes_nothing(tmp_path: Path, monkeypatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    fit(tmp_path)
    monkeypatch.setattr(fitting, "_choices", interrupted)
    out = tmp_path / "facts.yaml"
    words = ["fit", str(tmp_path / "fit.yaml"), "--data", str(tmp_path / "choices.csv"), "--out", str(out)]
    found = CliRunner().invoke(app, [*words, "--pack", "hcmc"])
    assert found.exit_code == 130
    assert "interrupted; nothing was written" in found.output
    assert not out.exists()


class Bowl:
    """A log-likelihood whose top is known: minus the square of the distance from (3, -2)."""

    weight = np.ones(2)

    def slope(self, free):
        away = free - np.array([3.0, -2.0])
        return -0.5 * np.array([1.0, 4.0]) * away**2, np.diag(-np.array([1.0, 4.0]) * away)

    def hessian(self, free):
        return np.diag([-1.0, -4.0])


def test_a_search_tells_which_likelihood_it_is_on_and_how_far_it_is() -> None:
    told: list[tuple[bool, float]] = []
    top = quasi_newton(Bowl(), Bowl(), np.array([0.0, 0.5]), lambda fine, part: told.append((fine, part)))
    assert top.free == pytest.approx([3.0, -2.0], abs=1e-3)
    assert [fine for fine, _ in told] == sorted(fine for fine, _ in told)
    rough = [part for fine, part in told if not fine]
    assert rough == sorted(rough)
    assert (rough[0], rough[-1]) == (0.0, 1.0)


def test_the_time_left_of_a_search_is_shown_on_a_terminal_only(capsys, monkeypatch) -> None:
    tick = fitting._ticking("en")
    tick(False, 0.5)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    tick(False, 0.5)
    tick(True, 1.0)
    shown = capsys.readouterr().err
    assert "rough search: computed 2 times, about" in shown
    assert "fine search: computed 1 times, about 0 s left" in shown
