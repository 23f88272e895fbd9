"""How reading is measured: on an article and its facts written for this test, whose score is known."""

from pathlib import Path

import pytest

from benchmarks.reading import measure_folder
from benchmarks.reading_match import right_bounds, right_qualifier, right_unit
from haidang.reading import Quantity, load_rules

TEXT = "Quận có hơn 40 trạm sạc. Phường có 7 bệnh viện. Xã có 12 dự án, thêm 5 nhà máy."
HEAD = "fact_id,file,quantity_min,quantity_max,unit,qualifier,surface_figure,char_start"
FACTS = (
    ("40 trạm sạc", "40", "", "stations", "more_than"),
    ("7 bệnh viện", "7", "7", "schools", "exact"),
    ("12 dự án", "13", "13", "projects", "exact"),
    ("Quận", "", "", "", "none"),
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
        f"F{place},a.txt,{least},{most},{unit},{qualifier},{words},{TEXT.index(words)}"
        for place, (words, least, most, unit, qualifier) in enumerate(FACTS)
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
