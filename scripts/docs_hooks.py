"""What the documentation adds to MkDocs: a reference page for every room there is, and formulas without a script.

Formulas become MathML when the site is built, so that a page needs neither the network nor JavaScript to show them.
"""

import html
import re
from collections.abc import Iterator
from pathlib import Path

from latex2mathml.converter import convert
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

PACKAGE = Path(__file__).resolve().parents[1] / "src" / "haidang"

# In the order in which a number travels.
ROOMS = (
    "errors",
    "facts",
    "population",
    "frameworks",
    "models",
    "programmes",
    "packs",
    "engine",
    "results",
    "study",
    "allocate",
    "learn",
    "track",
    "reading",
    "api",
    "faces",
    "cli",
    "web",
)

FORMULA = re.compile(
    r'<div class="arithmatex">\\\[(?P<block>.*?)\\\]</div>|<span class="arithmatex">\\\((?P<inline>.*?)\\\)</span>',
    re.DOTALL,
)


def rooms() -> Iterator[str]:
    """The rooms that exist."""
    for room in ROOMS:
        if (PACKAGE / room / "__init__.py").exists() or (PACKAGE / f"{room}.py").exists():
            yield room


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Put the reference pages at the end of the navigation."""
    config.nav = [*(config.nav or []), {"Reference": [{room: f"reference/{room}.md"} for room in rooms()]}]
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Write one reference page for each room."""
    for room in rooms():
        files.append(File.generated(config, f"reference/{room}.md", content=_page(room)))
    return files


def _page(room: str) -> str:
    """The room's own words, then each of its modules, so that a name stands once, where it is defined."""
    modules = sorted(path for path in (PACKAGE / room).rglob("*.py") if not path.name.startswith("_"))
    if not modules:
        return f"# {room}\n\n::: haidang.{room}\n"
    names = [".".join(path.relative_to(PACKAGE).with_suffix("").parts) for path in modules]
    door = f"# {room}\n\n::: haidang.{room}\n    options:\n      members: false\n"
    return door + "".join(
        f"\n## {name}\n\n::: haidang.{name}\n    options:\n      heading_level: 3\n" for name in names
    )


def on_page_content(content: str, **_: object) -> str:
    """Turn the formulas of a page into MathML."""
    return FORMULA.sub(_mathml, content)


def _mathml(found: re.Match[str]) -> str:
    block = found["block"]
    formula = html.unescape(block if block is not None else found["inline"])
    return convert(formula.strip(), display="inline" if block is None else "block")
