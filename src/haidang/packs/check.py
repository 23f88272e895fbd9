"""Whether a pack's parts fit together: every mistake that can be told at once. Nothing here imports JAX."""

from __future__ import annotations

from collections.abc import Iterator

from haidang.errors import HaidangError
from haidang.facts import FactBook
from haidang.packs.card import card_mistakes
from haidang.packs.feeds import feed_mistakes
from haidang.packs.load import Pack, find_pack, load_pack
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
    """What does not fit among models, populations and programmes."""
    for model_name in pack.modules:
        yield from card_mistakes(pack, model_name, pack.model(model_name).card)
    for spec in pack.populations.values():
        check_spec(spec, pack.book)
    for file in pack.programmes.values():
        for variant, programme in ((None, file.base), *file.variants.items()):
            yield from programme_mistakes(programme, pack.model(programme.model).card, pack.book)
            yield from feed_mistakes(pack, programme, (file.base.id, variant))
