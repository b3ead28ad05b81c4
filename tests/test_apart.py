"""What a hostile file does to the process that works on it stays there."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

import pytest

from pipeline.batch.apart import Apart

GIB = 1024**3


@pytest.mark.parametrize(
    ("function", "argument", "said"),
    [(time.sleep, 60, "not done within 2 seconds"), (os._exit, 1, "crashed"), (bytes, 4 * GIB, "MemoryError")],
)
def test_a_call_that_hangs_crashes_or_swells_is_told_and_the_next_one_works(
    function: Callable[..., object], argument: int, said: str
) -> None:
    with Apart(ValueError, seconds=2, memory=2 * GIB) as apart:
        with pytest.raises(ValueError, match=f"drawing.*{said}"):
            apart.call("drawing", function, argument)
        assert apart.call("adding", sum, (1, 2)) == 3
