"""Many things, so many at a time (分批)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")


def lots(things: Sequence[T], most: int) -> Iterator[Sequence[T]]:
    """Yield things in their order, `most` at a time, the last lot with what is left."""
    return (things[start : start + most] for start in range(0, len(things), most))
