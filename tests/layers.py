"""Which room may import which, read from the source without running it."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PACKAGE = "haidang"

# A room stands on the rooms of lower floors. Packs stand above the models and the programmes and below the engine: a
# pack is anybody's, and uses nothing of what runs it. The study is the road from a pack to a finished run that every
# face takes, and the rooms that try a model or share out money on it.
FLOORS = {
    "errors": 0,
    "facts": 1,
    "population": 2,
    "frameworks": 2,
    "models": 3,
    "programmes": 3,
    "packs": 3.5,
    "engine": 4,
    "results": 5,
    "study": 5.5,
    "allocate": 6,
    "learn": 6,
    "track": 6,
    "reading": 6,
    "api": 7,
    "faces": 7.5,
    "web": 7.7,
    "cli": 8,
    "__main__": 9,
}

# The package's own door: any room may read its version, and it may open the Python interface, lazily, and nothing else.
DOOR = "__init__"
DOOR_OPENS = {"api", "errors"}
DOOR_CONSTANTS = {"__version__"}


@dataclass(frozen=True, slots=True)
class Import:
    """One room named by one import statement."""

    path: Path
    line: int
    room: str


def violations(package: Path) -> list[str]:
    """Every import that goes up or sideways, and every room without a floor, one line each.

    Args:
        package: the folder of the package, `src/haidang`.
    """
    return [
        *(f"{path}: a room without a floor" for path in _strangers(package)),
        *(
            f"{found.path}:{found.line}: {home} imports {found.room}"
            for path in sorted(package.rglob("*.py"))
            if (home := _room_of(path, package)) in FLOORS or home == DOOR
            for found in imports(path, package)
            if not _may(home, found.room)
        ),
    ]


def imports(path: Path, package: Path) -> Iterator[Import]:
    """The rooms that a file imports, wherever in the file: at its top, in a function, under `TYPE_CHECKING`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path))):
        for dotted in _dotted(node, path, package):
            parts = dotted.split(".")
            if parts[0] == PACKAGE:
                yield Import(path, node.lineno, parts[1] if len(parts) > 1 else DOOR)


def _dotted(node: ast.AST, path: Path, package: Path) -> list[str]:
    """The absolute dotted names that a statement or a call imports."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        base = _absolute(node, path, package)
        if base != PACKAGE:
            return [base]
        return [f"{base}.{alias.name}" for alias in node.names if alias.name not in DOOR_CONSTANTS]
    if isinstance(node, ast.Call) and _is_import_call(node.func) and node.args:
        name = node.args[0]
        return [name.value] if isinstance(name, ast.Constant) and isinstance(name.value, str) else []
    return []


def _absolute(node: ast.ImportFrom, path: Path, package: Path) -> str:
    """`from ..facts import x` as the dotted name of what it imports from."""
    if node.level == 0:
        return node.module or ""
    folder = path.parent
    for _ in range(node.level - 1):
        folder = folder.parent
    above = (PACKAGE, *folder.relative_to(package).parts)
    return ".".join((*above, *filter(None, (node.module,))))


def _is_import_call(function: ast.expr) -> bool:
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return name in {"import_module", "__import__"}


def _room_of(path: Path, package: Path) -> str:
    first = path.relative_to(package).parts[0]
    return first.removesuffix(".py")


def _strangers(package: Path) -> list[Path]:
    rooms = [path for path in sorted(package.iterdir()) if path.suffix == ".py" or any(path.rglob("*.py"))]
    return [path for path in rooms if path.stem not in FLOORS and path.stem != DOOR]


def _may(home: str, other: str) -> bool:
    if home == other:
        return True
    if home == DOOR:
        return other in DOOR_OPENS
    return FLOORS.get(other, float("inf")) < FLOORS[home]
