"""Periods of months: told by year, with tranches that open in January and instruments that run from month to month."""

from dataclasses import replace

import jax
import numpy as np
import pytest

from haidang.engine import MemorySource, Scenario, Setting, compile_scenario, simulate_draw
from haidang.engine.tables import tables_of
from haidang.models import arrays as xp
from haidang.programmes import parse_programme
from tests.engine.city import CODES, FACTS, city, facts, instrument, programme
from tests.engine.toy import Toy


class Monthly(Toy):
    """Machines that may be bought month by month; what is bought wears out at once, so that wishes go on."""

    card = replace(Toy.card, period="month", peers={"seen": Toy.card.peers["seen"]})

    def options(self, scene):
        """As in the year, and nothing in August."""
        found = super().options(scene)
        return {name: replace(one, available=one.available & (scene.period.month != 8)) for name, one in found.items()}

    def move(self, scene, taken):
        """Nothing is kept."""
        return {"has": xp.zeros_like(scene.state["has"])}


MODEL = Monthly()
PERIODS = tuple((2026 + k // 12, k % 12 + 1) for k in range(3, 30))
"""From April 2026 to June 2028."""


def months(*texts: str, rows: int = 300, draws: int = 1) -> Setting:
    source = MemorySource(city(rows, 4), MODEL.card)
    scenarios = (Scenario("baseline", None), *(Scenario("p", parse_programme(one, "m.yaml").base) for one in texts))
    programs = tuple(compile_scenario(MODEL, one, CODES, FACTS, draws) for one in scenarios)
    years, month = zip(*PERIODS, strict=True)
    returns = tuple(tuple(0 for _ in one.slots) for one in scenarios)
    return Setting(MODEL, source, scenarios, programs, years, 5, FACTS, returns, month)


def draw(setting):
    with jax.enable_x64(True):
        return simulate_draw(setting, 0, facts(years=len(PERIODS)))


def in_months(text: str, span: str) -> str:
    return text.replace("years: 2026..2028", f"months: {span}")


def test_flows_of_a_year_are_the_sum_of_its_months_and_units_are_those_of_its_end():
    setting = months(programme(instrument("grant")))
    result = draw(setting)
    assert setting.result_years == (2026, 2027, 2028)
    by_year = [[k for k, (year, _) in enumerate(PERIODS) if year == one] for one in setting.result_years]
    for place, those in enumerate(by_year):
        np.testing.assert_allclose(result.totals[:, place, 1:, 0], result.periods[:, those, 1:].sum(axis=1), rtol=1e-12)
        np.testing.assert_array_equal(result.totals[:, place, 0, 0], 300.0)
    assert result.choices[0].sum() == 300 * len(PERIODS)


def test_a_model_knows_the_month():
    result = draw(months())
    bought = result.periods[0, :, 1]
    august = [k for k, (_, month) in enumerate(PERIODS) if month == 8]
    assert np.all(bought[august] == 0)
    assert np.all(np.delete(bought, august) > 0)


def test_a_tranche_lasts_for_a_year_and_the_next_opens_in_january():
    text = programme(instrument("grant", budget="resource: grant, per_year: 60e6 VND, carry_over: false"))
    result = draw(months(text))
    spent = [rows[0].spent for rows in result.budgets[1]]
    # The first that does not fit ends the service: less than a large machine's half is left.
    assert all(60e6 - 20e6 < one <= 60e6 for one in spent)
    assert [rows[0].available for rows in result.budgets[1]] == [60_000_000] * 3
    granted = result.periods[1, :, 3]
    january = [k for k, (_, month) in enumerate(PERIODS) if month == 1]
    assert np.all(granted[january] > 0), "money is there again"
    assert granted[january[0] - 1] == 0.0, "and was gone before"


def test_what_a_year_leaves_is_carried_into_the_next():
    text = programme(instrument("grant", eligible="year > 2026", budget="resource: grant, per_year: 60e6 VND"))
    spent = [rows[0].spent for rows in draw(months(text)).budgets[1]]
    assert spent[0] == 0
    assert 120e6 - 20e6 < spent[1] <= 120e6, "two tranches"
    assert 180e6 - 20e6 < sum(spent) <= 180e6


def test_an_instrument_runs_in_its_months_alone():
    text = programme(instrument("grant", budget="resource: grant, amount: 9000e6 VND")).replace(
        "  ration: lottery", "  ration: lottery\n    months: 2026-11..2027-02"
    )
    granted = draw(months(text)).periods[1, :, 3]
    inside = [k for k, one in enumerate(PERIODS) if (2026, 11) <= one <= (2027, 2)]
    assert np.all(granted[inside] > 0)
    assert np.all(np.delete(granted, inside) == 0)


def test_no_tranche_opens_in_a_year_in_which_the_instrument_never_runs():
    # It runs from November 2026 to February 2027: two tranches, of which the rest of the second stays.
    text = programme(instrument("grant", budget="resource: grant, per_year: 60e6 VND, carry_over: true")).replace(
        "  ration: lottery", "  ration: lottery\n    months: 2026-11..2027-02"
    )
    rows = [one[0] for one in draw(months(text)).budgets[1]]
    assert 120e6 - 20e6 < sum(one.spent for one in rows) <= 120e6
    assert 60e6 - 20e6 < rows[0].spent <= 60e6
    assert rows[2].spent == 0


def test_what_was_there_in_a_year_counts_to_the_last_month_in_which_the_instrument_ran():
    text = programme(instrument("grant", budget="resource: grant, amount: 90e9 VND")).replace(
        "  ration: lottery", "  ration: lottery\n    months: 2026-11..2027-02"
    )
    first, second, third = (one[0] for one in draw(months(text)).budgets[1])
    assert first.available == 90e9
    assert second.available == 90e9 - first.spent
    assert (third.available, third.spent) == (0, 0)


def test_a_condition_may_name_the_month():
    result = draw(months(programme(instrument("grant", eligible="month == 5", budget=""))))
    may = [k for k, (_, month) in enumerate(PERIODS) if month == 5]
    granted = result.periods[1, :, 3]
    assert np.all(granted[may] > 0)
    assert np.all(np.delete(granted, may) == 0)


def test_the_table_of_months_has_a_row_for_each():
    setting = months(programme(instrument("grant")))
    found = tables_of(setting, [0], [draw(setting)])["periods"]
    assert found.columns == ["draw", "scenario", "year", "month", "outcome", "value"]
    assert found.height == 2 * len(PERIODS) * 4
    assert set(zip(found["year"], found["month"], strict=True)) == set(PERIODS)


@pytest.mark.parametrize("span", ["2027-02..2026-11", "2026-13..2027-01", "2026"])
def test_months_that_are_none_are_refused(span):
    with pytest.raises(Exception, match="expected months"):
        parse_programme(in_months(programme(instrument("grant")), span), "m.yaml")


def test_a_programme_says_years_or_months():
    text = in_months(programme(instrument("grant")), "2026-11..2027-02")
    found = parse_programme(text, "m.yaml").base
    assert (found.years, found.months) == ((2026, 2027), ((2026, 11), (2026, 12), (2027, 1), (2027, 2)))
    both = text.replace("months: 2026", "years: 2026\nmonths: 2026")
    with pytest.raises(Exception, match="'years' or 'months', found both"):
        parse_programme(both, "m.yaml")
