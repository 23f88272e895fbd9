"""Where arrays lie between their uses: in memory, or in files of their own when memory is bounded by the block."""

from __future__ import annotations

import json
import math
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

_LENGTH_BYTES = 8
Arrays = Mapping[str, NDArray[Any]]


class ScratchError(HaidangError):
    """Scratch files cannot be written: the disk is full or the folder is read-only."""


class Shelf:
    """Named bundles of arrays in the files of a temporary folder, which goes when the shelf goes.

    A file is written under another name and renamed, so that two workers may put the same bundle. It is a line that
    names the columns, then their bytes: NumPy's own format reads its header with Python's parser, which Python 3.11
    cannot do in two threads at once.
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
        self._gone = finalize(self, rmtree, self._folder, ignore_errors=True)

    def close(self) -> None:
        """Throw the folder away now."""
        self._gone()

    def __contains__(self, name: str) -> bool:
        """Whether a bundle was put."""
        return self._path(name).exists()

    def put(self, name: str, arrays: Arrays) -> None:
        """Keep a bundle under a name.

        Raises:
            ScratchError: the disk is full.
        """
        draft = self._folder / f".{uuid4().hex}"
        plain = {key: np.ascontiguousarray(column) for key, column in arrays.items()}
        header = json.dumps([(key, one.dtype.str, one.shape) for key, one in plain.items()]).encode()
        try:
            with draft.open("wb") as file:
                file.write(len(header).to_bytes(_LENGTH_BYTES, "little") + header)
                for column in plain.values():
                    column.tofile(file)
            os.replace(draft, self._path(name))
        except OSError as error:
            raise ScratchError(
                f"expected room for scratch files, found: {error.strerror or error}",
                hint="set TMPDIR to a folder with more room",
            ) from error

    def take(self, name: str) -> dict[str, NDArray[Any]]:
        """The arrays of a bundle."""
        found: dict[str, NDArray[Any]] = {}
        with self._path(name).open("rb") as file:
            length = int.from_bytes(file.read(_LENGTH_BYTES), "little")
            columns: list[tuple[str, str, list[int]]] = json.loads(file.read(length))
            for key, dtype, shape in columns:
                found[key] = np.fromfile(file, np.dtype(dtype), math.prod(shape)).reshape(shape)
        return found

    def _path(self, name: str) -> Path:
        return self._folder / name
