"""The commands about frameworks, assessments and roadmaps, as a user types them."""

import json
from importlib.resources import files
from pathlib import Path

import pytest
from typer.testing import CliRunner

from haidang.cli import app
from haidang.errors import HaidangError

EXAMPLES = Path(str(files("haidang.frameworks").joinpath("shipped/examples")))
METAL, FOOD, GARMENTS = (EXAMPLES / f"nha-may-vi-du-{letter}.yaml" for letter in "abc")


def run(*words: object) -> str:
    """What a command prints; a mistake of the user is raised."""
    found = CliRunner().invoke(app, [str(word) for word in words])
    if found.exception is not None and not isinstance(found.exception, SystemExit):
        raise found.exception
    assert found.exit_code == 0, found.output
    return found.output


def test_shipped_frameworks_are_listed_shown_and_in_order():
    listed = json.loads(run("framework", "list", "--json"))
    assert {one["id"] for one in listed} == {"smart-responsible", "enterprise-digital"}
    assert "Bền vững trong từng việc" in run("framework", "show", "smart-responsible", "--lang", "vi")
    shipped = Path(str(files("haidang.frameworks").joinpath("shipped/enterprise-digital.yaml")))
    assert "6 areas, 18 capabilities, 90 criteria: in order" in run("framework", "check", shipped)


@pytest.mark.parametrize("name", ["smart-responsible", "enterprise-digital"])
def test_a_framework_goes_to_excel_and_back_without_loss(tmp_path, name):
    run("framework", "to-excel", name, tmp_path / "a.xlsx")
    run("framework", "from-excel", tmp_path / "a.xlsx", "--out", tmp_path / "a.yaml")
    again = json.loads(run("framework", "show", tmp_path / "a.yaml", "--json"))
    assert again == json.loads(run("framework", "show", name, "--json"))


def test_a_template_that_is_not_filled_in_has_no_level(tmp_path):
    run("assess", "template", "smart-responsible", "--out", tmp_path / "answers.xlsx", "--lang", "en")
    with pytest.raises(HaidangError):
        run("assess", tmp_path / "answers.xlsx", "--out", tmp_path / "out")


def test_one_factory_gets_levels_findings_and_a_report(tmp_path):
    found = json.loads(run("assess", FOOD, "--out", tmp_path, "--json"))
    levels = found["scores"][0]
    assert levels["claimed"]["mean"] >= levels["verified"]["mean"]
    names = {Path(file).name for file in found["files"]}
    assert names == {
        "answers.csv",
        "evidence.csv",
        "findings.csv",
        "scores.csv",
        "report.html",
        "report.xlsx",
        "report.pdf",
    }
    assert "Nhà máy ví dụ B (hư cấu)" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_one_factory_is_shown_beside_the_peers_of_a_campaign(tmp_path):
    rows = ["factory,sector,size,date,assessor,P1-1,P1-2"]
    rows += [f"f{place},food,medium,2026-10-01,A,{'yes' if place % 2 else 'no'},no" for place in range(8)]
    (tmp_path / "campaign.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    run("assess", tmp_path / "campaign.csv", "--out", tmp_path / "peers")
    run("assess", FOOD, "--out", tmp_path / "alone", "--lang", "en")
    run("assess", FOOD, "--peers", tmp_path / "peers", "--out", tmp_path / "beside", "--lang", "en")
    alone, beside = ((tmp_path / name / "report.html").read_text(encoding="utf-8") for name in ("alone", "beside"))
    assert "Too few factories to compare with" in alone
    assert "Too few factories to compare with" not in beside


def test_several_factories_are_one_campaign(tmp_path):
    printed = run("assess", METAL, FOOD, GARMENTS, "--out", tmp_path, "--lang", "en")
    assert "0/" in printed
    assert (tmp_path / "benchmarks.csv").read_text(encoding="utf-8").count("\n") == 1, "three factories are too few"
    assert "comparisons with peers rest on five factories or more" in printed


def test_a_roadmap_keeps_its_budget_and_is_proven():
    found = json.loads(run("roadmap", FOOD, "--budget", "2e9 VND/year", "--json"))
    assert found["proven"]
    assert found["objective"] <= found["bound"] + 1e-6 * abs(found["bound"])
    assert all(year["cost"] <= 2e9 for year in found["best"]["years"])
    assert {payer["programme"] for payer in found["payers"]} == {"smart-manufacturing-credit"}


def test_a_goal_out_of_reach_says_what_would_be_enough(tmp_path):
    printed = run("roadmap", METAL, "--budget", "1e6 VND/year", "--goal", "level:3", "--lang", "en", "--out", tmp_path)
    assert "cannot be reached" in printed
    assert (tmp_path / "report.html").exists()


def test_a_level_that_no_step_reaches_is_out_of_reach_and_not_passed_over(tmp_path):
    printed = run("roadmap", METAL, "--goal", "level:5", "--lang", "en", "--out", tmp_path)
    assert "no step brings" in printed


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("roadmap", FOOD, "--goal", "profit"), "expected --goal npv"),
        (("roadmap", FOOD, "--to", "2020"), "expected --to of 2026 or later"),
        (("roadmap", FOOD, "--budget", "5 apples"), "apples"),
        (("framework", "show", "smart-responsable"), "did you mean 'smart-responsible'"),
        (("assess", "nowhere.yaml", "--out", "x"), "nowhere.yaml"),
        (("framework", "list", "--lang", "fr"), "expected --lang vi or en"),
    ],
)
def test_a_mistake_is_one_line(words, says):
    with pytest.raises(HaidangError, match=says) as mistake:
        run(*words)
    assert "\n" not in str(mistake.value)
