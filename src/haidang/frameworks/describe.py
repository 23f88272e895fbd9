"""What a framework is, in words: for a list, for one framework, and for a check of a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from haidang.frameworks.framework import Framework, Language, forbid_licensed
from haidang.frameworks.read import find_framework, load_framework, shipped


def framework_list(language: Language) -> tuple[Mapping[str, str], ...]:
    """The shipped frameworks: id, title, version, date and how large each is."""
    return tuple(_head(find_framework(name), language) for name in shipped())


def _head(one: Framework, language: Language) -> Mapping[str, str]:
    return {
        "id": one.id,
        "title": one.title[language],
        "version": one.version,
        "date": one.date,
        "rights": one.rights,
        "areas": str(len(one.areas)),
        "capabilities": str(len(one.capabilities)),
        "criteria": str(len(one.criteria)),
    }


def framework_lines(framework: Framework, language: Language) -> tuple[str, ...]:
    """A framework as lines to read: areas, capabilities, and every criterion with its level and kind."""
    lines = [f"{framework.id} {framework.version} ({framework.date}): {framework.title[language]}"]
    for area in framework.areas:
        lines += ["", f"{area.title[language]} ({area.id})"]
        for capability in area.capabilities:
            lines.append(f"  {capability.title[language]} ({capability.id})")
            lines += [
                f"    {one.level} {one.kind:<6} {one.id:<8} {one.text[language]}"
                for one in sorted(capability.criteria, key=lambda each: each.level)
            ]
    return tuple(lines)


def framework_json(framework: Framework) -> Mapping[str, Any]:
    """A framework as JSON takes it, in both languages."""
    from dataclasses import asdict, replace

    plain = asdict(replace(framework, place=None))
    return {"format": 1, **_without_places(plain)}


def _without_places(node: Any) -> Any:
    if isinstance(node, dict):
        found = cast("dict[str, Any]", node)
        return {key: _without_places(value) for key, value in found.items() if key != "place"}
    if isinstance(node, list | tuple):
        return [_without_places(one) for one in cast("Sequence[Any]", node)]
    return node


def check_framework(path: Path | str) -> Framework:
    """The framework in a file, seen to be whole and fit for a public pack: `.yaml`, or a workbook `.xlsx`.

    Raises:
        HaidangError: it is not as it should be, with file and line or sheet and cell, or its text is licensed.
    """
    if str(path).lower().endswith((".yaml", ".yml")):
        return forbid_licensed(load_framework(path))
    from haidang.frameworks.workbook import from_excel

    return forbid_licensed(from_excel(path))
