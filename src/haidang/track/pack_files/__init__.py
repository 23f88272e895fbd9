"""The records that a pack states in YAML: read with file and line in every mistake, nothing guessed.

For: `haidang check` and everything that tracks.
Given: a pack's `commitments/`, `indicators/`, `targets/`, `events/` and `proposals/`, each file a mapping of records.
Gives: `read_records`, the records by kind with the place of each, and every mistake that can be told at once.
Never: checks what only several records together can tell (that is `track.check`), or writes a file.
"""

from haidang.track.pack_files.load import Found, read_records

__all__ = ["Found", "read_records"]
