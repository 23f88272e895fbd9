"""Asking the sampler."""

from __future__ import annotations

import json
import socket
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings

from haidang.web.lab.line import address, read_line
from haidang.web.lab.told import Told, told_of
from haidang.web.words import Language

PATIENCE = 45.0
"""Seconds that a page waits: the first answer about a programme compiles it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: what was told, or a mistake of the design, or nothing, since nobody answered."""

    told: Told | None = None
    mistake: str = ""


def ask(programme: str, designs: Sequence[str], language: Language) -> Answer:
    """Try designs of a programme on the sample.

    Args:
        programme: its id.
        designs: the texts of their files.
        language: of the words.
    """
    asked = {"programme": programme, "designs": list(designs), "language": language}
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(PATIENCE)
            line.connect(str(address(settings.HOME.data)))
            line.sendall(json.dumps(asked, ensure_ascii=False).encode() + b"\n")
            found = json.loads(read_line(line))
    except (OSError, ValueError):
        return Answer()  # killed, starting or busy: the page says so, and one asks again
    if "mistake" in found:
        return Answer(mistake=found["mistake"])
    return Answer(told_of(found["told"]))
