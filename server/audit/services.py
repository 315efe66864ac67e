"""Writing the audit, reading it, and proving that nobody changed it (审计服务)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, timedelta
from heapq import merge
from posixpath import commonpath
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    event,
    false,
    or_,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute, Session, SessionTransaction

from server.audit import chain, links, masking, names, pending, rows
from server.audit.chain import Content, Head, Link, Verification
from server.audit.errors import NumberNotMasked
from server.audit.models import AuditEntry, AuditHead
from server.days import beginning_of
from server.db import db, upsert
from server.paging import Page, narrowed, page
from server.policy import Identity
from server.scopes import Scope


def append(
    action: str,
    *,
    by: Identity | None,
    at: datetime,
    subject_kind: str,
    subject_id: UUID,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
    reason: str | None = None,
    organisation_path: str | None = None,
    region_path: str | None = None,
) -> None:
    """Record a change of consequence, in the transaction that makes it.

    The entry takes its place in the chain when the transaction commits; what is rolled back
    leaves no entry.

    Args:
        action: what was done, a lower_snake past participle: `role_granted`.
        by: who did it; None for the platform itself or its operator at the console.
        at: the moment.
        subject_kind: what kind of thing it was done to: `account`.
        subject_id: which one.
        before: what it was, as far as it changed; personal numbers masked.
        after: what it became; personal numbers masked.
        reason: why, where somebody gave a reason.
        organisation_path: where the thing belongs, so that auditors of that subtree see the
            entry; where neither path is given, it belongs to where `by` has their roles.
        region_path: the same for regions.

    Raises:
        NumberNotMasked: an identity number stands in it in clear.
    """
    if organisation_path is None and region_path is None and by is not None:
        organisation_path, region_path = _home(by)
    content = Content(
        at=at,
        action=action,
        account_id=by.account_id if by else None,
        person_id=by.person_id if by else None,
        address=by.address if by else None,
        subject_kind=subject_kind,
        subject_id=subject_id,
        organisation_path=organisation_path,
        region_path=region_path,
        before=_plain(before),
        after=_plain(after),
        reason=None if reason is None else str(masking.plain(reason)),
    )
    told = [content.before, content.after, content.reason]
    if any(masking.holds_an_id_number(one) for one in told):
        raise NumberNotMasked
    pending.add(db.session(), content)


def settle() -> None:
    """Give every waiting entry its place in the chain now.

    A commit does it by itself; only who must read entries inside the transaction calls it.
    """
    _settle(db.session())


def chain_onto(connection: Connection, contents: Sequence[Content]) -> None:
    """Append entries to the chain on a connection, in its transaction."""
    if not contents:
        return
    head = _locked_head(connection)
    new: list[Link] = []
    for content in contents:
        link = chain.link(content, head)
        head = Head(sequence=link.sequence, hash=link.hash)
        new.append(link)
    rows.write(connection, new, head)


def head() -> Head:
    """Return the end of the chain: what somebody outside keeps as an anchor."""
    return links.head(db.session.connection())


def verify(
    anchors: Mapping[int, str] | None = None,
    *,
    archived: Callable[[Connection], Iterable[Link]] = lambda _connection: (),
) -> Verification:
    """Read the whole chain, entry by entry, and say where it is broken.

    It reads one state of the database, whatever is appended meanwhile, and holds only a few
    entries in memory at a time.

    Args:
        anchors: hashes that somebody outside kept, by sequence.
        archived: gives the entries that have left the database, in order.
    """
    with db.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        end, away = links.head(connection), archived(connection)
        with closing(links.of(connection)) as present:
            whole = merge(away, present, key=lambda link: link.sequence)
            return chain.verify(whole, head=end, anchors=anchors)


def listed(
    scope: Scope,
    *,
    cursor: str | None,
    limit: int,
    action: str | None = None,
    subject_id: UUID | None = None,
    account_id: UUID | None = None,
    subject_kind: str | None = None,
    from_on: date | None = None,
    until_on: date | None = None,
    with_names: bool = False,
) -> Page:
    """Return a page of the entries that lie in the scope, the newest first."""
    wanted: dict[InstrumentedAttribute[Any], object] = {
        AuditEntry.action: action,
        AuditEntry.subject_id: subject_id,
        AuditEntry.account_id: account_id,
        AuditEntry.subject_kind: subject_kind,
    }
    statement = narrowed(select(AuditEntry).where(_within(scope)), wanted)
    if from_on is not None:
        statement = statement.where(AuditEntry.at >= beginning_of(from_on))
    if until_on is not None:
        statement = statement.where(AuditEntry.at < beginning_of(until_on + timedelta(days=1)))
    found = page(statement, [AuditEntry.sequence], cursor=cursor, limit=limit, descending=True)
    return replace(found, items=names.told(found.items)) if with_names else found


def _within(scope: Scope) -> ColumnElement[bool]:
    if scope.everywhere:
        return AuditEntry.sequence > 0
    roots = [(AuditEntry.organisation_path, root) for root in scope.organisation_paths]
    roots += [(AuditEntry.region_path, root) for root in scope.region_paths]
    return or_(false(), *(column.startswith(root, autoescape=True) for column, root in roots))


def _home(by: Identity) -> tuple[str | None, str | None]:
    scopes = [grant.scope for grant in by.grants]
    if any(scope.everywhere for scope in scopes):
        return None, None
    organisations = [path for scope in scopes for path in scope.organisation_paths]
    regions = [path for scope in scopes for path in scope.region_paths]
    return _common(organisations), _common(regions)


def _common(paths: list[str]) -> str | None:
    """Return the path of the narrowest subtree that holds all paths, None where none does."""
    shared = commonpath(paths) if paths else "/"
    return None if shared == "/" else f"{shared}/"


def _plain(content: Mapping[str, object] | None) -> dict[str, masking.Plain] | None:
    if content is None:
        return None
    plain = masking.plain(dict(content))
    assert isinstance(plain, dict)  # noqa: S101  # a mapping's plain form, for the type checker
    return plain


def _locked_head(connection: Connection) -> Head:
    locked = select(AuditHead.sequence, AuditHead.hash).with_for_update()
    found = connection.execute(locked).one_or_none()
    if found is None:
        # Two first entries at once: one makes the row, the other waits for it and reads it.
        first = {"id": 1, "sequence": chain.EMPTY.sequence, "hash": chain.EMPTY.hash}
        connection.execute(upsert(AuditHead, connection).values(first).on_conflict_do_nothing())
        found = connection.execute(locked).one()
    return Head(sequence=found.sequence, hash=found.hash)


def _settle(session: Session) -> None:
    contents = pending.take(session)
    if contents:
        chain_onto(session.connection(), contents)


@event.listens_for(db.session, "before_commit")
def _settle_before_commit(session: Session) -> None:
    # Releasing a savepoint is a commit to SQLAlchemy; the chain waits for the whole transaction.
    if not session.in_nested_transaction():
        _settle(session)


@event.listens_for(db.session, "after_transaction_create")
def _mark(session: Session, created: SessionTransaction) -> None:
    pending.mark(session, created)


@event.listens_for(db.session, "after_soft_rollback")
def _undo(session: Session, rolled_back: SessionTransaction) -> None:
    pending.undo(session, rolled_back)


@event.listens_for(db.session, "after_transaction_end")
def _forget(session: Session, ended: SessionTransaction) -> None:
    pending.forget(session, ended)
