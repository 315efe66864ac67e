"""Servers with a weakness built in, by which tests prove that they would see it.

`python -m tests.faults.weakened acknowledge_before_commit` serves like `flask serve`; its workers
are forked from this process and so are as weak.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Sequence

from flask.cli import main as flask
from sqlalchemy import Engine, event

import server.app
from server import durability
from server.answering import Waiting
from server.connections import Kept
from server.engines import guard_durability
from server.group_commit import GroupCommit

#: Seconds between a reply that came too early and the commit it speaks of.
_TOO_EARLY = 30.0


def acknowledge_before_commit() -> None:
    """Answer each wish by what would become of it, and store it a moment later."""
    honest = GroupCommit._commit

    def commit(self: GroupCommit, group: list[Waiting], kept: Kept) -> None:
        connection = kept.connection()
        with connection.begin() as never_committed:
            answers = [(one, one.store.apply(connection, [one.wish])[0]) for one in group]
            never_committed.rollback()
        self._answers.give(answers)
        later = threading.Timer(_TOO_EARLY, honest, (self, group, kept))
        later.daemon = True
        later.start()

    GroupCommit._commit = commit  # type: ignore[method-assign]  # that is the weakness


def never_flush() -> None:
    """Let SQLite leave to the system when a commit reaches the disk."""
    safe = guard_durability

    def unsafe(engine: Engine) -> None:
        safe(engine)
        event.listen(engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous=OFF"))

    vars(server.app)["guard_durability"] = unsafe
    durability.check = lambda *_: None


WEAKNESSES = {one.__name__: one for one in (acknowledge_before_commit, never_flush)}


def main(arguments: Sequence[str]) -> None:
    """Serve with the weakness that is named."""
    WEAKNESSES[arguments[0]]()
    sys.argv = ["flask", "--app", "wsgi", "serve"]
    flask()


if __name__ == "__main__":
    main(sys.argv[1:])
