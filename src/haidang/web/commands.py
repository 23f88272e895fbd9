"""`haidang serve`, and `haidang web ...` for whoever runs the site."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

Data = Annotated[Path, typer.Option(help="The folder that holds everything: database, runs, drawn pages.")]
HERE = Path("haidang-data")

web = typer.Typer(help="Run the web application.", no_args_is_help=True)


def serve(
    data: Data = HERE,
    pack: Annotated[str, typer.Option(help="Name or folder of the city's pack.")] = "hcmc",
    address: Annotated[str, typer.Option(help="Where to listen.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port.")] = 8000,
    processes: Annotated[int, typer.Option(help="Processes of the server.")] = 1,
    example: Annotated[bool, typer.Option(help="Begin a new site with a run of each programme on a few draws.")] = True,
) -> None:
    """Show the laboratory on screen: the city's programmes, facts and sources, in a browser."""
    from haidang.web.serve import serve as start

    start(data, pack, address, port, processes, example)


@web.command("user")
def user(
    email: Annotated[str, typer.Argument(help="The person's address of electronic mail.")],
    role: Annotated[str, typer.Option(help="The role, such as analyst or administrator.")],
    organisation: Annotated[str, typer.Option(help="The name of the organisation.")],
    kind: Annotated[
        str, typer.Option(help="city, factory, lender or evaluator, where the organisation is new.")
    ] = "city",
    name: Annotated[str, typer.Option(help="The person's name.")] = "",
    data: Data = HERE,
) -> None:
    """Give a person a role; make the account, with a password from standard input, where there is none."""
    from haidang.web.serve import prepare_environment, update_database

    prepare_environment(data, "hcmc")
    update_database()
    from haidang.web.people.give import give_role

    made = give_role(email, role, organisation, kind, name, ask_password)
    print(f"{email}: {'new account, ' if made else ''}{role}, {organisation}")


def ask_password() -> str:
    """The password: typed unseen at a terminal, or a line of standard input."""
    if sys.stdin.isatty():
        return typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    return sys.stdin.readline().rstrip("\n")


@web.command("publish")
def publish(
    folder: Annotated[Path, typer.Argument(help="A finished run.")],
    data: Data = HERE,
) -> None:
    """Copy a finished run to the site and show it to everybody."""
    from haidang.web.serve import prepare_environment, update_database

    prepare_environment(data, "hcmc")
    update_database()
    from haidang.web.city.keep import take_in

    shown = take_in(folder)
    print(f"{shown.pack}/{shown.programme}: {shown.draws} draws, run {shown.pk}")


@web.command("demo")
def demo(
    data: Data = HERE, pack: Annotated[str, typer.Option(help="Name or folder of the city's pack.")] = "hcmc"
) -> None:
    """Put a few made-up factories, lenders and applications on an empty site, to look round."""
    from haidang.web.serve import prepare_environment, update_database

    prepare_environment(data, pack)
    update_database()
    from haidang.web.factories.demo import make_examples

    print(f"{make_examples()} example factories")


@web.command("verify")
def verify(data: Data = HERE) -> None:
    """Walk the logs from their start and hold the files against them; find what was altered, replaced or cut off.

    Roles that do not fit the kind of their organisation are named too, with the way to mend them.
    """
    from haidang.web.serve import prepare_environment, update_database

    prepare_environment(data, "hcmc")
    update_database()
    print(_whole())
    for line in _misfits():
        print(line)


def _misfits() -> list[str]:
    """The roles that nobody could be given today, and what to do about them; nothing where there are none."""
    from haidang.web.people.give import misfits

    found = [f"misfit: {one}" for one in misfits()]
    how = "to mend them: on each person's page of the administration give the right role, then take this one away"
    return [*found, how] if found else []


def _whole() -> str:
    """What was found of the logs and the files, once all of it is as it was written."""
    from haidang.web.desk.book import STORE
    from haidang.web.ledger.write import verify as walk
    from haidang.web.office.whole import verify_files

    log, records, files = walk(), STORE.verify(), verify_files()
    return (
        f"{log.entries} entries, the last {log.hash}\n{records.changes} changes of records, the last {records.hash}\n"
        f"{files} files as they were kept"
    )


@web.command("backup")
def backup(
    file: Annotated[Path, typer.Argument(help="The archive to write: a new .tar.gz.")], data: Data = HERE
) -> None:
    """Copy the whole site into one archive while it runs, and check the copy."""
    from haidang.web.archive import write_backup
    from haidang.web.home import home_of

    print(f"{file}: {write_backup(data, file, home_of(os.environ).database)} files")


@web.command("restore")
def restore(file: Annotated[Path, typer.Argument(help="An archive of `backup`.")], data: Data = HERE) -> None:
    """Lay out an archive in a new folder, after checking every file in it; then walk the logs and look at the files."""
    from haidang.web.archive import read_backup
    from haidang.web.home import DATA, home_of
    from haidang.web.serve import prepare_environment, update_database

    print(f"{data}: {read_backup(file, data, home_of(os.environ).database)} files", flush=True)
    os.environ[DATA] = str(data.absolute())  # and not the folder that the site before it had
    prepare_environment(data, "hcmc")
    update_database()
    print(_whole())
