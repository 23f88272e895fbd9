"""When the worker draws the pages and writes the files anew: what is due, and not at every change.

Where records change all the time the site would do nothing else. After each drawing and each writing the worker rests
from it, so many times as long as it took.
"""

from __future__ import annotations

import sys
from time import monotonic

from haidang.errors import HaidangError
from haidang.web.city.files import write_today
from haidang.web.city.standing import draw_today

REST, REST_OF_PAGES = 10.0, 3.0
"""So many times as long as a writing took the worker rests before the next; and as long as a drawing of the pages."""


class Worker:
    """Draws the pages and writes the files now and then, so that a city that changes all the time is still served."""

    __slots__ = ("_due", "_pages_due")

    def __init__(self) -> None:
        """Both are due at once."""
        self._due = self._pages_due = monotonic()

    def draw_due(self) -> None:
        """Draw the pages where they are due.

        Raises:
            HaidangError: a record of the pack is not as it should be.
        """
        begun = monotonic()
        if begun < self._pages_due:
            return
        draw_today()
        now = monotonic()
        self._pages_due = now + REST_OF_PAGES * (now - begun)

    def write_due(self) -> None:
        """Write the files where they are due.

        What does not fit a form is told to whoever runs the site, and the files of before stay: no other work waits
        for it.
        """
        begun = monotonic()
        if begun < self._due:
            return
        try:
            write_today()
        except HaidangError as mistake:
            print(f"haidang: the records as files: {mistake}", file=sys.stderr, flush=True)
        now = monotonic()
        self._due = now + REST * (now - begun)
