"""A backtest whose parts do not fit, or that would read what was not known, is refused with file, line and key."""

import re
import subprocess
import sys

import pytest

from haidang.errors import HaidangError
from haidang.learn import LeakError, backtest_mistakes, load_backtest, run_backtests
from haidang.learn.sealed import sealed_book
from haidang.packs import load_pack
from tests.learn.taps import write_backtest, write_pack

QUANTITY = "of: flow, until: 2020-06, came: flow_came, naive: 0"


@pytest.fixture
def root(tmp_path):
    return write_pack(tmp_path / "taps")


def change(root, file, old, new):
    path = root / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def mistake(root, rules="open", quantity=QUANTITY, kind=HaidangError, **given):
    write_backtest(root, rules, f"q: {{title: {{vi: b, en: B}}, {quantity}}}", **given)
    with pytest.raises(kind) as caught:
        run_backtests(load_pack(str(root)), ("one",), draws=1)
    return str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("of: flow", "of: flwo", r"one\.yaml:9: quantities\.q\.of: .*found 'flwo'; did you mean 'flow'"),
        ("of: flow", "of: market.price", "expected an outcome of the model, found 'market.price'"),
        ("until: 2020-06", "until: 2020-07", r"quantities\.q\.until: .*time of the backtest, 2020-01 to 2020-06"),
        ("until: 2020-06", "until: June", "expected a month or a year such as 2022-06 or 2022, found 'June'"),
        ("until: 2020-06", "from: 2020-06, until: 2020-05", r"quantities\.q\.from: expected a time before"),
        ("of: flow", "of: stored, from: 2020-02", "no 'from' for 'stored', a stock"),
        ("of: flow", "of: flow, in: {distrikt: north}", "found 'distrikt'; did you mean 'district'"),
        ("of: flow", "of: flow, in: {district: nort}", "expected a group of 'district', found 'nort'; did you mean"),
        ("of: flow", "of: flow, in: {district: north}", "expected whole years for a group"),
        ("of: flow", "of: flow, less: programme", r"quantities\.q\.less: expected one of baseline"),
        ("naive: 0", "naive: 0, nayve: 1", "expected a known key, found this one; did you mean 'naive'"),
        ("came: flow_came", "came: share_came", "expected kWh, found a number without a unit"),
        ("came: flow_came", "came: flow_cmae", "expected a fact of the pack, found 'flow_cmae'; did you mean"),
        ("came: flow_came", "came: [flow_came, flow_came]", "expected each fact once"),
        ("came: flow_came, ", "", "expected the key 'came', found none"),
        ("naive: 0", "naive: 3 VND", "expected kWh, found VND"),
        ("naive: 0", "naive: stored_befor", "expected a fact of the pack, found 'stored_befor'; did you mean"),
        ("of: flow", "of: flow, start: tap_count", "expected kWh, found a number without a unit"),
        ("of: flow", "of: flow, per: stored_before", "expected a number without a unit, found kWh in 'flow_came'"),
        ("of: flow", "of: flow, official: share_came", "expected an official forecast in kWh, found 'share_came' in %"),
    ],
)  # fmt: skip
def test_a_quantity_that_does_not_fit_is_refused(root, old, new, words):
    assert re.search(words, mistake(root, quantity=QUANTITY.replace(old, new)))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"rules": "opne"}, r"one\.yaml:4: rules: expected the file rules/opne\.yaml beside it"),
        ({"months": "years: 2020..2023"}, "years: expected periods of the rules 'open', found 2022"),
        ({"months": "months: 2019-12..2020-06"}, "months: expected periods of the rules 'open', found 2019"),
        ({"rules": "trade", "quantity": QUANTITY.replace("flow", "bought")}, "months: expected years, found months"),
        ({"more": "programme: open-tap"}, "programme: expected a programme of the pack, found 'open-tap'; did you"),
        ({"more": "draws: 0"}, "draws: expected one draw or more"),
        ({"more": "reads: [tap_flow]"}, r"taps\.yaml:\d+: units: .* lists under 'reads', found 'tap_count'"),
        ({"name": "one", "more": "cases: {}"}, "expected what came beside each case"),
    ],
)  # fmt: skip
def test_a_file_that_does_not_fit_is_refused(root, given, words):
    assert re.search(words, mistake(root, **given))


def test_a_population_that_is_not_there_is_told_the_nearest(root):
    write_backtest(root, "open", f"q: {{title: {{vi: b, en: B}}, {QUANTITY}}}")
    change(root, "backtests/one.yaml", "built: taps", "built: tabs")
    with pytest.raises(HaidangError, match=r"one\.yaml:6: population\.built: .*found 'tabs'; did you mean 'taps'"):
        run_backtests(load_pack(str(root)))


CASES = "cases:\n  a: {{set: {{{term}}}, came: small_flow}}"


@pytest.mark.parametrize(
    ("term", "words"),
    [
        ("issue_flwo: small_flow", r"cases\.a\.set\.issue_flwo: expected a fact that the rules, .* found 'issue_flwo'"),
        ("issue_flow: small_flwo", "found 'small_flwo'; did you mean 'small_flow'"),
        ("issue_flow: 3 kWh", "expected a fact, or an expression over facts, found '3 kWh'"),
        ("tap_flow: tap_count", "expected kWh, found a number without a unit"),
        ("issue_flow: small_came", "documents printed by 2019-12-31, found 'late' of 2021-06 behind 'issue_flow'"),
        ("issue_flow: small_flow", "expected a forecast that does not read what came, found 'small_flow' among it"),
    ],
)
def test_a_case_that_does_not_fit_is_refused(root, term, words):
    rules = "issue" if "issue" in term else "open"
    quantity = "of: flow, until: 2020-01, naive: 0"
    assert re.search(words, mistake(root, rules, quantity, more=CASES.format(term=term), months="years: 2020"))


def test_a_case_may_not_know_more_than_its_own_cutoff(root):
    more = "cases:\n  a: {cutoff: 2011-12-31, set: {issue_flow: large_flow}, came: large_came}"
    text = mistake(root, "issue", "of: flow, until: 2020-01, naive: 0", LeakError, more=more, months="years: 2020")
    assert "expected a fact known by 2011-12-31, found 'issue_flow' of 2012-01-31" in text


def test_a_case_needs_every_term_that_only_cases_have(root):
    more = "cases:\n  a: {came: large_came}"
    text = mistake(root, "issue", "of: flow, until: 2020-01, naive: 0", more=more, months="years: 2020")
    assert "issue_flow" in text


def test_a_list_of_fitted_cases_alone_is_refused(root):
    more = "cases:\n  a: {set: {issue_flow: large_flow}, came: large_came, fitted: true}"
    text = mistake(root, "issue", "of: flow, until: 2020-01, naive: 0", more=more, months="years: 2020")
    assert "expected a case that the model was not fitted to" in text


@pytest.mark.parametrize("fact", ["tap_count", "north_count", "north_share"])
def test_a_population_may_not_rest_on_a_later_figure(root, fact):
    facts = root / "facts" / "all.yaml"
    lines = facts.read_text(encoding="utf-8").splitlines()
    later = [line.replace("2019-01", "2020-02") if line.startswith(f"{fact}:") else line for line in lines]
    facts.write_text("\n".join(later), encoding="utf-8")
    text = mistake(root, kind=LeakError)
    assert re.search(rf"populations/taps\.yaml:\d+: .*known by 2019-12-31, found '{fact}' of 2020-02-29", text)


def test_a_figure_only_shown_beside_a_population_may_be_later(root):
    write_backtest(root, "open", f"q: {{title: {{vi: b, en: B}}, {QUANTITY}}}")
    pack = load_pack(str(root))
    sealed = sealed_book(pack, load_backtest(pack.backtests["one"], pack.book))
    assert sorted(sealed.facts) == ["north_count", "north_share", "tap_count", "tap_flow"]


def test_a_margin_may_not_mean_a_published_value_that_is_later(root):
    change(root, "facts/all.yaml", "north_share: {value: 50 %, source: early, as_of: 2019-01}",
           "north_share: {values: {old: {value: 50 %, source: early, as_of: 2019-01}, "
           "new: {value: 50 %, source: early, as_of: 2020-03}}, use: old}")  # fmt: skip
    change(root, "populations/taps.yaml", "fact: north_share,", "fact: north_share, value: new,")
    text = mistake(root, kind=LeakError)
    assert re.search(r"populations/taps\.yaml:\d+: margins\.north: .* found 'north_share' of 2020-03-31", text)


def test_what_people_do_can_be_carried_over_from_another_backtest(root):
    write_backtest(root, "open", f"q: {{title: {{vi: b, en: B}}, {QUANTITY}}}", name="other")
    change(root, "facts/all.yaml", "as_of: 2019-06}\ntap_places", "as_of: 2019-11}\ntap_places")
    more = "carried: {from: other, facts: [tap_flow], reason: A test of the rules.}"
    write_backtest(root, "open", f"q: {{title: {{vi: b, en: B}}, {QUANTITY}}}", more=more)
    change(root, "backtests/one.yaml", "cutoff: 2019-12-31", "cutoff: 2019-06-30")
    (found,) = run_backtests(load_pack(str(root)), ("one",), draws=1)
    assert "tap_flow" in found.read
    change(root, "backtests/one.yaml", "facts: [tap_flow]", "facts: [tap_flwo]")
    with pytest.raises(HaidangError, match=r"carried\.facts: .* that 'other' reads, found 'tap_flwo'; did you mean"):
        run_backtests(load_pack(str(root)), ("one",), draws=1)


def test_what_came_may_not_be_read(root):
    change(root, "facts/all.yaml", "flow_came: {value: 2.5 MWh, source: late, as_of: 2020-12}",
           "flow_came: {value: 2.5 MWh, source: early, as_of: 2019-12}")  # fmt: skip
    text = mistake(root, quantity=QUANTITY.replace("naive: 0", "naive: flow_came"), kind=LeakError)
    assert "expected a forecast that does not read what came, found 'flow_came' among it" in text


def test_an_amount_of_a_budget_may_not_be_later(root):
    change(root, "facts/all.yaml", "tap_places: {value: 40 place, source: early, as_of: 2019-06}",
           "tap_places: {value: 40 place, source: early, as_of: 2020-06}")  # fmt: skip
    assert "known by 2019-12-31, found 'tap_places'" in mistake(root, "places", kind=LeakError)


def test_a_lever_of_the_rules_may_not_be_later(root):
    change(root, "backtests/rules/open.yaml", "rate: 1}", "rate: share_came}")
    text = mistake(root, kind=LeakError)
    assert re.search(r"rules/open\.yaml:\d+: .*known by 2019-12-31, found 'share_came'", text)


def test_a_model_may_not_read_a_later_fact(root):
    change(root, "facts/all.yaml", "as_of: 2019-06}\ntap_places", "as_of: 2020-06}\ntap_places")
    assert re.search(r"one\.yaml:\d+: rules: .*found 'tap_flow' of 2020-06-30", mistake(root, kind=LeakError))


def test_a_series_is_read_up_to_the_cutoff_and_what_was_announced_whole(root):
    quantity = "q: {title: {vi: b, en: B}, of: bought, until: 2021, came: bought_came, naive: grown}"
    write_backtest(root, "trade", quantity, months="years: 2020..2021")
    pack = load_pack(str(root))
    sealed = sealed_book(pack, load_backtest(pack.backtests["one"], pack.book))
    assert sealed.fact("grown").dated == {2018: 1.0, 2019: 2.0}
    assert sealed.value("grown") == 2.0
    assert sealed.fact("need").dated == {2020: 10.0, 2021: 13.0}
    (found,) = run_backtests(pack)
    assert found.held[0].naive == 2.0


def test_nothing_is_divided_by_zero_unsaid(root):
    change(root, "backtests/rules/open.yaml", "rate: 1}", "rate: 0}")
    text = mistake(root, quantity="of: flow, until: 2020-06, over: {until: 2020-01}, came: ratio_a, naive: 1")
    assert re.search(r"quantities\.q\.over: expected something other than zero .* found zero in 1 of 1 draws", text)


def test_what_keeps_backtests_from_running_is_told_without_running_them(root):
    for name, new in (("good", QUANTITY), ("bad", QUANTITY.replace("of: flow", "of: flwo")), ("worse", "of: flow")):
        write_backtest(root, "open", f"q: {{title: {{vi: b, en: B}}, {new}}}", name=name)
    found = backtest_mistakes(load_pack(str(root)))
    assert [re.findall(r"(\w+)\.yaml", str(one))[0] for one in found] == ["bad", "worse"]


def test_looking_at_backtests_does_not_load_the_engine():
    program = (
        "import sys; from haidang.packs import load_pack; from haidang.learn import backtest_mistakes; "
        "backtest_mistakes(load_pack('hcmc')); assert 'jax' not in sys.modules and 'polars' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=120)
