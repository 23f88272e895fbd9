"""Backups by the page: made and checked by the worker, carried away by administrators alone, all of it in the log."""

from __future__ import annotations

import hashlib
import json
import re
import time
import urllib.parse
import urllib.request
from typing import Any

import pytest

from haidang.web.archive import read_backup
from tests.web.conftest import PROGRAMME
from tests.web.site import Site, Visitor, inside

PAGE = "/en/office/backups/"


@pytest.fixture(scope="module")
def admin(site: Site) -> Visitor:
    return site.visitor("administrator")


def settled(admin: Visitor, page: str = PAGE) -> str:
    """The page once nothing is waiting or running."""
    for _ in range(600):
        text = admin.get(page).text
        if 'hx-trigger="every' not in text:
            return text
        time.sleep(0.1)
    raise AssertionError(text)


@pytest.fixture(scope="module")
def made(site: Site, runs: tuple[int, int], admin: Visitor) -> str:
    """A backup that was asked for on the page: its number."""
    assert admin.post(f"{PAGE}make/", token_from=PAGE).status == 302
    found = re.search(r'<th scope="row">(\d+)</th>', settled(admin))
    assert found
    return found.group(1)


def carried(admin: Visitor, number: str) -> bytes:
    """The archive as a browser saves it."""
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', admin.get(PAGE).text)
    assert token
    data = urllib.parse.urlencode({"csrfmiddlewaretoken": token.group(1)}).encode()
    address = f"{admin.base}{PAGE}{number}/file/"
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(admin.jar))
    with opener.open(urllib.request.Request(address, data=data, headers={"Referer": admin.base}), timeout=60) as reply:
        assert reply.headers["Content-Disposition"].startswith('attachment; filename="haidang-2')
        assert reply.headers["Cache-Control"] == "no-store"
        return reply.read()


def deeds(admin: Visitor, number: str) -> list[str]:
    rows = admin.get(f"/en/office/log.csv?action=office.backup&subject=jobs.job:{number}").text.splitlines()[1:]
    return [row.split(",")[3] for row in reversed(rows)]


def test_a_backup_made_on_the_page_is_the_site_and_the_page_says_its_digest(
    site: Site, made: str, admin: Visitor, tmp_path_factory: pytest.TempPathFactory
) -> None:
    content = carried(admin, made)
    assert hashlib.sha256(content).hexdigest() in admin.get(PAGE).text
    folder = tmp_path_factory.mktemp("restored")
    (folder / "backup.tar.gz").write_bytes(content)
    assert read_backup(folder / "backup.tar.gz", folder / "site") > 5
    assert not (folder / "site" / "backups").exists()
    assert deeds(admin, made)[:2] == ["office.backup.asked", "office.backup.made"]
    assert deeds(admin, made)[-1] == "office.backup.downloaded"
    assert (site.data / "backups" / f"{made}.tar.gz").stat().st_mode & 0o077 == 0


def test_a_backup_is_checked_and_one_that_was_altered_is_found_in_the_readers_language(
    site: Site, made: str, admin: Visitor
) -> None:
    assert admin.post(f"{PAGE}{made}/check/", token_from=PAGE).status == 302
    assert "Read through, as it was made" in settled(admin)
    file = site.data / "backups" / f"{made}.tar.gz"
    whole = file.read_bytes()
    file.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    admin.post(f"{PAGE}{made}/check/", token_from=PAGE)
    assert "can no longer be used" in settled(admin)
    assert "không phải tệp nén có SHA-256" in admin.get("/vi/office/backups/").text
    file.write_bytes(whole)
    admin.post(f"{PAGE}{made}/check/", token_from=PAGE)
    assert "Read through, as it was made" in settled(admin)
    assert deeds(admin, made).count("office.backup.checked") == 3


def test_a_backup_whose_archive_is_gone_is_said_to_be_and_is_not_to_be_had(
    site: Site, made: str, admin: Visitor
) -> None:
    file = site.data / "backups" / f"{made}.tar.gz"
    elsewhere = file.rename(file.with_suffix(".moved"))
    text = admin.get(PAGE).text
    assert "no longer in this machine" in text
    assert admin.post(f"{PAGE}{made}/file/", token_from=PAGE).status == 404
    elsewhere.rename(file)
    assert admin.post(f"{PAGE}999999/file/", token_from=PAGE).status == 404


@pytest.mark.parametrize("role", ["analyst", "approver", "factory_owner", "lender_officer", None])
def test_nobody_but_an_administrator_makes_checks_or_carries_away(site: Site, made: str, role: str | None) -> None:
    visitor = site.visitor(role)
    for path in (f"{PAGE}make/", f"{PAGE}{made}/check/", f"{PAGE}{made}/file/"):
        answer = visitor.post(path, token_from="/en/account/login/" if role is None else f"/en/programmes/{PROGRAMME}/")
        assert answer.status == 403
        assert role is not None or "/en/account/login/?next=" in answer.text


def test_no_backup_is_made_or_carried_away_without_the_pages_own_token(made: str, admin: Visitor) -> None:
    assert {admin.post(f"{PAGE}{each}").status for each in ("make/", f"{made}/check/", f"{made}/file/")} == {403}


@pytest.fixture(scope="module")
def alone(pack: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the work of a backup does with no site around: done twice, and while somebody declares a pilot."""
    code = """
import errno, resource, threading
from haidang.web import archive
from haidang.web.people.models import User
from haidang.web.pilots.desk import declare
from haidang.web.pilots.models import Pilot
from tests.web.examples import PILOT
from haidang.web.jobs.models import Job
from haidang.web.jobs.work import work_on
from django.conf import settings
job = Job.objects.create(kind="backup")
work_on(job)
first = Job.objects.get().outcome
(settings.HOME.backups / ".1.tar.gz.77").write_bytes(b"half")
work_on(job)
again, found = Job.objects.get(), {}
found["same"] = first["sha256"] == again.outcome["sha256"] and again.state == "done"
found["files"] = sorted(each.name for each in settings.HOME.backups.iterdir())
somebody = User.objects.create_user("a@example.vn")
declare(somebody, PILOT.encode())
another = threading.Thread(target=lambda: declare(somebody, PILOT.replace("id: example", "id: another").encode()))
copied = archive._copied
def meanwhile(*given):
    another.start()
    another.join(0.5)
    found["meanwhile"] = Pilot.objects.count()
    return copied(*given)
archive._copied = meanwhile
archive.write_backup(settings.HOME.data, settings.HOME.data / "meanwhile.tar.gz")
another.join()
found["afterwards"] = Pilot.objects.count()
found["copied"] = [name for name in archive.check_backup(settings.HOME.data / "meanwhile.tar.gz") if "pilots" in name]
def lies():
    return sorted(str(each.relative_to(settings.HOME.data)) for each in settings.HOME.data.rglob("*")
                  if not each.name.startswith("haidang.sqlite3") and each.name != ".lock")
archive._copied = copied
before = lies()
cancelled = Job.objects.create(kind="backup", state="running", stop=True)
work_on(cancelled)
cancelled.refresh_from_db()
found["cancelled"] = [cancelled.state, lies() == before]
add = archive.tarfile.TarFile.add
def is_full(*given, **more):
    raise OSError(errno.ENOSPC, "No space left on device")
archive.tarfile.TarFile.add = is_full
full = Job.objects.create(kind="backup")
work_on(full)
full.refresh_from_db()
found["full"] = [full.state, full.mistake.partition(": ")[2], lies() == before]
archive.tarfile.TarFile.add = add
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, resource.RLIM_INFINITY))  # the system refuses to write more
try:
    archive.write_backup(settings.HOME.data, settings.HOME.data / "refused.tar.gz")
except archive.ArchiveError as refused:
    found["refused"] = [str(refused), lies() == before]
print(json.dumps(found))
"""
    return json.loads(inside(tmp_path_factory.mktemp("alone") / "data", pack, code))


def test_a_worker_that_fell_after_the_archive_was_whole_takes_it_as_it_lies(alone: dict[str, Any]) -> None:
    assert alone["same"]


def test_what_a_fallen_worker_left_half_written_is_gone_after_the_next_backup(alone: dict[str, Any]) -> None:
    assert alone["files"] == ["1.tar.gz"]


def test_no_pilot_is_declared_between_the_copies_of_the_database_and_of_the_pilots_files(
    alone: dict[str, Any],
) -> None:
    assert (alone["meanwhile"], alone["afterwards"]) == (1, 2)
    assert alone["copied"] == ["pilots/1/pilot.yaml"]


def test_a_disk_that_takes_no_more_leaves_no_half_archive_and_is_said_so(alone: dict[str, Any]) -> None:
    assert alone["full"] == ["failed", "expected room on the disk for what is written, found it full", True]
    told, as_before = alone["refused"]
    assert "expected to write on the disk, found that the system refuses it" in told
    assert as_before


def test_a_backup_that_is_cancelled_ends_at_its_next_step_and_leaves_nothing(alone: dict[str, Any]) -> None:
    assert alone["cancelled"] == ["cancelled", True]
