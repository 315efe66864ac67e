"""Entries that wait for the end of their transaction (待写审计).

An entry gets its place in the chain only when the transaction is about to commit: the end of the
chain is one row that everybody locks, and who locked it early would keep all others waiting, or
meet them crosswise on other rows (deadlock). Locked last and for the shortest time, it does
neither. What a savepoint took back is taken back here, too.
"""

from __future__ import annotations

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
        _marks(session)[id(savepoint)] = len(_entries(session))


def undo(session: Session, rolled_back: SessionTransaction) -> None:
    """Drop the entries of a transaction or savepoint that was rolled back."""
    waited_before = _marks(session).get(id(rolled_back), 0) if rolled_back.nested else 0
    del _entries(session)[waited_before:]


def forget(session: Session, ended: SessionTransaction) -> None:
    """Forget a savepoint that is over; at the end of the whole transaction, nothing waits."""
    if ended.nested:
        _marks(session).pop(id(ended), None)
    elif ended.parent is None:
        session.info.pop(_ENTRIES, None)
        session.info.pop(_MARKS, None)


def _entries(session: Session) -> list[Content]:
    entries: list[Content] = session.info.setdefault(_ENTRIES, [])
    return entries


def _marks(session: Session) -> dict[int, int]:
    marks: dict[int, int] = session.info.setdefault(_MARKS, {})
    return marks
