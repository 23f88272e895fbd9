"""Whether a pack's parts fit together: every mistake that can be told at once. Nothing here imports JAX."""

from __future__ import annotations

from collections.abc import Iterator

from haidang.errors import HaidangError, Place, did_you_mean
from haidang.facts import FactBook
from haidang.packs.card import card_mistakes
from haidang.packs.feeds import feed_mistakes
from haidang.packs.load import Pack, PackError, find_pack, load_pack
from haidang.packs.outline import FILE, Outline
from haidang.population import check_spec
from haidang.programmes import programme_mistakes


def check_pack(name: str) -> Pack:
    """Read everything of a pack and check that the parts fit together.

    Raises:
        HaidangError: the first mistake found.
    """
    pack, mistakes = examine_pack(name)
    if pack is None or mistakes:
        raise mistakes[0]
    return pack


def examine_pack(name: str) -> tuple[Pack | None, tuple[HaidangError, ...]]:
    """A pack as far as it can be read, and every mistake that can be told at once; none where it is in order.

    Facts come first: while one of them is wrong, what names them is not looked at.
    """
    try:
        pack = load_pack(name)
    except HaidangError as mistake:
        return None, _fact_mistakes(name) or (mistake,)
    try:
        return pack, tuple(_part_mistakes(pack))
    except HaidangError as mistake:
        return pack, (mistake,)


def _fact_mistakes(name: str) -> tuple[HaidangError, ...]:
    try:
        return FactBook.mistakes(find_pack(name))
    except HaidangError as mistake:
        return (mistake,)


def _part_mistakes(pack: Pack) -> Iterator[HaidangError]:
    """What does not fit among the map, models, populations and programmes."""
    if pack.outline is not None:
        yield from _outline_mistakes(pack, pack.outline)
    for model_name in pack.modules:
        yield from card_mistakes(pack, model_name, pack.model(model_name).card)
    for spec in pack.populations.values():
        check_spec(spec, pack.book)
    for file in pack.programmes.values():
        for variant, programme in ((None, file.base), *file.variants.items()):
            yield from programme_mistakes(programme, pack.model(programme.model).card, pack.book)
            yield from feed_mistakes(pack, programme, (file.base.id, variant))


def _outline_mistakes(pack: Pack, outline: Outline) -> Iterator[HaidangError]:
    """A map of a column that no population has; words of the column that have no place on it."""
    place = Place(str(pack.root / FILE), None, "column")
    columns = {name: column for spec in pack.populations.values() for name, column in spec.columns.items()}
    if outline.column not in columns:
        hint = did_you_mean(outline.column, columns)
        yield PackError(f"expected a column of the pack's populations, found '{outline.column}'", place, hint)
    known = {*outline.parts, *outline.together}
    for spec in pack.populations.values():
        for word in spec.columns[outline.column].categories if outline.column in spec.columns else ():
            if word not in known:
                problem = f"expected a part for '{word}' of the population '{spec.id}', found none"
                yield PackError(problem, place.at("places"), did_you_mean(word, known))
