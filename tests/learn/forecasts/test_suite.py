"""A suite: nothing from behind an origin is read, scores are what they say, and mistakes are named."""

import json
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from haidang.errors import HaidangError
from haidang.learn.forecasts import statistical
from haidang.learn.forecasts.observed import Observed, cut_all, part_of
from haidang.learn.forecasts.page import suite_html
from haidang.learn.forecasts.read import AbsentError, find_file, read_series
from haidang.learn.forecasts.run import run_suite
from haidang.learn.forecasts.say import Say, told_time
from haidang.learn.forecasts.scored import Judged, line_of, score_draws, verdict_of
from haidang.learn.forecasts.suite_file import SuiteError, load_suite, time_of
from haidang.learn.scores import log_score, pit
from tests.learn.forecasts.worlds import panel, suite

DRAWS = 40
FILE = """id: trial
title: {vi: thử, en: trial}
file: trial.csv
source: nobody
columns: {series: name, time: year, value: share}
unit: "%"
top: 100
resolution: 0.5
origins: {shares: [1/3]}
pool: whole
"""


@pytest.fixture(autouse=True)
def plain(monkeypatch):
    """Without statsforecast, whose compiling takes longer than all the rest; its own tests stand elsewhere."""
    monkeypatch.setattr(statistical, "installed", lambda: False)


def told(result):
    """Quantiles of every forecast, as text to the last digit."""
    return {
        (one.origin, each.cut.known.id): json.dumps({name: s.quantiles.tolist() for name, s in each.scores.items()})
        for one in result.origins
        for each in one.judged
    }


def with_other_future(one, count, values):
    """The same series up to a place, other numbers after it."""
    rest = np.resize(np.array(values), len(one) - count)
    return Observed(one.id, one.times, np.concatenate([one.values[:count], rest]))


@pytest.fixture(scope="module")
def as_it_came():
    """The suite on the series as they are."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(statistical, "installed", lambda: False)
        yield run_suite(suite(), panel(), draws=DRAWS)


@settings(max_examples=2)
@given(values=st.lists(st.floats(0.0, 100.0), min_size=1, max_size=5), name=st.sampled_from(["ploughs", "lamps"]))
def test_another_future_of_a_series_leaves_its_forecasts_byte_for_byte(as_it_came, values, name):
    series = panel()
    other = tuple(with_other_future(one, part_of(len(one), 1 / 3), values) if one.id == name else one for one in series)
    key = (1 / 3, name)
    assert told(as_it_came)[key] == told(run_suite(suite(), other, draws=DRAWS))[key]


KNOWN = suite(pool="known", by_share=False, origins=(1999.0,))
BESIDE = (suite(id="older"), tuple(Observed(f"old {one.id}", one.times - 4.0, one.values) for one in panel()))


@pytest.fixture(scope="module")
def known_to_1999():
    """What is said of the series from what was known to 1999, those of another suite among it."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(statistical, "installed", lambda: False)
        yield told(run_suite(KNOWN, panel(), BESIDE, draws=DRAWS))


@settings(max_examples=1)
@given(values=st.lists(st.floats(0.0, 100.0), min_size=1, max_size=5))
def test_where_the_pool_is_what_was_known_other_futures_of_all_series_leave_every_forecast(known_to_1999, values):
    other = tuple(with_other_future(one, 10, values) for one in panel())
    later = (BESIDE[0], tuple(with_other_future(one, 14, values) for one in BESIDE[1]))
    assert known_to_1999 == told(run_suite(KNOWN, other, later, draws=DRAWS))


def test_where_the_pool_is_first_parts_other_futures_of_all_series_leave_every_forecast():
    declared = suite(pool="known")
    other = tuple(with_other_future(one, part_of(len(one), 1 / 3), [1.0, 99.0]) for one in panel())
    assert told(run_suite(declared, panel(), draws=DRAWS)) == told(run_suite(declared, other, draws=DRAWS))


def test_the_order_of_series_changes_nothing_but_the_order(as_it_came):
    assert told(as_it_came) == told(run_suite(suite(), panel()[::-1], draws=DRAWS))


def test_series_are_cut_by_share_rounded_up_and_by_time():
    cut = cut_all(panel(), suite(origins=(0.3,)), 0)[0]
    assert (len(cut.known), len(cut.came)) == (6, 12)
    cut = cut_all(panel(), suite(by_share=False, origins=(1999.0,), pool="known"), 0)[0]
    assert (cut.known.times[-1], cut.came.times[0]) == (1999.0, 2000.0)
    with pytest.raises(SuiteError, match="numbers before the origin and after it"):
        cut_all(panel(), suite(by_share=False, origins=(1950.0,), pool="known"), 0)


def test_the_log_score_of_many_draws_is_that_of_their_density():
    draws = norm(3.0, 2.0).ppf((np.arange(20_000) + 0.5) / 20_000)
    for outcome in (3.0, 5.0, -1.0):
        assert log_score(draws, outcome, 1e-6) == pytest.approx(-norm(3.0, 2.0).logpdf(outcome), abs=0.08)


def test_the_log_score_of_a_point_forecast_is_that_of_its_kernel():
    # Student, three degrees of freedom, at its middle: 2 / (pi sqrt 3) = 0.3676 over the width.
    assert log_score(np.full(9, 4.0), 4.0, 0.5) == pytest.approx(-np.log(2.0 / (np.pi * np.sqrt(3.0)) / 0.5))
    assert np.isfinite(log_score(np.zeros(9), 1e9, 0.5))


def test_places_in_the_forecast_are_uniform_for_a_calibrated_forecaster():
    rng = np.random.default_rng(1)
    places = np.array([pit(mean + rng.standard_normal(400), mean + rng.standard_normal()) for mean in range(1500)])
    counts = np.histogram(places, np.linspace(0, 1, 11))[0]
    # Chi-squared with nine degrees of freedom: 27.9 is passed once in a thousand.
    assert np.sum((counts - 150.0) ** 2) / 150.0 < 27.9
    assert pit(np.array([1.0, 2.0, 2.0, 3.0]), 2.0) == 0.5


def test_intervals_of_a_calibrated_forecaster_cover_what_they_say():
    rng = np.random.default_rng(2)
    centres = rng.standard_normal(1200)
    scored = score_draws(centres[:, None] + rng.standard_normal((1200, 500)), centres + rng.standard_normal(1200), 1e-6)
    for level in (0.5, 0.8, 0.9, 0.95):
        assert scored.coverage(level) == pytest.approx(level, abs=0.035)


def test_an_outcome_told_to_the_point_lies_inside_to_within_rounding():
    scored = score_draws(np.full((1, 10), 99.8), np.array([100.0]), 0.5)
    assert scored.coverage(0.9) == 1.0
    assert score_draws(np.full((1, 10), 99.7), np.array([100.0]), 0.5).coverage(0.9) == 0.0


def judged(*scores):
    """Series with given scores of the model, the last value and the drift, two numbers each."""
    cut = cut_all(panel(), suite(), 0)[0]
    made = []
    for row in scores:
        parts = {}
        for name, score in zip(("diffusion", "last", "drift"), row, strict=True):
            parts[name] = score_draws(np.full((2, 3), score), np.zeros(2), 1e-9)
        made.append(Judged(cut, parts))
    return tuple(made)


def test_the_relative_score_is_a_geometric_mean_over_the_better_naive_rival():
    line = line_of("diffusion", judged((1.0, 2.0, 4.0), (8.0, 4.0, 2.0)), 1e-9)
    assert (line.crps, line.better, line.series) == (4.5, 1, 2)
    assert line.relative == pytest.approx(np.sqrt(0.5 * 4.0))


def test_a_verdict_names_the_better_naive_rival_and_the_gain():
    series = judged((1.0, 2.0, 4.0), (1.0, 4.0, 3.0))
    lines = [line_of(name, series, 1e-9) for name in ("diffusion", "last", "drift")]
    found = verdict_of("diffusion", series, lines, 1)
    assert (found.rival, found.gain, found.beats) == ("last", 2.0, True)
    assert (found.low, found.high) == (1.0, 3.0)


def test_what_falls_short_is_said_in_both_languages():
    result = run_suite(suite(origins=(1 / 3, 1 / 2)), panel(), draws=DRAWS)
    for language, absent in (("vi", "chưa được cài"), ("en", "is not installed")):
        say = Say(language, result)
        told = result.origins[0].verdict
        text = " ".join((*say.verdict(), *say.beside()))
        assert absent in text
        assert ("Trọng số học được" if language == "vi" else "The weight is learned") in text
        assert (("KHÔNG" if language == "vi" else "NOT") in text) == (not (told.beats and told.holds))


def test_the_page_holds_both_languages_a_fan_for_each_series_and_no_script(as_it_came):
    page = suite_html(as_it_came, "vi")
    assert page.index('class="page page-vi"') < page.index('class="page page-en"')
    for one in panel():
        assert page.count(f"<h3>{one.id}</h3>") == 2
    assert "<script" not in page
    assert not re.search(r"""(?:src|href)=["']https?:""", page)


def test_the_same_question_gives_the_same_bytes(as_it_came):
    assert json.dumps(as_it_came.as_json()) == json.dumps(run_suite(suite(), panel(), draws=DRAWS).as_json())


def write(tmp_path, text=FILE, name="trial.yaml"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("id: trial", "id: trail", r"trial\.yaml:1: id: expected the name of the file, 'trial', found 'trail'"),
        ("1/3", "4/3", r"origins\.shares: expected a share between nothing and all, such as 1/3, found '4/3'"),
        ("[1/3]", "[1/3, 1/3]", "each once, found none or one twice"),
        ("{shares: [1/3]}", "{times: [2019]}", "expected 'pool: known' where origins are times, found 'whole'"),
        ("{shares: [1/3]}", "{times: [199]}", "expected a year or a day such as 2020-07-31, found '199'"),
        ("{shares: [1/3]}", "{shares: [1/3], times: [2019]}", "expected either 'shares' or 'times', found both"),
        ("top: 100\n", "", "expected 'top', which a pool of shares needs, found none"),
        ("resolution: 0.5", "resolution: 0", "expected a number above zero, found 0"),
        ("pool: whole", "pool: hole", "found 'hole'; did you mean 'whole'"),
        ("source: nobody", "sauce: nobody", "did you mean 'source'"),
    ],
)
def test_a_mistake_in_a_suite_is_named(tmp_path, old, new, words):
    assert old in FILE
    with pytest.raises(HaidangError, match=words):
        load_suite(write(tmp_path, FILE.replace(old, new)))


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ("name,yeer,share\na,2000,1\n", "expected the column 'year', found none; did you mean 'yeer'"),
        ("name,year,share\na,2000,1\na,2001,\n", r"trial\.csv:3: share: expected a number, found ''"),
        ("name,year,share\na,2000,101\n", r"trial\.csv:2: share: expected a number between 0 and 100, found 101"),
        ("name,year,share\na,2000,1\na,2000,2\n", r"trial\.csv:3: expected each time once in 'a', found one twice"),
        ("name,year,share\na,soon,1\n", "expected a year or a day such as 2020-07-31, found 'soon'"),
        ("name,year,share\n", "expected rows for 'trial', found none"),
    ],
)
def test_a_mistake_in_a_file_of_series_is_named(tmp_path, rows, words):
    declared = load_suite(write(tmp_path))
    path = write(tmp_path, rows, "trial.csv")
    with pytest.raises(SuiteError, match=words):
        read_series(declared, path)


def test_series_out_of_order_are_put_in_order(tmp_path):
    declared = load_suite(write(tmp_path))
    path = write(tmp_path, "name,year,share\nb,2001,3\na,2002,2\na,2000,1\n", "trial.csv")
    first, second = read_series(declared, path)
    assert (first.id, first.times.tolist(), second.id) == ("a", [2000.0, 2002.0], "b")


def test_a_file_that_is_not_there_is_named_with_its_publisher(tmp_path):
    declared = load_suite(write(tmp_path))
    with pytest.raises(AbsentError, match=r"found no file .*trial\.csv; give the file or its folder .*nobody"):
        find_file(declared, tmp_path)


def test_a_day_is_the_part_of_its_year_that_has_gone():
    place = suite().place
    for day in ("2020-12-31", "2020-07-31", "2019-03-01"):
        assert told_time(time_of(day, place)) in (day, "2021")
    assert time_of("2020-12-31", place) == 2021.0
    assert told_time(2019.0) == "2019"
