"""Words of the command line, read: `PACK/NAME`, a language, an amount of memory."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from haidang.errors import HaidangError, did_you_mean

if TYPE_CHECKING:
    from rich.console import Console

_MEMORY_UNITS = {"MB": 10**6, "GB": 10**9, "MiB": 2**20, "GiB": 2**30}
_LANGUAGES = ("vi", "en")


class CommandError(HaidangError):
    """Words on the command line that mean nothing."""


def split_name(name: str, what: str) -> tuple[str, str]:
    """A pack and the name of something in it, from `PACK/NAME`.

    Raises:
        CommandError: there is no `/NAME`.
    """
    pack, slash, rest = name.rpartition("/")
    if not slash or not rest or not pack:
        raise CommandError(f"expected PACK/{what}, found '{name}'")
    return pack, rest


def is_pack(name: str) -> bool:
    """Whether a name is that of a pack, or its folder, and of nothing in it."""
    return "/" not in name or Path(name, "pack.yaml").is_file()


def refuse_for_all(**given: object) -> None:
    """See that nothing is asked of all programmes together that only one can answer.

    Raises:
        CommandError: an option was given that belongs to one programme.
    """
    for option, value in given.items():
        if value:
            problem = f"expected PACK/PROGRAMME beside --{option}, found a pack alone"
            raise CommandError(problem, hint=f"leave --{option} out to run all programmes of the pack")


def language(lang: str) -> Any:
    """The language asked for.

    Raises:
        CommandError: it is not one that Haidang speaks.
    """
    if lang not in _LANGUAGES:
        raise CommandError(f"expected --lang vi or en, found '{lang}'", None, did_you_mean(lang, _LANGUAGES))
    return lang


def bytes_of(text: str) -> int:
    """A number of bytes from words such as `2GB` or `500 MB`.

    Raises:
        CommandError: the words are no amount of memory.
    """
    stripped = text.replace(" ", "")
    for unit, size in sorted(_MEMORY_UNITS.items(), key=lambda one: -len(one[0])):
        number = stripped.removesuffix(unit)
        if number != stripped and number.replace(".", "", 1).isdigit() and float(number) > 0:
            return int(float(number) * size)
    raise CommandError(f"expected an amount of memory such as 2GB or 500MB, found '{text}'")


def console() -> Console:
    """Where tables are printed: as wide as the terminal, and wide enough for a file where there is none."""
    from rich.console import Console

    return Console(width=None if sys.stdout.isatty() else 160)
