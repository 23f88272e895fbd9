"""The report that a factory takes away: one page in both languages, as PDF, and as a workbook.

For: a plant manager who has ten minutes.
Given: an `Advice`.
Gives: `write_factory_report` (HTML that loads nothing and runs no script), `write_factory_pdf` and
`write_factory_workbook`.
Never: computes a level, a rank or a plan; draws a radar; shows a group of fewer than five factories.
"""

from haidang.allocate.factory_report.page import factory_html, write_factory_pdf, write_factory_report
from haidang.allocate.factory_report.workbook import factory_workbook, write_factory_workbook

__all__ = ["factory_html", "factory_workbook", "write_factory_pdf", "write_factory_report", "write_factory_workbook"]
