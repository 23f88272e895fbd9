"""How reading is measured: on an article and its facts written for this test, whose score is known."""

from datetime import date
from pathlib import Path

import pytest

from benchmarks.reading import measure_folder
from benchmarks.reading_match import right_bounds, right_qualifier, right_unit
from benchmarks.reading_sense import right_kind, right_period, right_subject
from haidang.reading import Draft, Period, Quantity, Span, load_rules
from haidang.reading.draft import Kind

TEXT = "Quận có hơn 40 trạm sạc. Phường có 7 bệnh viện. Xã có 12 dự án, thêm 5 nhà máy."
HEAD = "fact_id,file,quantity_min,quantity_max,unit,qualifier,fact_type,date_start,date_end,surface_figure,char_start"
FACTS = (
    ("40 trạm sạc", "40", "", "stations", "more_than", "indicator", "", ""),
    ("7 bệnh viện", "7", "7", "schools", "exact", "indicator", "2025", "2025"),
    ("12 dự án", "13", "13", "projects", "exact", "target", "", ""),
    ("Quận", "", "", "", "none", "statement", "", ""),
)


class Told:
    """A person's number."""

    def __init__(self, least: float | None, most: float | None, unit: str, qualifier: str) -> None:
        """The number as it was written down."""
        self.least, self.most, self.unit, self.qualifier = least, most, unit, qualifier


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An article with four facts, two of them unlike what is read, one not read, and a neutral one."""
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    rows = [
        f"F{place},a.txt,{','.join(told)},{words},{TEXT.index(words)}" for place, (words, *told) in enumerate(FACTS)
    ]
    (tmp_path / "gold.csv").write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")
    return tmp_path


def test_the_score_of_an_article_is_the_known_one(folder: Path) -> None:
    found = {one.name: one.value for one in measure_folder(folder)[0]}
    assert found == {
        "facts found": 75.0,
        "facts found, each by a draft of its own": 75.0,
        "superfluous drafts": 25.0,
        "numbers exact in value, unit and qualifier": pytest.approx(100 / 3),
        "the same, those missed counted as wrong": pytest.approx(100 / 3),
        "numbers with both bounds right": pytest.approx(200 / 3),
        "kinds right, of those found": pytest.approx(200 / 3),
        "periods right, of those found that have one": 0.0,
        "the same, told by the text alone": 0.0,
        "periods told where people wrote none": 0.0,
    }


def test_what_a_person_called_neutral_is_neither_asked_nor_superfluous(folder: Path) -> None:
    (folder / "neutral.csv").write_text(
        f"file,surface,char_start,why\na.txt,5 nhà máy,{TEXT.index('5 nhà')},repeat\n", encoding="utf-8"
    )
    found = {one.name: one.value for one in measure_folder(folder)[0]}
    assert (found["facts found"], found["superfluous drafts"]) == (75.0, 0.0)


def test_words_that_the_text_does_not_have_are_refused(folder: Path) -> None:
    path = folder / "gold.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("Quận,", "Huyện,"), encoding="utf-8")
    with pytest.raises(ValueError, match="expected words of the text, found 'Huyện'"):
        measure_folder(folder)


@pytest.mark.parametrize(
    ("told", "read", "right"),
    [
        (Told(None, 100, "projects", "nearly"), Quantity(100, 100, "projects", "nearly"), (True, True, True)),
        (Told(30, 40, "% of GRDP", "range"), Quantity(30, 40, "% of GRDP"), (True, True, True)),
        (Told(30, 40, "% of GRDP", "range"), Quantity(30, None, "%", "at_least"), (False, True, False)),
        (Told(5, 5, "persons", "exact"), Quantity(5, 5, "people"), (True, True, True)),
        (Told(5, 5, "cases", "exact"), Quantity(5, 5, "schools"), (True, False, True)),
        (Told(5, 5, "USD", "exact"), Quantity(5, 5, "VND"), (True, False, True)),
        (Told(5, 5, "rank (world)", "exact"), Quantity(5, 5, "rank"), (True, True, True)),
        (Told(5, 5, "%", "exact"), Quantity(5, 5, "percentage points"), (True, False, True)),
        (Told(5, 5, "robots", "exact"), Quantity(5, 5, "rô bốt"), (True, True, True)),
        (Told(5, None, "robots", "more_than"), Quantity(5, 5, "rô bốt"), (False, True, False)),
    ],
)
def test_a_number_is_right_in_bounds_unit_and_qualifier_or_not(
    told: Told, read: Quantity, right: tuple[bool, bool, bool]
) -> None:
    assert (right_bounds(told, read), right_unit(told, read, load_rules()), right_qualifier(told, read)) == right


class Sense:
    """What a person wrote of a fact beside its number."""

    def __init__(self, kind: str, since: str, until: str, subject: str) -> None:
        """As it was written down."""
        self.kind, self.since, self.until, self.subject = kind, since, until, subject


def draft(kind: Kind, period: Period | None, subject: str) -> Draft:
    """A draft of a kind, a period and a subject."""
    span = Span(0, 1, "x")
    return Draft("d1-01", 1, kind, subject, (), None, period, None, (), span, span)


@pytest.mark.parametrize(
    ("told", "read", "right"),
    [
        ("target", "target", True),
        ("indicator", "target", False),
        ("activity", "commitment", True),
        ("statement", "indicator", None),
        ("period", "event", None),
    ],
)
def test_a_kind_is_right_wrong_or_not_asked(told: str, read: Kind, right: bool | None) -> None:
    assert right_kind(Sense(told, "", "", ""), draft(read, None, "")) is right


@pytest.mark.parametrize(
    ("since", "until", "period", "right"),
    [
        ("2025-01", "2025-09", Period(date(2025, 1, 1), date(2025, 9, 30)), "right"),
        ("2025-01", "2025-09", Period(date(2025, 1, 1), date(2025, 12, 31)), "wrong"),
        ("2025", "2025", Period(date(2025, 3, 1), date(2025, 3, 31)), "wrong"),
        ("2025", "2025", Period(date(2025, 1, 1), date(2025, 12, 31)), "right"),
        ("", "2030", Period(None, date(2030, 12, 31)), "right"),
        ("", "2030", Period(date(2026, 1, 1), date(2030, 12, 31)), "right"),
        ("", "2030", Period(None, date(2035, 12, 31)), "wrong"),
        ("2024-05", "", Period(date(2024, 5, 1), None), "right"),
        ("2024-05-13", "", Period(date(2024, 5, 13), date(2024, 5, 13)), "right"),
        ("2025", "2025", None, "open"),
        ("", "", Period(date(2025, 1, 1), date(2025, 12, 31)), None),
        ("", "", None, None),
        ("2018", "2025", Period(date(2018, 1, 1), date(2025, 10, 9)), "right"),
        ("2025-10", "", Period(date(2025, 10, 9), None), "right"),
        ("2018", "2025", Period(date(2018, 1, 1), date(2025, 10, 8)), "wrong"),
        ("2018", "2024", Period(date(2018, 1, 1), date(2025, 10, 9)), "wrong"),
    ],
)
def test_a_period_is_right_where_its_days_are_those_that_were_written(
    since: str, until: str, period: Period | None, right: str | None
) -> None:
    assert right_period(Sense("indicator", since, until, ""), period, date(2025, 10, 9)) == right


@pytest.mark.parametrize(
    ("told", "read", "right"),
    [
        ("registered foreign investment", "Registered foreign investments in Vietnam", True),
        ("registered foreign investment", "exports", False),
        ("total number of new projects", "projects", True),
        ("rate per year", "anything", None),
    ],
)
def test_a_subject_is_right_where_half_of_its_words_that_say_something_are_told(
    told: str, read: str, right: bool | None
) -> None:
    assert right_subject(Sense("indicator", "", "", told), draft("indicator", None, read)) is right


def test_the_day_of_an_article_is_taken_from_its_sources(folder: Path) -> None:
    sources = "articles:\n  - {file: a.txt, date: 2025-06-01}\n  - {file: b.txt, date: null}\n"
    text = TEXT.replace("Phường có", "Tháng trước, phường có")
    (folder / "a.txt").write_text(text, encoding="utf-8")
    gold = (folder / "gold.csv").read_text(encoding="utf-8").replace(",2025,2025,", ",2025-05,2025-05,")
    (folder / "gold.csv").write_text(gold.replace("Phường,", "phường,"), encoding="utf-8")
    right = "periods right, of those found that have one"
    assert {one.name: one.value for one in measure_folder(folder)[0]}[right] == 0.0
    (folder / "sources.yaml").write_text(sources, encoding="utf-8")
    assert {one.name: one.value for one in measure_folder(folder)[0]}[right] == 100.0
