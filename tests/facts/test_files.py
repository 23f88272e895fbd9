"""The files of a pack: what is missing, said twice, or would be passed over."""

from pathlib import Path

import pytest

from haidang.errors import HaidangError
from haidang.facts import FactBook
from tests.facts.packs import SOURCES, write_pack

FACT = """\
rate:
  value: 6.52 %/year
  range: [6.1, 7.9]
  source: bank-2025
"""


def test_a_fact_in_two_files_is_named_with_both_places(tmp_path: Path) -> None:
    pack = write_pack(tmp_path / "city", FACT)
    (pack / "facts" / "rates.yaml").write_text("\n" + FACT)
    with pytest.raises(HaidangError) as caught:
        FactBook.load(pack)
    assert str(caught.value) == (
        f"{pack}/facts/rates.yaml:2: rate: expected each fact once, found it first in {pack}/facts/money.yaml:1: rate"
    )


def test_a_source_in_two_files_is_named_with_both_places(tmp_path: Path) -> None:
    pack = write_pack(tmp_path / "city", FACT)
    (pack / "sources").mkdir()
    (pack / "sources" / "more.yaml").write_text(SOURCES)
    with pytest.raises(HaidangError) as caught:
        FactBook.load(pack)
    assert str(caught.value) == (
        f"{pack}/sources/more.yaml:1: bank-2025: expected each source once, "
        f"found it first in {pack}/sources.yaml:1: bank-2025"
    )


def test_every_mistake_of_a_pack_is_named_at_once(tmp_path: Path) -> None:
    text = "a: {value: 1 kwh, source: bank-2025}\nb: {value: 1, source: bank-2025}\nc: {value: 1}\n"
    pack = write_pack(tmp_path / "city", text)
    (pack / "facts" / "empty.yaml").write_text("")
    assert [str(mistake).partition("expected")[0].replace(f"{pack}/", "") for mistake in FactBook.mistakes(pack)] == [
        "facts/empty.yaml: ",
        "facts/money.yaml:1: a.value: ",
        "facts/money.yaml:3: c: ",
    ]


def test_a_pack_without_mistakes_has_none(tmp_path: Path) -> None:
    assert FactBook.mistakes(write_pack(tmp_path / "city", FACT)) == ()


def test_a_folder_that_is_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(HaidangError) as caught:
        FactBook.load(tmp_path / "none")
    assert str(caught.value) == f"{tmp_path}/none: expected a pack's folder, found none"


def test_a_pack_without_sources_or_facts_says_which(tmp_path: Path) -> None:
    with pytest.raises(HaidangError) as caught:
        FactBook.load(tmp_path)
    assert str(caught.value) == f"{tmp_path}/sources.yaml: expected a file that can be read: no such file"
    (tmp_path / "sources.yaml").write_text(SOURCES)
    with pytest.raises(HaidangError) as caught:
        FactBook.load(tmp_path)
    assert str(caught.value) == f"{tmp_path}/facts: expected a folder with the pack's facts, found none"


def test_a_file_that_would_be_passed_over_is_refused(tmp_path: Path) -> None:
    pack = write_pack(tmp_path / "city", FACT)
    (pack / "facts" / "rates.yml").write_text(FACT)
    with pytest.raises(HaidangError) as caught:
        FactBook.load(pack)
    assert str(caught.value) == f"{pack}/facts/rates.yml: expected the ending '.yaml', found '.yml'"


@pytest.mark.parametrize("name", ["sources.yaml", "facts/money.yaml"])
def test_a_badly_encoded_file_of_a_pack_is_named(tmp_path: Path, name: str) -> None:
    pack = write_pack(tmp_path / "city", FACT)
    (pack / name).write_bytes(b"a: 1\nb: \xe9\n")
    with pytest.raises(HaidangError) as caught:
        FactBook.load(pack)
    assert str(caught.value) == f"{pack}/{name}:2: expected UTF-8 text, found byte 0xe9; save the file as UTF-8"
