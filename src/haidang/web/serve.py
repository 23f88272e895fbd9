"""`haidang serve`: the database brought up to date, a worker beside the server, the server in front."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from types import FrameType

from haidang.web.home import DATA, HOSTS, PACK, SECRET, HomeError, doubt, home_of
from haidang.web.jobs.foreman import PAUSE

NEEDED = ("django", "allauth", "babel", "csp", "granian", "whitenoise", "argon2")
EXAMPLE_DRAWS = 20
"""Draws of the first run of each programme: enough to show something within minutes, and called few on its page."""


def serve(data: Path, pack: str, address: str, port: int, processes: int, example: bool) -> None:
    """Serve until told to stop.

    Args:
        data: the folder that holds everything.
        pack: the city.
        address: where to listen.
        port: likewise.
        processes: of the server; each has some threads.
        example: whether a new site begins with a run of each programme.

    Raises:
        HaidangError: the environment or the pack cannot be used.
        UnscopedError: programs could send something for which no scope is named.
    """
    prepare_environment(data, pack)
    if told := doubt(home_of(os.environ)):
        print(f"haidang: {told}", file=sys.stderr)
    update_database()
    load_addresses()
    begin_records()
    begin_city(example)
    from granian import Granian
    from granian.constants import Interfaces

    end = keep_foreman()
    try:
        server = Granian(
            "haidang.web.wsgi:application",
            address=address,
            port=port,
            interface=Interfaces.WSGI,
            workers=processes,
            blocking_threads=4,
            respawn_failed_workers=True,  # one that the system ended for want of memory takes no other with it
            log_enabled=False,
        )
        print(f"http://{address}:{port}/", flush=True)
        server.serve()
    finally:
        end()


def keep_foreman() -> Callable[[], None]:
    """Begin the process that has worker and sampler at work, and another whenever it falls.

    The system says when a process that this one began has ended. No thread waits for it: this process forks.

    Returns:
        What ends it for good.
    """
    own = os.getpid()
    kept = [_foreman()]

    def look(number: int, frame: FrameType | None) -> None:
        # The server's processes are forked from this one and have its handlers; the foreman is no child of theirs.
        if os.getpid() == own and kept[0].poll() is not None:
            print(f"haidang: the foreman ended with status {kept[0].returncode}; another begins", file=sys.stderr)
            time.sleep(PAUSE)
            kept[0] = _foreman()

    def end() -> None:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        kept[0].terminate()
        kept[0].wait()

    signal.signal(signal.SIGCHLD, look)
    return end


def _foreman() -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "haidang.web.jobs.foreman"])


def prepare_environment(data: Path, pack: str) -> None:
    """Say in the environment, for this process and those it begins, what the arguments said; find mistakes now.

    Without a secret the site has one of its own until it stops: who was logged in logs in again after a restart.

    Raises:
        HaidangError: a value cannot be used, or the packages of the web application are not installed.
    """
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise HomeError(f"expected {', '.join(missing)}, found none", None, "install 'haidang[web]'")
    os.environ.setdefault(DATA, str(data.absolute()))
    os.environ.setdefault(PACK, pack)
    home = home_of(os.environ)
    os.environ[SECRET] = home.secret
    os.environ[HOSTS] = ",".join(home.hosts)
    os.environ["DJANGO_SETTINGS_MODULE"] = "haidang.web.settings"
    home.runs.mkdir(parents=True, exist_ok=True)
    home.pages.mkdir(parents=True, exist_ok=True)
    home.jobs.mkdir(parents=True, exist_ok=True)


def update_database() -> None:
    """Start Django and bring the database up to date."""
    import django

    django.setup()
    from django.core.management import call_command

    # First, since on PostgreSQL all write down in one table what they did, and the last has nothing to do for these.
    call_command("migrate", "track", database="records", verbosity=0, interactive=False)
    call_command("migrate", "counts", database="counts", verbosity=0, interactive=False)
    call_command("createcachetable", database="counts", verbosity=0)
    call_command("migrate", verbosity=0, interactive=False)


def load_addresses() -> None:
    """Load what answers at each address, so that a defect in it ends the start and not every request.

    It is no work of its own: the server's processes are forked from this one, and the first page needs all of it.

    Raises:
        UnscopedError: programs could send something for which no scope is named.
    """
    from django.urls import get_resolver

    _ = get_resolver().url_patterns


def begin_records() -> None:
    """Where the site is new, take over the promises, indicators and targets that the pack states.

    Raises:
        HaidangError: a record of the pack is not as it should be.
    """
    from haidang.web.desk.book import adopt

    adopt()


def begin_city(example: bool) -> None:
    """Where the site is new and an example is wanted, have each programme simulated on a few draws.

    Raises:
        HaidangError: the pack cannot be read.
    """
    from haidang.web.city.models import ShownRun
    from haidang.web.city.pack import pack
    from haidang.web.jobs.models import Job

    if example and not ShownRun.objects.exists() and not Job.objects.exists():
        own = pack()
        Job.objects.bulk_create(
            Job(pack=own.id, programme=name, draws=EXAMPLE_DRAWS, publish=True) for name in own.programmes
        )
