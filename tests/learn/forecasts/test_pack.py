"""Suites of a pack: found, checked, and told of where their series are absent."""

import json

import pytest
from typer.testing import CliRunner

from haidang.cli import app
from haidang.learn.forecasts import statistical
from haidang.learn.forecasts.observed import cut_all
from haidang.learn.forecasts.pack import load_series, suite_mistakes, suite_of
from haidang.learn.forecasts.read import AbsentError
from haidang.learn.forecasts.suite_file import SuiteError, suites_of
from haidang.packs import load_pack
from tests.learn.forecasts.test_suite import FILE
from tests.learn.forecasts.worlds import panel
from tests.learn.taps import write_pack

SHIPPED = {"technologies-us": ("data", 22), "electric-cars": ("data", 21), "solar-roofs": ("facts", 1)}


@pytest.fixture
def root(tmp_path):
    folder = write_pack(tmp_path / "taps")
    (folder / "backtests" / "series").mkdir(parents=True, exist_ok=True)
    (folder / "backtests" / "series" / "trial.yaml").write_text(FILE, encoding="utf-8")
    return folder


def write_panel(folder):
    rows = [
        f"{one.id},{int(time)},{value}" for one in panel() for time, value in zip(one.times, one.values, strict=True)
    ]
    (folder / "trial.csv").write_text("name,year,share\n" + "\n".join(rows) + "\n", encoding="utf-8")


def test_the_suites_of_the_shipped_pack_are_in_order():
    pack = load_pack("hcmc")
    assert sorted(suites_of(pack.root)) == sorted(SHIPPED)
    assert suite_mistakes(pack) == ()


@pytest.mark.parametrize(("name", "told"), SHIPPED.items())
def test_the_published_files_hold_the_series_that_the_suites_name(shared, name, told):
    folder, count = told
    loaded = load_series(load_pack("hcmc"), name, shared / folder)
    assert len(loaded.series) == count
    assert len(cut_all(loaded.series, loaded.suite, 0)) == count


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ("beside: trail\n", r"trial\.yaml:1: beside: expected another suite, found 'trail'; did you mean 'trial'"),
        ("model: {backtest: none, quantities: {2020: x}}\n", "expected a backtest of the pack, found 'none'"),
    ],
)
def test_a_reference_that_leads_nowhere_is_a_mistake_of_the_pack(root, more, words):
    path = root / "backtests" / "series" / "trial.yaml"
    path.write_text(FILE + more, encoding="utf-8")
    (found,) = suite_mistakes(load_pack(str(root)))
    with pytest.raises(SuiteError, match=words):
        raise found


def test_a_suite_that_is_not_there_is_named_with_the_nearest(root):
    with pytest.raises(SuiteError, match="expected a suite of series of the pack, found 'trail'; did you mean 'trial'"):
        suite_of(load_pack(str(root)), "trail")


def test_a_suite_without_its_file_ends_the_command(root, tmp_path):
    answer = CliRunner().invoke(app, ["backtest", f"{root}/trial", "--series", str(tmp_path)])
    assert isinstance(answer.exception, AbsentError)
    assert answer.stdout == ""


def test_the_command_writes_a_page_and_the_same_json_that_it_prints(root, tmp_path, monkeypatch):
    monkeypatch.setattr(statistical, "installed", lambda: False)
    write_panel(tmp_path)
    asked = ["backtest", f"{root}/trial", "--series", str(tmp_path), "--draws", "40", "--out", str(tmp_path / "out")]
    answer = CliRunner().invoke(app, [*asked, "--json"])
    assert answer.exception is None
    (told,) = json.loads(answer.stdout)
    assert told == json.loads((tmp_path / "out" / "trial.json").read_text(encoding="utf-8"))
    assert {line["forecaster"] for line in told["origins"][0]["table"]} >= {"diffusion", "last", "drift", "bass"}
    assert (tmp_path / "out" / "trial.html").stat().st_size > 10_000


def test_among_all_an_absent_suite_is_told_of_and_the_rest_goes_on(root, tmp_path):
    answer = CliRunner().invoke(app, ["backtest", f"{root}/all", "--series", str(tmp_path), "--json"])
    assert answer.exception is None
    (told,) = json.loads(answer.stdout)
    assert told["id"] == "trial"
    assert "found no file" in told["not_run"]
    assert "found no file" in answer.stderr
