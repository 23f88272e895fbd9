"""The page shows what runs, and the room stays cheap until it is used."""

import os
import re
import subprocess
import sys
from pathlib import Path

from haidang.learn import evaluate

BLOCK = re.compile(r"(?ms)^```python\n(.*?)^```")


def test_the_examples_of_the_page_run_one_after_another(root: Path, tmp_path: Path) -> None:
    page = (root / "docs" / "howto" / "evaluate.md").read_text(encoding="utf-8")
    script = tmp_path / "example.py"
    script.write_text("\n".join(BLOCK.findall(page)), encoding="utf-8")
    run = subprocess.run(
        [sys.executable, str(script)], cwd=tmp_path, capture_output=True, text=True, check=True, env=dict(os.environ)
    )
    lines = run.stdout.splitlines()
    assert lines[2] == "scale probably_worthwhile" or lines[2] == "scale surely_worthwhile"
    assert (tmp_path / lines[3]).stat().st_size > 10_000


def test_every_design_of_the_page_is_a_function_of_the_room(root: Path) -> None:
    page = (root / "docs" / "howto" / "evaluate.md").read_text(encoding="utf-8")
    named = set(re.findall(r"\| `(\w+)` \|", page))
    assert len(named) == 8
    assert named <= set(evaluate.__all__)


def test_every_public_name_is_there() -> None:
    assert all(callable(getattr(evaluate, name)) for name in evaluate.__all__)


def test_records_and_rule_load_no_estimator() -> None:
    code = (
        "import sys; from haidang.learn.evaluate import Effect, decide;"
        "print([name for name in ('pyfixest', 'diff_diff', 'pandas', 'scipy', 'numpy', 'jax') if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=dict(os.environ))
    assert run.stdout.strip() == "[]"
