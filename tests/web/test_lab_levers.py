"""Where the laboratory lets levers, budgets and facts be moved, and what its sampler prepares while nobody asks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

import pytest

from haidang.facts import Joint
from haidang.packs import Pack, load_pack
from haidang.packs.design_file import Design
from haidang.web.lab import sampler, told
from haidang.web.lab.sliders import Slider, fact_slider, spreads
from haidang.web.lab.slots import Slot, board
from tests.web.site import inside, ran

FLAGSHIP, TRUCKS = "smart-manufacturing-credit", "green-trucks"


@pytest.fixture(scope="module")
def city() -> Pack:
    return load_pack("hcmc")


def slots(pack: Pack, name: str) -> dict[str, Slot]:
    return {one.name: one for one in board(pack, pack.programmes[name].base, "en").slots}


@pytest.mark.parametrize(
    ("suffix", "text", "stands"),
    [
        (" %", "70 %", 70.0),
        (" %", "70%", 70.0),
        ("e9 VND", "1200e9 VND", 1200.0),
        ("e9 VND", "1200000000000 VND", 1200.0),
        ("e6 VND", "0.4e9 VND", 400.0),
        (" %/year", "3 %/year", 3.0),
        (" VND/kWh", "700 VND/kWh", 700.0),
        ("", "-0.3", -0.3),
        ("e9 VND", "1200 km", 50.0),
        ("e9 VND", "loan_limit", 50.0),
        ("e9 VND", "", 50.0),
    ],
)
def test_a_slider_stands_where_the_text_of_its_field_says(suffix: str, text: str, stands: float) -> None:
    assert Slider(-1.0, 3000.0, 1.0, 50.0, suffix, limits=False).at(text).value == pytest.approx(stands)


def test_a_slider_reaches_as_far_as_its_field_where_nothing_forbids_that() -> None:
    assert Slider(0.0, 100.0, 1.0, 50.0, "e9 VND", limits=False).at("250e9 VND").high == 250.0
    share = Slider(0.0, 100.0, 1.0, 50.0, " %").at("250 %")
    assert (share.value, share.high) == (100.0, 100.0)


def test_every_uncertain_fact_of_a_programme_has_a_slider_those_drawn_together_too(city: Pack) -> None:
    facts = {name: one for name, one in slots(city, FLAGSHIP).items() if one.kind == "fact"}
    (joint,) = [one for one in city.book.joints.values() if "decision_log_cost" in one.facts and isinstance(one, Joint)]
    assert {f"fact__{name}" for name in joint.facts} <= facts.keys()
    assert all(one.slider is not None for one in facts.values())
    slider, fact = facts["fact__decision_log_cost"].slider, city.book.facts["decision_log_cost"]
    assert slider is not None
    # Its standard error is 0.00847: from -0.302894 to either side 1.645 of these, rounded outwards to the step.
    assert (slider.low, slider.high) == pytest.approx((-0.3171, -0.2889), abs=slider.step)
    assert slider.low < fact.value - 1.644 * 0.00847
    assert slider.high > fact.value + 1.644 * 0.00847
    assert spreads(city.book)["decision_log_cost"] == pytest.approx(0.00847, rel=1e-3)
    assert fact_slider(fact, {}) is None


def test_levers_that_are_no_shares_go_over_what_the_pack_states(city: Pack) -> None:
    trucks, solar, bonds = (slots(city, one) for one in (TRUCKS, "rooftop-solar", "remittances"))
    ends = {
        name: (one.slider.low, one.slider.high, one.slider.suffix)
        for own in (trucks, solar, bonds) for name, one in own.items() if one.kind == "lever" and one.slider
    }  # fmt: skip
    assert ends["lever__discount__grant"] == (0.0, 400.0, "e6 VND")  # nothing, or what a variant grants
    low, high, suffix = ends["lever__bond__bond_yield"]
    assert (low, suffix) == (0.0, " %/year")
    assert high > 0
    assert ends["lever__discount__discount_years"] == (0.0, 5.0, "")  # nothing, or `2031 - year` from 2026 to 2030
    assert ends["lever__bond__years"] == (5.0, 10.0, " year")  # the city's plan names both
    assert ends["lever__bond__leverage"] == (1.0, 8.0, "")  # no bank lends, or as in India in 2013
    assert "lever__surplus__ends" not in ends  # so it is where nothing ends


def test_yes_or_no_is_chosen_in_words_and_what_holds_anyway_is_no_change(city: Pack, tmp_path: Path) -> None:
    assert slots(city, TRUCKS)["lever__discount__port_charging"].yes is False
    assert slots(city, FLAGSHIP)["lever__credit__pays_training"].yes is True
    shown = json.loads(ran(tmp_path / "data", "hcmc", PAGE))
    port = shown["trucks"]["lever__discount__port_charging"]
    assert port == [["1", "Yes", False], ["", "No", True]]
    assert shown["trucks"]["lever__discount__battery_rent"] == [["1", "Yes", True], ["", "No", False]]
    assert shown["formula"] == {"lever__discount__battery_rent": []}
    assert shown["slider"] == "1200"
    assert shown["usual"] == ["loan_years = 5 years", "no limit", "0 %"]
    assert shown["linked"]


PAGE = """
import re
from django.template.loader import render_to_string
from django.utils import translation
from haidang.web.city.pack import pack
from haidang.web.lab.slots import board
from haidang.web.lab.templatetags.lab import choices
translation.activate("en")
own = pack()
laid = {name: {one.name: one for one in board(own, own.programmes[name].base, "en").slots}
        for name in ("green-trucks", "smart-manufacturing-credit")}
rents = laid["green-trucks"]["lever__discount__battery_rent"]
port = laid["green-trucks"]["lever__discount__port_charging"]
def drawn(slot, value):
    return render_to_string("lab/slot.html", {"slot": slot, "values": {slot.name: value}, "mistakes": {}, "help": {}})
flags = {port.name: choices(port, ""), rents.name: choices(rents, "1")}
assert "<select" in drawn(port, "") and "<select" not in drawn(rents, "1 if year > 2028 else 0")
credit = laid["smart-manufacturing-credit"]
loan = drawn(laid["smart-manufacturing-credit"]["budget__credit__loan__amount"], "1200e9 VND")
fact = drawn(laid["smart-manufacturing-credit"]["fact__decision_log_cost"], "")
from dataclasses import asdict
from haidang.web.api.rooms import lab_shapes
from haidang.web.lab.groups import Line
line = Line("Large", "7", ("1", "0", "2", "kg"), ("0.5", "0.1", "0.9"), "97 %", "wins")
assert lab_shapes.Line(**asdict(line)).dict() == json.loads(json.dumps(asdict(line)))
print(json.dumps({
    "trucks": flags, "formula": {rents.name: choices(rents, "1 if year > 2028 else 0")},
    "usual": [re.search('placeholder="([^"]+)"', drawn(credit[f"lever__credit__{one}"], ""))[1]
              for one in ("loan_years", "loan_cap", "grant_share")],
    "slider": re.search(r' value="([^"]+)" aria-label', loan)[1],
    "linked": 'id="fact__decision_log_cost"' in fact and "class=\\"slide\\"" in fact,
}))
"""


class Shelf(sampler.Shelf):
    """One that writes down what it tries, each programme with the variants, and simulates nothing."""

    programmes = ()

    def __init__(self, monkeypatch: pytest.MonkeyPatch, kept: int = 6) -> None:
        super().__init__("hcmc", kept)
        self.tried: list[tuple[str, ...]] = []
        self.asked = ""
        monkeypatch.setattr(told, "tell", nothing_told)

    def _bench(self, programme: str) -> Any:
        self._benches[programme] = cast(Any, self)
        self.asked = programme
        return self

    def try_out(self, designs: list[Design]) -> Shelf:
        self.tried.append((self.asked, *(one.origin or "" for one in designs)))
        return self


def nothing_told(*_: object) -> told.Told:
    return told.Told(0, 0, (), (), ())


def test_a_sampler_prepares_nothing_before_the_laboratory_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = Shelf(monkeypatch)
    shelf.prepare_next()
    assert shelf.tried == []


def test_a_sampler_prepares_first_what_is_wanted_then_others_then_variants_of_what_was_asked_about(
    city: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = Shelf(monkeypatch, 3)
    shelf.want(["no programme", TRUCKS, FLAGSHIP])
    for _ in range(30):
        shelf.prepare_next()
    assert shelf.tried[:2] == [(TRUCKS,), (FLAGSHIP,)]
    assert len(shelf.tried) == 3  # no more than are kept, and no variants: nobody asked
    shelf.answer({"programme": FLAGSHIP, "designs": [], "language": "vi"})
    shelf.prepare_next()
    assert len(shelf.tried) == 4  # who has just asked may ask again
    monkeypatch.setattr(sampler, "PAUSE", 0.0)
    for _ in range(30):
        shelf.prepare_next()
    assert shelf.tried[4:] == [(FLAGSHIP, variant) for variant in city.programmes[FLAGSHIP].variants]


def test_a_sampler_compiles_nothing_beside_somebody_who_moves_a_slider(monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = Shelf(monkeypatch, 4)

    def prepared() -> list[tuple[str, ...]]:
        before = len(shelf.tried)
        for _ in range(5):
            shelf.prepare_next()
        return shelf.tried[before:]

    shelf.want([TRUCKS])
    shelf.answer({"programme": FLAGSHIP, "designs": [], "language": "vi"})
    assert prepared() == []
    monkeypatch.setattr(sampler, "BREATH", 0.0)
    assert prepared() == [(TRUCKS,)]  # which somebody is about to ask for
    monkeypatch.setattr(sampler, "PAUSE", 0.0)
    assert {FLAGSHIP, TRUCKS} & {one[0] for one in prepared()[:2]} == set()


LOGINS = """
from django.http import HttpRequest
from django.contrib.auth.signals import user_logged_in
from haidang.web.lab import expected, kept
from haidang.web.office.accounts import add_organisation, open_account
from haidang.web.people.models import User
admin = User.objects.create_user("root@example.vn")
city = add_organisation(admin, "Sở thử", "city")
for name in ("busy", "idle"):
    open_account(admin, f"{name}@example.vn", "", city, "analyst")
busy, idle = (User.objects.get(email=f"{name}@example.vn") for name in ("busy", "idle"))
for programme in ("green-trucks", "carbon-market", "green-trucks"):
    kept.begin(busy, "Thử", programme)
asked, opened, reads = [], [], []
expected.prepare = asked.append
for user in (idle, busy):
    user_logged_in.send(User, request=HttpRequest(), user=user)
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from haidang.web.lab import views
views.prepare = opened.append
for user in (idle, busy):
    client = Client(HTTP_HOST="localhost")
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    with CaptureQueriesContext(connection) as read:
        assert client.get("/en/lab/").status_code == 200
    reads.append(sum('FROM "lab_design"' in one["sql"].partition(" WHERE ")[0] for one in read))
print(json.dumps({"logins": asked[:1], "more": asked[1:], "opened": opened, "reads": reads}))
"""


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return json.loads(inside(tmp_path_factory.mktemp("logins") / "data", "hcmc", LOGINS))


def test_who_logs_in_has_the_programmes_of_ones_designs_prepared(expected: dict[str, Any]) -> None:
    assert expected["logins"] == [["green-trucks", "carbon-market"]]


def test_who_opens_the_list_has_the_programmes_of_what_was_read_for_it_prepared(expected: dict[str, Any]) -> None:
    """Of who has no design, all: one query reads the designs, and none asks for their programmes once more."""
    none, some = expected["opened"]
    assert len(none) == 6
    assert some == ["green-trucks", "carbon-market"]
    assert expected["reads"] == [1, 1]
