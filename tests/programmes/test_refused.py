"""What an expression may not say, and what is said about it."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haidang.errors import Place
from haidang.programmes import ExpressionError, parse

PLACE = Place("programme.yaml", 12, "eligible")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "expected an expression, found nothing"),
        (" \n ", "expected an expression, found nothing"),
        ("a.b", "found '.' in 'a.b'; a column's name has no dot"),
        ("().__class__.__bases__[0]", "found '.'"),
        ("__import__('os').system('true')", "expected a sign of expressions, found '_'"),
        ("open('x')", "expected a known function, found 'open'"),
        ("mni(1, 2)", "expected a known function, found 'mni'; did you mean 'min'?"),
        ("(a)(b)", "expected a known function, found 'a'"),
        ("min(a)(b)", "expected a known function, found 'min(a)'"),
        ("min(1)", "expected 2 to 10 values in min(), found 1 in 'min(1)'"),
        ("clip(1, 2)", "expected 3 values in clip(), found 2"),
        ("sqrt()", "expected 1 values in sqrt(), found 0"),
        ("min(*a)", "expected values between the brackets, found 'min(*a)'"),
        ("clip(a, lo=1, hi=2)", "found '='"),
        ("lambda: 1", "found the word 'lambda'"),
        ("[a for a in b]", "found the word 'for'"),
        ("{1: 2}", "found '{'"),
        ("{a}", "found '{'"),
        ("a[0]", "found an index: 'a[0]'"),
        ("a, b", "found a list: 'a, b'"),
        ("[a]", "found a list: '[a]'"),
        ("9**9**9", "found '**' in '9**9**9'; powers are not part of expressions"),
        ("9^9", "found '^'"),
        ("7 // 2", "found '//'"),
        ("a % 2", "found '%' in 'a % 2'; '%' is a unit of measure here"),
        ("7 % 2", "found '2' where none can stand"),
        ("a << 2", "found '<<'"),
        ("a & b", "found '&' in 'a & b'; did you mean 'and'?"),
        ("a || b", "found '||' in 'a || b'; did you mean 'or'?"),
        ("!a", "did you mean 'not'?"),
        ("a = 1", "found '=' in 'a = 1'; did you mean '=='?"),
        ("(a := 1)", "found ':='"),
        ("a <> 1", "did you mean '!='?"),
        ("a is b", "found the word 'is'; did you mean '=='?"),
        ("a == None", "found the word 'None'"),
        ("await a", "found the word 'await'"),
        ("a; b", "found ';'"),
        ("a # comment", "a comment stands outside the expression"),
        ("f'{a}'", "expected a text in plain quotation marks"),
        ("b'x' == a", "expected a text in plain quotation marks"),
        ("'''x''' == a", "expected a sign between two texts"),
        ("'x' 'y' == a", "expected a sign between two texts, found ''y' == a'"),
        ("'x", "expected a text that ends and has no backslash"),
        ("'\\x41' == a", "expected a text that ends and has no backslash"),
        ("'\u202e' == a", "expected a text of at most 200 printable characters"),
        ("'food'", "expected a number or a name, found the text ''food''"),
        ("'food' + a", "found the text ''food''"),
        ("'food' in sector", "found the text ''food''"),
        ("'a' == 'b'", "expected a category column == or != one text"),
        ("sector < 'food'", "expected a category column == or != one text"),
        ("sector == 'food' == other", "expected a category column == or != one text"),
        ("sector + 1 == 'food'", "expected a category column == or != one text"),
        ("sector in ('food', 1)", "expected a category column in a list of texts"),
        ("sector in ()", "expected values behind 'in', found an empty list"),
        ("1 < a in (1, 2)", "found another comparison"),
        ("a in (1, 2) in (3, 4)", "expected 'in' by itself, found a chain"),
        ("1e999", "expected a finite number, found '1e999'"),
        ("1e305 TWh", "expected a finite number"),
        ("9" * 50, "expected a number of at most 40 characters, found 50"),
        ("0x1F", "expected a number, found '0x1F'"),
        ("1j", "expected a number, found '1j'"),
        ("1__0", "expected a number, found '1__0'"),
        ("1..real", "expected a number, found '1..real'"),
        ("85VND", "found '85VND'; put a space between a number and its unit"),
        ("1if a else 2", "expected a number, found '1if'"),
        ("85 VDN", "expected a unit of measure, found 'VDN' behind a number in '85 VDN'; did you mean 'VND'?"),
        ("2 level < 3 levle", "found 'levle' behind a number"),
        ("a AND b", "found 'AND b' where none can stand"),
        ("a b", "found 'b' where none can stand"),
        ("1 +", "expected an expression"),
        ("(a", "expected an expression"),
        ("a)", "expected an expression"),
        ("a if b", "expected an expression"),
        ("a ≤ 1", "found '≤' (U+2264) in 'a ≤ 1'; write '<='"),
        ("a − 1", "found '−' (U+2212) in 'a − 1'; write '-'"),
        ("“food” == a", "write a straight quotation mark"),
        ("ａ + 1", "found 'ａ' (U+FF41)"),
        ("mứ + 1", "found 'ứ' (U+1EE9)"),
        ("а + 1", "found 'а' (U+0430)"),
        ("a\u202e + b", "found a control character (U+202E) in 'a? + b'"),
        ("a\x00", "found a control character"),
        ("a" * 10_000, "expected an expression of at most 2000 characters, found 10000"),
        ("+".join("a" * 200), "expected at most 100 levels of nesting"),
        ("-" * 499 + "1", "expected at most 100 levels of nesting"),
        ("-" * 501 + "1", "expected at most 500 words and signs"),
        ("not " * 400 + "a", "expected at most 100 levels of nesting"),
        ("(" * 41 + "1" + ")" * 41, "expected at most 40 open brackets"),
        ("a if b else " * 120 + "c", "expected at most 100 levels of nesting"),
        ("min(1, " * 41 + "1" + ")" * 41, "expected at most 40 open brackets"),
    ],
)
def test_what_is_not_in_the_subset_is_refused_in_one_line(text: str, said: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(text, PLACE)
    message = str(caught.value)
    assert message.startswith("programme.yaml:12: eligible: expected ")
    assert said in message
    assert message.isprintable()
    assert len(message) < 400


def test_the_longest_allowed_expressions_are_read_and_worked_out() -> None:
    assert parse(" + ".join(["1"] * 100)).constant() == 100
    assert parse("(" * 40 + "1" + ")" * 40).constant() == 1
    assert parse("1 if " + " and ".join(["true"] * 200) + " else 0").constant() == 1


def refusal(text: str) -> str | None:
    """What is said about a text that is no expression; none where it is one."""
    try:
        parse(text, PLACE)
    except ExpressionError as mistake:
        return str(mistake)
    return None


@given(st.text(max_size=60) | st.text("ab1.9 %/*+-<>=!()[]'\",_eVNDifor\n", max_size=60))
def test_any_text_is_read_or_refused_and_nothing_else(text: str) -> None:
    said = refusal(text)
    assert said is None or said.isprintable()
    assert said is not None or parse(str(parse(text))) == parse(text)


LEAVES = st.sampled_from(["a", "1", "2 %", "'x'", "True", "3 VND"])
SIGNS = st.sampled_from([" + ", " ** ", " and ", " == ", " in ", ", ", ".", " if ", " := ", " else ", " not in "])
BRACKETS = st.sampled_from(["({})", "min({})", "[{}]", "not {}", "-{}", "({},)", "lambda: {}", "{{{}}}"])


@given(
    st.recursive(
        LEAVES,
        lambda below: (
            st.tuples(below, SIGNS, below).map("".join)
            | st.tuples(BRACKETS, below).map(lambda pair: pair[0].format(pair[1]))
        ),
        max_leaves=12,
    )
)
def test_texts_that_are_nearly_expressions_are_read_or_refused(text: str) -> None:
    said = refusal(text)
    assert said is None or said.startswith("programme.yaml:12: eligible: expected ")


def test_python_never_sees_what_an_expression_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    read = ast.parse

    def spy(text: str, *others: object, **named: object) -> ast.AST:
        shown.append(text)
        return read(text, *others, **named)

    with monkeypatch.context() as patched:
        patched.setattr(ast, "parse", spy)
        parse("a == 'f{x}' and 123456789e9 VND < b")
    assert shown == ["a == ''     and 0               < b"]
