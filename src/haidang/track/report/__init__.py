"""The report that a citizen reads: what was promised, where it stands, how likely the targets are, and why.

For: anybody, on a phone or on paper, without a script and without the network.
Given: an `Overview`.
Gives: `write_pages`: index.html and, where there are many records, pages of them; each in both languages. `page_body`:
the first of them to stand in somebody's page.
Never: computes a probability, leaves a number without its source, or hides in a colour what words do not say. Altair is
imported when a page is asked for: who only tells of records (`view`) does without it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from haidang.track.report.page import page_body, page_style, write_pages

__all__ = ["page_body", "page_style", "write_pages"]


def __getattr__(name: str) -> Any:
    """A public name, from the module of the pages, which is imported now."""
    if name not in __all__:
        raise AttributeError(name)
    return getattr(import_module("haidang.track.report.page"), name)
