"""Somebody who goes on writing while the site is copied, and what a copy holds of it."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.web.site import Site

HELD = """
SELECT d.title, d.digest, d.suffix, (SELECT count(*) FROM ledger_entry e
WHERE e.action = 'desk.document.added' AND e.subject = 'desk.document:' || d.id)
FROM desk_document d WHERE d.publisher = 'Writer' ORDER BY d.id
"""
"""Each text that was brought, and how often the log says so. SQLite and PostgreSQL read it alike."""


@dataclass
class Writer:
    """What was sent, and of that what the site said that it has."""

    sent: list[str] = field(default_factory=list[str])
    acknowledged: list[str] = field(default_factory=list[str])
    mistakes: list[str] = field(default_factory=list[str])

    def until(self, count: int) -> list[str]:
        """What was acknowledged, once it is so many."""
        for _ in range(600):
            if len(self.acknowledged) >= count or self.mistakes:
                break
            time.sleep(0.05)
        assert len(self.acknowledged) >= count, self.mistakes
        return list(self.acknowledged)


@contextmanager
def writing(site: Site, name: str) -> Iterator[Writer]:
    """A program of the analyst's that brings one text after another: a row, a job, an entry in the log and a file."""
    writer, end, key = Writer(), threading.Event(), site.key("analyst", "desk:write")

    def write() -> None:
        while not end.is_set():
            title = f"{name} {len(writer.sent)}"
            writer.sent.append(title)
            text = {"title": title, "publisher": "Writer", "day": "2026-01-02", "text": f"{title}: 3 trạm."}
            answer = site.visitor().send("/api/v1/documents", text, key)
            if answer.status != 201:
                writer.mistakes.append(f"{answer.status} {answer.text}")
                return
            writer.acknowledged.append(json.loads(answer.text)["title"])

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield writer
    finally:
        end.set()
        thread.join()
    assert writer.mistakes == []


def copied_meanwhile(site: Site, name: str, copy: Callable[[], object]) -> tuple[set[str], set[str]]:
    """Copy a site while somebody writes.

    Returns:
        What was acknowledged before the copy began, and all that was ever sent.
    """
    with writing(site, name) as writer:
        before = writer.until(5)
        copy()
        writer.until(len(writer.acknowledged) + 2)
    return set(before), set(writer.sent)


def assert_whole(rows: list[tuple[str, str, str, int]], data: Path, before: set[str], sent: set[str]) -> None:
    """Every write from before is there, and of those that came meanwhile no half of one."""
    from haidang.web.archive import digest_of

    assert before <= {title for title, *_ in rows} < sent
    for title, digest, suffix, entries in rows:
        assert entries == 1, title
        assert digest_of(data / "desk" / digest[:2] / f"{digest}{suffix}") == digest
