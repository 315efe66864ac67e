"""Questions that rest on repealed law (依据已废止的试题): listing, tying and clearing them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, and_, case, delete, distinct, func, or_, select
from sqlalchemy.orm import contains_eager

from question_bank.errors import RestsOnNothingRepealed, ReviewerIsAuthor
from question_bank.lifecycle import State
from question_bank.models import (
    LawClearance,
    LawReliance,
    Origin,
    Question,
    QuestionBank,
    QuestionVersion,
)
from question_bank.services import banks, finding, laws, reliances
from server import days
from server.audit import services as audit
from server.db import db
from server.errors import Invalid, Message, NotFound
from server.paging import Page, page
from server.policy import Identity, Permission
from server.scopes import EVERYWHERE, Scope


@dataclass(frozen=True, kw_only=True)
class Ground:
    """One thing that a version rests on, and since when it does no longer hold."""

    reliance: LawReliance
    #: Its last day; None where it is in force.
    ended_on: date | None


@dataclass(frozen=True, kw_only=True)
class Resting:
    """A version in use or in the works, and what it rests on."""

    version: QuestionVersion
    grounds: tuple[Ground, ...]
    #: Whether it is marked “rests on repealed law” and drawn into no paper.
    rests_on_repealed_law: bool
    clearances: tuple[LawClearance, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Tie:
    """A law, or one of its articles, that a person ties a question to."""

    law_id: UUID
    article_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class Reach:
    """How many questions rest on a law or an article: what its end would mark."""

    question_count: int
    #: Of them, those with a version in use.
    published_count: int


def reach(law_id: UUID, *, article_id: UUID | None = None) -> Reach:
    """Count the questions, in use or in the works, that rest on a law or on one of its articles.

    Raises:
        NotFound: there is no such law, or it has no such article.
    """
    laws.get(law_id)
    if article_id is not None and laws.article(article_id).law_id != law_id:
        raise NotFound
    rests = reliances.on_law(law_id) if article_id is None else reliances.on_article(article_id)
    version = QuestionVersion
    in_use = version.published_at.is_not(None) & version.withdrawn_at.is_(None)
    statement = (
        select(
            func.count(distinct(version.question_id)),
            func.count(distinct(case((in_use, version.question_id)))),
        )
        .join(Question, Question.id == version.question_id)
        .where(Question.state != State.RETIRED, _at_work(), rests)
    )
    question_count, published_count = db.session.execute(statement).one()
    return Reach(question_count=question_count, published_count=published_count)


def listed(
    scope: Scope,
    *,
    on: date,
    bank_id: UUID | None = None,
    author_id: UUID | None = None,
    law_id: UUID | None = None,
    repealed_only: bool = True,
    cursor: str | None = None,
    limit: int = 50,
) -> Page:
    """Return a page of the versions, in use or in the works, that rest on repealed law.

    Args:
        scope: whose questions.
        on: the day whose law counts.
        bank_id: only of this bank.
        author_id: only what this person wrote: the list that authors get.
        law_id: only what rests on this law.
        repealed_only: leave out what rests on law in force.
        cursor: where the page begins.
        limit: versions on the page.
    """
    version = QuestionVersion
    statement = (
        select(version)
        .join(Question, Question.id == version.question_id)
        .join(QuestionBank, QuestionBank.id == Question.bank_id)
        .options(contains_eager(version.question))
        .where(banks.owned_within(scope), Question.state != State.RETIRED, _at_work())
    )
    if repealed_only:
        statement = statement.where(reliances.rests(on))
    for column, value in ((Question.bank_id, bank_id), (version.author_id, author_id)):
        if value is not None:
            statement = statement.where(column == value)
    if law_id is not None:
        statement = statement.where(reliances.on_law(law_id))
    found = page(statement, [version.written_at, version.id], cursor=cursor, limit=limit)
    return Page(items=_with_grounds(found.items, on), next_cursor=found.next_cursor)


def of_question(question_id: UUID, *, scope: Scope = EVERYWHERE, on: date) -> Resting:
    """Return what the newest version of a question rests on, and who cleared it.

    Raises:
        NotFound: the question lies outside the scope.
    """
    version = finding.get(question_id, scope=scope).newest_version
    (shown,) = _with_grounds([version], on)
    return shown


def clear(question_id: UUID, *, reason: str, by: Identity, at: datetime) -> Resting:
    """Find that the newest version of a question holds under the law of today (复核通过).

    What ends after today marks it again. Who wrote the version cannot clear it.

    Raises:
        NotFound: the question lies outside the asker's scope.
        ReviewerIsAuthor: the asker wrote the version.
        RestsOnNothingRepealed: there is nothing to clear.
    """
    scope, on = by.scope(Permission.REVIEW_QUESTIONS), days.civil_day(at)
    version = finding.locked(question_id, scope=scope).newest_version
    if version.author_id == by.person_id:
        raise ReviewerIsAuthor
    before = of_question(question_id, on=on)
    if not before.rests_on_repealed_law:
        if before.clearances:
            return before
        raise RestsOnNothingRepealed
    db.session.add(
        LawClearance(
            id=uuid4(),
            version_id=version.id,
            reviewer_id=by.person_id,
            cleared_on=on,
            cleared_at=at,
            reason=reason,
        )
    )
    db.session.flush()
    laws_cleared = sorted({ground.reliance.law.code for ground in before.grounds})
    audit.append(
        "question_cleared_of_law",
        by=by,
        at=at,
        subject_kind="question",
        subject_id=question_id,
        after={"version": version.number, "laws": laws_cleared},
        reason=reason,
    )
    return of_question(question_id, on=on)


def tie(question_id: UUID, ties: Collection[Tie], *, by: Identity, at: datetime) -> Resting:
    """Tie the newest version of a question to these laws and articles, and to no others by hand.

    Raises:
        NotFound: question, law or article are not there, or lie outside the asker's scope.
        Invalid: an article belongs to another law.
    """
    scope = by.scope(Permission.WRITE_QUESTIONS)
    version = finding.locked(question_id, scope=scope).newest_version
    wanted = dict.fromkeys(ties)
    for one in wanted:
        _check(one)
    mine = (LawReliance.version_id == version.id, LawReliance.origin == Origin.ATTACHED)
    held = select(LawReliance.law_id, LawReliance.article_id).where(*mine)
    known = {Tie(law_id=law, article_id=article) for law, article in db.session.execute(held)}
    if known != set(wanted):
        db.session.execute(
            delete(LawReliance).where(*mine).execution_options(synchronize_session=False)
        )
        db.session.add_all(_attached(version.id, one) for one in wanted)
        db.session.flush()
        audit.append(
            "question_tied_to_law",
            by=by,
            at=at,
            subject_kind="question",
            subject_id=question_id,
            after={"laws": sorted(str(one.article_id or one.law_id) for one in wanted)},
        )
    return of_question(question_id, on=days.civil_day(at))


def _check(one: Tie) -> None:
    laws.get(one.law_id)
    if one.article_id is not None and laws.article(one.article_id).law_id != one.law_id:
        message = Message(en="The article belongs to another law.", zh="该条文不属于所填法规。")
        raise Invalid({"ties": [message]})


def _attached(version_id: UUID, one: Tie) -> LawReliance:
    return LawReliance(
        id=uuid4(),
        version_id=version_id,
        law_id=one.law_id,
        article_id=one.article_id,
        origin=Origin.ATTACHED,
        phrase_id=None,
    )


def _at_work() -> ColumnElement[bool]:
    """The condition that a version is asked now, or is what authors work on."""
    version = QuestionVersion
    in_use = and_(version.published_at.is_not(None), version.withdrawn_at.is_(None))
    return or_(version.number == Question.newest, in_use)


def _with_grounds(versions: Collection[QuestionVersion], on: date) -> list[Resting]:
    ids = [one.id for one in versions]
    held = reliances.of_versions(ids)
    version = QuestionVersion
    marked = set(
        db.session.execute(
            select(version.id).where(version.id.in_(ids), reliances.rests(on))
        ).scalars()
    )
    cleared: dict[UUID, list[LawClearance]] = {}
    given = select(LawClearance).where(LawClearance.version_id.in_(ids))
    for one in db.session.execute(given.order_by(LawClearance.cleared_at)).scalars():
        cleared.setdefault(one.version_id, []).append(one)
    return [
        Resting(
            version=one,
            grounds=tuple(
                Ground(reliance=ground, ended_on=reliances.ended(ground, on))
                for ground in held.get(one.id, [])
            ),
            rests_on_repealed_law=one.id in marked,
            clearances=tuple(cleared.get(one.id, [])),
        )
        for one in versions
    ]
