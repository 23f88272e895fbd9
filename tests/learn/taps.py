"""A small pack whose outcomes follow by hand: units that open a tap and keep it open, and units that trade lots."""

from pathlib import Path

MODELS = '''
"""Models whose outcomes follow by hand."""

from haidang.models import Alternative, Attribute, Card, Lever, Market, Model, Option, Outcome, Resource, State
from haidang.models import arrays as np

WORDS = {"vi": "a", "en": "a"}
DISTRICT = {"district": Attribute("category", categories=("north", "south"))}


class Taps(Model):
    """Every unit opens its tap in the first month in which it may; an open tap gives the flow of its rate."""

    card = Card(
        id="taps",
        title=WORDS,
        population="taps",
        attributes=DISTRICT,
        derived={},
        ranks={},
        states={"open": State("int8"), "stored": State("float32")},
        alternatives=(Alternative("open", WORDS),),
        levers={"rate": Lever("1", 0.0)},
        resources={"places": Resource("place", WORDS)},
        outcomes=(
            Outcome("flow", WORDS, "kWh"),
            Outcome("stored", WORDS, "kWh", "stock"),
            Outcome("share", WORDS, "1", "mean"),
        ),
        facts=("tap_flow",),
        groups=("district",),
        period="month",
    )

    def start(self, units, fact):
        """All taps are closed."""
        return {"open": np.zeros(units["district"].shape), "stored": np.zeros(units["district"].shape)}

    def options(self, scene):
        """A closed tap may be opened while there is a rate."""
        may = (scene.state["open"] == 0) & (scene.lever["rate"] > 0)
        return {"open": Option(may, 40.0, {"places": np.where(may, 1.0, 0.0)})}

    def move(self, scene, taken):
        """A tap stays open."""
        opened = np.where(taken.chose("open"), 1.0, scene.state["open"].astype("float32"))
        return {"open": opened, "stored": scene.state["stored"] + opened * scene.fact["tap_flow"] * scene.lever["rate"]}

    def outcomes(self, scene, taken, after):
        """What came this month, what has come so far, whether the tap is open."""
        opened = after["open"].astype("float32")
        flow = opened * scene.fact["tap_flow"] * scene.lever["rate"]
        return {"flow": flow, "stored": after["stored"], "share": opened}


class Traders(Model):
    """The north bids what it needs less the price, the south offers what it has: the price is the difference."""

    card = Card(
        id="traders",
        title=WORDS,
        population="taps",
        attributes=DISTRICT,
        derived={},
        ranks={},
        states={"kept": State("int8")},
        alternatives=(Alternative("keep", WORDS),),
        levers={"trading": Lever("1", 0.0), "floor": Lever("VND/kWh", 0.0), "ceiling": Lever("VND/kWh", 100.0)},
        resources={},
        outcomes=(Outcome("bought", WORDS, "kWh"),),
        facts=("need", "supply"),
        groups=("district",),
        market=Market(WORDS, "kWh", "VND/kWh", ("lots",), "floor", "ceiling", 1.0),
    )

    def start(self, units, fact):
        """Nothing is kept."""
        return {"kept": np.zeros(units["district"].shape)}

    def options(self, scene):
        """Nothing but trading."""
        return {"keep": Option(scene.state["kept"] > 1, 0.0)}

    def orders(self, scene, taken):
        """What is bid and offered at the price."""
        bid = np.maximum(scene.fact["need"] - scene.price, 0.0)
        north = scene.units.among("district", "north")
        return {"lots": np.where(north, bid, -scene.fact["supply"]) * scene.lever["trading"]}

    def move(self, scene, taken):
        """Nothing is kept."""
        return {"kept": scene.state["kept"]}

    def outcomes(self, scene, taken, after):
        """What the north bought."""
        return {"bought": np.maximum(taken.traded["lots"], 0.0).astype("float32")}
'''

PACK = """
id: taps
title: {vi: a, en: Taps}
languages: [vi, en]
models:
  taps: {file: models.py, class: Taps}
  traders: {file: models.py, class: Traders}
"""

POPULATION = """
id: taps
title: {vi: a, en: Taps}
rows: 200
units: tap_count
columns:
  district:
    kind: category
    title: {vi: a, en: District}
    categories: {north: {vi: a, en: North}, south: {vi: a, en: South}}
    draw: {counts: {north: north_count, south: 100}}
    assumption: Half and half.
margins:
  north: {title: {vi: a, en: North}, fact: north_share, share: {district: north}}
  beside: {title: {vi: a, en: Later}, fact: counted_later, share: {district: north}, shown: Only beside it.}
"""

FACTS = """
tap_count: {value: 200, source: early, as_of: 2019-01}
north_count: {value: 100, source: early, as_of: 2019-01}
north_share: {value: 50 %, source: early, as_of: 2019-01}
tap_flow: {value: 2 kWh, range: "[1, 3]", distribution: uniform, source: early, as_of: 2019-06}
tap_places: {value: 40 place, source: early, as_of: 2019-06}
stored_before: {value: 1000 kWh, source: early, as_of: 2019-12}
need: {unit: kWh, dated: {2020: 10, 2021: 13}, source: early, as_of: 2019-12}
supply: {value: 4 kWh, source: early, as_of: 2019-12}
grown: {unit: kWh, dated: {2018: 1, 2019: 2, 2020: 9}, source: early}
counted_later: {value: 51 %, source: late, as_of: 2021-01}
flow_came: {value: 2.5 MWh, source: late, as_of: 2020-12}
flow_official: {value: 3 MWh, source: late, as_of: 2020-12}
share_came: {value: 90 %, source: late, as_of: 2020-12}
bought_came: {value: 300 kWh, source: late, as_of: 2020-12}
ratio_a: {value: 1.2, source: late, as_of: 2020-12}
ratio_b: {value: 1.5, source: late, as_of: 2020-12}
ratio_c: {value: 2, source: other, as_of: 2020-12}
small_flow: {value: 1 kWh, source: early, as_of: 2010-01}
middle_flow: {value: 2 kWh, source: early, as_of: 2011-01}
large_flow: {value: 3 kWh, range: "[2, 4]", source: early, as_of: 2012-01}
small_came: {value: 250 kWh, source: late, as_of: 2013-01}
middle_came: {value: 900 kWh, source: late, as_of: 2013-01}
large_came: {value: 500 kWh, source: late, as_of: 2013-01}
fitted_came: {value: 400 kWh, source: late, as_of: 2013-01}
"""

SOURCES = """
early: {title: Early, publisher: B, date: 2009}
late: {title: Late, publisher: B, date: 2021-06, address: "https://example.org/late"}
other: {title: Other, publisher: B, date: 2021-06}
"""

RULES = {
    "open": """
id: open
title: {vi: a, en: Open}
model: taps
months: 2020-01..2021-12
instruments:
  rate: {eligible: 'district in ("north", "south")', levers: {rate: 1}}
""",
    "places": """
id: places
title: {vi: a, en: Places}
model: taps
months: 2020-01..2021-12
instruments:
  rate:
    eligible: 'district in ("north", "south")'
    levers: {rate: 1}
    budget: {resource: places, amount: tap_places}
    ration: lottery
""",
    "trade": """
id: trade
title: {vi: a, en: Trade}
model: traders
years: 2020..2021
instruments:
  trade: {eligible: 'district in ("north", "south")', levers: {trading: 1}}
""",
    "issue": """
id: issue
title: {vi: a, en: Issue}
model: taps
years: 2020
instruments:
  rate: {eligible: 'district in ("north", "south")', levers: {rate: issue_flow / tap_flow}}
""",
}

PROGRAMME = """
id: open-taps
title: {vi: a, en: Open taps}
model: taps
months: 2020-01..2021-12
instruments:
  rate: {eligible: 'district in ("north", "south")', levers: {rate: 1}}
"""


def write_pack(root: Path) -> Path:
    """The pack on disk, without a backtest."""
    files = {
        "pack.yaml": PACK,
        "models.py": MODELS,
        "sources.yaml": SOURCES,
        "facts/all.yaml": FACTS,
        "populations/taps.yaml": POPULATION,
        "programmes/open-taps.yaml": PROGRAMME,
        **{f"backtests/rules/{name}.yaml": text for name, text in RULES.items()},
    }
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def write_backtest(
    root: Path, rules: str, quantities: str, *, more: str = "", name: str = "one", months: str = ""
) -> None:
    """A backtest in the pack.

    Args:
        root: the pack.
        rules: the name of its rules.
        quantities: what stands under `quantities`, one line each.
        more: further keys.
        name: of the backtest.
        months: its periods; six months unless given.
    """
    below = "\n".join(f"  {line}" for line in quantities.strip().splitlines())
    text = (
        f"id: {name}\ntitle: {{vi: a, en: A backtest}}\ncutoff: 2019-12-31\nrules: {rules}\n"
        f"{months or 'months: 2020-01..2020-06'}\npopulation: {{built: taps}}\n{more}\nquantities:\n{below}\n"
    )
    (root / "backtests" / f"{name}.yaml").write_text(text, encoding="utf-8")
