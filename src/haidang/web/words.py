"""The words on screen, in two languages, and nowhere else."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Literal

from haidang.facts import by_points, read_words

Language = Literal["vi", "en"]
LANGUAGES: tuple[Language, ...] = ("vi", "en")


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language."""

    language: Language
    texts: Mapping[str, str]

    def text(self, key: str, **values: object) -> str:
        """A sentence with its values filled in.

        Raises:
            KeyError: the catalogue has no such key, which is a defect of the program.
        """
        return self.texts[key].format(**values)


@lru_cache(maxsize=2)
def words(language: Language) -> Words:
    """The catalogue of a language: that of the frame, and that of each room of the application that has one.

    Raises:
        ValueError: two rooms give words to one key, which is a defect of the program.
    """
    found: dict[str, str] = {}
    for place in catalogues(language):
        own = by_points(read_words(place))
        if twice := found.keys() & own.keys():
            raise ValueError(f"{place}: {sorted(twice)} have words in another catalogue already")
        found |= own
    return Words(language, found)


def folded(text: str) -> str:
    """A text as people look for it: without capitals, without marks, each gap one blank."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("đ", "d"))
    return " ".join("".join(each for each in plain if not unicodedata.combining(each)).split())


def catalogues(language: Language) -> list[Traversable]:
    """The files that hold a language's words."""
    home, name = files("haidang.web"), f"words.{language}.yaml"
    rooms = sorted((each for each in home.iterdir() if each.is_dir()), key=lambda each: each.name)
    return [home.joinpath(name), *(file for each in rooms if (file := each.joinpath(name)).is_file())]
