"""Whether work takes time in proportion to its size.

Told by the ratio of two sizes in one run: seconds say as much about the machine as about the program.
"""

import time
from collections.abc import Callable
from functools import partial

# A quarter of the work takes a quarter of the time where cost is in proportion, a sixteenth where it goes by the
# square.
SHARE, MOST = 4, 12
# Shorter work is too short to compare: a pause of the machine would decide.
SECONDS = 1


def seconds(work: Callable[[], object]) -> float:
    """Processor time of `work()`."""
    start = time.process_time()
    work()
    return time.process_time() - start


def in_proportion(whole: float, part: float) -> bool:
    """Whether the seconds of the whole fit those of the part that is one of `SHARE`."""
    return whole < SECONDS or whole < MOST * part


def grows_in_proportion(work: Callable[[int], object], size: int) -> bool:
    """Whether `work(size)` takes time in proportion to `size`; a second try forgives a pause of the machine."""
    return any(in_proportion(*(seconds(partial(work, n)) for n in (size, size // SHARE))) for _ in range(2))
