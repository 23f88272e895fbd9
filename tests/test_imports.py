"""Importing the package costs little, and checking a pack never pays for the engine."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

HEAVY = {"jax", "jaxlib", "polars", "pyarrow", "pint", "scipy", "altair", "pydantic", "numpy", "rich", "typer"}

# The name under which a distribution is imported, where it is another than its own.
IMPORTED_AS = {
    "ruamel.yaml": "ruamel",
    "vl-convert-python": "vl_convert",
    "python-docx": "docx",
    "django-allauth": "allauth",
    "django-csp": "csp",
    "django-ninja": "ninja",
}

CHECK = """
import sys
from haidang.cli import main
sys.argv = ["haidang", "check", "hcmc"]
try:
    main()
except SystemExit as stop:
    assert not stop.code, f"haidang check hcmc ended with {stop.code}"
"""


def loaded_after(program: str) -> set[str]:
    """The top-level modules that a fresh interpreter holds after running a program."""
    report = "\nimport sys\nprint('MODULES', *sorted({name.partition('.')[0] for name in sys.modules}))"
    done = subprocess.run(
        [sys.executable, "-c", program + report], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return set(done.stdout.splitlines()[-1].split()[1:])


def test_importing_the_package_loads_no_library() -> None:
    assert loaded_after("import haidang") & HEAVY == set()


def test_asking_for_help_does_not_load_the_engine() -> None:
    assert "jax" not in loaded_after(CHECK.replace('"check", "hcmc"', '"--help"'))


def test_checking_a_pack_does_not_load_the_engine() -> None:
    assert loaded_after(CHECK) & {"jax", "jaxlib"} == set()


@pytest.mark.parametrize("room", ["facts", "population", "programmes"])
def test_the_rooms_that_check_a_pack_do_not_load_the_engine(room: str) -> None:
    assert loaded_after(f"import haidang.{room}") & {"jax", "jaxlib"} == set()


def test_every_library_that_is_imported_is_declared(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [wish for wishes in project["optional-dependencies"].values() for wish in wishes]
    declared = {import_name(wish) for wish in [*project["dependencies"], *extras]}
    undeclared = {
        f"{path.relative_to(root)}:{line}: {name}"
        for path in (root / "src").rglob("*.py")
        for line, name in outside_imports(path)
        if name not in declared
    }
    assert undeclared == set()


def import_name(wish: str) -> str:
    """`ruamel.yaml>=0.18` is imported as `ruamel`."""
    name = re.split(r"[<>=!~;\[ ]", wish, maxsplit=1)[0]
    return IMPORTED_AS.get(name, name.replace("-", "_"))


def outside_imports(path: Path) -> list[tuple[int, str]]:
    """The line and top-level name of every import that is neither Python's own nor ours."""
    found = [
        (node.lineno, name)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in names_imported(node)
    ]
    return [(line, name) for line, name in found if name not in sys.stdlib_module_names and name != "haidang"]


def names_imported(node: ast.Import | ast.ImportFrom) -> list[str]:
    """The top-level names of one import statement; none where it is relative."""
    if isinstance(node, ast.Import):
        return [alias.name.partition(".")[0] for alias in node.names]
    return [] if node.level or node.module is None else [node.module.partition(".")[0]]
