"""What the pages on the odds show is what comes."""

import re
import subprocess
import sys
from pathlib import Path

from haidang.track.odds.priors import TRENDS


def test_the_example_of_the_page_prints_what_the_page_shows(root: Path) -> None:
    page = (root / "docs" / "howto" / "odds.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"(?ms)^```python\n(.*?)^```", page)
    (shown,) = re.findall(r"(?ms)^```text\n(.*?)^```", page)
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert found.stderr == ""
    assert found.stdout == shown


def test_the_page_names_the_priors_in_use(root: Path) -> None:
    page = (root / "docs" / "mathematics" / "odds.md").read_text(encoding="utf-8")
    noise = re.search(r"\| noise \$s_0\$, a year \| (?P<log>\S+) \| (?P<logit>\S+) \| (?P<rank>\S+) \|", page)
    shape = re.search(r"\| shape \$a\$ \| (?P<log>\S+) \| (?P<logit>\S+) \| (?P<rank>\S+) \|", page)
    for scale in ("log", "logit", "rank"):
        assert float(noise[scale]) == TRENDS[scale].noise
        assert float(shape[scale]) == TRENDS[scale].certainty
