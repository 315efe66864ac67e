"""How seldom a run of tests looks for garbage (垃圾回收)."""

from __future__ import annotations

import gc

#: Objects made between two looks for garbage, and how often the older are looked through with them.
_SELDOM = (100_000, 20, 50)


def pytest_collection_finish() -> None:
    """Leave what was imported and collected out of every later look.

    Half a million objects that stay until the end were looked through again and again: a third of
    what the tests cost.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_SELDOM)
