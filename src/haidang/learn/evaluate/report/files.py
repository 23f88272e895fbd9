"""The evaluation on disk."""

from __future__ import annotations

import json
from pathlib import Path

from haidang.frameworks.framework import Language
from haidang.learn.evaluate.report.evaluation import Evaluation
from haidang.learn.evaluate.report.page import evaluation_html
from haidang.results.run import replace_bytes

REPORT, WHOLE = "report.html", "evaluation.json"


def write_evaluation(told: Evaluation, folder: Path, language: Language) -> Path:
    """Write the report and the JSON.

    Args:
        told: the evaluation.
        folder: made where it is not there.
        language: shown first; the page holds both.

    Returns:
        The report's path.

    Raises:
        RunWriteError: a file cannot be written; an earlier one is left as it was.
    """
    text = json.dumps(told.as_json(), ensure_ascii=False, indent=2, sort_keys=True, allow_nan=False)
    page = evaluation_html(told, language)
    replace_bytes(folder / WHOLE, text.encode())
    replace_bytes(folder / REPORT, page.encode())
    return folder / REPORT
