"""The queues of one process: of those who store, and of those who only look (写队列、读队列).

Who looks waits beside the writer and never behind it: the reader is a `GroupCommit` with a
connection of its own, which changes nothing. So a result day costs no exam its commits, and those
who look at the same moment share a transaction, as those who save do.
"""

from __future__ import annotations

from typing import Final, TypeVar

from flask import Flask, current_app
from sqlalchemy import Engine

from server.group_commit import GroupCommit, Store

Wish = TypeVar("Wish")
Answer = TypeVar("Answer")

_WRITER: Final = "group_commit"
_READER: Final = "group_reading"


def install(app: Flask, engine: Engine, *, reads_from: Engine, step: float) -> None:
    """Give an application its writer and its reader.

    Args:
        app: which.
        engine: of the writer.
        reads_from: engine of the reader.
        step: seconds of a step of the clock.
    """
    around = app.app_context
    app.extensions[_WRITER] = GroupCommit(engine, step=step, surroundings=around)
    app.extensions[_READER] = GroupCommit(
        reads_from, name=_READER, writes=False, step=step, surroundings=around
    )


def writer(app: Flask) -> GroupCommit:
    """Return who stores what waits."""
    found: GroupCommit = app.extensions[_WRITER]
    return found


def reader(app: Flask) -> GroupCommit:
    """Return who looks for those who only look."""
    found: GroupCommit = app.extensions[_READER]
    return found


def submit(store: Store[Wish, Answer], wish: Wish) -> Answer:
    """Store a wish through the writer of the current application; see `GroupCommit.submit`."""
    return writer(current_app).submit(store, wish)
