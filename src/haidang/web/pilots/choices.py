"""What may be chosen in the form of a pilot, in words."""

from __future__ import annotations

from collections.abc import Iterable

from haidang.web.city.pack import pack
from haidang.web.shell import language
from haidang.web.words import words


def said_of(key: str, values: Iterable[str]) -> list[tuple[str, str]]:
    """What may be chosen, in words."""
    return [(one, words(language()).text(f"pilots.{key}.{one}")) for one in values]


def are_of(programme: str | None, offers: Iterable[str]) -> bool:
    """Whether all offers are the programme's."""
    return all(one.partition("|")[0] == programme for one in offers)


def offers() -> list[tuple[str, list[tuple[str, str]]]]:
    """Everything that a programme's variants offer, by programme."""
    own, found = language(), list[tuple[str, list[tuple[str, str]]]]()
    for name, file in pack().programmes.items():
        each_of = {
            f"{name}|{one.id}/{each.id}": f"{one.title[own]}: {each.title[own]}"
            for one in file.programmes
            for each in one.instruments
        }
        found.append((file.base.title[own], list(each_of.items())))
    return found
