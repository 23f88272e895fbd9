"""The other processes of a run: each works on groups of draws at the run's desk, and the desk is all they share.

Threads of one Python wait for one another between compiled programs; processes do not.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from haidang.engine import Desk, groups_of
from haidang.packs import Pack
from haidang.study.question import Question

GO = b"go"
"""The word at which a helping process begins: the desk has been cleared by then."""
FEWEST_GROUPS = 6
"""Groups that each process must expect, or starting it costs more than it brings."""


def how_many(question: Question) -> int:
    """How many processes help the one that leads."""
    return max(0, min(question.workers, len(groups_of(question.draws)) // FEWEST_GROUPS) - 1)


@contextmanager
def company(pack: Pack, question: Question, desk: Desk) -> Generator[Callable[[], Callable[[], bool]]]:
    """The helping processes of a run, which get ready while their leader does and begin when they are told to.

    Yields:
        What tells them to begin, and gives what says whether any is still at work. All end with the run.
    """
    job = json.dumps(_job(pack, question, desk)).encode()
    command = [sys.executable, "-m", "haidang.study.worker"]
    processes = [subprocess.Popen(command, stdin=subprocess.PIPE) for _ in range(how_many(question))]

    def say(process: subprocess.Popen[bytes], line: bytes) -> None:
        # A process that is gone needs no word: what it leaves undone its leader does.
        with suppress(BrokenPipeError):
            if process.stdin is not None:
                process.stdin.write(line + b"\n")
                process.stdin.flush()

    def start() -> Callable[[], bool]:
        for process in processes:
            say(process, GO)
        return lambda: any(process.poll() is None for process in processes)

    try:
        for process in processes:
            say(process, job)
        yield start
    finally:
        for process in processes:
            process.terminate()
            if process.stdin is not None:
                with suppress(BrokenPipeError):
                    process.stdin.close()
        for process in processes:
            process.wait()


def _job(pack: Pack, question: Question, desk: Desk) -> dict[str, object]:
    paths = {"units": question.units, "plan": question.plan}
    plain = asdict(question) | {name: None if path is None else str(path) for name, path in paths.items()}
    plain |= {"designs": [str(path) for path in question.designs]}
    return {"pack": str(pack.root), "question": plain, "desk": str(desk.folder), "digest": desk.digest}


def question_of(job: dict[str, Any]) -> tuple[str, Question, Desk]:
    """The pack's folder, the question and the desk that a job names."""
    plain: dict[str, Any] = job["question"]
    paths = {name: None if plain[name] is None else Path(plain[name]) for name in ("units", "plan")}
    given: dict[str, Any] = {**plain, "variants": tuple(plain["variants"]), **paths}
    given["designs"] = tuple(Path(one) for one in plain["designs"])
    question = Question(**given)
    return job["pack"], question, Desk(Path(job["desk"]), job["digest"])
