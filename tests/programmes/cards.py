"""A small model's card, a few facts and a programme, for every test of this room."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

from haidang.errors import HaidangError, Place
from haidang.facts import Claim, Fact, FactBook
from haidang.programmes import check_programme, load_programme


@dataclass(frozen=True)
class Column:
    kind: str
    unit: str = ""
    categories: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lever:
    unit: str
    default: float | str


@dataclass(frozen=True)
class Resource:
    unit: str
    returns: str | None = None


COLUMNS = {
    "sector": Column("category", categories=("food", "garments", "metal", "manufacturing")),
    "size": Column("category", categories=("small", "medium", "large")),
    "district": Column("category"),
    "exporter": Column("flag"),
    "foreign": Column("flag"),
    "employees": Column("number", "person"),
    "revenue": Column("number", "VND/year"),
    "assets": Column("number", "VND"),
    "electricity": Column("number", "kWh/year"),
    "management": Column("number", "1"),
    "level": Column("level"),
}


@dataclass(frozen=True)
class Card:
    id: str = "factories"
    period: str = "year"
    columns: Mapping[str, Column] = field(default_factory=lambda: dict(COLUMNS))
    attributes: Mapping[str, Column] = field(default_factory=lambda: dict(COLUMNS))
    ranks: Mapping[str, Column] = field(default_factory=lambda: {"expected_level_gain": Column("number", "1")})
    levers: Mapping[str, Lever] = field(
        default_factory=lambda: {
            "loan_rate": Lever("%/year", "market_rate"),
            "loan_share": Lever("%", 0.0),
            "loan_years": Lever("year", "loan_years"),
            "loan_cap": Lever("VND", 1e18),
            "advice": Lever("1", 0.0),
        }
    )
    resources: Mapping[str, Resource] = field(
        default_factory=lambda: {
            "loan": Resource("VND", returns="loan_years"),
            "grant": Resource("VND"),
            "seats": Resource("place"),
        }
    )


CARD = Card()
UNITS = {name: one.unit if one.kind in ("number", "level") else one.kind for name, one in COLUMNS.items()} | {
    "market_rate": "%/year",
    "support": "point",
    "year": "1",
}


def fact(name: str, value: float, unit: str, dated: Mapping[int, float] | None = None) -> Fact:
    return Fact(
        id=name,
        title={"vi": name, "en": name},
        unit=unit,
        value=value,
        distribution=None,
        range=None,
        se=None,
        dated=dated,
        after="hold",
        claim=Claim(assumption="for the test", as_of=date(2025, 1, 1)),
        where=Place("facts.yaml", 1, name),
    )


BOOK = FactBook(
    {
        one.id: one
        for one in (
            fact("market_rate", 6.52, "%/year"),
            fact("loan_years", 5, "year"),
            fact("line", 1500, "billion VND"),
            fact("grid_factor", 0.66, "tCO2e/MWh", {2027: 0.66}),
        )
    },
    {},
    {},
)

PROGRAMME = """\
id: green-credit
title: {vi: Tín dụng xanh, en: Green credit}
model: factories
years: 2026..2030
commitment: bank-promise
note: {vi: Ghi chú, en: A note}
instruments:
  credit:
    title: {vi: Vay, en: Loan}
    eligible: sector == "food" and level < 4
    levers:
      loan_rate: market_rate - 2 point
      loan_share: 70 %
    budget: {resource: loan, amount: 1500e9 VND, per_year: 300e9 VND, per_unit: 85e9 VND, revolving: true}
    ration: {by: expected_level_gain / loan, order: highest}
  advice:
    eligible: size in ("small", "medium")
    years: [2026, 2027]
    levers: {advice: 1}
    budget:
      - {resource: seats, amount: 500, carry_over: false}
      - {resource: grant, per_unit: 20e6 VND, waitlist: true}
    ration: lottery
variants:
  advice-only:
    title: {vi: Chỉ tư vấn, en: Advice only}
    remove: [credit]
  guarantee:
    title: {vi: Bảo lãnh, en: Guarantee}
    note: {vi: Khác, en: Another}
    instruments:
      credit:
        eligible: not exporter
        levers: {loan_rate: market_rate}
        budget: {resource: loan, amount: line / 2}
        ration: first_come
      reserve:
        eligible: true
        levers: {loan_cap: 1e9 VND}
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "programme.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def load_and_check(path: Path) -> None:
    for programme in load_programme(path, BOOK).programmes:
        check_programme(programme, CARD, BOOK)


def said(folder: Path, old: str, new: str) -> str:
    """What loading and then checking says after one change of the file, without the folder's name."""
    assert old in PROGRAMME
    path = write(folder, PROGRAMME.replace(old, new, 1))
    with pytest.raises(HaidangError) as caught:
        load_and_check(path)
    return str(caught.value).removeprefix(f"{path}:")
