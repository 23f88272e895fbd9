"""The records as files for others, written once for each state of the records."""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from pathlib import Path

from django.conf import settings

from haidang.results.run import replace_bytes
from haidang.track.exchange import ToldOdds, write_files
from haidang.track.tracked import Tracked

FORMS = {"csv": "zip", "xlsx": "xlsx", "json": "json", "sdmx": "csv"}
"""By form the ending of its file; tables as CSV are several files in an archive. SDMX-CSV holds the indicators only."""
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""The time of every file in an archive, so that the same records give the same bytes."""


def write_downloads(tracked: Tracked, pack: str, key: str) -> None:
    """Write the files of all forms, with the odds of the targets as they were told to programs under the same key.

    Args:
        tracked: the records that everybody may see.
        pack: id of the pack.
        key: in the names of the files.

    Raises:
        HaidangError: a text does not fit a form.
    """
    odds = _odds(key)
    for form in FORMS:
        with tempfile.TemporaryDirectory(dir=settings.HOME.pages) as folder:
            written = write_files(tracked, Path(folder), form, pack, odds)
            content = _zipped(written) if form == "csv" else written[0].read_bytes()
        replace_bytes(download(key, form), content)


def _odds(key: str) -> ToldOdds:
    """How likely each target is, as the API tells it: read, not reckoned again, so that the numbers are the same."""
    from haidang.web.city.files import PLAIN  # which writes these files behind its own

    told = json.loads((settings.HOME.pages / f"records-{key}.{PLAIN}").read_text(encoding="utf-8"))
    return ToldOdds(told["as_of"], told["targets"])


def download(key: str, form: str) -> Path:
    """Where the file of a form lies."""
    return settings.HOME.pages / f"records-{key}.{form}.{FORMS[form]}"


def _zipped(files: tuple[Path, ...]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            entry = zipfile.ZipInfo(file.name, _FIRST_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, file.read_bytes())
    return stream.getvalue()
