"""The report that a citizen reads: what was promised, where it stands, how likely the targets are, and why.

For: anybody, on a phone or on paper, without a script and without the network.
Given: an `Overview`.
Gives: `write_pages`: index.html and, where there are many records, pages of them; each in both languages. `page_body`:
the first of them to stand in somebody's page. `few_fans`: the charts of a few targets.
Never: computes a probability, leaves a number without its source, or hides in a colour what words do not say. Altair is
imported when a page is asked for: who only tells of records (`view`) does without it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from haidang.track.report.fans import Fan, few_fans
    from haidang.track.report.page import page_body, page_style, write_pages

__all__ = ["Fan", "few_fans", "page_body", "page_style", "write_pages"]


def __getattr__(name: str) -> Any:
    """A public name, from the module that makes it, which is imported now."""
    if name not in __all__:
        raise AttributeError(name)
    of_fans = name in ("Fan", "few_fans")
    return getattr(import_module(f"haidang.track.report.{'fans' if of_fans else 'page'}"), name)
