"""Finding a pack, reading it, and checking that its parts fit together. Nothing here imports JAX."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import TYPE_CHECKING, Any, TypeVar

from haidang.errors import HaidangError, Place, did_you_mean
from haidang.facts import FactBook, Reader, read_yaml
from haidang.models import Model
from haidang.packs.outline import Outline, load_outline
from haidang.population import PopulationSpec, load_spec
from haidang.programmes import ProgrammeFile, load_programme

if TYPE_CHECKING:
    import polars as pl

T = TypeVar("T")

_BUNDLED = Path(__file__).parent
_KEYS = ("id", "title", "description", "languages", "models")


class PackError(HaidangError):
    """A pack that is not there, or whose parts do not fit."""


@dataclass(frozen=True)
class Pack:
    """A pack as read from its folder.

    Args:
        id: its name.
        title: in Vietnamese and English.
        root: its folder.
        book: its facts and sources.
        modules: for each model, the file and the class that it is.
    """

    id: str
    title: Mapping[str, str]
    root: Path
    book: FactBook
    modules: Mapping[str, tuple[str, str]]

    @cached_property
    def populations(self) -> Mapping[str, PopulationSpec]:
        """The descriptions of its populations by id."""
        return _by_id("population", ((spec.id, path, spec) for path, spec in self._read("populations", load_spec)))

    @cached_property
    def programmes(self) -> Mapping[str, ProgrammeFile]:
        """Its programmes with their variants, by id."""
        found = self._read("programmes", lambda path: load_programme(path, self.book))
        return _by_id("programme", ((file.base.id, path, file) for path, file in found))

    @cached_property
    def backtests(self) -> Mapping[str, Path]:
        """The files of its backtests by name."""
        return {path.stem: path for path in _files(self.root / "backtests")}

    @cached_property
    def outline(self) -> Outline | None:
        """Where the city's parts lie; none where the pack does not say."""
        return load_outline(self.root, self.book)

    def with_book(self, book: FactBook) -> Pack:
        """The same pack with other facts; files that were read and hang on none of these are not read again."""
        other = replace(self, book=book)
        if "populations" in vars(self):
            vars(other)["populations"] = self.populations
        if "programmes" in vars(self):
            changed = {name for name, fact in book.facts.items() if fact is not self.book.facts.get(name)}
            listed = (one for file in self.programmes.values() for one in file.programmes)
            if not any(changed & set(one.amount_facts) for one in listed):
                vars(other)["programmes"] = self.programmes
        return other

    def model(self, name: str) -> Model:
        """The model of this id.

        Raises:
            PackError: there is none, or its class is not a model.
        """
        if name not in self.modules:
            raise PackError(
                f"expected one of the pack's models, found '{name}'",
                Place(str(self.root / "pack.yaml"), None, "models"),
                did_you_mean(name, self.modules),
            )
        file, class_name = self.modules[name]
        module = _import(self.root, file)
        found = getattr(module, class_name, None)
        if not (isinstance(found, type) and issubclass(found, Model)):
            raise PackError(
                f"expected '{class_name}' to be a class derived from Model", Place(str(self.root / file), None, name)
            )
        return found()

    def reader(self, name: str) -> Callable[[Path], pl.DataFrame]:
        """The function of the pack's `fits/records.py` that reads a published file of choices.

        Raises:
            PackError: there is none of that name.
        """
        module = _import(self.root, "fits/records.py")
        known: dict[str, Any] = {key: one for key, one in vars(module).items() if key.startswith("read_")}
        if name not in known:
            place = Place(str(self.root / "fits" / "records.py"))
            raise PackError(f"expected a function that reads a file, found '{name}'", place, did_you_mean(name, known))
        return known[name]

    def programme(self, name: str) -> ProgrammeFile:
        """The programme of this id.

        Raises:
            PackError: there is none.
        """
        return _named(self.programmes, name, "programme", self.root / "programmes")

    def population(self, name: str) -> PopulationSpec:
        """The description of the population of this id.

        Raises:
            PackError: there is none.
        """
        return _named(self.populations, name, "population", self.root / "populations")

    def _read(self, folder: str, read: Callable[[Path], T]) -> tuple[tuple[Path, T], ...]:
        return tuple((path, read(path)) for path in _files(self.root / folder) if ".mapping" not in path.suffixes)


def find_pack(name: str) -> Path:
    """The folder of a pack: a path to one, or the name of one that comes with Haidang.

    Raises:
        PackError: there is none.
    """
    given = Path(name)
    if (given / "pack.yaml").is_file():
        return given
    bundled = {path.parent.name: path.parent for path in sorted(_BUNDLED.glob("*/pack.yaml"))}
    if name in bundled:
        return bundled[name]
    if given.is_dir():
        raise PackError("expected a folder with a pack.yaml, found none in it", Place(name))
    raise PackError(f"expected a pack's name or folder, found '{name}'", None, did_you_mean(name, bundled))


def load_pack(name: str) -> Pack:
    """Read a pack's own file and its facts; programmes and populations are read when they are asked for.

    Raises:
        HaidangError: the pack is not there, or a file of it is not as it should be.
    """
    root = find_pack(name)
    path = root / "pack.yaml"
    reader = Reader(read_yaml(path), path)
    reader.forbid_unknown(_KEYS)
    models = {key: (entry.text("file"), entry.text("class")) for key, entry in reader.children("models").items()}
    return Pack(reader.text("id"), reader.title(), root, FactBook.load(root), MappingProxyType(models))


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.yaml")) if folder.is_dir() else []


def _by_id(what: str, found: Iterable[tuple[str, Path, T]]) -> Mapping[str, T]:
    """By id, refusing an id that two files claim."""
    known: dict[str, T] = {}
    first: dict[str, Path] = {}
    for name, path, one in found:
        if name in known:
            raise PackError(
                f"expected each {what}'s id once, found '{name}' also in {first[name].name}",
                Place(str(path), None, "id"),
            )
        known[name], first[name] = one, path
    return known


def _named(known: Mapping[str, T], name: str, what: str, folder: Path) -> T:
    if name not in known:
        raise PackError(f"expected a {what} of the pack, found '{name}'", Place(str(folder)), did_you_mean(name, known))
    return known[name]


def _import(root: Path, file: str) -> ModuleType:
    """A module of a pack. The pack's folder is its package, so that its files may import one another.

    Raises:
        PackError: the file is outside the pack, not there, or fails when it is imported.
    """
    path = (root / file).resolve()
    if not path.is_relative_to(root.resolve()) or path.suffix != ".py" or not path.is_file():
        raise PackError("expected a Python file inside the pack", Place(str(root / "pack.yaml"), None, file))
    package = f"haidang.packs.{root.name}" if root.resolve().parent == _BUNDLED else f"haidang_pack_{root.name}"
    name = ".".join((package, *path.relative_to(root.resolve()).with_suffix("").parts))
    if package.startswith("haidang_pack_") and package not in sys.modules:
        holder = ModuleType(package)
        holder.__path__ = [str(root.resolve())]
        sys.modules[package] = holder
    try:
        return importlib.import_module(name)
    except HaidangError:
        raise
    except Exception as error:
        raise PackError(f"the model's file fails when it is imported: {error!r}", Place(str(path))) from error
