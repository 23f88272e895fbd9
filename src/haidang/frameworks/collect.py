"""Answers from whatever files they come in: YAML, CSV, Excel, or a folder that an assessment was written to."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from haidang.errors import Place
from haidang.frameworks.assessment import AssessmentError, Campaign, together
from haidang.frameworks.framework import Framework
from haidang.frameworks.words import folded, meanings


def read_assessments(paths: Sequence[Path | str], framework: Framework) -> Campaign:
    """The answers in one or more files, as one campaign.

    Args:
        paths: `.yaml`, `.csv` (a row per factory, or a row per answer), `.xlsx` (a filled template, or a sheet
            `Campaign`), or a folder written by `write_assessment`.
        framework: what was asked.

    Raises:
        HaidangError: a file cannot be read or an answer does not fit, with file and line or sheet and cell; a factory
            is there twice.
    """
    if not paths:
        raise AssessmentError("expected at least one file of answers, found none")
    return together([_read(Path(path), framework) for path in paths])


def _read(path: Path, framework: Framework) -> Campaign:
    if path.is_dir():
        from haidang.frameworks.store import read_stored

        return read_stored(path, framework)
    ending = path.suffix.lower()
    if ending in {".yaml", ".yml"}:
        from haidang.frameworks.answers_yaml import read_answers_yaml

        return read_answers_yaml(path, framework)
    if ending == ".csv":
        return _csv(path, framework)
    if ending.startswith(".xl"):
        return _workbook(path, framework)
    raise AssessmentError(f"expected .yaml, .csv, .xlsx or a folder, found '{ending}'", Place(str(path)))


def _csv(path: Path, framework: Framework) -> Campaign:
    from haidang.frameworks.answers_rows import read_long
    from haidang.frameworks.answers_wide import header, read_wide_csv

    heads = {meanings("headings").get(folded(head)) for head in header(path)}
    return read_long(path, framework) if "criterion" in heads else read_wide_csv(path, framework)


def _workbook(path: Path, framework: Framework) -> Campaign:
    from haidang.frameworks.answers_rows import read_filled_template
    from haidang.frameworks.answers_wide import read_wide_sheet
    from haidang.frameworks.sheets import open_workbook

    with open_workbook(path) as book:
        return read_wide_sheet(book, framework) if book.has("campaign") else read_filled_template(book, framework)
