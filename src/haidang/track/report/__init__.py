"""The report that a citizen reads: what was promised, where it stands, how likely the targets are, and why.

For: anybody, on a phone or on paper, without a script and without the network.
Given: an `Overview`.
Gives: `write_pages`: index.html and, where there are many records, pages of them; each in both languages. `page_body`:
the first of them to stand in somebody's page. `few_fans`: the charts of a few targets.
Never: computes a probability, leaves a number without its source, or hides in a colour what words do not say.
"""

from haidang.track.report.fans import Fan, few_fans
from haidang.track.report.page import page_body, page_style, write_pages

__all__ = ["Fan", "few_fans", "page_body", "page_style", "write_pages"]
