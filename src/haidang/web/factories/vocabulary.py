"""What is asked of a factory, in the words of the pack: columns, sizes, the framework, the programmes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from haidang.frameworks import Capability, Framework, find_framework
from haidang.frameworks.framework import SECTORS, SIZES
from haidang.population.columns import Column
from haidang.population.mapping import Classed, RegisterMapping, load_mapping
from haidang.programmes import Programme
from haidang.web.city.pack import pack
from haidang.web.words import Language, words

MODEL = POPULATION = "factories"
"""The model whose units a framework assesses, and the population of which they are."""
FRAMEWORK = "smart-responsible"
ASKED = ("sector", "employees", "revenue", "value_added", "electricity")
"""Columns that have a field of their own: the framework's scores, peers and roadmap read them."""
SIZE_STARTS = {"small": 0.0, "medium": 20.0, "large": 100.0}
"""Employees from which a size begins where the pack does not say: as the World Bank's surveys class firms."""


@lru_cache(maxsize=1)
def framework() -> Framework:
    """The framework under which factories assess themselves."""
    return find_framework(FRAMEWORK)


def applies(capability: Capability, sector: str, size: str) -> bool:
    """Whether a capability is asked of a factory."""
    own = {"sector": sector, "size": size}
    return all(own[key] in values for key, values in capability.applies.items())


def asked_of(sector: str, size: str) -> list[str]:
    """The criteria that are asked of such a factory."""
    parts = (one for area in framework().areas for one in area.capabilities)
    return [each.id for one in parts if applies(one, sector, size) for each in one.criteria]


@lru_cache(maxsize=1)
def programmes() -> Mapping[str, Programme]:
    """The pack's programmes for factories, by id."""
    return {name: file.base for name, file in pack().programmes.items() if file.base.model == MODEL}


def programme_title(name: str, language: Language) -> str:
    """What a programme is called."""
    found = programmes().get(name)
    return name if found is None else found.title[language]


@lru_cache(maxsize=1)
def mapping() -> RegisterMapping | None:
    """How a register becomes the pack's population of factories; none where the pack does not say."""
    for path in sorted((pack().root / "populations").glob("*.mapping.yaml")):
        found = load_mapping(path)
        if found.population == POPULATION:
            return found
    return None


@lru_cache(maxsize=1)
def columns() -> Mapping[str, Column]:
    """The columns of the pack's population of factories; none where it has no such population."""
    spec = pack().populations.get(POPULATION)
    return {} if spec is None else {one.column.name: one.column for one in spec.drawn}


@lru_cache(maxsize=1)
def traits() -> Mapping[str, Column]:
    """Further categories and flags that are asked: those that a register has or that a programme reads."""
    known = mapping()
    read = set[str]() if known is None else set(known.rules)
    for file in pack().programmes.values():
        for programme in file.programmes if file.base.model == MODEL else ():
            for one in programme.instruments:
                read |= {*one.eligible.names, *(() if one.ration.by is None else one.ration.by.names)}
    return {
        name: column
        for name, column in columns().items()
        if name in read and column.kind in {"category", "flag"} and name not in {*ASKED, "size"}
    }


def size_of(employees: int) -> str:
    """The size of a factory by its employees, as the register's classes say; the smallest below all of them."""
    known = mapping()
    rule = None if known is None else known.rules.get("size")
    starts = {name: low for name, (low, _) in rule.classes.items()} if isinstance(rule, Classed) else SIZE_STARTS
    reached = [name for name in SIZES if name in starts and employees >= starts[name]]
    return reached[-1] if reached else SIZES[0]


def column_title(name: str, language: Language) -> str:
    """What a column is called: as the pack says, else as the site does."""
    column = columns().get(name)
    if column is not None and language in column.title:
        return column.title[language]
    found = words(language).texts.get(f"factories.column.{name}")
    return name if found is None else found


def word_title(name: str, word: str, language: Language) -> str:
    """What a word of a category is called."""
    column = columns().get(name)
    if column is not None and word in column.titles:
        return column.titles[word][language]
    found = words(language).texts.get(f"factories.word.{name}.{word}")
    return word if found is None else found


def sector_choices(language: Language) -> list[tuple[str, str]]:
    """The sectors of the framework, each with its name."""
    return [(one, word_title("sector", one, language)) for one in SECTORS]
