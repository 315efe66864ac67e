"""Pure: the levels of an induction, for the gate and for coverage alike (三级安全教育的级别).

《生产经营单位安全培训规定》: nobody works before plant, workshop and team have taught them. An
entry that names a level is for that level; one that names none is for all of them together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

PURPOSE = "induction"
#: What is taught after a change of post, or when somebody comes back.
AGAIN = "post_change"
PURPOSES = (PURPOSE, AGAIN)
PLANT, WORKSHOP, TEAM = LEVELS = ("plant", "workshop", "team")


def levels_of(level: str | None) -> tuple[str, ...]:
    """Return the levels that an induction counts for."""
    return LEVELS if level is None else (level,)


def taught_for(content: Mapping[str, Any]) -> str | None:
    """Return the organisation whose people a training was for: the employer's, or who trained."""
    by: str | None = content.get("employer_id") or content.get("provider_id")
    return by


def counted_as(purpose: str | None, level: str | None) -> str | None:
    """Return the purpose of a training as coverage counts it: an induction with its level."""
    return purpose if purpose != PURPOSE or level is None else _name(level)


def counting_for(purposes: Iterable[str]) -> frozenset[str]:
    """Return all purposes, as coverage counts them, that are good for the purposes asked for.

    Asked for an induction, that of any level will do; asked for a level (`induction.team`), that of
    this level or of all together.
    """
    asked = frozenset(purposes)
    names = {level: _name(level) for level in LEVELS}
    if PURPOSE in asked:
        return asked.union(names.values())
    return asked | {PURPOSE} if asked.intersection(names.values()) else asked


def _name(level: str) -> str:
    return f"{PURPOSE}.{level}"
