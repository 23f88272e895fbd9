"""The list that a lender takes away: one page in both languages, a workbook, tables and JSON.

For: whoever gives the money, and whoever asks why somebody got none.
Given: an `Allocation` and its `Listed` tables.
Gives: `write_list` (report.html, list.xlsx, list.parquet, offers.parquet, allocation.json), `summary` for a terminal.
Never: computes a plan, a price or a judgement.
"""

from haidang.allocate.list_report.files import as_json, heads, unit_rows, write_list
from haidang.allocate.list_report.page import list_html
from haidang.allocate.list_report.say import Say, summary

__all__ = ["Say", "as_json", "heads", "list_html", "summary", "unit_rows", "write_list"]
