"""A small pack on disk, written from texts."""

from pathlib import Path

SOURCES = """\
bank-2025:
  title: Press conference on interest rates
  publisher: State Bank
  date: 2025-10
  address: https://example.org/rates
survey-2023:
  title: Survey of firms
  publisher: Statistics office
  date: 2023
"""


def write_pack(folder: Path, facts: str, sources: str = SOURCES) -> Path:
    """A pack with one facts file, `facts/money.yaml`."""
    (folder / "facts").mkdir(parents=True)
    (folder / "sources.yaml").write_text(sources, encoding="utf-8")
    (folder / "facts" / "money.yaml").write_text(facts, encoding="utf-8")
    return folder
