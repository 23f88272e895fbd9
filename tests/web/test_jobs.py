"""Work in the background: every kind has somebody who does it."""

from __future__ import annotations

import subprocess
import sys

from tests.web.site import Site, surroundings


def test_every_kind_of_work_has_somebody_who_does_it_and_a_name_on_screen(site: Site, pack: str) -> None:
    code = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "haidang.web.settings"
import django; django.setup()
from haidang.web.jobs.kinds import KINDS, work_of
from haidang.web.words import LANGUAGES, words
for kind in KINDS:
    assert callable(work_of(kind))
    print(kind, *(words(language).text(f"jobs.kind.{kind}") for language in LANGUAGES))
"""
    done = subprocess.run(
        [sys.executable, "-c", code], env=surroundings(site.data, pack), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "simulate mô phỏng simulation" in done.stdout
