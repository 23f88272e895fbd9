"""Grammatical forms of numbers in English news, reports and tables, in sentences written for this test."""

from datetime import date

import pytest

from haidang.reading import load_rules
from haidang.reading.dates import mentions
from haidang.reading.quantities import quantities

RULES = load_rules()
DAY = date(2026, 3, 20)


def read(sentence: str) -> list[tuple]:
    """What is read in a sentence, as plain tuples: least, most, unit, qualifier."""
    found = quantities(sentence, mentions(sentence, DAY), "en", RULES)
    return [(one.quantity.minimum, one.quantity.maximum, one.quantity.unit, one.quantity.qualifier) for one in found]


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("Four out of five targets were met.", [(4, 4, "goals", "exactly")]),
        ("One in five residents lives near a canal.", [(20, 20, "%", "exactly")]),
        ("Nearly one in three firms plans to hire.", [(33.33, 33.33, "%", "nearly")]),
        ("Nine out of ten households have water meters.", [(90, 90, "%", "exactly")]),
        ("Processing time was cut by half.", [(50, 50, "%", "exactly")]),
        ("The waiting time was halved.", [(50, 50, "%", "exactly")]),
        ("Exports tripled to $4.2 billion.", [(3, 3, "times", "exactly"), (4.2e09, 4.2e09, "USD", "exactly")]),
        ("Revenue more than doubled.", [(2, None, "times", "more_than")]),
        ("Emissions fell by a third.", [(33.33, 33.33, "%", "exactly")]),
        ("A quarter of the budget goes to schools.", [(25, 25, "%", "exactly")]),
        ("Prices rose two and a half times.", [(2.5, 2.5, "times", "exactly")]),
        ("Third-quarter revenue: VND12.5 billion", [(1.25e10, 1.25e10, "VND", "exactly")]),
        ("| Projects | 45 |", [(45, 45, "projects", "exactly")]),
        ("| Capital (USD million) | 1,250 |", [(1.25e09, 1.25e09, "USD", "exactly")]),
        ("- Number of permits issued: 1,204", [(1204, 1204, "permits", "exactly")]),
        ("Total area: 450 ha", [(450, 450, "ha", "exactly")]),
        (
            "Districts 1, 3 and 5 have 12, 9 and 15 stations respectively.",
            [(12, 12, "stations", "exactly"), (9, 9, "stations", "exactly"), (15, 15, "stations", "exactly")],
        ),
        (
            "The two lines will cost $1.2 billion and $800 million, respectively.",
            [(2, 2, "lines", "exactly"), (1.2e09, 1.2e09, "USD", "exactly"), (8e08, 8e08, "USD", "exactly")],
        ),
        (
            "Traffic rose from 40 to 52 million passengers.",
            [(4e07, 4e07, "passengers", "exactly"), (5.2e07, 5.2e07, "passengers", "exactly")],
        ),
        ("The rate fell from 5.2 per cent to 3.1 per cent.", [(5.2, 5.2, "%", "exactly"), (3.1, 3.1, "%", "exactly")]),
        ("Between 500 and 700 families will move.", [(500, 700, "households", "exactly")]),
        ("The plan needs $3-4bn.", [(3e09, 4e09, "USD", "exactly")]),
        ("It raised €25m and ¥3 billion.", [(2.5e07, 2.5e07, "EUR", "exactly"), (3e09, 3e09, "JPY", "exactly")]),
        ("A 2,000ha site.", [(2000, 2000, "ha", "exactly")]),
        ("A 12km line with 10 stations.", [(12, 12, "km", "exactly"), (10, 10, "stations", "exactly")]),
        ("A 20-storey tower.", [(20, 20, "storeys", "exactly")]),
        ("The port handled 8.5m TEUs.", [(8.5e06, 8.5e06, "TEU", "exactly")]),
        ("It will save 1.2 million tonnes of CO2 a year.", [(1.2e06, 1.2e06, "tCO2/year", "exactly")]),
        ("The city ranks third nationwide.", [(3, 3, "rank", "exactly")]),
        ("HCM City ranked second only to Singapore.", [(2, 2, "rank", "exactly")]),
        ("It came 12th in the index.", [(12, 12, "rank", "exactly")]),
        ("The city rose five places to 105th.", [(5, 5, "places", "exactly"), (105, 105, "rank", "exactly")]),
        ("It is the country's second-largest port.", [(2, 2, "rank", "exactly")]),
        ("GDP shrank 2.1 per cent.", [(2.1, 2.1, "%", "exactly")]),
        ("Growth of -1.2% is expected.", [(-1.2, -1.2, "%", "exactly")]),
        ("About two dozen projects are stuck.", [(24, 24, "projects", "about")]),
        ("A dozen schools were rebuilt.", [(12, 12, "schools", "exactly")]),
        ("Half a million tourists came.", [(500000, 500000, "visits", "exactly")]),
        ("One and a half million people.", [(1.5e06, 1.5e06, "people", "exactly")]),
        ("Twenty-five wards will merge.", [(25, 25, "communes", "exactly")]),
        ("Two hundred and fifty buses.", [(250, 250, "vehicles", "exactly")]),
        ("Hundreds of households were moved.", []),
        ("At least 60 per cent of waste must be recycled.", [(60, None, "%", "at_least")]),
        ("No fewer than 30 hospitals.", [(30, None, "hospitals", "at_least")]),
        ("As many as 400 homes.", [(None, 400, "homes", "at_most")]),
        ("Fewer than 20 complaints were filed.", [(None, 20, "complaints", "at_most")]),
        ("Call 028-3829-1234 or visit 86 Le Thanh Ton Street.", []),
        ("Mr Nam, 45, said so at 3:30 pm.", []),
        ("Under Article 79 of Law 31/2024.", []),
        ("The 45-year-old driver.", []),
        ("Open from 7am to 10pm daily.", []),
        ("The loan runs for 25 years at 1.5% a year.", [(25, 25, "years", "exactly"), (1.5, 1.5, "%/year", "exactly")]),
        ("Each household receives VND5 million per month.", [(5e06, 5e06, "VND/month", "exactly")]),
        ("Disbursement reached 35.6 percent of the plan.", [(35.6, 35.6, "% of plan", "exactly")]),
        ("Per-capita income is $8,500 a year.", [(8500, 8500, "USD/year", "exactly")]),
        ("It created 150,000 jobs.", [(150000, 150000, "jobs", "exactly")]),
        (
            "The budget surplus reached VND12 trillion, up 10.2 per cent year on year.",
            [(1.2e13, 1.2e13, "VND", "exactly"), (10.2, 10.2, "%", "exactly")],
        ),
        ("Some 30 percent of wards.", [(30, 30, "%", "about")]),
        ("Roughly 1,200 hectares.", [(1200, 1200, "ha", "about")]),
        ("It treats 96,000 cubic metres of wastewater a day.", [(96000, 96000, "m3/day", "exactly")]),
        ("Solar capacity of 166 kWp.", [(166, 166, "kWp", "exactly")]),
        ("Air quality index hit 165.", [(165, 165, "points", "exactly")]),
        ("The project has been delayed by six months.", [(6, 6, "months", "exactly")]),
        ("There were 320 dengue cases last week.", [(320, 320, "cases", "exactly")]),
        (
            "Nearly 40 of the 168 communes lack a clinic.",
            [(40, 40, "communes", "nearly"), (168, 168, "communes", "exactly")],
        ),
        ("Up to VND500 million each.", [(None, 5e08, "VND", "at_most")]),
        ("USD 30 million - USD 45 million.", [(3e07, 4.5e07, "USD", "exactly")]),
        (
            "It cost 2.5 trillion dong ($98 million).",
            [(2.5e12, 2.5e12, "VND", "exactly"), (9.8e07, 9.8e07, "USD", "exactly")],
        ),
        ("Four-fifths of the land has been cleared.", [(80, 80, "%", "exactly")]),
        ("The share will reach 35-40%.", [(35, 40, "%", "exactly")]),
        (
            "The strike involved 3,000 workers at 12 factories.",
            [(3000, 3000, "people", "exactly"), (12, 12, "factories", "exactly")],
        ),
        (
            "The city said 35,160 social homes would be built, more than 13 times the number of the past five years.",
            [(35160, 35160, "homes", "exactly"), (13, None, "times", "more_than"), (5, 5, "years", "exactly")],
        ),
        (
            "Cai Mep handled 7.4 million TEUs in 2025, up 12 percent from a year earlier.",
            [(7.4e06, 7.4e06, "TEU", "exactly"), (12, 12, "%", "exactly")],
        ),
        (
            "The 14.7-km line, which cost VND43.7 trillion ($1.7 billion), carried 19.6 million riders.",
            [
                (14.7, 14.7, "km", "exactly"),
                (4.37e13, 4.37e13, "VND", "exactly"),
                (1.7e09, 1.7e09, "USD", "exactly"),
                (1.96e07, 1.96e07, "passengers", "exactly"),
            ],
        ),
        (
            "Only 42 of 168 wards have met all five criteria.",
            [(42, 42, "communes", "exactly"), (5, 5, "criteria", "exactly")],
        ),
        (
            "Retail sales grew 13.5% to VND 1.5 quadrillion, while exports fell 2.3% to $44.1 billion.",
            [
                (13.5, 13.5, "%", "exactly"),
                (1500000000000000.0, 1500000000000000.0, "VND", "exactly"),
                (2.3, 2.3, "%", "exactly"),
                (4.41e10, 4.41e10, "USD", "exactly"),
            ],
        ),
        (
            "About 65 per cent of households sort waste, compared with 38 per cent in 2022.",
            [(65, 65, "%", "about"), (38, 38, "%", "exactly")],
        ),
        (
            "The city aims to plant 2 million trees and raise green space to 1 sq m per person by 2030.",
            [(2e06, 2e06, "trees", "exactly"), (1, 1, "m2/person", "exactly")],
        ),
        ("Two flyovers and an underpass will be opened in April.", [(2, 2, "bridges", "exactly")]),
        (
            "The tender attracted bids from 11 consortia representing 27 companies.",
            [(11, 11, "consortia", "exactly"), (27, 27, "enterprises", "exactly")],
        ),
        (
            "Inflation averaged 3.1 percent, below the 4.5 percent ceiling.",
            [(3.1, 3.1, "%", "exactly"), (None, 4.5, "%", "at_most")],
        ),
        (
            "A fleet of 500 electric buses will replace diesel ones, cutting emissions by 30,000 tonnes a year.",
            [(500, 500, "vehicles", "exactly"), (30000, 30000, "t/year", "exactly")],
        ),
        (
            "The hospital has 1,000 beds, 22 operating theatres and a staff of 2,400.",
            [
                (1000, 1000, "beds", "exactly"),
                (22, 22, "operating theatres", "exactly"),
                (2400, 2400, "people", "exactly"),
            ],
        ),
        ("Passengers pay between VND7,000 and VND20,000 per trip.", [(7000, 20000, "VND/trip", "exactly")]),
        (
            "Revenue was VND12 trillion against VND9.8 trillion a year ago.",
            [(1.2e13, 1.2e13, "VND", "exactly"), (9.8e12, 9.8e12, "VND", "exactly")],
        ),
        (
            "The loan of €150 million carries interest of 2.1 percent over 20 years.",
            [(1.5e08, 1.5e08, "EUR", "exactly"), (2.1, 2.1, "%", "exactly"), (20, 20, "years", "exactly")],
        ),
        (
            "Flood levels reached 1.68 metres, the highest in 10 years.",
            [(1.68, 1.68, "m", "exactly"), (10, 10, "years", "exactly")],
        ),
        (
            "It dropped two spots to 8th in the PCI, scoring 70.2 points.",
            [(2, 2, "places", "exactly"), (8, 8, "rank", "exactly"), (70.2, 70.2, "points", "exactly")],
        ),
        (
            "The scheme covers all 102 communes and wards in four districts.",
            [(102, 102, "communes", "exactly"), (4, 4, "districts", "exactly")],
        ),
        (
            "Investors have pledged $2.4 billion across 36 projects, of which 9 are high-tech.",
            [(2.4e09, 2.4e09, "USD", "exactly"), (36, 36, "projects", "exactly"), (9, 9, "projects", "exactly")],
        ),
        (
            "Unemployment stood at 2.7 percent, or roughly 130,000 people.",
            [(2.7, 2.7, "%", "exactly"), (130000, 130000, "people", "about")],
        ),
        (
            "The average wait is now 12 minutes, down from 25.",
            [(12, 12, "minutes", "exactly"), (25, 25, "minutes", "exactly")],
        ),
        ("Nearly half of commuters use motorbikes.", [(50, 50, "%", "nearly")]),
        (
            "The first phase, worth $450m, covers 120ha.",
            [(4.5e08, 4.5e08, "USD", "exactly"), (120, 120, "ha", "exactly")],
        ),
        (
            "Around one-third of the 2,000 wells are contaminated.",
            [(33.33, 33.33, "%", "about"), (2000, 2000, "wells", "exactly")],
        ),
        ("The council passed 12 resolutions.", [(12, 12, "decisions", "exactly")]),
        ("401 crimes, 273 of which were solved.", [(401, 401, "crimes", "exactly"), (273, 273, "crimes", "exactly")]),
        ("64 administrative sanctioning decisions.", [(64, 64, "decisions", "exactly")]),
        ("At least seven new wastewater treatment plants.", [(7, None, "factories", "at_least")]),
        (
            "Wind grew to 9.5 terawatt-hours, a 2%-point rise.",
            [(9.5, 9.5, "TWh", "exactly"), (2, 2, "percentage points", "exactly")],
        ),
        (
            "The number of wards affected is expected to rise to 177 covering half the land.",
            [(177, 177, "communes", "exactly"), (50, 50, "%", "exactly")],
        ),
        ("The eight-month total was VND1.2 trillion.", [(1.2e12, 1.2e12, "VND", "exactly")]),
        ("It rose 5 percent from a year ago.", [(5, 5, "%", "exactly")]),
    ],
)
def test_an_english_sentence_is_read_number_by_number(sentence: str, told: list[tuple]) -> None:
    assert read(sentence) == told
