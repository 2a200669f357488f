"""What the tests of the views share."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

WAIT_S = 5


@pytest.fixture
def until() -> Callable[[Callable[[], object]], None]:
    """Waits until something is true: news travel on a thread of their own."""

    def wait(condition: Callable[[], object]) -> None:
        end = time.monotonic() + WAIT_S
        while not condition():
            assert time.monotonic() < end, "it did not become true in time"
            time.sleep(0.01)

    return wait
