"""Question banks: opening one, finding those within a scope (题库)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select

from question_bank.models import Question, QuestionBank
from server import days
from server.audit import services as audit
from server.db import db
from server.errors import IdTaken, NotFound
from server.organisations import services as organisations
from server.organisations.models import Organisation, within
from server.paging import Page, page
from server.policy import Identity, Permission
from server.scopes import EVERYWHERE, Scope
from server.training.kinds import Function
from server.training.services import experts


def owned_within(scope: Scope) -> ColumnElement[bool]:
    """Return the condition that a bank's owner lies within the scope."""
    if scope.everywhere:
        return within(scope)
    return QuestionBank.owner_id.in_(select(Organisation.id).where(within(scope)))


def held_within(scope: Scope) -> ColumnElement[bool]:
    """Return the condition that a question is of a bank whose owner lies within the scope.

    It joins nothing, so that lists are read in their order.
    """
    if scope.everywhere:
        return within(scope)
    return exists().where(QuestionBank.id == Question.bank_id, owned_within(scope))


def of_these(scope: Scope) -> ColumnElement[bool]:
    """Return the condition that a question is of one of the banks within the scope, by their ids.

    For lists: how many questions a bank holds is known of its id, and not of whoever owns it. So
    a page of what most questions match is read in its order, and nothing is sorted for it.
    """
    if scope.everywhere:
        return within(scope)
    ids = db.session.execute(select(QuestionBank.id).where(owned_within(scope))).scalars().all()
    return Question.bank_id.in_(ids)


def get(bank_id: UUID, *, scope: Scope = EVERYWHERE) -> QuestionBank:
    """Return the bank.

    Raises:
        NotFound: there is none within the scope.
    """
    found = db.session.execute(
        select(QuestionBank).where(QuestionBank.id == bank_id, owned_within(scope))
    ).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def check_author(bank: QuestionBank, *, by: Identity, at: datetime) -> None:
    """Refuse whoever writes for a bank without being of the pool, where its region keeps one.

    Raises:
        NotInPool: not appointed as an author, not trained and tested, or the term is over.
    """
    on = days.civil_day(at)
    experts.check_where_kept(by.person_id, Function.AUTHOR, place_id=bank.owner_id, on=on)


def listed(
    scope: Scope,
    *,
    name: str | None = None,
    owner_id: UUID | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page:
    """Return a page of the banks within the scope, by name.

    Raises:
        NotFound: there is no such owner.
    """
    statement = select(QuestionBank).where(owned_within(scope))
    if name is not None:
        statement = statement.where(QuestionBank.name.contains(name, autoescape=True))
    if owner_id is not None:
        owner = Scope(organisation_paths=(organisations.get(owner_id).path,))
        statement = statement.where(owned_within(owner))
    return page(statement, [QuestionBank.name, QuestionBank.id], cursor=cursor, limit=limit)


def start(bank_id: UUID, *, name: str, owner_id: UUID, by: Identity, at: datetime) -> QuestionBank:
    """Open a bank under the id given, or rename the one that stands there.

    Raises:
        NotFound: bank or owner lie outside the asker's scope.
        IdTaken: the bank there belongs to another organisation.
    """
    scope = by.scope(Permission.WRITE_QUESTIONS)
    known = db.session.get(QuestionBank, bank_id)
    if known is not None:
        return _rename(get(bank_id, scope=scope), name, owner_id, by=by, at=at)
    organisations.get(owner_id, scope=scope)
    bank = QuestionBank(id=bank_id, name=name, owner_id=owner_id, created_at=at)
    db.session.add(bank)
    db.session.flush()
    _tell("question_bank_opened", bank, by=by, at=at)
    return bank


def _rename(
    bank: QuestionBank, name: str, owner_id: UUID, *, by: Identity, at: datetime
) -> QuestionBank:
    if bank.owner_id != owner_id:
        raise IdTaken
    if bank.name != name:
        before = {"name": bank.name}
        bank.name = name
        db.session.flush()
        _tell("question_bank_renamed", bank, by=by, at=at, before=before)
    return bank


def _tell(
    action: str,
    bank: QuestionBank,
    *,
    by: Identity,
    at: datetime,
    before: dict[str, str] | None = None,
) -> None:
    audit.append(
        action,
        by=by,
        at=at,
        subject_kind="question_bank",
        subject_id=bank.id,
        before=before,
        after={"name": bank.name, "owner_id": str(bank.owner_id)},
    )
