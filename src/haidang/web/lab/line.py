"""The line between the pages and the sampler: where it lies, and how one message is read."""

from __future__ import annotations

import hashlib
import socket
import tempfile
from pathlib import Path

LONGEST = 4_000_000
"""Bytes of a message."""
_PIECE = 1 << 16
_LONGEST_ADDRESS = 100
"""An address of a socket of this kind may have some more bytes than this, and no more."""


def address(data: Path) -> Path:
    """Where the sampler of a site listens: in the site's folder; where that has too long a name, in a short one."""
    found = data / "sampler.sock"
    if len(bytes(found)) <= _LONGEST_ADDRESS:
        return found
    return Path(tempfile.gettempdir()) / f"haidang-{hashlib.sha256(bytes(data)).hexdigest()[:16]}.sock"


def read_line(line: socket.socket) -> bytes:
    """One message, up to the end of its line.

    Raises:
        ValueError: it is too long, or the other side hung up in the middle of it.
        OSError: the line broke, or took too long.
    """
    found = bytearray()
    while not found.endswith(b"\n"):
        piece = line.recv(_PIECE)
        if not piece:
            raise ValueError("expected a whole line, found the end of the connection")
        found += piece
        if len(found) > LONGEST:
            raise ValueError(f"expected at most {LONGEST} bytes, found more")
    return bytes(found)
