"""A room imports only rooms on lower floors."""

from pathlib import Path

import pytest

from tests.layers import FLOORS, violations


def test_every_import_goes_down(root: Path) -> None:
    assert violations(root / "src" / "haidang") == []


def house(folder: Path, files: dict[str, str]) -> Path:
    """A small package with these files."""
    package = folder / "haidang"
    for name, text in {"__init__.py": "", **files}.items():
        path = package / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return package


@pytest.mark.parametrize(
    ("where", "text", "room"),
    [
        pytest.param("facts/units.py", "from haidang.engine import run", "engine", id="upward"),
        pytest.param("facts/units.py", "import haidang.population.table", "population", id="upward-by-dotted-name"),
        pytest.param("facts/units.py", "from haidang import results", "results", id="upward-through-the-door"),
        pytest.param("facts/deep/units.py", "from ...engine.step import run", "engine", id="upward-relative"),
        pytest.param("facts/units.py", "from .. import engine", "engine", id="upward-relative-by-name"),
        pytest.param("facts/units.py", "def late():\n    from haidang import web", "web", id="inside-a-function"),
        pytest.param(
            "facts/units.py",
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from haidang.engine import Run",
            "engine",
            id="for-types-only",
        ),
        pytest.param(
            "facts/units.py", "import importlib\nimportlib.import_module('haidang.engine')", "engine", id="by-a-string"
        ),
        pytest.param("facts/units.py", "import haidang", "__init__", id="the-whole-package"),
        pytest.param("models/a.py", "from haidang.programmes import Programme", "programmes", id="sideways"),
        pytest.param("programmes/a.py", "from haidang.models import Model", "models", id="sideways-back"),
        pytest.param("frameworks/a.py", "from haidang.population import Population", "population", id="sideways-low"),
        pytest.param("learn/a.py", "from haidang.track import Target", "track", id="sideways-high"),
        pytest.param("packs/load.py", "from haidang.engine import run", "engine", id="a-pack-that-runs"),
        pytest.param("packs/hcmc/a.py", "from haidang.results import report", "results", id="a-pack-that-reports"),
        pytest.param("models/a.py", "from haidang.packs.load import load_pack", "packs", id="a-model-that-loads-packs"),
        pytest.param("__init__.py", "from haidang.engine import run", "engine", id="a-door-into-the-engine"),
    ],
)
def test_an_import_that_goes_up_or_sideways_is_found(tmp_path: Path, where: str, text: str, room: str) -> None:
    package = house(tmp_path, {where: text})
    (found,) = violations(package)
    assert found.startswith(f"{package / where}:")
    assert found.endswith(f"imports {room}")


def test_a_room_without_a_floor_is_found(tmp_path: Path) -> None:
    package = house(tmp_path, {"helpers/a.py": "", "loose.py": ""})
    assert violations(package) == [
        f"{package / 'helpers'}: a room without a floor",
        f"{package / 'loose.py'}: a room without a floor",
    ]


def test_imports_that_go_down_are_allowed(tmp_path: Path) -> None:
    package = house(
        tmp_path,
        {
            "__init__.py": "def __getattr__(name):\n    from haidang import api",
            "population/a.py": "from haidang.facts import FactBook\nfrom haidang import errors\nimport numpy",
            "packs/hcmc/a.py": "from haidang.models import Model\nfrom haidang.packs.load import load_pack",
            "engine/a.py": "from . import b\nfrom ..packs.load import load_pack\nfrom haidang import __version__",
            "engine/b.py": "from haidang.programmes import Programme",
            "cli.py": "from haidang import api",
        },
    )
    assert violations(package) == []


def test_every_room_of_the_house_has_one_floor() -> None:
    order = ["errors", "facts", "population", "models", "packs", "engine", "results", "learn", "api", "cli"]
    assert [FLOORS[room] for room in order] == sorted({FLOORS[room] for room in order})
