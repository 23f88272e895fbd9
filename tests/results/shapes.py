"""Runs of other shapes than a credit line, of invented numbers. Test material: nothing here says anything of a city.

`write_bikes` is a monthly model of trips without money, with a capacity by place and hour. `write_carbon` is a yearly
model with a market, a cost that the facilities pay, and no public cost. `write_bonds` raises money against a public
cost, and `write_fed` is a credit line that another programme fills.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import polars as pl

from haidang.results.run import Run, write_backtests, write_run
from haidang.results.schema import table_schema
from tests.results.example import text

Grid = np.ndarray
SOURCE = {
    "id": "invented",
    "title": "Invented figures",
    "publisher": "Test Bureau",
    "date": "2024",
    "address": "https://example.org/x",
}


def labelled(grid: Grid, times: Sequence[tuple[int, int]], monthly: bool, **labels: str) -> pl.DataFrame:
    """A grid of draws by times as rows."""
    draws, count = grid.shape
    columns: dict[str, object] = {
        "draw": np.repeat(np.arange(draws, dtype=np.int32), count),
        "year": np.tile(np.array([year for year, _ in times], dtype=np.int32), draws),
    }
    if monthly:
        columns["month"] = np.tile(np.array([month for _, month in times], dtype=np.int32), draws)
    return pl.DataFrame({**columns, "value": grid.reshape(-1).astype(np.float64)}).with_columns(
        **{name: pl.lit(value) for name, value in labels.items()}
    )


def yearly(
    values: Mapping[str, Mapping[str, Grid]], years: Sequence[int], by: Mapping[str, Mapping[str, float]]
) -> pl.DataFrame:
    """Totals by scenario and outcome, split by fixed parts of each grouping."""
    times = [(year, 12) for year in years]
    frames: list[pl.DataFrame] = []
    for scenario, outcomes in values.items():
        for outcome, grid in outcomes.items():
            rows = [("all", "all", 1.0)]
            rows += [(name, group, part) for name, parts in by.items() for group, part in parts.items()]
            frames += [
                labelled(grid * part, times, False, scenario=scenario, outcome=outcome, by=name, group=group)
                for name, group, part in rows
            ]
    return pl.concat(frames)


def written(
    path: Path, tables: Mapping[str, pl.DataFrame], manifest: Mapping[str, object], facts: Mapping[str, Grid]
) -> Run:
    """A run with empty tables where none are given, and texts for its facts."""
    names = ("totals", "users", "budgets", "funnel", "choices", "facts")
    empty = {name: pl.DataFrame(schema=table_schema(name)) for name in names}
    drawn = pl.concat(
        [
            pl.DataFrame({"draw": np.arange(len(values), dtype=np.int32), "value": values}).with_columns(
                fact=pl.lit(name)
            )
            for name, values in facts.items()
        ]
    )
    words = {
        name: {
            "title": text(f"Dữ kiện {name}", f"The fact {name}"), "value": float(values.mean()), "unit": "1",
            "range": [float(values.min()), float(values.max())], "source": [SOURCE], "note": None, "rivals": [],
        }
        for name, values in facts.items()
    }  # fmt: skip
    draws = len(next(iter(facts.values())))
    common = {
        "haidang": "0.1.0", "pack": "invented", "seed": 3, "draws": draws, "rows": 500, "facts_read": sorted(facts),
        "versions": {"haidang": "0.1.0"},
    }  # fmt: skip
    return write_run(path, {**empty, **tables, "facts": drawn}, {**common, **manifest}, words)


BIKE_MONTHS = [(2021, 12), *((year, month) for year in (2022, 2023, 2024) for month in range(1, 13))]


def write_bikes(path: Path, draws: int = 60) -> Run:
    """An invented monthly model of trips, without money, with bikes by place and hour."""
    generator = np.random.default_rng(5)
    facts = {"novelty": generator.uniform(0.2, 0.6, draws), "price_response": generator.uniform(0.5, 1.5, draws)}
    years = (2021, 2022, 2023, 2024)
    age = np.arange(len(BIKE_MONTHS))
    shape = np.exp(-age[None, :] * facts["novelty"][:, None] / 6) + 0.1
    noise = generator.lognormal(0, 0.1, (draws, len(age)))
    strength = {"baseline": 0.0, "bikes": 1.0, "cheaper": 1.4, "lanes": 1.15}
    monthly = {
        name: {
            "units": np.full((draws, len(age)), 3e6),
            "bike_trips": 30_000 * power * shape * noise * facts["price_response"][:, None],
            "vehicle_km": 9e6 - 8e4 * power * shape * noise,
            "minutes_out": 1e5 * power * noise,
            "share_of_bikes": 3e6 * 0.02 * power * shape,
        }
        for name, power in strength.items()
    }
    place = np.array([years.index(year) for year, _ in BIKE_MONTHS])

    def summed(grid: Grid) -> Grid:
        return np.stack([grid[:, place == index].sum(axis=1) for index in range(len(years))], axis=1)

    def last(grid: Grid) -> Grid:
        return np.stack([grid[:, place == index][:, -1] for index in range(len(years))], axis=1)

    stocks = {"units", "share_of_bikes"}
    totals = {
        name: {outcome: (last if outcome in stocks else summed)(grid) for outcome, grid in outcomes.items()}
        for name, outcomes in monthly.items()
    }
    periods = pl.concat(
        [
            labelled(grid, BIKE_MONTHS, True, scenario=name, outcome=outcome)
            for name, outcomes in monthly.items()
            for outcome, grid in outcomes.items()
        ]
    )
    rooms = pl.concat(
        [
            labelled(totals[name]["bike_trips"], [(year, 12) for year in years], False, scenario=name,
                     instrument="stations", resource="bike")
            .rename({"value": "spent"})
            .with_columns(
                available=pl.lit(1_000_000), requested=(pl.col("spent") * 1.3), applicants=pl.col("spent") * 1.3,
                served=pl.col("spent"), refused=pl.col("spent") * 0.3,
            )
            for name in ("bikes", "cheaper", "lanes")
        ]
    )  # fmt: skip
    users = pl.DataFrame(
        [
            {"scenario": name, "draw": draw, "outcome": outcome, "by": "all", "group": "all",
             "scenario_value": float(totals[name][outcome][draw].sum()), "baseline_value": 0.0}
            for name in ("bikes", "cheaper", "lanes")
            for outcome in ("bike_trips", "units")
            for draw in range(draws)
        ]
    )  # fmt: skip
    parts = {"purpose": {"work": 0.6, "school": 0.3, "other": 0.1}}
    manifest = {
        "programme": "public-bikes", "model": "trips", "years": list(years),
        "scenarios": [
            {"id": "baseline", "title": text("Không có chương trình", "No programme")},
            {"id": "bikes", "title": text("Xe đạp công cộng (bịa để thử)", "Public bikes (invented test data)")},
            {"id": "cheaper", "title": text("Giá thấp hơn", "Lower price")},
            {"id": "lanes", "title": text("Làn đường riêng", "Lanes")},
        ],
        "outcomes": [
            {"id": "units", "title": text("Số chuyến", "Trips made"), "unit": "trip", "kind": "stock"},
            {"id": "vehicle_km", "title": text("Quãng đường xe máy", "Motorbike kilometres"), "unit": "vehicle*km",
             "kind": "flow", "good": "less"},
            {"id": "minutes_out", "title": text("Phút ngừng phục vụ", "Minutes out of service"), "unit": "minute",
             "kind": "flow", "good": "less"},
            {"id": "bike_trips", "title": text("Chuyến xe đạp công cộng", "Trips by public bike"), "unit": "trip",
             "kind": "flow", "good": "more"},
            {"id": "share_of_bikes", "title": text("Tỷ phần chuyến đi", "Share of trips"), "unit": "1",
             "kind": "mean", "good": "more"},
        ],
        "groups": {"purpose": [{"id": "work", "title": text("Đi làm", "Work")},
                               {"id": "school", "title": text("Đi học", "School")},
                               {"id": "other", "title": text("Khác", "Other")}]},
        "groupings": ["purpose"],
        "columns": {"purpose": text("Mục đích", "Purpose"), "origin": text("Nơi đi", "Origin"),
                    "hour": text("Giờ", "Hour")},
        "resources": [{"id": "bike", "title": text("Xe tại trạm", "Bikes at stations"), "unit": "trip"}],
        "budgets": [
            {"scenario": name, "instrument": "stations", "resource": "bike", "line": None, "kind": "capacity",
             "by": ["origin", "hour"]}
            for name in ("bikes", "cheaper", "lanes")
        ],
        "roles": {"main": "bike_trips"},
        "unit_title": text("chuyến đi", "trips"), "unit_one": text("chuyến đi", "trip"),
        "population": {"rows": 500, "units": 3e6, "source": "invented"},
    }  # fmt: skip
    tables = {"totals": yearly(totals, years, parts), "users": users, "budgets": rooms, "periods": periods}
    return written(path, tables, manifest, facts)


CARBON_YEARS = (2025, 2026, 2027, 2028, 2029, 2030)


def write_carbon(path: Path, draws: int = 60) -> Run:
    """An invented carbon market: a price between floor and ceiling, a private cost, no public cost, no budget."""
    generator = np.random.default_rng(9)
    facts = {"growth": generator.uniform(0, 0.08, draws), "slope": generator.uniform(0.5, 2, draws)}
    years = np.arange(len(CARBON_YEARS))
    floor, ceiling = 50_000.0, 400_000.0
    strength = {"carbon": 1.0, "tighter": 1.6, "no-offsets": 1.2}
    totals: dict[str, dict[str, Grid]] = {}
    markets: list[pl.DataFrame] = []
    times = [(year, 12) for year in CARBON_YEARS]
    for name in ("baseline", *strength):
        power = strength.get(name, 0.0)
        wanted = power * 2.2e5 * facts["slope"][:, None] * (years[None, :] * 0.2 + 10 * facts["growth"][:, None])
        price = (
            np.clip(np.round(wanted / 1000) * 1000, floor, ceiling) if power else np.full((draws, len(years)), floor)
        )
        abated = power * 30 * (price - floor) + power * 1e6
        offered = np.where(power > 0, 9e6 - 12 * (price - floor), 0)
        bid = np.where(price >= ceiling, offered * 1.2, np.minimum(offered, 6e6 * power))
        traded = np.minimum(bid, offered)
        totals[name] = {
            "units": np.full((draws, len(years)), 110.0),
            "abatement": abated,
            "emissions": 2.6e8 - abated,
            "compliance_cost": abated * price / 2,
            "offset_revenue": power * 0.05 * traded * price,
        }
        columns = {"price": price, "bid": bid, "offered": offered, "traded": traded,
                   "floor": np.full_like(price, floor), "ceiling": np.full_like(price, ceiling)}  # fmt: skip
        frame = labelled(price, times, True, scenario=name).drop("value")
        markets.append(frame.with_columns(**{column: pl.Series(grid.reshape(-1)) for column, grid in columns.items()}))
    parts = {"sector": {"power": 0.5, "steel": 0.3, "cement": 0.2}}
    manifest = {
        "programme": "carbon-market", "model": "facilities", "years": list(CARBON_YEARS),
        "scenarios": [
            {"id": "baseline", "title": text("Không có thị trường", "No market")},
            {"id": "carbon", "title": text("Thị trường các-bon (bịa để thử)", "Carbon market (invented test data)")},
            {"id": "tighter", "title": text("Định mức chặt hơn", "Tighter benchmark")},
            {"id": "no-offsets", "title": text("Ít bù trừ hơn", "Fewer offsets")},
        ],
        "outcomes": [
            {"id": "units", "title": text("Cơ sở", "Facilities"), "unit": "unit", "kind": "stock"},
            {"id": "abatement", "title": text("Phát thải cắt giảm", "Emissions abated"), "unit": "tCO2e",
             "kind": "flow", "good": "more"},
            {"id": "emissions", "title": text("Phát thải", "Emissions"), "unit": "tCO2e", "kind": "flow",
             "good": "less"},
            {"id": "compliance_cost", "title": text("Chi phí của các cơ sở", "Cost to the facilities"), "unit": "VND",
             "kind": "flow", "good": "less"},
            {"id": "offset_revenue", "title": text("Thu từ bù trừ của thành phố", "The city's offset revenue"),
             "unit": "VND", "kind": "flow", "good": "more"},
        ],
        "groups": {"sector": [{"id": "power", "title": text("Nhiệt điện", "Thermal power")},
                              {"id": "steel", "title": text("Thép", "Steel")},
                              {"id": "cement", "title": text("Xi măng", "Cement")}]},
        "columns": {"sector": text("Ngành", "Sector")},
        "roles": {"main": "abatement", "private_cost": "compliance_cost"},
        "market": {"title": text("Hạn ngạch phát thải", "Emission permits"), "unit": "tCO2e",
                   "price_unit": "VND/tCO2e"},
        "unit_title": text("cơ sở", "facilities"), "unit_one": text("cơ sở", "facility"),
        "population": {"rows": 110, "units": 110, "source": "invented"},
    }  # fmt: skip
    run = written(path, {"totals": yearly(totals, CARBON_YEARS, parts), "markets": pl.concat(markets)}, manifest, facts)
    write_backtests(path, [CLASS, CASES, OTHERS])
    return run


def write_bonds(path: Path, draws: int = 40) -> Run:
    """An invented bond: money raised from households at a public cost, nothing handed out, one year only."""
    generator = np.random.default_rng(2)
    facts = {"trust": generator.uniform(0.1, 0.6, draws)}
    raised = 4e12 * facts["trust"][:, None]
    totals = {
        "baseline": {"units": np.full((draws, 1), 8e5), "raised": np.zeros((draws, 1)), "cost": np.zeros((draws, 1))},
        "bond": {"units": np.full((draws, 1), 8e5), "raised": raised, "cost": 0.03 * raised},
    }
    manifest = {
        "programme": "remittances", "model": "savers", "years": [2026],
        "scenarios": [
            {"id": "baseline", "title": text("Không có chương trình", "No programme")},
            {"id": "bond", "title": text("Trái phiếu (bịa để thử)", "A bond (invented test data)")},
        ],
        "outcomes": [
            {"id": "units", "title": text("Hộ", "Households"), "unit": "household", "kind": "stock"},
            {"id": "raised", "title": text("Tiền huy động", "Money raised"), "unit": "VND", "kind": "flow",
             "good": "more"},
            {"id": "cost", "title": text("Chi phí công", "Public cost"), "unit": "VND", "kind": "flow", "good": "less"},
        ],
        "groups": {"rural": [{"id": "no", "title": text("Không", "No")}, {"id": "yes", "title": text("Có", "Yes")}]},
        "columns": {"rural": text("Nông thôn", "Rural")},
        "roles": {"main": "raised", "cost": "cost"},
        "population": {"rows": 500, "units": 8e5, "source": "invented"},
    }  # fmt: skip
    parts = {"rural": {"no": 0.7, "yes": 0.3}}
    return written(path, {"totals": yearly(totals, (2026,), parts)}, manifest, facts)


FEED = {
    "programme": "remittances", "variant": None, "outcome": "raised", "share": 0.5, "lag": 1,
    "title": text("Kiều hối cho khoa học", "Remittances for science"),
    "outcome_title": text("Tiền huy động", "Money raised"),
}  # fmt: skip


def write_fed(path: Path, draws: int = 30) -> Run:
    """An invented credit line whose money another programme raises."""
    generator = np.random.default_rng(4)
    facts = {"wish": generator.uniform(0.3, 1.0, draws)}
    years = (2026, 2027)
    came = np.array([[1e11, 3e11]]) * np.ones((draws, 1))
    spent = np.floor(came * facts["wish"][:, None])
    there = np.stack([came[:, 0], came[:, 1] + came[:, 0] - spent[:, 0]], axis=1)
    totals = {
        name: {
            "units": np.full((draws, 2), 1e4),
            "loan": spent * on,
            "level_gain": spent / 1e9 * on + 100,
            "subsidy": 0.05 * spent * on,
        }
        for name, on in (("baseline", 0.0), ("credit", 1.0))
    }
    rows = (
        labelled(spent, [(year, 12) for year in years], False, scenario="credit", instrument="loan", resource="loan")
        .rename({"value": "spent"})
        .with_columns(
            available=pl.Series(there.reshape(-1)), requested=pl.col("spent"), applicants=pl.lit(10.0),
            served=pl.lit(10.0), refused=pl.lit(0.0),
        )
    )  # fmt: skip
    manifest = {
        "programme": "credit", "model": "factories", "years": list(years),
        "scenarios": [
            {"id": "baseline", "title": text("Không có chương trình", "No programme")},
            {"id": "credit", "title": text("Tín dụng từ kiều hối (bịa để thử)", "Credit from remittances (invented)")},
        ],
        "outcomes": [
            {"id": "units", "title": text("Nhà máy", "Factories"), "unit": "firm", "kind": "stock"},
            {"id": "loan", "title": text("Vốn vay", "Loans"), "unit": "VND", "kind": "flow", "good": "neutral"},
            {"id": "level_gain", "title": text("Số bậc tăng", "Levels gained"), "unit": "level",
             "kind": "flow", "good": "more"},
            {"id": "subsidy", "title": text("Chi phí công", "Public cost"), "unit": "VND", "kind": "flow",
             "good": "less"},
        ],
        "resources": [{"id": "loan", "title": text("Vốn vay", "Loan"), "unit": "VND"}],
        "budgets": [{"scenario": "credit", "instrument": "loan", "resource": "loan", "line": None, "kind": "budget",
                     "by": [], "fed_by": FEED}],
        "unit_title": text("nhà máy", "factories"),
        "population": {"rows": 500, "units": 1e4, "source": "invented"},
    }  # fmt: skip
    return written(path, {"totals": yearly(totals, years, {}), "budgets": rows}, manifest, facts)


def case(name: str, value: float, quantiles: Sequence[float], **more: object) -> dict[str, object]:
    points = dict(zip(("5", "25", "50", "75", "95"), quantiles, strict=True))
    return {
        "id": name, "title": text(f"Trường hợp {name}", f"Case {name}"), "quantiles": points, "outcome": value,
        "outcome_source": SOURCE, "official": None, "naive": 1.0, "crps": {"model": 0.2, "naive": 0.1},
        "covered90": quantiles[0] <= value <= quantiles[-1], "fitted": False, **more,
    }  # fmt: skip


BAND = (0.7, 0.9, 1.0, 1.1, 1.4)
CLASS: dict[str, object] = {
    "id": "carbon/price-change", "kind": "class", "programmes": ["carbon-market"],
    "title": text("Năm thứ hai của các thị trường (bịa)", "The second year of markets (invented)"),
    "quantity": text("Giá năm thứ hai trên năm thứ nhất", "Second year's price over the first's"),
    "cutoff": "2026-03-31", "unit": "1", "quantiles": dict(zip(("5", "25", "50", "75", "95"), BAND, strict=True)),
    "outcome": None, "outcome_source": None, "official": None, "naive": 1.0, "covered90": None, "coverage90": 0.4,
    "scored": 5, "crps": {"model": 0.25, "official": None, "naive": 0.2}, "worse_than_naive": True, "rank": None,
    "read": [], "note": text("Các tác giả đã biết kết quả.", "The authors knew what came."),
    "cases": [case(name, value, BAND) for name, value in
              (("a", 0.47), ("b", 0.76), ("c", 1.0), ("d", 0.6), ("e", 0.62))],
}  # fmt: skip
CASES: dict[str, object] = {
    "id": "bonds/raised", "kind": "cases", "programmes": ["carbon-market", "remittances"],
    "title": text("Trái phiếu kiều bào (bịa)", "Diaspora bonds (invented)"),
    "quantity": text("Huy động so với mục tiêu", "Raised over the target"), "cutoff": "2026-09-30", "unit": "1",
    "quantiles": {}, "outcome": None, "outcome_source": None, "official": None, "naive": None, "covered90": None,
    "coverage90": 0.75, "scored": 4, "crps": {"model": 0.3, "official": None, "naive": 0.6}, "worse_than_naive": False,
    "rank": {"tau": 0.67, "p": 0.04, "cases": 4}, "read": [], "note": None,
    "cases": [case("low", 0.009, (0.0, 0.01, 0.05, 0.1, 0.3)), case("mid", 0.25, (0.05, 0.1, 0.2, 0.4, 0.9)),
              case("full", 1.3, (0.4, 0.8, 1.1, 1.5, 2.2)), case("high", 3.0, (0.5, 0.9, 1.3, 1.6, 2.0)),
              case("old", 2.1, (1.5, 1.8, 2.0, 2.3, 2.6), fitted=True)],
}  # fmt: skip
OTHERS: dict[str, object] = {**CLASS, "id": "other", "programmes": ["public-bikes"]}
