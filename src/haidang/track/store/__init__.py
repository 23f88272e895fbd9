"""The store: records in a database, with a log of changes that only grows and that shows tampering.

For: several people who enter, confirm and advance promises at once, and whoever asks later who changed what.
Given: an address, `postgresql://...` or the path of an SQLite file; it is also a Django app for a web application.
Gives: `open_store`, a `Store` that writes whole batches or nothing, reads records as they stand or stood on a day, and
verifies its own log.
Never: overwrites a change that somebody made in the meantime, changes or deletes a row of the log, or shows a password.

Django was chosen because the web application will be built on it: one set of models and migrations for both.
"""

from haidang.track.store.address import StoreError, open_store
from haidang.track.store.store import ConflictError, Draft, Store
from haidang.track.store.verify import TamperedError, Verified

__all__ = ["ConflictError", "Draft", "Store", "StoreError", "TamperedError", "Verified", "open_store"]
