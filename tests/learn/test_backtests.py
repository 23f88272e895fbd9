"""The pack's backtests: what they may read, and that forecasts come from that alone."""

import json
import re
from dataclasses import replace
from io import StringIO
from shutil import copytree

import numpy as np
import pytest
from rich.console import Console

from haidang.errors import HaidangError
from haidang.learn import backtest_table, backtests_of, load_backtest, run_backtests
from haidang.learn.customers import lay_out
from haidang.learn.sealed import sealed_book
from haidang.packs import find_pack, load_pack
from haidang.results.manifest import Backtest

DRAWS = 64
PROGRAMME = "smart-manufacturing-credit"
LATER_THAN_THE_CUTOFF = ("aware_share", "applies_share", "hard_share", "support_2022_aware", "support_2022_received")


@pytest.fixture(scope="module")
def pack():
    return load_pack("hcmc")


@pytest.fixture(scope="module")
def names(pack):
    return backtests_of(pack, PROGRAMME)


@pytest.fixture(scope="module")
def results(pack, names):
    return run_backtests(pack, names, draws=DRAWS)


@pytest.fixture
def altered(tmp_path):
    """A copy of the pack in which a test may change a file, and read it again."""
    root = tmp_path / "copied"
    copytree(find_pack("hcmc"), root)

    def change(file, old, new):
        path = root / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return load_pack(str(root))

    return change


def test_forecasts_do_not_change_when_all_that_is_not_read_does(pack, names, results):
    for name in names:
        sealed = sealed_book(pack, load_backtest(pack.backtests[name], pack.book))
        strange = {
            fact.id: fact if fact.id in sealed.facts else replace(fact, value=7.0 * fact.value + 1.0, distribution=None)
            for fact in pack.book.facts.values()
        }
        changed = replace(pack, book=replace(pack.book, facts=strange))
        before = [one for one in results if one.id.startswith(f"{name}/")]
        after = run_backtests(changed, (name,), draws=DRAWS)
        assert [one.id for one in after] == [one.id for one in before]
        for old, new in zip(before, after, strict=True):
            np.testing.assert_array_equal(new.held[0].draws, old.held[0].draws)
            assert new.held[0].naive == old.held[0].naive
            assert new.held[0].outcome != old.held[0].outcome


def test_a_later_figure_among_what_is_read_is_refused_by_file_line_and_key(altered):
    changed = altered("backtests/interest-support-2022.yaml", "reads:\n  [", "reads:\n  [support_2022_paid_2023_02, ")
    with pytest.raises(HaidangError) as caught:
        run_backtests(changed, ("interest-support-2022",), draws=1)
    words = r"interest-support-2022\.yaml:\d+: reads: expected a fact known by 2022-09-30, .* of 2023-02-28"
    assert re.search(words, str(caught.value))


def test_a_rule_that_names_a_later_figure_is_refused(altered):
    changed = altered("backtests/rules/interest-support-2022.yaml", "support_2022_eligible", "support_2022_received")
    with pytest.raises(HaidangError, match=r"rules/interest-support-2022\.yaml:\d+: .*support_2022_received"):
        run_backtests(changed, ("interest-support-2022",), draws=1)


def test_a_naive_forecast_may_not_know_more_than_the_model(altered):
    file = "backtests/bank-connection-2025.yaml"
    changed = altered(file, "naive: connection_2025_registered_02", "naive: city_credit")
    with pytest.raises(HaidangError, match="city_credit"):
        run_backtests(changed, ("bank-connection-2025",), draws=1)


def test_carried_facts_must_be_those_of_the_other_backtest(altered):
    file = "backtests/interest-subsidy-2009.yaml"
    changed = altered(file, "[borrower_applies_strict,", "[subsidy_2009_loans_04_15, borrower_applies_strict,")
    with pytest.raises(HaidangError, match="expected a fact that 'interest-support-2022' reads, found 'subsidy_2009"):
        run_backtests(changed, ("interest-subsidy-2009",), draws=1)


def test_all_three_share_every_behavioural_fact(pack):
    shared = {name for name in pack.model("borrowers").card.facts if name.startswith("borrower_")}
    books = [
        sealed_book(pack, load_backtest(pack.backtests[name], pack.book))
        for name in ("interest-support-2022", "interest-subsidy-2009", "bank-connection-2025")
    ]
    for name in shared:
        assert books[0].facts[name] == books[1].facts[name] == books[2].facts[name]


def test_what_was_printed_of_the_scheme_in_2023_is_not_read(results):
    for one in results:
        assert not set(one.read) & set(LATER_THAN_THE_CUTOFF)


def test_rules_alone_tell_a_scheme_that_moves_money_from_one_that_does_not(altered, results):
    strict = next(one for one in results if one.id == "interest-support-2022/end-2023")
    changed = altered("backtests/rules/interest-support-2022.yaml", "assessed: 1", "assessed: 0")
    changed = altered("backtests/rules/interest-support-2022.yaml", "bank_applies: 0", "bank_applies: 1")
    (_, free) = run_backtests(changed, ("interest-support-2022",), draws=DRAWS)
    assert free.held[0].median > 3 * strict.held[0].median
    assert np.all(free.held[0].draws >= strict.held[0].draws)


def test_customers_owe_what_the_backtest_says(pack):
    one = load_backtest(pack.backtests["interest-support-2022"], pack.book)
    drawn = {name: np.array([pack.book.value(name)] * 2) for name in one.reads}
    columns, weight = lay_out(one.population, drawn, 2)
    owed = pack.book.value("support_2022_loans_reviewed") * pack.book.value("support_2022_admitted_loans")
    np.testing.assert_allclose((columns["loan"] * weight).sum(axis=1), owed, rtol=1e-12)
    np.testing.assert_allclose(weight.sum(axis=1), pack.book.value("support_2022_customers"), rtol=0.1)


def test_one_draw_takes_every_fact_at_its_stated_value(pack, names):
    for one in run_backtests(pack, names, draws=1):
        assert one.held[0].draws.shape == (1,)
        assert one.held[0].draws[0] > 0


def test_the_same_seed_gives_the_same_forecast(pack, names, results):
    again = run_backtests(pack, names, draws=DRAWS)
    assert json.dumps([one.as_json() for one in again]) == json.dumps([one.as_json() for one in results])


def test_results_are_what_a_report_reads(results):
    for one in results:
        told = Backtest.model_validate(one.as_json())
        assert told.crps.model == one.scores["model"]
        assert told.quantiles["50"] == one.held[0].median


@pytest.mark.parametrize(("lang", "words"), [("vi", "giản đơn"), ("en", "naive")])
def test_the_table_speaks_both_languages(results, lang, words):
    console = Console(width=200, record=True, file=StringIO())
    console.print(backtest_table(results, lang))
    text = console.export_text()
    assert words in text
    for one in results:
        assert one.quantity[lang].split()[0] in text


def test_a_misspelt_backtest_is_told_the_nearest(pack):
    with pytest.raises(HaidangError, match="did you mean 'interest-support-2022'"):
        run_backtests(pack, ("interest-suport-2022",))


@pytest.mark.parametrize(("lang", "words"), [("vi", "kém dự báo giản đơn"), ("en", "does worse than the naive")])
def test_a_model_that_is_worse_than_the_naive_forecast_says_so(results, lang, words):
    worse = [replace(one, held=tuple(replace(held, naive=held.outcome) for held in one.held)) for one in results]
    console = Console(width=400, record=True, file=StringIO())
    console.print(backtest_table(worse, lang))
    text = console.export_text()
    assert text.count(words) == len(worse)
    assert all(one.worse_than_naive for one in worse)
    assert not any(one.worse_than_naive for one in results)


def test_a_report_of_another_programme_shows_none_of_these(pack, names):
    assert set(names) >= {"interest-support-2022", "interest-subsidy-2009", "bank-connection-2025"}
    assert not set(backtests_of(pack, "another")) & set(names)
