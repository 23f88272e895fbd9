"""Packs: folders with a city's or a country's facts, populations, models, programmes and backtests.

`load_pack` finds a pack by name (those that come with Haidang) or by path (anybody's), reads it whole and checks each
part against the others. A pack uses the floors up to models and programmes and nothing above.
"""

from haidang.packs.check import check_pack, examine_pack
from haidang.packs.feeds import fed_by
from haidang.packs.load import Pack, PackError, find_pack, load_pack
from haidang.packs.outline import Outline, OutlineError, described

__all__ = [
    "Outline",
    "OutlineError",
    "Pack",
    "PackError",
    "check_pack",
    "described",
    "examine_pack",
    "fed_by",
    "find_pack",
    "load_pack",
]
