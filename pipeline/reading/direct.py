"""pdfium's functions as they are called many thousand times: ctypes' checks take longer than what they do."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any


def direct(function: Any, result: Any, *arguments: Any) -> Callable[..., Any]:
    """A function of `pypdfium2.raw` without checks, which gives a `result` (a ctypes type).

    Where no types of `arguments` are given, hand over handles as `c_void_p`, integers that fit a C int, and `byref`.
    """
    address = ctypes.cast(function, ctypes.c_void_p).value
    return ctypes.PYFUNCTYPE(result, *arguments)(address or 0)


def address_of(handle: Any) -> ctypes.c_void_p:
    """A handle of pypdfium2 as a plain pointer."""
    return ctypes.cast(handle, ctypes.c_void_p)
