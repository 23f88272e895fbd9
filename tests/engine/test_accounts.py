"""A budget over the periods: known schedules, and that money comes from nowhere and goes nowhere."""

from hypothesis import given
from hypothesis import strategies as st

from haidang.engine.accounts import Account, equal_parts


def follow(account, spending, back=None):
    """What is available in each period when these amounts, or all there is, are spent."""
    seen = []
    for place, wish in enumerate(spending):
        seen.append(account.available())
        spent = seen[-1] if wish is None else min(wish, seen[-1])
        account = account.close(spent, back(spent, place) if back else ())
    return seen


def test_a_total_is_spent_once():
    assert follow(Account(100, None, True), [30, 30, 60, 5]) == [100, 70, 40, 0]


def test_unused_tranches_carry_over():
    assert follow(Account(None, 50, True), [20, 60, 0, None, None]) == [50, 80, 70, 120, 50]


def test_tranches_that_differ_are_opened_one_a_year_and_the_last_one_stays():
    account = Account(100, 10, True, coming=(30, 60))
    assert follow(account, [4, None, 0, None]) == [10, 36, 60, 60]
    months = account.close(4, year_ends=False)
    assert (months.available(), months.coming) == (6, (30, 60))
    assert months.close(1).available() == 5 + 30


def test_unused_tranches_lapse_where_nothing_carries_over():
    assert follow(Account(None, 50, False), [20, 60, 0, None]) == [50, 50, 50, 50]


def test_the_total_bounds_what_the_tranches_would_allow():
    assert follow(Account(120, 50, True), [50, 0, None, None]) == [50, 50, 70, 0]


def test_a_total_that_bounds_nothing_has_nothing_to_say():
    assert Account(None, None, True).available() is None
    assert Account(None, None, True).close(10**15).available() is None


def test_what_was_lent_comes_back_in_equal_parts_and_is_lent_again():
    # 100 lent; 50 back; lent, so 25 + 50 back; 75 lent, so 38 (odd dong first) + 25 back; 63, so 32 + 37 back.
    seen = follow(Account(100, None, True), [None] * 5, lambda spent, _: equal_parts(spent, 2))
    assert seen == [100, 50, 75, 63, 69]


def test_what_comes_back_in_one_period_is_all_there_again():
    assert follow(Account(100, None, True), [None] * 4, lambda spent, _: equal_parts(spent, 1)) == [100] * 4


def test_what_comes_back_adds_to_the_tranche_even_where_nothing_carries_over():
    # Tranche 40 of a total of 200: 40 lent, 20 back each of two years.
    seen = follow(Account(200, 40, False), [None, 0, 0, 0], lambda spent, _: equal_parts(spent, 2))
    assert seen == [40, 60, 60, 40]


def test_equal_parts_of_an_odd_amount_give_the_odd_units_first():
    assert equal_parts(11, 4) == (3, 3, 3, 2)
    assert equal_parts(0, 3) == (0, 0, 0)
    assert equal_parts(2, 3) == (1, 1, 0)


@given(amount=st.integers(0, 10**16), parts=st.integers(1, 30))
def test_equal_parts_lose_nothing_and_differ_by_one_at_most(amount, parts):
    found = equal_parts(amount, parts)
    assert len(found) == parts
    assert sum(found) == amount
    assert max(found) - min(found) <= 1


wishes = st.lists(st.integers(0, 2 * 10**12), min_size=1, max_size=12)


@given(total=st.integers(0, 10**13), wish=wishes, years=st.integers(0, 6))
def test_no_money_is_made_and_none_is_lost(total, wish, years):
    account, out, back_in = Account(total, None, True), 0, 0
    for want in wish:
        spent = min(want, account.available())
        back_in += account.returning[0] if account.returning else 0
        account = account.close(spent, equal_parts(spent, years) if years else ())
        out += spent
        owed = sum(account.returning)
        came = out - owed if years else 0
        assert account.left == total - out + came
        assert account.left >= 0


@given(
    total=st.integers(0, 10**12) | st.none(),
    tranche=st.integers(0, 10**12) | st.none(),
    carries=st.booleans(),
    wish=wishes,
    years=st.integers(0, 6),
)
def test_no_more_is_spent_than_was_given_and_came_back(total, tranche, carries, wish, years):
    account = Account(total, tranche, carries)
    spent_so_far = came_so_far = 0
    for period, want in enumerate(wish):
        available = account.available()
        assert available is None or available >= 0
        spent = want if available is None else min(want, available)
        spent_so_far += spent
        if total is not None:
            assert spent_so_far <= total + came_so_far
        if tranche is not None:
            assert spent_so_far <= tranche * (period + 1) + came_so_far
        account = account.close(spent, equal_parts(spent, years) if years else ())
        came_so_far = spent_so_far - sum(account.returning) if years else 0


@given(total=st.integers(0, 10**12), tranche=st.integers(0, 10**12) | st.none(), rests=st.integers(0, 4))
def test_a_year_of_rest_opens_no_tranche(total, tranche, rests):
    account = Account(total, tranche, True)
    rested = account
    for _ in range(rests):
        rested = rested.rest()
    assert rested.available() == account.available()


def test_what_was_lent_comes_back_in_years_of_rest_too():
    account = Account(100, None, True).close(100, equal_parts(100, 2))
    assert account.available() == 50
    assert account.rest().available() == 100
