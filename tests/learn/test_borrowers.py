"""The model of borrowers against answers in closed form."""

import numpy as np
import pytest

from haidang.learn.laid import LaidSource, simulate_laid
from haidang.packs import load_pack
from haidang.programmes import parse_programme

DRAWS, ROWS = 4, 4096
FACTS = {
    "borrower_applies_strict": 0.2,
    "borrower_applies_free": 1 - 1e-7,
    "borrower_response": 0.0,
    "borrower_approved": 0.5,
    "borrower_filing": 0.0,
    "borrower_loan_term": 0.5,
    "borrower_loan_spread": 1.5,
    "borrower_discount": 0.1,
    "support_2022_rate": 0.02,
    "support_2022_years": 2.0,
}
FREE = {"assessed": 0, "bank_applies": 1}
STRICT = {"assessed": 1, "bank_applies": 0}


@pytest.fixture(scope="module")
def model():
    return load_pack("hcmc").model("borrowers")


def simulate(model, levers, facts=None, months=12):
    """Outcomes by draw and month for customers of all sizes who owe 1 billion VND on average."""
    given = {"points": "2 point/year", "support_years": "2 year"} | levers
    lines = "\n".join(f"      {name}: {value}" for name, value in given.items())
    programme = parse_programme(
        "id: rules\ntitle: {vi: a, en: a}\nmodel: borrowers\nyears: 2020\ninstruments:\n"
        f"  support:\n    eligible: loan > 0 VND\n    levers:\n{lines}\n",
        "rules.yaml",
    ).base
    drawn = {name: np.full(DRAWS, value) for name, value in (FACTS | (facts or {})).items()}
    spread = drawn["borrower_loan_spread"][0]
    scale = np.random.default_rng(3).standard_normal((DRAWS, ROWS))
    loan = 1e9 * np.exp(spread * scale - spread**2 / 2)
    source = LaidSource({"loan": loan, "scale": scale}, np.ones((DRAWS, ROWS)))
    found = simulate_laid(model, programme, source, drawn, (2020,) * months, 5)
    return found, loan.sum(axis=1)


def test_without_hassle_every_loan_is_supported_once_it_has_come_round(model):
    found, loans = simulate(model, FREE)
    np.testing.assert_allclose(found["balance"][:, 6:], loans[:, None].repeat(6, axis=1), rtol=1e-5)


def test_loans_come_round_evenly(model):
    found, loans = simulate(model, FREE)
    for month in range(6):
        np.testing.assert_allclose(found["balance"][:, month], loans * (month + 1) / 6, rtol=0.15)
    np.testing.assert_allclose(found["lent"].sum(axis=1), 2.0 * loans, rtol=1e-5)


def test_interest_paid_is_the_points_on_what_is_outstanding(model):
    found, _ = simulate(model, FREE)
    np.testing.assert_allclose(found["support"], found["balance"] * 0.02 / 12, rtol=1e-4)


def test_a_bound_on_the_support_of_a_loan_ends_it(model):
    found, loans = simulate(model, FREE | {"support_per_loan": "3 month"}, {"borrower_loan_term": 1.0})
    # Of a year's loans those signed in the last three months are still supported.
    np.testing.assert_allclose(found["balance"][:, -1], loans / 4, rtol=0.2)


def test_loans_signed_before_the_start_count_where_the_rules_say_so(model):
    found, loans = simulate(model, FREE | {"signed_before": "6 month"}, months=1)
    np.testing.assert_allclose(found["balance"][:, 0], loans, rtol=1e-5)


def test_loans_grow_while_the_programme_runs(model):
    found, loans = simulate(model, FREE | {"growth": "21 %/year"})
    np.testing.assert_allclose(found["balance"][:, -1], 1.21 * loans, rtol=1e-4)


def test_the_list_admits_its_share_of_customers(model):
    found, _ = simulate(model, FREE | {"admitted": "30 %"})
    np.testing.assert_allclose(found["customers"][:, -1] / ROWS, 0.3, atol=0.03)


def test_under_strict_rules_the_stated_shares_apply_and_pass(model):
    found, _ = simulate(model, STRICT)
    np.testing.assert_allclose(found["customers"][:, -1] / ROWS, 0.2 * 0.5, atol=0.02)


def test_the_stated_share_is_an_average_over_customers_of_all_sizes(model):
    for response in (0.5, 1.0):
        found, loans = simulate(model, STRICT, {"borrower_response": response, "borrower_approved": 1.0})
        np.testing.assert_allclose(found["customers"][:, -1] / ROWS, 0.2, atol=0.03)
        assert np.all(found["balance"][:, -1] / loans > 0.28), "large loans apply first"


def test_size_does_not_matter_where_there_is_nothing_to_file(model):
    free = {"borrower_applies_free": 0.6, "borrower_response": 2.0}
    found, loans = simulate(model, FREE, free)
    np.testing.assert_allclose(found["customers"][:, -1] / ROWS, 0.6, atol=0.03)
    np.testing.assert_allclose(found["balance"][:, -1] / loans, 0.6, atol=0.2)


def test_one_hassle_of_two_lies_between_none_and_both(model):
    facts = {"borrower_applies_free": 0.8, "borrower_approved": 1.0}
    shares = [
        simulate(model, rules, facts)[0]["customers"][:, -1].mean() / ROWS
        for rules in (FREE, {"assessed": 1, "bank_applies": 1}, STRICT)
    ]
    # Odds of 4 and 1/4: their geometric mean is one.
    np.testing.assert_allclose(shares, [0.8, 0.5, 0.2], atol=0.02)


def test_filing_takes_its_time(model):
    facts = {"borrower_filing": 0.5, "borrower_approved": 1.0}
    found, _ = simulate(model, STRICT | {"signed_before": "6 month"}, facts)
    joined = found["customers"].mean(axis=0)
    np.testing.assert_allclose(joined[:11] / joined[11], (np.arange(11) + 1) / 12, atol=0.06)


def test_no_points_no_programme(model):
    found, _ = simulate(model, FREE | {"points": "0 point/year"})
    assert found["balance"].sum() == 0
