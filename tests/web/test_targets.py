"""Targets and promises of the city's own pack on screen."""

from __future__ import annotations

import re

import pytest

from tests.web.site import Site


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_target_stands_with_its_odds_or_the_reason_why_it_has_none(city_site: Site, language: str) -> None:
    text = city_site.visitor().get(f"/{language}/targets/").text
    words = {"vi": ("chưa đủ dữ liệu", "chưa nói được"), "en": ("not enough data", "cannot be told")}[language]
    assert text.count('class="chance') == 15
    assert text.count(words[1]) >= 4
    assert text.count(words[0]) >= 8
    assert len(re.findall("<main", text)) == 1
    assert "<script" not in text
    assert " style=" not in text


def test_the_first_page_says_where_promises_and_targets_stand(city_site: Site) -> None:
    text = city_site.visitor().get("/en/").text
    assert "18 promises are tracked" in text
    assert "/en/targets/" in text
