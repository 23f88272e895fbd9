"""Populations: weighted tables of units.

For: firms, households or trips as rows, each standing for `weight` real ones, as published figures say they are or as
an office's own register lists them.
Given: a description (YAML) that names facts, a `FactBook`, and a number of rows; or a register (CSV, Parquet, Excel,
PostgreSQL, SQLite) with a mapping (YAML).
Gives: a `Population`; every published margin beside what is reached; a report of every rejected row; Parquet, read
whole or in blocks of bounded memory; arrays for a model.
Never: moves a published figure, drops a row silently, calls an assumption a fact, writes to a database.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from haidang.population.margins import Margin, margins, missed

if TYPE_CHECKING:
    from haidang.population.build import build_population
    from haidang.population.check import check_spec
    from haidang.population.columns import Column, Kind, Population, PopulationError, check_table, encode, encode_table
    from haidang.population.mapping import RegisterMapping, load_mapping
    from haidang.population.register import Register, RegisterError, read_register
    from haidang.population.spec import PopulationSpec
    from haidang.population.spec_file import load_spec
    from haidang.population.storage import check_ids, read_units, scan_blocks, write_population
    from haidang.population.weights import Bounds, Weighting, reach

__all__ = [
    "Bounds",
    "Column",
    "Kind",
    "Margin",
    "Population",
    "PopulationError",
    "PopulationSpec",
    "Register",
    "RegisterError",
    "RegisterMapping",
    "Weighting",
    "build_population",
    "check_ids",
    "check_spec",
    "check_table",
    "encode",
    "encode_table",
    "load_mapping",
    "load_spec",
    "margins",
    "missed",
    "reach",
    "read_register",
    "read_units",
    "scan_blocks",
    "write_population",
]

_HOMES = {
    "Bounds": "weights",
    "Column": "columns",
    "Kind": "columns",
    "Population": "columns",
    "PopulationError": "columns",
    "PopulationSpec": "spec",
    "Register": "register",
    "RegisterError": "register",
    "RegisterMapping": "mapping",
    "Weighting": "weights",
    "build_population": "build",
    "check_ids": "storage",
    "check_spec": "check",
    "check_table": "columns",
    "encode": "columns",
    "encode_table": "columns",
    "load_mapping": "mapping",
    "load_spec": "spec_file",
    "reach": "weights",
    "read_register": "register",
    "read_units": "storage",
    "scan_blocks": "storage",
    "write_population": "storage",
}
"""The module of each public name: a check of a pack needs a few of them and must not pay for all."""


def __getattr__(name: str) -> Any:
    """A public name, from its module, which is imported now."""
    if name not in _HOMES:
        raise AttributeError(name)
    return getattr(import_module(f"haidang.population.{_HOMES[name]}"), name)
