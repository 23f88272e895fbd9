"""Connecting to a cluster that answers and breaks off."""

from __future__ import annotations

import sys
import time

import pytest

from haidang.study.cluster import connected
from haidang.study.question import StudyError


class Head:
    """A cluster that breaks off so many times before it takes somebody in."""

    def __init__(self, breaks: int) -> None:
        self.breaks, self.tried, self.left = breaks, 0, 0

    def init(self, cluster: str, **_: object) -> None:
        self.tried += 1
        if self.tried <= self.breaks:
            raise ConnectionAbortedError("Initialization failure from server:\nPID still exists but it's a zombie")

    def shutdown(self) -> None:
        self.left += 1


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "sleep", lambda _: None)


@pytest.mark.parametrize("breaks", [0, 1, 2])
def test_who_is_broken_off_connects_again(monkeypatch: pytest.MonkeyPatch, breaks: int) -> None:
    head = Head(breaks)
    monkeypatch.setitem(sys.modules, "ray", head)  # type: ignore[arg-type]
    with connected("ray://head:10001"):
        assert head.left == breaks
    assert (head.tried, head.left) == (breaks + 1, breaks + 1)


def test_a_cluster_that_always_breaks_off_is_called_none(monkeypatch: pytest.MonkeyPatch) -> None:
    head = Head(9)
    monkeypatch.setitem(sys.modules, "ray", head)  # type: ignore[arg-type]
    with (
        pytest.raises(StudyError, match="found none: Initialization failure from server"),
        connected("ray://head:10001"),
    ):
        pass
    assert head.tried == 3
