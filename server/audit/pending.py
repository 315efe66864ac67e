"""Entries that wait for the end of their transaction (待写审计).

An entry gets its place in the chain only when the transaction is about to commit: the end of the
chain is one row that everybody locks, and who locked it early would keep all others waiting, or
meet them crosswise on other rows (deadlock). Locked last and for the shortest time, it does
neither. What a savepoint took back is taken back here, too.
"""

from __future__ import annotations

from weakref import WeakKeyDictionary

from sqlalchemy.orm import Session, SessionTransaction

from server.audit.chain import Content

_ENTRIES, _MARKS = "audit_pending", "audit_savepoints"


def add(session: Session, content: Content) -> None:
    """Let an entry wait for the end of the session's transaction."""
    _entries(session).append(content)


def take(session: Session) -> list[Content]:
    """Return the entries that wait, in order, and let go of them."""
    taken: list[Content] = session.info.pop(_ENTRIES, [])
    return taken


def mark(session: Session, savepoint: SessionTransaction) -> None:
    """Remember how many entries waited when a savepoint was set."""
    if savepoint.nested:
        _marks(session)[savepoint] = len(_entries(session))


def undo(session: Session, rolled_back: SessionTransaction) -> None:
    """Drop the entries that came after a savepoint to which the session went back."""
    if rolled_back.nested:
        del _entries(session)[_marks(session)[rolled_back] :]


def forget(session: Session, ended: SessionTransaction) -> None:
    """Let nothing wait any longer once the whole transaction is over, either way."""
    if ended.parent is None:
        session.info.pop(_ENTRIES, None)


def _entries(session: Session) -> list[Content]:
    entries: list[Content] = session.info.setdefault(_ENTRIES, [])
    return entries


def _marks(session: Session) -> WeakKeyDictionary[SessionTransaction, int]:
    marks: WeakKeyDictionary[SessionTransaction, int] = session.info.setdefault(
        _MARKS, WeakKeyDictionary()
    )
    return marks
