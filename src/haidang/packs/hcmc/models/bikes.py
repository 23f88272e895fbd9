"""Trips of a day: each month a kind of trip goes the usual way, another way, or by a public bicycle.

How many go by public bicycle on average is what was counted; which of them do follows from walking to stations, time,
price and the other ways. Those who ride keep the habit, the others' fades, and novelty wears off.
"""

from __future__ import annotations

from haidang.models import Attribute, Columns, Lever, Model, Option, Outcome, Resource, Scene, Taken, habit, travel
from haidang.models import arrays as np
from haidang.models.model import Alternative, Array, Card, Chance, Peers, State
from haidang.packs.hcmc.models.ways import FACTS, WAYS, Facts, dislike, ways

MONTH, DAY, HOUR, KM, WH = 1.0 / 12.0, 1.0 / 365.25, 1.0 / 8766.0, 1000.0, 0.001
"""Lengths of time in years, of ways in metres; a watt-hour, of which limits take whole ones, in kWh."""
CERTAIN, LEAST, MOST = 20.0, 1e-7, 0.9
"""Utility of the cabinets to a rider who changes batteries there; bounds of shares, whose odds have none."""
HOURS = " ".join(f"h{hour:02d}" for hour in range(6, 23))
PURPOSES, USUAL = "work school errand other outing delivery", " ".join((*WAYS, "none"))
KINDS = {"kind": "centre wider session", "ready": "trip session", "purpose": PURPOSES, "usual": USUAL, "hour": HOURS}
PLACES = "ben_nghe ben_thanh pham_ngu_lao da_kao tan_dinh cau_kho district_3 district_10 binh_thanh thu_thiem"
OWN = """first_month late_trips late_from late_length run_from fade novelty_half_life novelty_again assist range energy
    ready_centre ready_wider availability_response speed electric_speed unlock outing_time stations price_response price
    motor_emissions support_emissions session_energy service collection_time system_cost"""


def _flow(name: str, vi: str, en: str, unit: str = "trip", quantum: float = 1e-4) -> Outcome:
    return Outcome(name, {"vi": vi, "en": en}, unit, good="less" if name in LESS else "more", quantum=quantum)


LESS = ("cost", "public_cost", "out_of_service")
CARD = Card(
    id="trips",
    title={"vi": "Chuyến đi và xe đạp công cộng", "en": "Trips and public bicycles"},
    population="trips",
    attributes={
        **{name: Attribute("category", categories=tuple(words.split())) for name, words in KINDS.items()},
        **{name: Attribute("category", categories=tuple(PLACES.split())) for name in ("origin", "destination")},
        **{name: Attribute("number", "m") for name in ("length", "access", "egress")},
    },
    derived={},
    ranks={},
    states={name: State("float32") for name in ("pull", "idle", "bike_age", "bike_habit", "ebike_age", "ebike_habit")},
    alternatives=(
        *(Alternative(name, title) for name, title in WAYS.items() if name != "other"),
        Alternative("bike", {"vi": "Xe đạp công cộng", "en": "Public bicycle"}),
        Alternative("ebike", {"vi": "Xe đạp điện công cộng", "en": "Public electric bicycle"}),
        Alternative("swap", {"vi": "Đổi pin ở tủ của hệ thống", "en": "Battery changed at the system's cabinets"}),
    ),
    levers={
        "bikes": Lever("1", "bike_service", {"vi": "Có xe đạp", "en": "Bicycles are there"}, flag=True),
        "ebikes": Lever("1", 0.0, {"vi": "Có xe đạp điện", "en": "Electric bicycles are there"}, flag=True),
        "bike_fare": Lever("VND", "bike_price", {"vi": "Giá xe đạp 30 phút", "en": "Bicycle for 30 minutes"}),
        "ebike_fare": Lever("VND", 0.0, {"vi": "Giá xe điện 30 phút", "en": "Electric bicycle for 30 minutes"}),
        "stations": Lever("station", "bike_stations", {"vi": "Số trạm ở trung tâm", "en": "Stations in the centre"}),
        "outer": Lever("1", 0.0, {"vi": "Có trạm ở vùng lân cận", "en": "Stations in the districts around"}, flag=True),
        "lanes": Lever("%", 0.0, {"vi": "Mức tăng nhờ làn xe đạp", "en": "Gain from lanes"}),
        "charger": Lever("1", 0.0, {"vi": "Đổi pin tại trạm", "en": "Batteries are changed at stations"}, flag=True),
        "turnaround": Lever("hour", "bike_collection_time", {"vi": "Thời gian chờ pin mới", "en": "Battery wait"}),
        "riders": Lever("%", 0.0, {"vi": "Tài xế dùng tủ pin", "en": "Riders who use the cabinets"}),
        "swap_fee": Lever("VND", 0.0, {"vi": "Tiền đổi pin, trừ điện", "en": "Fee less electricity"}),
        "fleet": Lever("bike", 1.0, {"vi": "Số xe đạp điện", "en": "Electric bicycles"}),
        "yearly_cost": Lever("VND/year", "bike_system_cost", {"vi": "Chi phí hệ thống", "en": "Cost of the system"}),
    },
    resources={
        "bike": Resource("trip", {"vi": "Xe đạp, một ngày mỗi tháng", "en": "Bicycles, a day of each month"}),
        "ebike": Resource("trip", {"vi": "Xe điện, một ngày mỗi tháng", "en": "E-bicycles, a day of each month"}),
        "dock": Resource("trip", {"vi": "Chỗ trả xe, một ngày mỗi tháng", "en": "Docks, a day of each month"}),
        "charge": Resource("1", {"vi": "Pin sạc (Wh), một ngày mỗi tháng", "en": "Charge in Wh, a day of each month"}),
    },
    outcomes=(
        _flow("trips", "Lượt đi xe đạp công cộng", "Trips by public bicycle"),
        _flow("electric_trips", "Lượt đi xe đạp điện", "Trips by electric bicycle"),
        *(_flow(f"from_{way}", f"Thay cho: {one['vi']}", f"In place of: {one['en']}") for way, one in WAYS.items()),
        _flow("motor_km_avoided", "Km xe máy tránh được", "Motorbike-kilometres avoided", "km"),
        _flow("emissions_avoided", "Phát thải tránh được", "Emissions avoided", "tCO2e", 1e-9),
        _flow("revenue", "Doanh thu", "Revenue", "VND", 1.0),
        _flow("cost", "Chi phí hệ thống", "Cost of the system", "VND", 1.0),
        _flow("public_cost", "Phần công phải bù: chi trừ thu", "Left to the public: cost less revenue", "VND", 1.0),
        _flow("out_of_service", "Thời gian xe điện dừng chờ pin", "Time out of service for a battery", "hour", 1e-5),
        _flow("swaps", "Lượt đổi pin của xe giao hàng", "Battery changes of delivery motorbikes", "visit"),
        Outcome("charged", {"vi": "Điện sạc pin", "en": "Electricity for batteries"}, "kWh", "flow", "neutral", 1e-5),
    ),
    facts=(*(f"bike_{name}" for name in OWN.split()), *FACTS, "grid_factor"),
    chances={"rider": Chance("uniform", "draw")},
    peers={"pull": Peers("ready"), "idle": Peers("ready")},
    groups=("usual", "purpose", "origin", "kind"),
    tracked=("trips", "motor_km_avoided", "emissions_avoided", "revenue"),
    period="month",
    unit="trip",
    roles={"main": "trips", "cost": "public_cost", "emissions": "emissions_avoided"},
)  # fmt: skip


class Trips(Model):
    """Kinds of trips that could go by public bicycle, and battery changes that could use its cabinets."""

    card = CARD

    def start(self, units: Columns, fact: Facts) -> Facts:
        """In the centre the service is as old as the run says, and its users' habit has faded since."""
        age = np.where(units.among("kind", "centre"), fact["bike_run_from"], 0.0)
        weight, _ = _ride(units, fact, fact["bike_stations"], fact["bike_speed"], fact["bike_price"])
        pull = np.where(units.among("kind", "centre"), np.exp(-weight - ways(units, fact)[1]), 0.0)
        kept = habit.remaining(habit.rate_of_yearly_loss(fact["bike_fade"]), age)
        return {"pull": pull, "idle": 0.0, "bike_age": age, "bike_habit": kept, "ebike_age": 0.0, "ebike_habit": 1.0}

    def prepare(self, units: Columns, fact: Facts) -> Facts:
        """The share of each way without public bicycles, and how good all of them are together."""
        shares, together = ways(units, fact)
        return {"together": together, **{f"by_{way}": share for way, share in shares.items()}}

    def observe(self, units: Columns, state: Facts) -> Facts:
        """What turns counts into shares, and how long bicycles stood still."""
        return {"pull": state["pull"], "idle": state["idle"]}

    def options(self, scene: Scene) -> dict[str, Option]:
        """Every way over another way; a public bicycle has the odds of the share that the counts give it."""
        units, lever, alone = scene.units, scene.lever, ("bike", "ebike")
        trip, one = units.among("ready", "trip"), np.ones_like(units["length"])
        rest, makes = np.log(np.maximum(units["by_other"], LEAST)), trip & ~units.among("purpose", "outing")
        gone = {way: np.log(np.maximum(units[f"by_{way}"], LEAST)) - rest for way in WAYS if way != "other"}
        shares = {name: np.clip(_share(scene, name), LEAST, MOST) for name in alone}
        used = {name: {name: one, "dock": one} for name in alone}
        used["ebike"]["charge"] = np.where(lever["charger"] > 0, units["length"] * scene.fact["bike_energy"] / WH, 0.0)
        rides = {name: (trip & _there(scene, name), np.log(one / (1.0 - one))) for name, one in shares.items()}
        changes = ~trip & (scene.chance["rider"] < lever["riders"])
        return {
            **{way: Option(makes, utility) for way, utility in gone.items()},
            **{name: Option(open_now, odds - rest, used[name]) for name, (open_now, odds) in rides.items()},
            "swap": Option(changes, CERTAIN, {"charge": one * scene.fact["bike_session_energy"] / WH}),
        }

    def move(self, scene: Scene, taken: Taken) -> Facts:
        """Services grow older, what was not used fades, and batteries that ran empty kept bicycles still."""
        state, rate = scene.state, habit.rate_of_yearly_loss(scene.fact["bike_fade"])
        empty = scene.units["length"] / scene.fact["bike_range"] * scene.lever["turnaround"]
        after = {"pull": state["pull"], "idle": np.where(taken.chose("ebike"), empty, 0.0)}
        for name in ("bike", "ebike"):
            there, kept = _there(scene, name), state[f"{name}_habit"]
            after[f"{name}_age"] = state[f"{name}_age"] + np.where(there, MONTH, 0.0)
            after[f"{name}_habit"] = np.where(there, habit.fade_habit(kept, taken.chose(name), rate, MONTH), kept)
        return after

    def outcomes(self, scene: Scene, taken: Taken, after: Facts) -> Facts:
        """What the month brought: a day's trip counts for all its days."""
        units, fact, days = scene.units, scene.fact, MONTH / DAY
        bike, ebike, swap = (np.where(taken.chose(name), days, 0.0) for name in ("bike", "ebike", "swap"))
        shared, length = bike + ebike, units["length"]
        motor = shared * length * (units["by_motorbike"] + units["by_hailed"])
        electric = ebike * length * fact["bike_energy"]
        own = electric * fact["grid_factor"] + shared * length * fact["bike_support_emissions"]
        revenue = bike * _offer(scene, "bike")[1] + ebike * _offer(scene, "ebike")[1] + swap * scene.lever["swap_fee"]
        cost = np.where(units.among("ready", "trip"), scene.lever["yearly_cost"] * MONTH / _ready(fact), 0.0)
        return {
            "trips": shared, "electric_trips": ebike, **{f"from_{way}": shared * units[f"by_{way}"] for way in WAYS},
            "motor_km_avoided": motor / KM, "emissions_avoided": motor * fact["bike_motor_emissions"] - own,
            "revenue": revenue, "cost": cost, "public_cost": cost - revenue, "swaps": swap,
            "out_of_service": after["idle"] * days / HOUR, "charged": electric + swap * fact["bike_session_energy"],
        }  # fmt: skip


def _ready(fact: Facts) -> Array:
    return fact["bike_ready_centre"] + fact["bike_ready_wider"]


def _there(scene: Scene, name: str) -> Array:
    """Whether a trip has stations with these bicycles near both ends: around the centre, only electric ones."""
    outer = (scene.lever["outer"] > 0) & (name == "ebike")
    return (scene.lever[f"{name}s"] > 0) & (scene.units.among("kind", "centre") | outer)


def _ride(units: Columns, fact: Facts, stations: Array, speed: Array, price: Array) -> tuple[Array, Array]:
    """What a rental weighs, and its fare: walking shrinks with the root of the density of stations."""
    outing, riding = units.among("purpose", "outing"), units["length"] / speed + fact["bike_unlock"]
    fare = price * travel.started(np.where(outing, fact["bike_outing_time"], riding), 0.5 * HOUR)
    walk = (units["access"] + units["egress"]) * np.sqrt(fact["bike_stations"] / stations)
    paid = fare * fact["bike_price_response"]
    weight = travel.burden(dislike(fact), np.where(outing, 0.0, riding), paid, fact["bike_time_value"])
    return weight + fact["bike_walk_response"] * walk, fare


def _offer(scene: Scene, name: str) -> tuple[Array, Array]:
    speed = scene.fact["bike_speed" if name == "bike" else "bike_electric_speed"]
    return _ride(scene.units, scene.fact, scene.lever["stations"], speed, scene.lever[f"{name}_fare"])


def _share(scene: Scene, name: str) -> Array:
    """The share of trips that these bicycles would have alone: the count of the month in proportion to their pull."""
    fact, state, electric, again = scene.fact, scene.state, name == "ebike", scene.fact["bike_novelty_again"]
    wear, fade = habit.rate_of_half_life(fact["bike_novelty_half_life"]), habit.rate_of_yearly_loss(fact["bike_fade"])
    spans = ((0.0, MONTH), (fact["bike_late_from"], fact["bike_late_length"]))
    core, novelty = habit.core_and_novelty(fact["bike_first_month"], fact["bike_late_trips"], wear, fade, spans)
    new = novelty * habit.average_remaining(wear, state[f"{name}_age"], MONTH) * (again if electric else 1.0)
    count = (core * state[f"{name}_habit"] * habit.average_remaining(fade, 0.0, MONTH) + new) * DAY
    pull = np.exp(-_offer(scene, name)[0] - scene.units["together"]) * (1.0 + scene.lever["lanes"])
    still = scene.peers["idle"] * _ready(fact) / (DAY * scene.lever["fleet"])
    at_hand = np.clip(1.0 - still, 0.05, 1.0) ** fact["bike_availability_response"] * fact["bike_assist"]
    return travel.share_of_count(count, pull * (at_hand if electric else 1.0), scene.peers["pull"], _ready(fact))
