"""What the repository promises as a whole: short files, nothing executed from data, no addresses, one version."""

import ast
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import haidang

LONGEST = 400

# Spelt in two halves, so that this file does not hold what it looks for.
ADDRESSES = ["pypi" + ".org", "python" + "hosted", "npm" + "js", "deb." + "debian"]
MACHINE_PATHS = [r"/ro" + r"ot/", r"/wo" + r"rk/", r"/ho" + r"me/\w", r"/t" + r"mp/\w", r"file:" + r"///\w"]

RUNS_DATA_AS_CODE = {"eval", "exec", "compile", "__import__"}
LOADS_DATA_AS_CODE = {"pickle", "cPickle", "dill", "cloudpickle", "marshal", "shelve", "joblib"}


@pytest.fixture(scope="module")
def tracked(root: Path) -> list[Path]:
    """Every file of the repository that git knows."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True, check=True).stdout
    return [path for name in listed.split("\0") if name and (path := root / name).is_file()]


@pytest.fixture(scope="module")
def project(root: Path) -> dict[str, object]:
    """The `[project]` table and its neighbours."""
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))


def code(root: Path, *folders: str) -> Iterator[Path]:
    """The Python files under some folders."""
    for folder in folders:
        yield from sorted((root / folder).rglob("*.py"))


def lines_with(path: Path, pattern: str) -> Iterator[str]:
    """`path:line` of every line of a text file that a pattern matches."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return
    for number, line in enumerate(text.splitlines(), start=1):
        if re.search(pattern, line):
            yield f"{path}:{number}: {line.strip()[:120]}"


def test_no_file_is_longer_than_one_can_hold_in_mind(root: Path) -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in code(root, "src", "tests")}
    assert {str(path): length for path, length in lengths.items() if length > LONGEST} == {}


def test_data_is_never_run_as_code(root: Path) -> None:
    found = [
        f"{path}:{node.lineno}: {name}"
        for path in code(root, "src")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in dangers(node)
    ]
    assert found == []


def dangers(node: ast.AST) -> list[str]:
    """The names in one node by which data could be run."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return [node.func.id] if node.func.id in RUNS_DATA_AS_CODE else []
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names if alias.name in LOADS_DATA_AS_CODE]
    if isinstance(node, ast.ImportFrom):
        return [node.module] if node.module in LOADS_DATA_AS_CODE else []
    return []


@pytest.mark.parametrize("text", ["eval('1')", "exec(x)", "import pickle", "from marshal import loads", "compile(a)"])
def test_a_way_to_run_data_is_found(text: str) -> None:
    assert [name for node in ast.walk(ast.parse(text)) for name in dangers(node)] != []


@pytest.mark.parametrize("text", ["re.compile('a')", "jitted.lower().compile()", "# eval(x)", "evaluate(x)"])
def test_what_only_looks_like_it_is_allowed(text: str) -> None:
    assert [name for node in ast.walk(ast.parse(text)) for name in dangers(node)] == []


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_registry_is_named(tracked: list[Path], address: str) -> None:
    assert [line for path in tracked for line in lines_with(path, re.escape(address))] == []


@pytest.mark.parametrize("pattern", MACHINE_PATHS)
def test_no_path_of_one_machine_is_named(tracked: list[Path], pattern: str) -> None:
    assert [line for path in tracked for line in lines_with(path, rf"(?<![\w.$}}]){pattern}")] == []


def test_the_lock_holds_versions_and_hashes_only(root: Path) -> None:
    allowed = re.compile(
        r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+( ; [^\\]+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?|    # via.*|    #   .*"
    )
    lines = (root / "requirements.lock").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not allowed.fullmatch(line)] == []


def test_the_lock_covers_all_that_the_project_asks_for(root: Path, project: dict[str, dict]) -> None:
    locked = set(re.findall(r"(?m)^([A-Za-z0-9._-]+)==", (root / "requirements.lock").read_text(encoding="utf-8")))
    groups = [wish for group in project["dependency-groups"].values() for wish in group if isinstance(wish, str)]
    asked = [
        *project["project"]["dependencies"],
        *project["project"]["optional-dependencies"]["db"],
        *project["build-system"]["requires"],
        *groups,
    ]
    assert {plain(wish) for wish in asked} - {plain(name) for name in locked} == set()


def plain(wish: str) -> str:
    """A distribution's name in its one normal form (PEP 503)."""
    return re.sub(r"[-_.]+", "-", re.split(r"[<>=!~;\[ ]", wish, maxsplit=1)[0]).lower()


def test_the_version_is_the_same_everywhere(root: Path) -> None:
    cited = re.search(r"(?m)^version: (.+)$", (root / "CITATION.cff").read_text(encoding="utf-8"))
    assert cited is not None
    assert cited[1].strip('"') == haidang.__version__
    assert f"## {haidang.__version__}" in (root / "CHANGELOG.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["README.md", "README.vi.md"])
def test_the_readme_gives_the_two_commands(root: Path, name: str) -> None:
    text = (root / name).read_text(encoding="utf-8")
    assert "make demo" in text
    assert "make test" in text


def test_every_link_of_a_page_leads_somewhere(tracked: list[Path]) -> None:
    broken = [
        f"{page}: {target}"
        for page in tracked
        if page.suffix == ".md"
        for target in re.findall(r"(?<!!)\[[^\]]*\]\(([^)#\s]+)", page.read_text(encoding="utf-8"))
        if "://" not in target and not target.startswith("mailto:") and not (page.parent / target).exists()
    ]
    assert broken == []


def test_the_installed_package_holds_its_packs_and_its_types(root: Path, tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=root,
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as held:
        names = set(held.namelist())
    source = root / "src"
    wanted = {
        str(path.relative_to(source))
        for path in source.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc"
    }
    assert wanted - names == set()
