"""What a user can do wrong, and one way of saying it.

Every mistake of a user ends in a `HaidangError`: one line that names the file, the line and the key, says what was
expected and what was found, and offers the nearest right spelling. The faces print that line and exit non-zero; only
a defect of the program itself ends in a traceback.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: a file, a line counted from one, and the key or column in it."""

    path: str
    line: int | None = None
    key: str | None = None

    def __str__(self) -> str:
        """`file:line: key`, leaving out what is not known."""
        head = self.path if self.line is None else f"{self.path}:{self.line}"
        return head if self.key is None else f"{head}: {self.key}"

    def at(self, key: str, line: int | None = None) -> Place:
        """The same file at another key, and at another line where one is given."""
        return Place(self.path, self.line if line is None else line, key)


class HaidangError(Exception):
    """A mistake that the user can mend.

    Args:
        problem: what was expected and what was found, in one sentence without a full stop.
        place: where it stands.
        hint: the nearest right spelling or the next step.
    """

    def __init__(self, problem: str, place: Place | None = None, hint: str | None = None) -> None:
        """Keep the three parts, so that a face may lay them out as it likes."""
        self.problem = problem
        self.place = place
        self.hint = hint
        super().__init__(str(self))

    def __str__(self) -> str:
        """The whole mistake on one line."""
        text = self.problem if self.place is None else f"{self.place}: {self.problem}"
        line = text if self.hint is None else f"{text}; {self.hint}"
        return " ".join(line.split())


def nearest(word: str, choices: Iterable[str]) -> str | None:
    """The choice most like `word`, or none where nothing is near."""
    found = get_close_matches(word, list(choices), n=1, cutoff=0.6)
    return found[0] if found else None


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """A hint for a misspelt word: the nearest choice, else the list of all."""
    known = sorted(choices)
    near = nearest(word, known)
    if near is not None:
        return f"did you mean '{near}'?"
    return f"known are: {', '.join(known)}" if known else "none is known here"
