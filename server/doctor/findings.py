"""What a look at the machine finds, and the verdict over all of it (体检结论)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from server.config import Config


class Level(StrEnum):
    """How much a finding matters on an exam day."""

    #: As it should be.
    FINE = "fine"
    #: An exam can be held; somebody should look.
    CARE = "care"
    #: No exam should begin before it is mended.
    STOP = "stop"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that was looked at."""

    #: Names what was looked at, for programs.
    check: str
    level: Level
    #: What was found and, unless it is fine, what to do; in Chinese and in English.
    zh: str
    en: str


#: Looks at one matter. Each part brings its own; the platform's are in this package.
Check = Callable[[Config, datetime], Iterable[Finding]]


def go(findings: Iterable[Finding]) -> bool:
    """Say whether an exam may begin: nothing says stop."""
    return all(finding.level is not Level.STOP for finding in findings)


def by_share(check: str, share: float, *, care: float, stop: float, zh: str, en: str) -> Finding:
    """Judge a share that must stay small, such as how full a disk is.

    Args:
        check: names what was looked at.
        share: from 0 to 1.
        care: from here somebody should look.
        stop: from here no exam should begin.
        zh: what was found, in Chinese.
        en: the same in English.
    """
    level = Level.STOP if share >= stop else Level.CARE if share >= care else Level.FINE
    return Finding(check=check, level=level, zh=zh, en=en)
