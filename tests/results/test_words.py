"""The answer in words, for every case, and catalogues that say the same things."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from haidang.results import Run, answer
from haidang.results.catalogue import catalogue
from haidang.results.headline import UNDEFINED, headlines
from haidang.results.manifest import LANGUAGES, Language
from haidang.results.points import Points
from haidang.results.wording import sign
from tests.results.example import Case, write_example

CASES: tuple[Case, ...] = ("partial", "exhausted", "unused", "none_eligible", "negative")


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Run]:
    folder = tmp_path_factory.mktemp("runs")
    found = {case: write_example(folder / case, case, draws=40) for case in CASES}
    return found | {"one draw": write_example(folder / "one", draws=1)}


def said(run: Run, language: Language = "en") -> str:
    return " ".join(answer(run, "credit", catalogue(language)))


def test_a_line_used_in_part_names_the_line_the_use_and_the_share(runs: dict[str, Run]) -> None:
    text = said(runs["partial"])
    assert "Of the line of 1,500 billion VND" in text
    assert "is used by the end of 2030, which is" in text
    assert "would have come without it" in text
    assert "each additional level costs" in text


def test_a_spent_line_is_said_to_be_spent(runs: dict[str, Run]) -> None:
    assert "is used up by the end of 2030 in 100% of the simulations" in said(runs["exhausted"])


def test_a_line_that_nobody_uses_stays_untouched_and_buys_nothing(runs: dict[str, Run]) -> None:
    text = said(runs["unused"])
    assert "stays untouched in every simulation" in text
    assert "adds nothing" in text
    assert "costs the public nothing" in text


def test_nobody_eligible_is_another_answer_than_nobody_interested(runs: dict[str, Run]) -> None:
    assert "meets the conditions" in said(runs["none_eligible"])
    assert "meets the conditions" not in said(runs["unused"])


def test_harm_is_called_harm_and_has_no_price(runs: dict[str, Run]) -> None:
    text = said(runs["negative"])
    assert "takes away" in text
    assert "does harm" in text
    assert "buys nothing" in text
    assert "−" not in text, "the words carry the sign"
    assert "gains more" not in text, "no variant is praised for harming less"


def test_one_draw_has_no_interval(runs: dict[str, Run]) -> None:
    assert "(" not in said(runs["one draw"])


@pytest.mark.parametrize("case", [*CASES, "one draw"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_case_is_three_whole_sentences(runs: dict[str, Run], case: str, language: Language) -> None:
    sentences = answer(runs[case], "credit", catalogue(language))
    assert len(sentences) == 3
    for sentence in sentences:
        assert sentence.endswith(".")
        assert not sentence.endswith("..")
        assert sentence[0].isupper() or sentence[0].isdigit()
        for wrong in ("{", "nan", "inf", "None", "  "):
            assert wrong not in sentence


@pytest.mark.parametrize("case", [*CASES, "one draw"])
def test_every_headline_is_a_number_or_a_reason(runs: dict[str, Run], case: str) -> None:
    for language in LANGUAGES:
        for headline in headlines(runs[case], "credit"):
            assert (headline.value.points is None) == (headline.value.undefined is not None)
            assert headline.told(catalogue(language))


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        (Points(1, 2, 3, 4, 5), "more"),
        (Points(0, 0, 3, 4, 5), "some"),
        (Points(0, 0, 0, 0, 5), "perhaps"),
        (Points(-1, 0, 3, 4, 5), "unclear"),
        (Points(-5, -4, -3, -2, -1), "less"),
        (Points(0, 0, 0, 0, 0), "none"),
    ],
)
def test_the_sign_of_an_effect_is_read_from_its_interval(points: Points, expected: str) -> None:
    assert sign(points) == expected


def test_both_catalogues_have_the_same_keys_and_places() -> None:
    vi, en = catalogue("vi").texts, catalogue("en").texts
    assert vi.keys() == en.keys()
    for key in vi:
        places = [sorted(re.findall(r"{(\w+)}", texts[key])) for texts in (vi, en)]
        assert places[0] == places[1], key
    assert len(catalogue("vi").evaluations) == len(catalogue("en").evaluations)
    for one, other in zip(catalogue("vi").evaluations, catalogue("en").evaluations, strict=True):
        assert one.address == other.address


def test_every_reason_for_no_number_has_words() -> None:
    for language in LANGUAGES:
        for reason in (*UNDEFINED, "short"):
            assert catalogue(language).has(f"undefined.{reason}")


def test_no_word_of_a_catalogue_is_left_over() -> None:
    """Keys built from names in the code stand under a prefix that the code names; every other key is named whole."""
    code = "".join(
        file.read_text(encoding="utf-8")
        for file in (Path(__file__).parents[2] / "src/haidang/results").rglob("*")
        if file.suffix in {".py", ".j2"}
    )
    built = re.findall(r"""f["']([\w.]+\.)\{""", code)
    for key in catalogue("en").texts:
        assert f'"{key}"' in code or any(key.startswith(prefix) for prefix in built), key
