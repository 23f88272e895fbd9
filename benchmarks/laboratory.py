"""What the laboratory's sampler takes for a design that was never asked before, programme by programme.

Each programme is prepared as the sampler does while nobody asks, and asked once for each kind of place; then a slider
is moved to seven places along its range. `python -m benchmarks laboratory`.
"""

from __future__ import annotations

from collections.abc import Iterator
from time import perf_counter, process_time

from benchmarks.figure import Figure
from haidang.packs import Pack, load_pack
from haidang.packs.design_file import write_design
from haidang.web.lab.sampler import Shelf, sample_of
from haidang.web.lab.slots import Board, Slot, board

BOUND = 1.0
"""Seconds within which the effect of a lever or a budget is to be seen."""
STEPS = 7


def measure(small: bool) -> tuple[list[Figure], list[str]]:
    """Seconds of the sampler's answer for a lever or a budget and for a supposed fact of each programme."""
    pack, figures = load_pack("hcmc"), list[Figure]()
    shelf, places = Shelf("hcmc", len(pack.programmes)), 2 if small else STEPS
    for programme, file in pack.programmes.items():
        said = board(pack, file.base, "en")
        _asked(shelf, programme, [])
        for what, slot, bound in (("a lever or a budget", _lever(said), BOUND), ("a fact", _fact(said), None)):
            texts = list(_designs(pack, programme, said, slot, places + 1))
            _asked(shelf, programme, texts[:1])
            took = [_asked(shelf, programme, [text]) for text in texts[1:]]
            wall, cpu = zip(*took, strict=True)
            figures.append(
                Figure(f"{programme}, {what}", "s", wall, bound=bound, note=f"{slot.name}; CPU {max(cpu):.2f}")
            )
    sizes = ", ".join(f"{one} {sample_of(pack, one).rows:,}" for one in pack.programmes)
    return figures, [f"rows: {sizes}", "told in words with the chart; a fact tries baseline, programme and design"]


def _lever(said: Board) -> Slot:
    """The first lever or amount that an instrument sets and that has a slider."""
    return next(slot for group in said.groups for slot in group.main if slot.slider is not None)


def _fact(said: Board) -> Slot:
    return next(slot for slot in said.facts if slot.slider is not None)


def _designs(pack: Pack, programme: str, said: Board, slot: Slot, count: int) -> Iterator[str]:
    """Designs that differ from the programme in one place, along its range."""
    slider = slot.slider
    if slider is None:
        raise ValueError(f"expected a place with a slider, found {slot.name}")
    for step in range(1, count + 1):
        value = slider.low + (slider.high - slider.low) * step / (count + 1)
        changes, facts = said.changes({slot.name: f"{value:.6g}{slider.suffix}"})
        yield write_design(f"design-{step}", {"vi": "Thử", "en": "Trial"}, programme, None, changes, facts)


def _asked(shelf: Shelf, programme: str, designs: list[str]) -> tuple[float, float]:
    """Seconds on the clock and of CPU."""
    begun, used = perf_counter(), process_time()
    found = shelf.answer({"programme": programme, "designs": designs, "language": "en"})
    if "told" not in found:
        raise RuntimeError(f"{programme}: {found['mistake']}")
    return perf_counter() - begun, process_time() - used
