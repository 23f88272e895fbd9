"""A programme's condition as a sentence: `size != "large"` is `Quy mô: không phải Lớn`."""

from __future__ import annotations

from typing import Any

from haidang.programmes.expression import Expression
from haidang.programmes.syntax import All, Among, AnyOf, Comparison, Name, Node, Not, Number, Truth
from haidang.results.catalogue import catalogue
from haidang.results.numerals import quantity
from haidang.web.city.pack import pack
from haidang.web.factories.vocabulary import column_title, columns, word_title
from haidang.web.words import Language, words


def condition_text(part: Expression, language: Language) -> str:
    """A condition in words; as it is written where there are no words for it."""
    try:
        return _said(part.tree, language)
    except _UnsaidError:
        return part.text


def value_text(name: str, value: Any, language: Language) -> str:
    """What a factory has in a column, in words."""
    if value is None:
        return words(language).text("factories.known.none")
    if isinstance(value, bool):
        return words(language).text(f"factories.known.{'yes' if value else 'no'}")
    if isinstance(value, str):
        return word_title(name, value, language)
    column = columns().get(name)
    unit = "1" if column is None or column.unit is None else column.unit
    return quantity(float(value), unit, catalogue(language)) if unit != "1" else _number(float(value), language)


class _UnsaidError(Exception):
    """A part for which there are no words."""


def _said(node: Node, language: Language) -> str:
    say = words(language).text
    match node:
        case Among():
            named = ", ".join(word_title(node.column.id, word, language) for word in node.words)
            return say("factories.said.among", column=_title(node.column.id, language), words=named)
        case Not(operand=Among() as inside):
            named = ", ".join(word_title(inside.column.id, word, language) for word in inside.words)
            return say("factories.said.not_among", column=_title(inside.column.id, language), words=named)
        case Not(operand=Name() as flag):
            return say("factories.said.flag_no", column=_title(flag.id, language))
        case Name():
            return say("factories.said.flag_yes", column=_title(node.id, language))
        case Comparison(rest=((relation, right),)):
            left, unit = _side(node.first, language, ""), _unit(node.first)
            return say(f"factories.said.{_RELATIONS[relation]}", left=left, right=_side(right, language, unit))
        case AnyOf():
            return say("factories.said.or").join(_said(one, language) for one in node.parts)
        case All():
            return say("factories.said.and").join(_said(one, language) for one in node.parts)
        case _:
            raise _UnsaidError


_RELATIONS = {"<": "below", "<=": "at_most", ">": "above", ">=": "at_least", "==": "equal", "!=": "other"}


def _side(node: Node, language: Language, unit: str) -> str:
    match node:
        case Name():
            return _title(node.id, language)
        case Number():
            return quantity(node.value, unit, catalogue(language)) if unit else _number(node.value, language)
        case Truth():
            return words(language).text(f"factories.known.{'yes' if node.value else 'no'}")
        case _:
            raise _UnsaidError


def _unit(node: Node) -> str:
    column = columns().get(node.id) if isinstance(node, Name) else None
    return "" if column is None or column.unit in {None, "1"} else str(column.unit)


def _title(name: str, language: Language) -> str:
    """A column's title, or that of a fact."""
    book = pack().book
    if name in book.facts and name not in columns():
        return book.facts[name].title[language]
    return column_title(name, language)


def _number(value: float, language: Language) -> str:
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return text.replace(".", ",") if language == "vi" else text
