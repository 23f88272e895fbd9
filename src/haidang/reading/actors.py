"""Organisations in a sentence: those of the gazetteer, and names that a title such as `Công ty` or `Group` marks."""

from __future__ import annotations

import re
from functools import lru_cache

from haidang.reading.rules import Rules, alternatives, words_pattern

__all__ = ["organisations", "speaks"]

_LONGEST_NAME, LONGEST_SYLLABLE = 9, 7
_JOINING = frozenset(("và", "and", "of", "the", "for"))


@lru_cache(maxsize=8)
def _patterns(rules: Rules) -> tuple[re.Pattern[str], dict[str, str], re.Pattern[str], re.Pattern[str]]:
    names = {alias: name for name, aliases in rules.organisations.items() for alias in (*aliases, name)}
    known = re.compile(rf"(?<!\w)(?:{alternatives(names)})(?!\w)")
    word = r"[^\W_][\w.&'’-]*"
    head = re.compile(rf"(?<!\w)(?:{alternatives(rules.heads)})(?=(?P<rest>(?:\s+{word}){{1,{_LONGEST_NAME}}}))")
    tail = re.compile(
        rf"(?<!\w)(?P<name>(?:(?!(?:{alternatives(rules.not_names)})\b)[A-Z][\w&'’-]*\s+){{1,4}}(?:{alternatives(rules.tails)}))(?!\w|\s+of\s)"
    )
    return known, names, head, tail


def organisations(sentence: str, rules: Rules) -> tuple[str, ...]:
    """The organisations named, each once, in the order of the text; one inside the name of another is not listed."""
    known, names, head, tail = _patterns(rules)
    found: list[tuple[int, int, str]] = []
    for match in head.finditer(sentence):
        end = _name_end(match, rules)
        if end is not None:
            found.append((match.start(), end, " ".join(sentence[match.start() : end].split())))
    found += [(match.start(), match.end(), " ".join(match["name"].split())) for match in tail.finditer(sentence)]
    for match in known.finditer(sentence):
        found.append((match.start(), match.end(), names[" ".join(match[0].split())]))
    found.sort(key=lambda one: (one[0], -one[1]))
    kept: list[tuple[int, int, str]] = []
    for one in found:
        if not kept or one[0] >= kept[-1][1]:
            kept.append((one[0], one[1], names.get(one[2], one[2])))
    return tuple(dict.fromkeys(name for _, _, name in kept))


def speaks(sentence: str, rules: Rules) -> bool:
    """Whether a party without a name of its own, or a person with one, stands in a sentence."""
    if words_pattern(rules.speakers).search(sentence) is not None:
        return True
    return any(match["name"].isupper() for match in _titled(rules).finditer(sentence))


@lru_cache(maxsize=8)
def _titled(rules: Rules) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{alternatives(rules.titles)})\s+(?P<name>[^\W\d_])", re.IGNORECASE)


def _name_end(match: re.Match[str], rules: Rules) -> int | None:
    """Where the name behind a title ends.

    Vietnamese writes the first syllable of a word of an office's name with a capital and the second without one, `Sở
    Giao thông Công chánh`, and each syllable of a place or a company with one, `quận Bình Thạnh`. So a syllable without
    one belongs to the name behind a single one with one, unless a verb or another title begins with it.
    """
    rest, end, capitals, named = match["rest"], None, 0, False
    for word in re.finditer(r"\S+", rest):
        text, plain = word[0], word[0].casefold().strip(".")
        if _ends(rules).match(rest, word.start()) is not None and (named or text[:1].islower()):
            break
        if text[:1].isupper() or text[:1].isdigit():
            capitals, named = capitals + 1, named or text[:1].isupper()
        elif named:
            second = capitals == 1 and len(text) <= LONGEST_SYLLABLE
            if not second and plain not in rules.name_words:
                break
            capitals = 0
        elif plain not in rules.places:
            break
        if plain not in _JOINING and (named or text[:1].isdigit()):
            end = match.start("rest") + word.start() + len(text.rstrip("."))
        if text.endswith("."):
            capitals = 0
    return end if named or (end is not None and rest.split()[0].casefold() in rules.places) else None


@lru_cache(maxsize=8)
def _ends(rules: Rules) -> re.Pattern[str]:
    """What ends a name: a verb, a word of time or of tense, another title, or a word that is never in a name."""
    kinds = (rules.without_number, rules.tenses, rules.stating)
    verbs = {one for words in kinds for said in words.values() for one in said} - set(rules.name_words)
    stops = set(rules.stops) - set(rules.name_words)
    words = (
        verbs | set(rules.acts) | set(rules.verbs) - set(rules.name_words) | stops | set(rules.will) | set(rules.saying)
    )
    lower = alternatives(one for one in words if not one[:1].isupper())
    return re.compile(rf"(?:{lower}|(?:(?:và|and|the)\s+)*(?:{alternatives(rules.heads)}))(?!\w)")
