"""The arithmetic of the model, by hand."""

from pathlib import Path

from haidang.models import Period, Scene
from haidang.packs import load_pack


def test_half_the_fare_is_worth_it_five_kilometres_away():
    """800 rides of 5 km at 20 km/h are 200 hours, worth 4 million, for a fare of 3: -1 + 0.5 * (4 - 3) = -0.5."""
    pack = load_pack(str(Path(__file__).parent))
    fact = {name: pack.book.value(name) for name in pack.book.facts}
    scene = Scene({"distance": 5000.0}, {}, {"discount": 0.5}, fact, {}, {}, Period(2027, 0))
    bus = pack.model("families").options(scene)["bus"]
    assert (round(bus.utility, 6), bus.uses["subsidy"]) == (-0.5, 3e6)
