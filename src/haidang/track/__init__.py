"""Track: every promise, every indicator and every target, with the evidence.

For: whoever asks a year later what became of it, and whoever must answer.
Given: a pack's `commitments/`, `indicators/`, `targets/`, `events/` and `proposals/`, and a database of changes.
Gives: `load_tracked` (a `Tracked` book of records), its state as of any day, what is late, silent or without a
responsible body, a report, files for others (CSV, XLSX, JSON, SDMX-CSV, data package) and a log that shows tampering.
Never: says that a claim is true, averages claims that contradict each other, reads a missing value as zero, or fills
in a date, a stage or a responsible body that no source names.
"""

from haidang.track.attention import Attention, attention
from haidang.track.book import load_tracked, track_mistakes
from haidang.track.contradictions import Contradiction, contradictions
from haidang.track.progress import Progress, progress, stage_of
from haidang.track.tracked import Point, Tracked, as_of, gather, series

__all__ = [
    "Attention",
    "Contradiction",
    "Point",
    "Progress",
    "Tracked",
    "as_of",
    "attention",
    "contradictions",
    "gather",
    "load_tracked",
    "progress",
    "series",
    "stage_of",
    "track_mistakes",
]
