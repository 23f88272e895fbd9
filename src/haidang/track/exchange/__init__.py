"""Records for others and from others: CSV, XLSX and JSON; of the indicators SDMX-CSV and a data package; both ways.

For: spreadsheets, statistics offices, open-data portals.
Given: a `Tracked` book, with its targets' odds where they are known, or files written from one and edited.
Gives: `write_files` and `read_files`; what is written comes back as the same records, from SDMX-CSV as their values.
Never: writes a text that a spreadsheet would run as a formula, joins or averages values, or guesses at a cell.
"""

from haidang.track.exchange.files import FORMATS, ExchangeError, ToldOdds, read_files, write_files

__all__ = ["FORMATS", "ExchangeError", "ToldOdds", "read_files", "write_files"]
