"""The process that opens a PDF, DOCX or HTML file: `python -m haidang.reading.child KIND`, the file on its input.

It has limits of memory and time of its own, so that a file made to exhaust or crash a parser ends this process and not
the caller's. It writes one JSON document: the text and what the file says of itself, or a sentence of what is wrong.
"""

from __future__ import annotations

import json
import sys

from haidang.reading.limits import MEMORY, SECONDS, DocumentError

_KINDS = {"pdf": "haidang.reading.pdf", "docx": "haidang.reading.docx", "html": "haidang.reading.html"}


def main() -> int:
    """Read the input, write the answer."""
    _limit()
    from importlib import import_module

    data = sys.stdin.buffer.read()
    try:
        answer = import_module(_KINDS[sys.argv[1]]).extract(data)
    except DocumentError as mistake:
        answer = {"problem": mistake.problem, "hint": mistake.hint}
    except (MemoryError, RecursionError):
        answer = {"problem": "expected a document that fits in memory, found one that does not", "hint": None}
    sys.stdout.buffer.write(json.dumps(answer).encode("ascii"))
    return 0


def _limit() -> None:
    try:
        import resource
    except ImportError:
        # Windows has no such limits; the caller's limit of time holds there.
        return
    for which, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_CORE, 0)):
        hard = resource.getrlimit(which)[1]
        resource.setrlimit(which, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


if __name__ == "__main__":
    raise SystemExit(main())
