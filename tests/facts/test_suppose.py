"""A fact that is supposed moves what is drawn together with it, as if it had come to be known."""

from pathlib import Path

import numpy as np
import pytest
from scipy.stats import norm, triang

from haidang.facts import Copula, FactBook, FactError, Reader, draw_facts, moved_by, parse_yaml, suppose_facts
from tests.facts.packs import write_pack

SAID = "source: bank-2025"
COPULA = f"""\
own: {{value: 10 %, se: 2 %, {SAID}}}
rate: {{value: 4 VND, se: 0.5 VND, {SAID}}}
reach: {{value: 3 place, range: [1 place, 5 place], {SAID}}}
alone: {{value: 1 VND, se: 0.1 VND, {SAID}}}
joint:
  learned:
    facts: [own, rate, reach]
    correlation: [[1, 0.6, -0.3], [0.6, 1, 0.2], [-0.3, 0.2, 1]]
"""
NORMAL = f"""\
one: {{value: 10 %, {SAID}}}
two: {{value: 4 VND, {SAID}}}
three: {{value: 7 VND, {SAID}}}
joint:
  fitted:
    facts: [one, two, three]
    covariance: [[4, 0.6, 0], [0.6, 0.25, 0.1], [0, 0.1, 1]]
"""
WHY = {"vi": "Giả sử.", "en": "Supposed."}
DRAWS = 1 << 13


def book_of(folder: Path, facts: str) -> FactBook:
    return FactBook.load(write_pack(folder, facts))


def supposed(book: FactBook, text: str) -> FactBook:
    return suppose_facts(book, Reader(parse_yaml(text, "design.yaml"), "design.yaml"), WHY)


def test_two_facts_that_move_together_have_the_closed_form_of_two_normal_numbers(tmp_path: Path) -> None:
    """Given x the other is normal with mean m + r s (x - mx) / sx and deviation s sqrt(1 - r2)."""
    book = supposed(book_of(tmp_path, COPULA), "own: 13 %")
    drawn = draw_facts(book, ("own", "rate"), DRAWS, 1)
    assert np.all(drawn["own"] == pytest.approx(0.13))
    assert drawn["rate"].mean() == pytest.approx(4.0 + 0.6 * 0.5 * 1.5, abs=0.003)
    assert drawn["rate"].std() == pytest.approx(0.5 * 0.8, abs=0.003)
    assert book.value("rate") == pytest.approx(4.45, abs=1e-6)


def test_a_fact_with_a_range_is_drawn_at_the_quantiles_of_its_moved_scores(tmp_path: Path) -> None:
    book = supposed(book_of(tmp_path, COPULA), "own: 13 %")
    law = triang(0.5, 1.0, 4.0)
    moved = -0.3 * 1.5 + np.sqrt(1.0 - 0.09) * norm.ppf((np.arange(DRAWS) + 0.5) / DRAWS)
    drawn = draw_facts(book, ("reach",), DRAWS, 1)["reach"]
    assert np.quantile(drawn, [0.05, 0.5, 0.95]) == pytest.approx(
        np.quantile(law.ppf(norm.cdf(moved)), [0.05, 0.5, 0.95]), abs=0.01
    )


def test_two_known_facts_leave_the_third_what_regression_says(tmp_path: Path) -> None:
    book = supposed(book_of(tmp_path, COPULA), "own: 8 %\nrate: 4.5 VND")
    gain = np.linalg.solve([[1.0, 0.6], [0.6, 1.0]], [-0.3, 0.2])
    (left,) = book.joints.values()
    assert isinstance(left, Copula)
    assert left.facts == ("reach",)
    assert left.mean == pytest.approx([gain @ [-1.0, 1.0]], abs=1e-6)
    assert left.correlation[0] == pytest.approx([1.0 - gain @ [-0.3, 0.2]])


def test_normal_facts_of_one_estimation_follow_in_their_own_units(tmp_path: Path) -> None:
    book = supposed(book_of(tmp_path, NORMAL), "one: 12 %")
    drawn = draw_facts(book, ("one", "two", "three"), DRAWS, 3)
    assert drawn["two"].mean() == pytest.approx(4.0 + 0.6 / 4.0 * 2.0, abs=0.005)
    assert drawn["two"].std() == pytest.approx((0.25 - 0.09) ** 0.5, abs=0.005)
    assert np.cov(drawn["two"], drawn["three"])[0, 1] == pytest.approx(0.1, abs=0.01)
    assert (book.value("two"), book.value("three")) == pytest.approx((4.3, 7.0))


def test_over_all_that_may_come_to_be_known_a_fact_is_as_uncertain_as_stated(tmp_path: Path) -> None:
    plain = book_of(tmp_path, COPULA)
    drawn = [
        draw_facts(supposed(plain, f"own: {10.0 + 2.0 * z} %"), ("rate",), 512, 1)["rate"]
        for z in norm.ppf((np.arange(32) + 0.5) / 32)
    ]
    assert np.concatenate(drawn).mean() == pytest.approx(4.0, abs=0.01)
    assert np.concatenate(drawn).std() == pytest.approx(0.5, abs=0.01)


def test_what_is_drawn_alone_stays_and_what_moved_is_called_an_assumption(tmp_path: Path) -> None:
    plain = book_of(tmp_path, COPULA)
    book = supposed(plain, "own: 13 %")
    assert moved_by(plain, ["own"]) == {"own", "rate", "reach"}
    assert moved_by(plain, ["alone"]) == {"alone"}
    names = ("alone",)
    assert np.array_equal(draw_facts(book, names, 64, 1)["alone"], draw_facts(plain, names, 64, 1)["alone"])
    assert book.facts["rate"].claim.assumption == {"vi": "Giả sử. Đi theo own.", "en": "Supposed. It goes with own."}
    assert supposed(plain, "own: 13 %\nrate: 4 VND\nreach: 2 place").joints == {}
    assert book.digest() != supposed(plain, "own: 12 %").digest() != plain.digest()


@pytest.mark.parametrize(
    ("facts", "text", "said"),
    [
        (
            COPULA,
            "reach: 7 place",
            r"design.yaml:1: reach: expected 1 to 5 place for 'reach', found 7; other facts hang",
        ),
        (COPULA, "rate: 3 %", r"design.yaml:1: rate: expected VND for 'rate'"),
        (
            NORMAL.replace("0.6, 0], [0.6, 0.25, 0.1], [0, 0.1, 1]]", "2, 0], [2, 1, 0], [0, 0, 1]]\n    rank: 2"),
            "one: 12 %",
            r"design.yaml:1: one: expected facts of which none follows from others, found 'one'",
        ),
    ],
)
def test_a_value_of_which_nothing_follows_is_refused(tmp_path: Path, facts: str, text: str, said: str) -> None:
    with pytest.raises(FactError, match=said):
        supposed(book_of(tmp_path, facts), text)
