"""Facts that a fit writes: they load, are drawn with their covariance, and leave other facts' draws alone."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

from haidang.cli import app
from haidang.facts import Distribution, FactBook, draw_facts
from haidang.learn.fit import FitError, facts_text, fit_choices, fit_moments, load_declared, observe, write_facts
from haidang.learn.fit.declared import Written
from haidang.learn.fit.write import Result, fit_result
from haidang.packs import load_pack
from tests.learn.fit.made import logit

CITY = Path(__file__).resolve().parents[3] / "docs" / "tutorial" / "my-city"
SOURCES = "survey: {title: t, publisher: p, date: 2025}\n"
OTHER = "other: {value: 3 VND, range: [1, 5] VND, source: survey}\n"
FAMILIES = """
kind: multinomial
data: {chosen: rides}
alternatives: {nothing: {code: 0}, bus: {code: 1}}
coefficients: {bus_liking: {start: -1}, bus_response: {start: 0.5}}
source: tutorial
as_of: 2025
"""


def result(values, covariance, names=("b", "c")):
    facts = [Written(name, {"vi": name, "en": name}) for name in names]
    return Result("fit-test", facts, ["1"] * len(names), np.array(values), np.array(covariance), ["survey"], "2025",
                  {"vi": "một", "en": "one"}, ["head"])  # fmt: skip


def book(folder, text):
    (folder / "facts").mkdir(exist_ok=True)
    (folder / "sources.yaml").write_text(SOURCES, encoding="utf-8")
    (folder / "facts" / "other.yaml").write_text(OTHER, encoding="utf-8")
    (folder / "facts" / "fit.yaml").write_text(text, encoding="utf-8")
    return FactBook.load(folder)


def test_the_engines_draws_have_the_covariance_and_leave_other_facts_alone(tmp_path):
    covariance = [[0.04, -0.018], [-0.018, 0.09]]
    with_fit = book(tmp_path, facts_text(result([0.5, -1.2], covariance)))
    drawn = draw_facts(with_fit, ("b", "c", "other"), 4096, 7)
    both = np.stack([drawn["b"], drawn["c"]])
    assert both.mean(axis=1) == pytest.approx([0.5, -1.2], abs=0.005)
    assert np.cov(both) == pytest.approx(np.array(covariance), abs=4e-3)
    without = book(tmp_path, "alone: {value: 1, source: survey}\n")
    assert np.array_equal(draw_facts(without, ("other",), 4096, 7)["other"], drawn["other"])


def test_what_was_held_is_a_certain_fact(tmp_path):
    found = book(tmp_path, facts_text(result([0.5, 2.0], [[0.04, 0.0], [0.0, 0.0]])))
    assert found.joints["fit-test"].facts == ("b",)
    assert found.uncertain() == ("b", "other")


def declared(tmp_path, restrictions):
    path = tmp_path / "tied.yaml"
    path.write_text(
        "kind: multinomial\ndata: {chosen: y}\nalternatives: {n: {utility: 0}, m: {utility: b * y}}\n"
        f"coefficients: {{b: , c: , d: }}\nrestrictions: {json.dumps(restrictions)}\nsource: survey\nas_of: 2025\n",
        encoding="utf-8",
    )
    return load_declared(path)


@pytest.mark.parametrize(
    ("restrictions", "rank"), [(["b == 2 * c"], 2), (["b == 1 - c + d"], 2), (["b == 2 * c", "d == -0.25"], 1)]
)
def test_a_restricted_fit_is_written_and_its_draws_keep_the_restriction(tmp_path, restrictions, rank):
    plan = declared(tmp_path, restrictions)
    tied = fit_choices(logit(1, 500, [0.6, 0.3, -0.2]), plan.coefficients, restrictions=plan.restrictions)
    text = facts_text(fit_result(tied, plan, "rides.csv", "0" * 64, 500, date(2026, 1, 1)))
    assert all(f"# Restriction: {one.text}" in text for one in plan.restrictions)
    found = book(tmp_path, text)
    assert found.joints["fit-tied"].rank == rank
    drawn = draw_facts(found, ("b", "c", "d"), 4096, 7)
    rows = np.stack([drawn["b"], drawn["c"], drawn["d"]])
    for one in plan.restrictions:
        weights = np.array([one.weights.get(name, 0.0) for name in "bcd"])
        assert weights @ rows == pytest.approx(np.full(4096, one.value), abs=1e-7)
    assert rows.mean(axis=1) == pytest.approx(tied.values, abs=0.003)
    assert np.cov(rows) == pytest.approx(tied.covariance(), abs=0.02 * np.diag(tied.covariance()).max())


def test_a_direction_that_the_data_leave_open_is_refused_with_and_without_restrictions():
    open_one = np.array([[0.04, 0.04], [0.04, 0.04]])
    with pytest.raises(FitError, match="an error of its own"):
        facts_text(result([0.5, -1.2], open_one))
    with pytest.raises(FitError, match="an error of its own"):
        facts_text(replace(result([0.5, -1.2], open_one), free=2))
    assert "rank: 1" in facts_text(replace(result([0.5, -1.2], open_one), free=1))


def test_nothing_is_written_where_the_source_is_not_the_packs(tmp_path):
    with pytest.raises(FitError, match="did you mean 'surveys'"):
        write_facts(result([1.0, 2.0], np.eye(2)), tmp_path / "fit.yaml", {"surveys": None})
    assert not list(tmp_path.iterdir())


def families(tmp_path, rows=6000):
    """What families of the tutorial's model would choose, by its own utility and standard Gumbel noise."""
    rng = np.random.default_rng(3)
    distance, discount = rng.uniform(500.0, 9000.0, rows), rng.choice([0.0, 0.3, 0.6], rows)
    stated = load_pack(str(CITY)).book.value
    saved = 800 * distance / stated("motorbike_speed") * stated("time_value")
    fare = stated("bus_fare") * (1.0 - discount)
    utility = -0.8 + 0.35 * (saved - fare) / 1e6
    rides = (rng.logistic(size=rows) < utility).astype(int)
    table = pl.DataFrame({"distance": distance, "discount": discount, "rides": rides})
    table.write_csv(tmp_path / "rides.csv")
    (tmp_path / "families.yaml").write_text(FAMILIES, encoding="utf-8")
    return tmp_path / "rides.csv", tmp_path / "families.yaml"


def test_a_packs_model_is_fitted_with_its_own_utilities(tmp_path):
    data, path = families(tmp_path)
    pack, declared = load_pack(str(CITY)), load_declared(path)
    observed = observe(declared, data, pack)
    found = fit_choices(observed.choices, declared.coefficients)
    assert (np.abs(found.values - [-0.8, 0.35]) < 3.0 * found.standard_errors()).all()
    assert found.standard_errors().max() < 0.1


def test_the_command_writes_facts_that_the_check_of_a_pack_accepts(tmp_path):
    import shutil

    data, path = families(tmp_path, 2000)
    city = tmp_path / "my-city"
    shutil.copytree(CITY, city)
    (city / "fits").mkdir()
    shutil.copy(path, city / "fits" / "families.yaml")
    (facts,) = (city / "facts").glob("*.yaml")
    kept = [line for line in facts.read_text("utf-8").splitlines() if not line.startswith(("bus_liking", "bus_resp"))]
    out = city / "facts" / "fitted.yaml"
    run = CliRunner().invoke
    told = run(app, ["fit", f"{city}/families", "--data", str(data), "--out", str(out), "--lang", "vi"])
    assert told.exit_code == 0, told.output
    assert "hệ số" in told.output
    facts.write_text("\n".join(kept) + "\n", encoding="utf-8")
    checked = run(app, ["check", str(city)])
    assert checked.exit_code == 0, checked.output
    again = run(app, ["fit", f"{city}/families", "--data", str(data), "--json"])
    document = json.loads(again.stdout)
    written = FactBook.load(city)
    assert written.value("bus_response") == pytest.approx(document["values"][1], rel=1e-9)
    joint = written.joints["fit-families"]
    assert np.array(joint.covariance) == pytest.approx(np.array(document["covariance"]["robust"]), rel=1e-6)
    assert document["data"]["sha256"] in out.read_text("utf-8")


def test_linear_figures_of_normal_facts_have_the_posterior_of_the_closed_form():
    slopes = np.array([[1.0, 0.5], [-0.3, 1.0], [0.2, 0.2]])
    prior, errors = np.diag([1.0, 4.0]), np.array([0.5, 0.8, 0.3])
    published = slopes @ [0.7, -1.1]
    precision = np.linalg.inv(prior) + slopes.T @ np.diag(errors**-2) @ slopes
    covariance = np.linalg.inv(precision)
    mean = covariance @ (slopes.T @ (published / errors**2) + np.linalg.inv(prior) @ [0.2, 0.0])
    found = fit_moments(
        lambda facts: slopes @ facts,
        ("b", "c"),
        (Distribution("normal", (0.2, 1.0, -np.inf, np.inf)), Distribution("normal", (0.0, 2.0, -np.inf, np.inf))),
        published,
        errors,
        members=4000,
        steps=3,
    )
    assert found.mean == pytest.approx(mean, abs=0.03)
    assert found.covariance == pytest.approx(covariance, abs=0.02)
    again = fit_moments(lambda facts: slopes @ facts, ("b", "c"), (Distribution("uniform", (0.0, 1.0)),) * 2, published,
                        errors, members=50)  # fmt: skip
    assert ((again.members > 0.0) & (again.members < 1.0)).all()


def test_figures_that_no_fact_moves_and_ensembles_that_are_too_small_are_named():
    prior = (Distribution("uniform", (0.0, 1.0)),)
    with pytest.raises(FitError, match="no variation in number 2"):
        fit_moments(lambda facts: np.array([facts[0], 1.0]), ("b",), prior, np.zeros(2), np.ones(2), members=30)
    with pytest.raises(FitError, match="at least 20 members"):
        fit_moments(lambda facts: facts, ("b",), prior, np.zeros(1), np.ones(1), members=5)
    with pytest.raises(FitError, match="standard error above zero"):
        fit_moments(lambda facts: facts, ("b",), prior, np.zeros(1), np.zeros(1), members=30)


def test_a_model_is_fitted_to_its_own_figures(tmp_path):
    """The tutorial's families: the share that rides at stated facts is published, and found again."""
    import shutil

    city = tmp_path / "my-city"
    shutil.copytree(CITY, city)
    (city / "fits").mkdir()
    (city / "fits" / "riders.yaml").write_text(
        "kind: moments\nmodel: families\npopulation: families\nrows: 2000\nyears: 2026..2027\n"
        "facts: {bus_liking: {value: -1, se: 1}}\n"
        "figures: {riders: {taken: bus, year: 2026, value: 0.4, se: 0.01}}\nmembers: 40\nsource: tutorial\n",
        encoding="utf-8",
    )
    told = CliRunner().invoke(app, ["fit", f"{city}/riders", "--json"])
    assert told.exit_code == 0, told.output
    document = json.loads(told.stdout)
    assert document["figures"]["riders"]["mean"] == pytest.approx(0.4, abs=0.006)
    assert len(document["members"]) == 40
    assert date.today().year >= 2026
