"""The process that answers on a sample: it holds compiled programmes in memory, and answers over a socket of the site.

One line of JSON comes in and one goes out. Requests are answered one after the other, since two at once would each
wait for the same processor. It loads nothing heavy before somebody may ask; from then on, while nobody
asks, it prepares what may be asked next. Whoever may write to the site's folder may ask; the socket is for its owner
alone.
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import socket
import sys
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import islice
from threading import Lock, Thread
from time import monotonic, sleep
from types import FrameType
from typing import TYPE_CHECKING, Any

from haidang.web.home import USUAL_SAMPLES, home_of
from haidang.web.lab.line import LONGEST, address, read_line

if TYPE_CHECKING:
    from haidang.packs import Pack
    from haidang.packs.design_file import Design
    from haidang.results import HeldRun
    from haidang.study import Bench, Sample

ROWS, DRAWS = {"year": 16_000, "month": 2_000}, 12
"""How small a sample is, by the period of the model: a model of months has twelve times the periods. An answer takes
about half a second of one processor for any programme of the city."""
GLANCE, PATIENCE = 0.5, 10.0
"""Seconds between two looks at whether the site is still there, and that a request may take to arrive."""
BREATH, PAUSE = 3.0, 30.0
"""Seconds without a request until the programmes that are wanted are prepared, and until what else may be asked is:
compiling shares a processor with whoever moves a slider meanwhile."""


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
            shelf = Shelf(home.pack, home.samples)
            # A compiler works for seconds: in a thread beside, nobody waits for it who asks about another programme.
            Thread(target=_prepare, args=(shelf,), daemon=True).start()
            while os.getppid() == parent:
                try:
                    visitor, _ = door.accept()
                except TimeoutError:
                    continue
                with visitor:
                    _serve(visitor, shelf)


def _stop(number: int, frame: FrameType | None) -> None:
    os._exit(128 + number)  # at once: the thread beside may be compiling, and nothing here is to be put away


def _prepare(shelf: Shelf) -> None:
    """Prepare what may be asked next, one after the other."""
    while True:
        shelf.prepare_next()
        sleep(GLANCE)


def _serve(visitor: socket.socket, shelf: Shelf) -> None:
    """Answer one request. Who hangs up before the answer gets none."""
    visitor.settimeout(PATIENCE)
    try:
        asked = json.loads(read_line(visitor))
        if "prepare" in asked:
            shelf.want(asked["prepare"])
            return
        text = json.dumps(shelf.answer(asked), ensure_ascii=False, allow_nan=False).encode()
        visitor.sendall(text[:LONGEST] + b"\n")
    except (OSError, ValueError) as error:
        print(f"haidang: a request for a sample was not answered: {error}", file=sys.stderr, flush=True)


class Shelf:
    """The programmes held ready.

    Args:
        pack: name or folder of the city's pack.
        kept: so many programmes are held at once.
    """

    def __init__(self, pack: str, kept: int = USUAL_SAMPLES) -> None:
        """Hold none yet."""
        self._name, self._room = pack, kept
        self._pack: Pack | None = None
        self._benches: OrderedDict[str, Bench] = OrderedDict()
        self._wanted: list[str] = []
        self._asked: set[str] = set()
        self._prepared: set[tuple[str, str]] = set()
        self._heard = float("-inf")  # nobody has asked yet
        self._shelving = Lock()
        self._trying: dict[str, Lock] = {}

    def answer(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Try designs on the sample.

        Args:
            asked: `programme`, `designs` (the texts of their files), `language`.

        Returns:
            `told`, or the `mistake` of a design.
        """
        from haidang.errors import HaidangError
        from haidang.packs.design_file import parse_design
        from haidang.web.lab.told import tell

        begun = self._heard = monotonic()
        with self._shelving:
            self._asked.add(asked["programme"])
            self._prepared.add((asked["programme"], ""))
        try:
            designs = [parse_design(text, "design.yaml") for text in asked["designs"]]
            run = self._try_out(asked["programme"], designs)
            scenarios = [scenario.id for scenario in run.programmes]
            told = tell(run, scenarios, asked["language"], 0.0)
        except HaidangError as mistake:
            return {"mistake": str(mistake)}
        return {"told": asdict(told) | {"seconds": round(monotonic() - begun, 3)}}

    def want(self, programmes: list[str]) -> None:
        """Hear that somebody may soon ask about these."""
        self._wanted = programmes[: self._room]

    def prepare_next(self) -> None:
        """Try one more programme or variant, as the pack has it, so that who asks about it does not wait for it.

        First the programmes that are wanted; when nobody has asked for a while others, as long as there is room, and
        then the variants of those about which somebody asked. Nothing happens before somebody may ask.
        """
        from haidang.errors import HaidangError
        from haidang.packs.design_file import parse_design, write_design
        from haidang.web.lab.told import tell

        if self._pack is None and not self._wanted:
            return
        try:
            with self._shelving:
                self._wanted = [name for name in self._wanted if name in self._opened().programmes]
                due = list(islice(self._due(), 1))
                self._prepared.update(due)
            for programme, variant in due:
                titles = {"vi": variant, "en": variant}
                texts = [write_design("prepared", titles, programme, variant, {}, {})] if variant else []
                run = self._try_out(programme, [parse_design(text, "design.yaml") for text in texts])
                tell(run, [scenario.id for scenario in run.programmes], "vi")  # what draws is loaded by that, too
        except HaidangError as mistake:
            print(f"haidang: a programme cannot be prepared: {mistake}", file=sys.stderr, flush=True)
            self._wanted = []

    def _due(self) -> Iterator[tuple[str, str]]:
        """What is not prepared yet: a programme and its variant, which the programme itself has none of."""
        files, quiet = self._opened().programmes, monotonic() - self._heard
        room = self._room - len({*self._benches, *self._wanted}) if quiet > PAUSE else 0
        others = [name for name in files if name not in self._benches and name not in self._wanted][: max(room, 0)]
        bases = ((name, "") for name in (*self._wanted, *others) if quiet > BREATH)
        asked = [name for name in reversed(self._benches) if name in self._asked and quiet > PAUSE]
        variants = ((name, variant) for name in asked for variant in files[name].variants)
        return (one for one in (*bases, *variants) if one not in self._prepared)

    def _try_out(self, programme: str, designs: Sequence[Design]) -> HeldRun:
        """Try designs on the bench of their programme, which is asked by one thread at a time."""
        with self._shelving:
            bench, alone = self._bench(programme), self._trying.setdefault(programme, Lock())
        with alone:
            return bench.try_out(designs)

    def _opened(self) -> Pack:
        from haidang.packs import load_pack

        if self._pack is None:
            self._pack = load_pack(self._name)
        return self._pack

    def _bench(self, programme: str) -> Bench:
        from haidang.study import Bench

        if programme not in self._benches:
            self._benches[programme] = Bench(self._opened(), programme, sample_of(self._opened(), programme))
            while len(self._benches) > self._room:
                gone, _ = self._benches.popitem(last=False)
                self._prepared -= {one for one in self._prepared if one[0] == gone}
        self._benches.move_to_end(programme)
        return self._benches[programme]


def sample_of(pack: Pack, programme: str) -> Sample:
    """How small the sample of a programme is: never more rows than its population is built with."""
    from haidang.study import Sample

    card = pack.model(pack.programme(programme).base.model).card
    return Sample(min(ROWS[card.period], pack.population(card.population).rows), DRAWS)


if __name__ == "__main__":
    main()
    os._exit(0)  # as where it is told to stop
