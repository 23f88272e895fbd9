"""Where the application lives: its folder, its database, its secret, its names; all from the environment."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from haidang.errors import HaidangError

DATA, DATABASE, SECRET = "HAIDANG_DATA", "HAIDANG_DATABASE", "HAIDANG_SECRET_KEY"
OIDC_SERVER, OIDC_CLIENT, OIDC_SECRET, OIDC_NAME = (
    f"HAIDANG_OIDC_{part}" for part in ("SERVER", "CLIENT", "SECRET", "NAME")
)
HOSTS, HTTPS, PACK = "HAIDANG_HOSTS", "HAIDANG_HTTPS", "HAIDANG_PACK"
PROXIES = "HAIDANG_PROXIES"
RATE_WITH_KEY, RATE_WITHOUT = "HAIDANG_API_RATE", "HAIDANG_API_RATE_WITHOUT_KEY"
USUAL_WITH_KEY, USUAL_WITHOUT = 600, 120
"""Requests a minute of programs, where the environment names no others."""
PROPOSALS, USUAL_PROPOSALS = "HAIDANG_PROPOSALS", 5
"""How many proposals an hour are taken from one address, where the environment names no other number."""
SAMPLES, USUAL_SAMPLES = "HAIDANG_SAMPLES", 6
"""How many programmes the laboratory holds ready, where the environment names no other number: six of the city's, with
all their variants, take 2.4 GB of memory."""
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
SHORTEST_SECRET = 50
"""Characters of a secret key; Django calls a shorter one insecure."""


class HomeError(HaidangError):
    """The environment names something that cannot be used."""


@dataclass(frozen=True, slots=True)
class Provider:
    """Another house that knows who somebody is (OpenID Connect).

    Args:
        server: its address.
        client: by which it knows this site.
        secret: that only it and this site know.
        name: what people call it.
    """

    server: str
    client: str
    secret: str
    name: str

    @property
    def origin(self) -> str:
        """The part of its address that names the machine."""
        parts = urlsplit(self.server)
        return f"{parts.scheme}://{parts.netloc}"


@dataclass(frozen=True, slots=True)
class Home:
    """The application's surroundings.

    Args:
        data: the folder that holds everything: the database unless another is named, runs, drawn pages, jobs.
        database: an address such as `postgresql://user:password@host/name`; empty for SQLite in `data`.
        secret: signs sessions and links.
        hosts: the names under which the site answers.
        https: whether it is reached over HTTPS, so that cookies travel over nothing else.
        pack: the city.
        provider: of logins; none where people log in here alone.
        rate: requests a minute that programs may make with one key.
        rate_without: requests a minute from one address without a key, or with one that is none.
        proposals: taken in an hour from one address.
        proxies: servers in front of this one, each of which says from which address it was asked; of whoever asks
            nothing else is believed.
        samples: programmes that the laboratory holds ready at once.
    """

    data: Path
    database: str
    secret: str
    hosts: tuple[str, ...]
    https: bool
    pack: str
    provider: Provider | None = None
    rate: int = USUAL_WITH_KEY
    rate_without: int = USUAL_WITHOUT
    proposals: int = USUAL_PROPOSALS
    proxies: int = 0
    samples: int = USUAL_SAMPLES

    @property
    def runs(self) -> Path:
        """The folder of the runs that the site shows."""
        return self.data / "runs"

    @property
    def pilots(self) -> Path:
        """The folder of the pilots' files."""
        return self.data / "pilots"

    @property
    def jobs(self) -> Path:
        """The folder in which work in the background leaves its files, a folder for each job."""
        return self.data / "jobs"

    @property
    def backups(self) -> Path:
        """The folder of the backups that administrators ask for; no backup holds another."""
        return self.data / "backups"

    @property
    def pages(self) -> Path:
        """The folder of reports drawn before."""
        return self.data / "pages"


def home_of(environment: Mapping[str, str]) -> Home:
    """The surroundings that an environment describes.

    Raises:
        HomeError: a value cannot be used; the message names the variable.
    """
    hosts = tuple(each.strip() for each in environment.get(HOSTS, "").split(",") if each.strip())
    secret = environment.get(SECRET, "")
    if not secret and hosts and not set(hosts) <= set(LOOPBACK):
        raise HomeError(f"expected a secret in {SECRET} where the site is reached by other names, found none")
    if secret and len(secret) < SHORTEST_SECRET:
        raise HomeError(f"expected at least {SHORTEST_SECRET} characters in {SECRET}, found {len(secret)}")
    database = environment.get(DATABASE, "")
    if database:
        database_settings(database)
    return Home(
        data=Path(environment.get(DATA, "haidang-data")).absolute(),
        database=database,
        secret=secret or secrets.token_urlsafe(SHORTEST_SECRET),
        hosts=hosts or LOOPBACK,
        https=_yes(environment.get(HTTPS, "no")),
        pack=environment.get(PACK, "hcmc"),
        provider=_provider(environment),
        rate=_count(environment, RATE_WITH_KEY, USUAL_WITH_KEY),
        rate_without=_count(environment, RATE_WITHOUT, USUAL_WITHOUT),
        proposals=_count(environment, PROPOSALS, USUAL_PROPOSALS),
        proxies=_count(environment, PROXIES, 0, 0, 9),
        samples=_count(environment, SAMPLES, USUAL_SAMPLES, 1, 99),
    )


def doubt(home: Home) -> str:
    """What whoever runs the site should look at again, in a line; empty for nothing."""
    if home.https and not home.proxies:
        return f"{HTTPS} is yes and {PROXIES} is 0: behind the server that speaks HTTPS all people are counted as one"
    return ""


def _provider(environment: Mapping[str, str]) -> Provider | None:
    server = environment.get(OIDC_SERVER, "")
    if not server:
        return None
    parts = urlsplit(server)
    if parts.scheme != "https" and parts.hostname not in LOOPBACK:
        raise HomeError(f"expected an address that begins with https:// in {OIDC_SERVER}, found {server!r}")
    client, secret = environment.get(OIDC_CLIENT, ""), environment.get(OIDC_SECRET, "")
    if not client or not secret:
        raise HomeError(f"expected {OIDC_CLIENT} and {OIDC_SECRET} beside {OIDC_SERVER}, found none")
    return Provider(server.rstrip("/"), client, secret, environment.get(OIDC_NAME, "OpenID Connect"))


def _yes(said: str) -> bool:
    if said.lower() not in {"yes", "no"}:
        raise HomeError(f"expected yes or no in {HTTPS}, found {said!r}")
    return said.lower() == "yes"


def _count(environment: Mapping[str, str], name: str, usual: int, least: int = 1, most: int = 9_999_999) -> int:
    said = environment.get(name, "")
    if said and not (said.isascii() and said.isdecimal() and len(said) < 8 and least <= int(said) <= most):
        raise HomeError(f"expected a whole number from {least} to {most} in {name}, found {said!r}")
    return int(said) if said else usual


def database_settings(address: str) -> dict[str, object]:
    """What Django needs to reach a PostgreSQL database.

    Raises:
        HomeError: it is no such address. The message does not repeat it, since it may hold a password.
    """
    parts = urlsplit(address)
    if parts.scheme not in {"postgresql", "postgres"} or not parts.path.strip("/"):
        raise HomeError(f"expected postgresql://user:password@host/name in {DATABASE}, found another kind of address")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def sqlite_settings(data: Path, name: str = "haidang.sqlite3", waits: str = "FULL") -> dict[str, object]:
    """SQLite as one server uses it: readers beside one writer, and writers that wait their turn.

    Args:
        data: the site's folder.
        name: of the file in it.
        waits: for the disk: `FULL` at each change, `OFF` at none.
    """
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(data / name),
        # Each thread of the server keeps its connection: opening one costs more than most questions that it answers.
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": f"PRAGMA journal_mode=WAL; PRAGMA synchronous={waits}; PRAGMA foreign_keys=ON;",
        },
    }
