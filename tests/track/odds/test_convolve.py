"""A convolution is what its definition sums."""

import numpy as np
import pytest

from haidang.track.odds.convolve import convolved


@pytest.mark.parametrize(("rows", "first", "second"), [(1, 1, 1), (1, 7, 3), (4, 511, 511), (3, 100, 257)])
def test_a_convolution_is_the_sum_of_its_definition(rows, first, second):
    random = np.random.default_rng(first)
    one, other = random.random((rows, first)), random.random((rows, second))
    found = convolved(one, other)
    assert found.shape == (rows, first + second - 1)
    for each in range(rows):
        assert found[each] == pytest.approx(np.convolve(one[each], other[each]), abs=1e-10)
        assert convolved(one[each], other[each]).tolist() == found[each].tolist()
