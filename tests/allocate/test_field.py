"""The order of a field: a first part of the units is a sample of all."""

import numpy as np

from haidang.allocate.field import field_of
from haidang.allocate.problem import Rule
from haidang.allocate.watch import Watch
from tests.allocate.towns import town

FAIR = tuple(Rule(f"fair-{one}", "units", "at_least", "district", (one,), share=0.2) for one in range(4))


def test_every_first_part_of_the_units_has_its_share_of_every_class() -> None:
    field = field_of(town(4001, 1, rules=FAIR), 0, Watch(60.0, 0.0, None))
    assert (np.sort(field.order) == np.arange(4001)).all()
    classes = field.rows.class_of[field.order]
    for first in (10, 100, 1024, 3000):
        shares = np.bincount(classes[:first], minlength=field.rows.classes)
        assert np.abs(shares - first * np.bincount(classes) / 4001).max() <= 1.0 + 1e-9


def test_units_of_a_class_come_by_chance() -> None:
    watch = Watch(60.0, 0.0, None)
    one, other = (field_of(town(400, 1, rules=FAIR), seed, watch).order for seed in (0, 1))
    assert not np.array_equal(one, other)
    mine = one[field_of(town(400, 1, rules=FAIR), 0, watch).rows.class_of[one] == 2]
    assert not np.array_equal(mine, np.sort(mine))
