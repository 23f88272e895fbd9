"""Asking the sampler."""

from __future__ import annotations

import json
import socket
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import BoundedSemaphore

from django.conf import settings

from haidang.web.lab.line import address, read_line
from haidang.web.lab.told import Told, told_of
from haidang.web.words import Language

PATIENCE = 45.0
"""Seconds that a page waits: the first answer about a programme compiles it."""
MOST_WAITING = 2
"""So many requests of one server process wait for the sampler at once, so that other pages always find a thread."""
HURRY = 0.5
"""Seconds to leave word in which nobody should wait."""

_seats = BoundedSemaphore(MOST_WAITING)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: what was told, or a mistake of the design, or nothing.

    Args:
        told: what the designs do.
        mistake: why they cannot be run.
        busy: whether nothing came since others are answered or the programme is being prepared; else nobody is there.
    """

    told: Told | None = None
    mistake: str = ""
    busy: bool = False


def ask(programme: str, designs: Sequence[str], language: Language) -> Answer:
    """Try designs of a programme on the sample.

    Args:
        programme: its id.
        designs: the texts of their files.
        language: of the words.
    """
    if not _seats.acquire(blocking=False):
        return Answer(busy=True)
    asked = {"programme": programme, "designs": list(designs), "language": language}
    try:
        with _said(asked, PATIENCE) as line:
            found = json.loads(read_line(line))
    except TimeoutError:
        return Answer(busy=True)
    except (OSError, ValueError):
        return Answer()  # killed or starting: the page says so, and one asks again
    finally:
        _seats.release()
    if "mistake" in found:
        return Answer(mistake=found["mistake"])
    return Answer(told_of(found["told"]))


def prepare(programmes: Sequence[str]) -> None:
    """Leave word that somebody may soon ask about these programmes; where nobody hears it, nothing is lost."""
    with suppress(OSError), _said({"prepare": list(programmes)}, HURRY):
        pass


@contextmanager
def _said(message: Mapping[str, object], patience: float) -> Generator[socket.socket]:
    """The line to the sampler, after a message has gone."""
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(patience)
        line.connect(str(address(settings.HOME.data)))
        line.sendall(json.dumps(message, ensure_ascii=False).encode() + b"\n")
        yield line
