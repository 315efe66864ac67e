"""Telling others about outcomes whose release has come, each for itself (公布)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import structlog
from sqlalchemy.exc import OperationalError

from server.db import db

log = structlog.get_logger("outcomes")


def told_apart(due: Iterable[Sequence[Any]], tell: Callable[..., object], *, what: str) -> int:
    """Tell of each in a savepoint of its own; return of how many others were told.

    One of which others cannot be told keeps nobody else waiting: it is logged under its id, and
    stays due.

    Args:
        due: what each telling is about; the `id` of the first of them names it in the log.
        tell: tells of one.
        what: how the log calls them.

    Raises:
        OperationalError: the database is away or busy, which no other savepoint would mend.
    """
    told = 0
    for about in due:
        try:
            with db.session.begin_nested():
                tell(*about)
            told += 1
        except OperationalError:
            raise
        except Exception as error:  # whatever a reaction meets, the others are told
            log.error(
                f"{what} not announced",
                exc_info=error,
                id=str(about[0].id),
                exception=type(error).__name__,
            )
    return told
