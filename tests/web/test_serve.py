"""What the commands of the site say where something is missing."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from haidang.web import serve
from haidang.web.home import HomeError
from haidang.web.jobs import foreman
from tests.web.site import command, surroundings


def test_a_package_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(serve, "NEEDED", ("django", "a_package_of_nobody"))
    with pytest.raises(HomeError, match=r"a_package_of_nobody.*haidang\[web\]"):
        serve.prepare_environment(tmp_path / "data", "hcmc")
    assert not (tmp_path / "data").exists()


WITHOUT_A_SCOPE = """
import sys
from haidang.cli import main
from haidang.web import serve
from haidang.web.api.scopes import WRITES
del WRITES["api:run-publish"]
serve.keep_foreman = lambda: sys.exit("it went on to listen")
sys.argv = ["haidang", "serve", "--no-example"]
main()
"""


def test_the_site_does_not_start_where_programs_could_send_something_without_a_scope(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_A_SCOPE], env=surroundings(tmp_path / "data", "hcmc"), capture_output=True,
        text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].endswith(
        "UnscopedError: which scope does a token need to send to api:run-publish? name it in WRITES"
    )
    assert not done.stdout, "no address is named before"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--role", "analist"), "did you mean 'analyst'"),
        (("--role", "analyst", "--kind", "bank"), "a kind of organisation"),
    ],
)
def test_a_misspelt_role_or_kind_is_named_and_nobody_gets_an_account(
    tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    who = ("web", "user", "an@example.vn", "--organisation", "Sở", "--data", str(tmp_path / "data"))
    done = command(tmp_path / "data", "hcmc", *who, *words, given="mot mat khau that dai 2030\n")
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_weak_password_is_refused_in_one_line(tmp_path: Path) -> None:
    who = ("web", "user", "an@example.vn", "--role", "analyst", "--organisation", "Sở")
    done = command(tmp_path / "data", "hcmc", *who, given="ngan\n")
    assert done.returncode == 1
    assert "12" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_process_that_does_not_hear_the_signal_to_stop_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(foreman, "PATIENCE", 0.5)
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", deaf], stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        process.terminate()
        foreman.await_end(process)
    assert process.returncode == -signal.SIGKILL
