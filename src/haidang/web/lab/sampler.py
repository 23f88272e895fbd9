"""The process that answers on a sample: it holds compiled programmes in memory, and answers over a socket of the site.

One line of JSON comes in and one goes out. Requests are answered one after the other, since two at once would each
wait for the same processor. It loads nothing heavy before the first request. Whoever may write to the site's folder may
ask; the socket is for its owner alone.
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import socket
import sys
from collections import OrderedDict
from dataclasses import asdict
from time import monotonic
from types import FrameType
from typing import TYPE_CHECKING, Any

from haidang.web.home import home_of
from haidang.web.lab.line import LONGEST, address, read_line

if TYPE_CHECKING:
    from haidang.packs import Pack
    from haidang.study import Bench

ROWS, DRAWS = 2000, 12
"""How small a sample is: an answer takes about half a second of one processor for a thousand small factories."""
KEPT = 3
"""Programmes held ready at once."""
GLANCE, PATIENCE = 0.5, 10.0
"""Seconds between two looks at whether the site is still there, and that a request may take to arrive."""


def main() -> None:
    """Answer until told to stop, or until whoever began this process is gone."""
    signal.signal(signal.SIGTERM, _stop)
    parent = int(sys.argv[1]) if len(sys.argv) > 1 else os.getppid()  # who may be gone already
    home = home_of(os.environ)
    with (home.data / "sampler.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        place = address(home.data)
        place.unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX) as door:
            before = os.umask(0o077)
            door.bind(str(place))
            os.umask(before)
            door.listen(32)
            door.settimeout(GLANCE)
            shelf = Shelf(home.pack)
            while os.getppid() == parent:
                try:
                    visitor, _ = door.accept()
                except TimeoutError:
                    continue
                with visitor:
                    _serve(visitor, shelf)


def _stop(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


def _serve(visitor: socket.socket, shelf: Shelf) -> None:
    """Answer one request. Who hangs up before the answer gets none."""
    visitor.settimeout(PATIENCE)
    try:
        asked = json.loads(read_line(visitor))
        text = json.dumps(shelf.answer(asked), ensure_ascii=False, allow_nan=False).encode()
        visitor.sendall(text[:LONGEST] + b"\n")
    except (OSError, ValueError) as error:
        print(f"haidang: a request for a sample was not answered: {error}", file=sys.stderr, flush=True)


class Shelf:
    """The programmes held ready.

    Args:
        pack: name or folder of the city's pack.
    """

    def __init__(self, pack: str) -> None:
        """Hold none yet."""
        self._name = pack
        self._pack: Pack | None = None
        self._benches: OrderedDict[str, Bench] = OrderedDict()

    def answer(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Try designs on the sample.

        Args:
            asked: `programme`, `designs` (the texts of their files), `language`.

        Returns:
            `told`, or the `mistake` of a design.
        """
        from haidang.errors import HaidangError
        from haidang.study import parse_design
        from haidang.web.lab.told import tell

        begun = monotonic()
        try:
            designs = [parse_design(text, "design.yaml") for text in asked["designs"]]
            run = self._bench(asked["programme"]).try_out(designs)
            scenarios = [scenario.id for scenario in run.programmes]
            told = tell(run, scenarios, asked["language"], 0.0)
        except HaidangError as mistake:
            return {"mistake": str(mistake)}
        return {"told": asdict(told) | {"seconds": round(monotonic() - begun, 3)}}

    def _bench(self, programme: str) -> Bench:
        from haidang.packs import load_pack
        from haidang.study import Bench, Sample

        if self._pack is None:
            self._pack = load_pack(self._name)
        if programme not in self._benches:
            self._benches[programme] = Bench(self._pack, programme, Sample(ROWS, DRAWS))
            while len(self._benches) > KEPT:
                self._benches.popitem(last=False)
        self._benches.move_to_end(programme)
        return self._benches[programme]


if __name__ == "__main__":
    main()
