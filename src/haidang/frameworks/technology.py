"""From levels of capabilities to technology groups and back: a dated file, apart from the scale.

A group is in place where every capability that the file names stands at its level or above. The groups are those that
a model adopts, so that a measured factory can be simulated (`model_levels`) and a simulated one measured
(`levels_implied`). Cost, gain and saving are names of a pack's facts, which are looked up where they are used.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from math import floor, isnan
from pathlib import Path

from haidang.errors import Place, did_you_mean
from haidang.facts import Node, Reader, parse_yaml, read_yaml
from haidang.frameworks.answers_yaml import day_of
from haidang.frameworks.framework import Framework, FrameworkError, Text
from haidang.frameworks.read import NO_TEXT
from haidang.frameworks.score import Scores

KEYS = ("area", "level", "capabilities", "after", "cost", "productivity", "energy", "running", "title", "note")


@dataclass(frozen=True, slots=True)
class TechnologyGroup:
    """Technologies that a factory adopts together.

    Args:
        area: the area whose level the model moves.
        level: the level of that area that it stands for.
        capabilities: the level at which each of these must stand for the group to be in place.
        after: groups that must be in place before.
        cost: the fact that says its one-off cost, as a share of yearly revenue.
        productivity: the fact that says its gain, as a share of value added.
        energy: the fact that says what it saves, as a share of electricity bought.
        running: the fact that says its yearly running cost, as a share of revenue; none where it has none.
    """

    id: str
    area: str
    level: int
    capabilities: Mapping[str, int]
    after: tuple[str, ...]
    cost: str
    productivity: str
    energy: str
    running: str | None
    title: Text
    note: Text
    place: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class TechnologyMap:
    """Which levels of a framework's capabilities stand for which technology groups, on a day."""

    framework: str
    date: str
    groups: tuple[TechnologyGroup, ...]

    def group(self, name: str) -> TechnologyGroup:
        """The group of that id.

        Raises:
            FrameworkError: there is none.
        """
        for one in self.groups:
            if one.id == name:
                return one
        hint = did_you_mean(name, [one.id for one in self.groups])
        raise FrameworkError(f"expected a technology group, found '{name}'", None, hint)


def find_technologies(framework: Framework) -> TechnologyMap | None:
    """The map that comes with a shipped framework; none where there is none.

    Raises:
        HaidangError: it is not as it should be.
    """
    name = f"{framework.id}.technologies.yaml"
    file = files("haidang.frameworks").joinpath("shipped", name)
    return technologies_of(parse_yaml(file.read_text("utf-8"), name), name, framework) if file.is_file() else None


def load_technologies(path: Path | str, framework: Framework) -> TechnologyMap:
    """The map that a YAML file holds.

    Raises:
        HaidangError: the file cannot be read, or names what the framework does not have.
    """
    return technologies_of(read_yaml(path), str(path), framework)


def technologies_of(node: Node, path: str, framework: Framework) -> TechnologyMap:
    """The map in the top of a tree of nodes.

    Raises:
        HaidangError: as `load_technologies`.
    """
    top = Reader(node, path)
    top.forbid_unknown(("framework", "date", "technologies", "note"))
    if top.text("framework") != framework.id:
        raise FrameworkError(
            f"expected a map of '{framework.id}', found '{top.text('framework')}'", top.place("framework")
        )
    day = day_of(top, "date")
    if day is None:
        top.required("date")
    entries = top.children("technologies")
    groups = tuple(_group(entry, name, framework, entries) for name, entry in entries.items())
    _forbid_circle(groups)
    return TechnologyMap(framework.id, str(day), groups)


def _group(entry: Reader, name: str, framework: Framework, known: Collection[str]) -> TechnologyGroup:
    entry.forbid_unknown(KEYS)
    area = entry.one_of("area", [one.id for one in framework.areas])
    after = entry.texts_or("after", ())
    for one in after:
        if one not in known:
            problem = f"expected a technology group, found '{one}'"
            raise FrameworkError(problem, entry.place("after"), did_you_mean(one, known))
    return TechnologyGroup(
        id=name,
        area=area,
        level=entry.integer("level"),
        capabilities=_needed(entry.child("capabilities"), framework),
        after=after,
        cost=entry.text("cost"),
        productivity=entry.text("productivity"),
        energy=entry.text("energy"),
        running=entry.text_or("running", None),
        title=entry.title_or(NO_TEXT),
        note=entry.title_or(NO_TEXT, "note"),
        place=entry.place(),
    )


def _needed(entry: Reader, framework: Framework) -> Mapping[str, int]:
    tops = {one.id: one.top for one in framework.capabilities}
    for name in entry.keys:
        if name not in tops:
            raise FrameworkError(f"expected a capability, found '{name}'", entry.place(name), did_you_mean(name, tops))
        if not 1 <= entry.integer(name) <= tops[name]:
            problem = f"expected a level from 1 to {tops[name]}, found {entry.integer(name)}"
            raise FrameworkError(problem, entry.place(name))
    return {name: entry.integer(name) for name in entry.keys}


def _forbid_circle(groups: tuple[TechnologyGroup, ...]) -> None:
    left = {one.id: set(one.after) for one in groups}
    while True:
        free = {name for name, after in left.items() if not after & left.keys()}
        if not free:
            break
        left = {name: after for name, after in left.items() if name not in free}
    for one in groups:
        if one.id in left:
            raise FrameworkError("expected groups that can come one after the other, found a circle", one.place)


def in_place(technologies: TechnologyMap, scores: Scores, row: int) -> Mapping[str, bool | None]:
    """Whether each technology group is in place at a factory; none where the answers do not say.

    A capability that does not apply to the factory is not asked for; where none applies, the group is not in place.
    """
    index = {one.id: at for at, one in enumerate(scores.framework.capabilities)}
    found: dict[str, bool | None] = {}
    for group in technologies.groups:
        stands: list[bool | None] = []
        for name, level in group.capabilities.items():
            low, high = int(scores.claimed.level[row, index[name]]), int(scores.claimed.upper[row, index[name]])
            if high >= 0:
                stands.append(True if low >= level else False if high < level else None)
        found[group.id] = _all(stands)
    return found


def _all(stands: list[bool | None]) -> bool | None:
    if not stands or False in stands:
        return False
    return None if None in stands else True


def model_levels(technologies: TechnologyMap, scores: Scores, row: int) -> Mapping[str, int | None]:
    """The whole level of each area as a model's state has it; none where nothing is known of the area.

    It is the mean of the area rounded down, and then held between the groups that are in place and those that are not:
    at least the highest level up to which every group of the area is in place, and below the lowest level whose group
    is not. So a model that starts from the levels has exactly the groups that the factory has, as far as levels that
    include all below them can say it.
    """
    has = in_place(technologies, scores, row)
    found: dict[str, int | None] = {}
    for at, area in enumerate(scores.framework.areas):
        mean = float(scores.claimed.area_mean[row, at])
        level = None if isnan(mean) else floor(mean + 1e-9)
        own = sorted((one for one in technologies.groups if one.area == area.id), key=lambda one: one.level)
        for group in own:
            if has[group.id]:
                level = max(level or 0, group.level)
            else:
                level = None if level is None else min(level, group.level - 1)
                break
        found[area.id] = level
    return found


def levels_implied(technologies: TechnologyMap, groups: Collection[str]) -> Mapping[str, int]:
    """The level at which each capability stands at least, where these technology groups are in place.

    Raises:
        FrameworkError: a group is not in the map.
    """
    found: dict[str, int] = {}
    for name in groups:
        for capability, level in technologies.group(name).capabilities.items():
            found[capability] = max(level, found.get(capability, 0))
    return found
