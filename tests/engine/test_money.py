"""The money that outcomes record is the money that budgets paid."""

import numpy as np
import pytest

from tests.engine.city import city, draw_of, instrument, programme, setting_of

WEIGHTS = [1.0, None]


@pytest.mark.parametrize("weight", WEIGHTS)
@pytest.mark.parametrize(
    "budget",
    [
        "resource: grant, amount: 300e6 VND",
        "resource: grant, per_year: 150e6 VND",
        "resource: grant, amount: 900e6 VND, per_unit: 15e6 VND",
    ],
)
def test_recorded_grants_are_what_the_budget_paid(budget, weight):
    text = programme(instrument("grant", budget=budget))
    result = draw_of(setting_of(city(400, 3, weight), text))
    granted = result.totals[1, :, 3, 0]
    paid = np.array([records[0].spent for records in result.budgets[1]])
    served = 400
    assert np.all(np.abs(granted - paid) <= served), "rounding up to whole dong is all that may differ"
    assert paid.sum() > 0
