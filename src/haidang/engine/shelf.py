"""Where arrays lie between their uses: in memory, or in files of their own when memory is bounded by the block."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any
from uuid import uuid4
from weakref import finalize

import numpy as np
from numpy.typing import NDArray

from haidang.errors import HaidangError

Arrays = Mapping[str, NDArray[Any]]


class ScratchError(HaidangError):
    """Scratch files cannot be written: the disk is full or the folder is read-only."""


class Shelf:
    """Named bundles of arrays in the files of a temporary folder, which goes when the shelf goes.

    A file is written under another name and renamed, so that two workers may put the same bundle.
    """

    def __init__(self) -> None:
        """Make the folder.

        Raises:
            ScratchError: there is no room or no right to make it.
        """
        try:
            self._folder = Path(mkdtemp(prefix="haidang-"))
        except OSError as error:
            raise ScratchError(f"expected a folder for scratch files, found: {error.strerror or error}") from error
        finalize(self, rmtree, self._folder, ignore_errors=True)

    def __contains__(self, name: str) -> bool:
        """Whether a bundle was put."""
        return self._path(name).exists()

    def put(self, name: str, arrays: Arrays) -> None:
        """Keep a bundle under a name.

        Raises:
            ScratchError: the disk is full.
        """
        draft = self._folder / f".{uuid4().hex}.npz"
        try:
            np.savez(draft, **dict(arrays))  # pyright: ignore[reportArgumentType]
            os.replace(draft, self._path(name))
        except OSError as error:
            raise ScratchError(
                f"expected room for scratch files, found: {error.strerror or error}",
                hint="set TMPDIR to a folder with more room",
            ) from error

    def take(self, name: str, *wanted: str) -> dict[str, NDArray[Any]]:
        """The arrays of a bundle; only those wanted where some are named."""
        with np.load(self._path(name), allow_pickle=False) as bundle:
            return {key: bundle[key] for key in (wanted or bundle.files)}

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.npz"
