"""Levers and facts beyond the ends of their sliders: refused where nothing such makes sense, else told of."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from haidang.packs import Pack, load_pack
from haidang.programmes.expression import parse
from haidang.web.lab.beyond import all_beyond, beyond
from haidang.web.lab.checked import check
from haidang.web.lab.sliders import lever_slider
from haidang.web.lab.slots import Board, Slot, board
from haidang.web.mistakes import said
from haidang.web.words import LANGUAGES, Language
from tests.web.site import Site
from tests.web.test_lab import begin, post, save

FLAGSHIP, TRUCKS = "smart-manufacturing-credit", "green-trucks"
SHARE, RATE, GRANT = "lever__credit__loan_share", "lever__credit__rate", "lever__discount__grant"


@pytest.fixture(scope="module")
def city() -> Pack:
    return load_pack("hcmc")


def laid(city: Pack, name: str = FLAGSHIP, language: Language = "en") -> Board:
    return board(city, city.programmes[name].base, language)


def place(city: Pack, name: str, programme: str = FLAGSHIP) -> Slot:
    (found,) = [one for one in laid(city, programme).slots if one.name == name]
    return found


@pytest.mark.parametrize(
    ("text", "language", "told"),
    [
        ("150 %", "en", "expected a number from 0 to 100 %, found 150 %"),
        ("-10.5 %", "vi", "cần một số từ 0 đến 100 %, nhưng gặp -10,5 %"),
        ("-0.1", "en", "expected a number from 0 to 100 %, found -10 %"),
        ("100 %", "en", ""),
        ("0", "vi", ""),
        ("80 % if year >= 2027 else 100 %", "en", ""),
    ],
)
def test_a_share_is_refused_beyond_nothing_and_the_whole(
    city: Pack, text: str, language: Language, told: str
) -> None:  # fmt: skip
    found = check(city, FLAGSHIP, "", laid(city), {SHARE: text}, language).mistakes
    assert [said(one, language).whole for one in found.get(SHARE, ())] == ([told] if told else [])
    assert found.keys() == ({SHARE} if told else set())


def test_a_share_that_the_pack_declares_beyond_the_whole_is_not_refused(city: Pack) -> None:
    programme = city.programmes[FLAGSHIP].base
    card = city.model(programme.model).card
    (credit,) = [one for one in programme.instruments if one.id == "credit"]
    generous = replace(credit, levers={**credit.levers, "loan_share": parse("120 %")})
    slider = lever_slider(city, card, generous, "loan_share", programme.years)
    assert slider is not None
    assert (slider.low, slider.high, slider.limits) == (0.0, 120.0, False)
    found = beyond(replace(place(city, SHARE), slider=slider), "130 %", "en")
    assert found is not None
    assert not found.refused


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_declared_or_published_is_told_with_its_ends_and_nothing_is_refused(
    city: Pack, language: Language
) -> None:
    grant, price = place(city, GRANT, TRUCKS), "fact__market_rate"
    found = beyond(grant, "1.5e9 VND", language)
    assert found is not None
    assert not found.refused
    assert "1,5 tỷ đồng" in found.told("vi") if language == "vi" else "1.5 billion VND" in found.told("en")
    assert ("0 đến 400 triệu đồng" if language == "vi" else "0 to 400 million VND") in found.told(language)
    assert check(city, TRUCKS, "", laid(city, TRUCKS), {GRANT: "1.5e9 VND"}, language).mistakes == {}
    fact = place(city, price)
    assert fact.slider is not None
    (far,) = all_beyond(laid(city), {price: "20 %/year", SHARE: "70 %"}, language)
    assert far.slot.name == price
    assert ("đã công bố" if language == "vi" else "published") in far.told(language)
    assert ("20 %/năm" if language == "vi" else "20 %/year") in far.told(language)


def test_no_place_is_told_of_where_it_is_as_declared_or_at_an_end(city: Pack) -> None:
    for name, file in city.programmes.items():
        for own in (file.base, *file.variants.values()):
            places = board(city, own, "en")
            assert list(all_beyond(places, places.values({}, {}), "en")) == [], name
            for slot in places.slots:
                ends = () if slot.slider is None else (slot.slider.low, slot.slider.high)
                assert [beyond(slot, f"{end!r}{slot.slider.suffix}", "en") for end in ends if slot.slider] == [
                    None for _ in ends
                ], slot.name  # fmt: skip


def test_a_senseless_share_is_neither_tried_nor_saved_by_a_page_or_a_program(site: Site) -> None:
    who, place, wrong = site.visitor("analyst"), "lever__fare__discount", "expected a number from 0 to 100 %, found"
    number = begin(who, "Senseless")
    for status, text in (post(who, number, "try", **{place: "150 %"}), save(who, number, **{place: "150 %"})):
        assert status == 200
        assert f"{wrong} 150 %" in text.partition(f'id="wrong-{place}"')[2].partition("</ul>")[0]
        assert "a sample of" not in text
    key, path = site.key("analyst", "lab:read", "lab:write"), f"/api/v1/lab/designs/{number}"
    for what, more in (("sample", {}), ("save", {"name": "x", "version": 1})):
        answer = site.visitor().send(f"{path}/{what}", {"places": {place: "-10 %"}, **more}, key)
        assert answer.status == 400
        assert json.loads(answer.text)["fields"] == {place: ["cần một số từ 0 đến 100 %, nhưng gặp -10 %"]}
    assert "150" not in who.get(f"/en/lab/designs/{number}/design.yaml").text


def test_what_is_beyond_is_said_above_the_answer_and_beside_the_field(site: Site) -> None:
    who = site.visitor("analyst")
    number = begin(who, "Far out")
    place = "fact__time_value"
    text = post(who, number, "try", **{place: "900e3 VND/hour"})[1]
    beside = text.partition(f'id="beyond-{place}"')[2].partition("</p>")[0]
    assert "hidden" not in beside
    assert "published of this fact" in beside
    above = text.partition('id="answer"')[2].partition('class="rough"')[0]
    assert "900,000 VND/hour lies beyond" in above
    untouched = text.partition('id="beyond-lever__fare__discount"')[2].partition("</p>")[0]
    assert untouched == " hidden>"
