"""The store: records in a database, with a log of changes that only grows and that shows tampering.

For: several people who enter, confirm and advance promises at once, and whoever asks later who changed what.
Given: an address, `postgresql://...` or the path of an SQLite file; it is also a Django app for a web application.
Gives: `open_store`, a `Store` that writes whole batches or nothing, reads records as they stand or stood on a day, and
verifies its own log.
Never: overwrites a change that somebody made in the meantime, changes or deletes a row of the log, or shows a password.

Django was chosen because the web application will be built on it: one set of models and migrations for both.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from haidang.track.store.address import StoreError, close_store, open_store
    from haidang.track.store.draft import ConflictError, Draft, Held, WriteError
    from haidang.track.store.store import Store
    from haidang.track.store.verify import TamperedError, Verified

__all__ = [
    "ConflictError",
    "Draft",
    "Held",
    "Store",
    "StoreError",
    "TamperedError",
    "Verified",
    "WriteError",
    "close_store",
    "open_store",
]

_HOMES = {
    "ConflictError": "draft",
    "Draft": "draft",
    "Held": "draft",
    "Store": "store",
    "StoreError": "address",
    "TamperedError": "verify",
    "Verified": "verify",
    "WriteError": "draft",
    "close_store": "address",
    "open_store": "address",
}
"""The module of each public name: Django imports this package before its models may be imported."""


def __getattr__(name: str) -> Any:
    """A public name, from its module, which is imported now."""
    if name not in _HOMES:
        raise AttributeError(name)
    if name == "Store":
        import_module("haidang.track.store.address").set_up()
    return getattr(import_module(f"haidang.track.store.{_HOMES[name]}"), name)
