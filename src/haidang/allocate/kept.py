"""What offers add, kept as files: work that was broken off then goes on from what it had valued."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from haidang.allocate.valued import Valued
from haidang.results.run import replace_bytes
from haidang.study.offers import Offer

_ARRAYS = ("ids", "weight", "years", "draws", "by_draw")


@dataclass(frozen=True, slots=True)
class Kept:
    """A folder with what was valued before.

    Args:
        folder: made where there is none.
        inputs: a digest of everything that the values follow from.
    """

    folder: Path
    inputs: str

    def valued(self, name: str, offers: tuple[Offer, ...], make: Callable[[], Valued]) -> Valued:
        """What was kept under a name and these inputs, else what is made now, which is kept whole.

        Args:
            name: of the values.
            offers: of which they are.
            make: simulates.
        """
        digest = hashlib.sha256(f"{self.inputs}\n{name}".encode()).hexdigest()
        file = self.folder / f"{digest}.npz"
        if file.exists():
            try:
                return _read(file, offers)
            except (ValueError, KeyError, OSError, zipfile.BadZipFile):
                pass  # a file that is not as it was written is no loss: what it held is made once more
        found = make()
        self.folder.mkdir(parents=True, exist_ok=True)
        replace_bytes(file, _packed(found))
        return found


def _packed(found: Valued) -> bytes:
    stream = io.BytesIO()
    arrays = {name: np.asarray(getattr(found, name)) for name in _ARRAYS}
    sides = {f"{side}.{name}": one for side in ("more", "less") for name, one in getattr(found, side).items()}
    np.savez(stream, allow_pickle=False, **arrays, **sides)
    return stream.getvalue()


def _read(file: Path, offers: tuple[Offer, ...]) -> Valued:
    with np.load(io.BytesIO(file.read_bytes()), allow_pickle=False) as held:
        side = {
            want: {name.partition(".")[2]: held[name] for name in held.files if name.startswith(f"{want}.")}
            for want in ("more", "less")
        }
        years = tuple(int(one) for one in held["years"])
        return Valued(
            held["ids"], held["weight"], years, offers, held["draws"], side["more"], side["less"], held["by_draw"]
        )  # fmt: skip
