"""Amounts of dong and tax codes, as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haidang.web.dong import dong, exact_dong
from haidang.web.factories.tax import TaxCodeError, check_digit, tax_code


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,5 tỷ", 1_500_000_000),
        ("1,5 tỷ đồng", 1_500_000_000),
        ("1.500 tỷ", 1_500_000_000_000),
        ("500 triệu đồng", 500_000_000),
        ("500 triệu", 500_000_000),
        ("1 tỷ 200 triệu", 1_200_000_000),
        ("1 tỷ 200 triệu đồng", 1_200_000_000),
        ("1.500.000.000", 1_500_000_000),
        ("1.500.000.000 đ", 1_500_000_000),
        ("1.500.000.000đ", 1_500_000_000),
        ("1500000000", 1_500_000_000),
        ("1,500,000,000", 1_500_000_000),
        ("1,500,000,000 VND", 1_500_000_000),
        ("2.5 billion", 2_500_000_000),
        ("2.5 billion VND", 2_500_000_000),
        ("85 million VND", 85_000_000),
    ],
)
@pytest.mark.parametrize("page", ["vi", "en"])
def test_an_amount_means_the_same_whatever_the_language_of_the_page(text: str, value: int, page: str) -> None:
    assert dong(text, "en" if page == "en" else "vi") == value


@pytest.mark.parametrize(
    "text",
    ["", "nhiều", "-5 tỷ", "0", "3 kg", "2 triệu USD", "khoảng 5 tỷ", "5-7 tỷ", "5 tỷ và 6 tỷ", "1e9", "1,5", "=1+1"],
)
def test_what_is_no_single_amount_of_dong_is_not_read(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - its text is what was found
        dong(text, "vi")


@given(st.integers(1, 10**15))
def test_an_amount_that_was_written_out_is_read_as_it_was(value: int) -> None:
    assert dong(exact_dong(value, "vi"), "vi") == value
    assert dong(exact_dong(value, "en"), "en") == value


@pytest.mark.parametrize("code", ["0100233488", "0314409058-002", "0100 233 488"])
def test_tax_codes_that_are_published_are_taken(code: str) -> None:
    assert tax_code(code).isdigit()


@pytest.mark.parametrize(
    ("code", "why"),
    [("12345", "tax_digits"), ("0100233480", "tax_check"), ("010023348x", "tax_digits"), ("٠١٠٠٢٣٣٤٨٨", "tax_digits")],
)
def test_what_is_no_tax_code_is_told_apart(code: str, why: str) -> None:
    with pytest.raises(TaxCodeError, match=why):
        tax_code(code)


@given(st.text("0123456789", min_size=9, max_size=9), st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(stem: str, at: int, more: int) -> None:
    right = check_digit(stem)
    other = stem[:at] + str((int(stem[at]) + more) % 10) + stem[at + 1 :]
    # The weights have no factor in common with eleven, so one changed digit changes the sum.
    assert check_digit(other) != right
