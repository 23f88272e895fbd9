"""Backups: of one moment, checked, and never laid out where something is wrong."""

from __future__ import annotations

import io
import re
import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path

import pytest

from haidang.web.archive import ArchiveError, read_backup, write_backup
from tests.web.conftest import PROGRAMME
from tests.web.site import Site, command, inside, running
from tests.web.writing import HELD, assert_whole, copied_meanwhile


def test_a_backup_of_a_site_at_work_holds_every_write_from_before_and_serves_the_same_pages_elsewhere(
    site: Site, runs: tuple[int, int], pack: str, tmp_path: Path
) -> None:
    file, there = tmp_path / "site.tar.gz", tmp_path / "there"
    before, sent = copied_meanwhile(site, "copied", lambda: write_backup(site.data, file))
    # Where the environment names the folder of the site before it, what is laid out is looked at all the same.
    done = command(site.data, pack, "web", "restore", str(file), "--data", str(there))
    assert done.returncode == 0, done.stderr
    assert re.search(
        r"\d+ entries, the last \w{64}\n\d+ changes of records.*\n\d+ files as they were kept", done.stdout
    )
    with closing(sqlite3.connect(there / "haidang.sqlite3")) as database:
        assert_whole(database.execute(HELD).fetchall(), there, before, sent)
    with running(there, pack) as other:
        page = f"/en/programmes/{PROGRAMME}/"
        body = [each.visitor().get(page).text.partition("<main")[2] for each in (site, other)]
        assert body[0] == body[1]
        assert other.visitor("approver").get("/en/people/me/").status == 200


def test_a_file_that_was_taken_away_or_altered_is_found(
    site: Site, runs: tuple[int, int], pack: str, tmp_path: Path
) -> None:
    file, there = tmp_path / "site.tar.gz", tmp_path / "there"
    write_backup(site.data, file)
    read_backup(file, there)
    (kept, *_) = sorted((there / "desk").rglob("*.txt"))
    whole = kept.read_bytes()
    kept.write_bytes(whole + b"!")
    code = f"""
from haidang.web.office.whole import WholeError, verify_files
for turn in range(2):
    try:
        verify_files()
    except WholeError as mistake:
        print(mistake, end=" | ")
    pathlib.Path({str(kept)!r}).unlink(missing_ok=True)
"""
    altered, gone, *_ = inside(there, pack, code + "print()").split(" | ")
    assert altered.endswith(f"{kept.name}: expected the file of SHA-256 {kept.stem}, found another")
    assert gone.endswith(f"{kept.name}: expected a file that the database speaks of, found none")


@pytest.fixture(scope="module")
def archive(site: Site, runs: tuple[int, int], tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("archive") / "whole.tar.gz"
    write_backup(site.data, file)
    return file


def rewritten(file: Path, out: Path, change: str) -> Path:
    """The archive with one thing wrong."""
    with tarfile.open(file) as old, tarfile.open(out, "w:gz") as new:
        for turn, entry in enumerate(old):
            body = old.extractfile(entry)
            assert body is not None
            data = body.read()
            if change == "altered" and turn == 0:
                data = data[:-1] + bytes([data[-1] ^ 1])
            if change == "left out" and turn == 1:
                continue
            entry.size = len(data)
            new.addfile(entry, io.BytesIO(data))
        if change == "climbs":
            entry = tarfile.TarInfo("../outside")
            new.addfile(entry, io.BytesIO(b""))
        if change == "link":
            entry = tarfile.TarInfo("runs/link")
            entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/passwd"
            new.addfile(entry)
    return out


@pytest.mark.parametrize("change", ["altered", "left out", "climbs", "link"])
def test_an_archive_with_something_wrong_is_not_laid_out(archive: Path, tmp_path: Path, change: str) -> None:
    there = tmp_path / "there"
    with pytest.raises(ArchiveError):
        read_backup(rewritten(archive, tmp_path / "wrong.tar.gz", change), there)
    assert not there.exists()
    assert not (tmp_path / "outside").exists()


def test_half_an_archive_is_not_laid_out(archive: Path, tmp_path: Path) -> None:
    broken = tmp_path / "half.tar.gz"
    broken.write_bytes(archive.read_bytes()[: archive.stat().st_size // 2])
    with pytest.raises(ArchiveError, match="whole archive"):
        read_backup(broken, tmp_path / "there")


def test_nothing_is_written_over(archive: Path, site: Site, tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="new file"):
        write_backup(site.data, archive)
    with pytest.raises(ArchiveError, match="new folder"):
        read_backup(archive, site.data)
