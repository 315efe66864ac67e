"""The law library (法规库): finding laws, keeping them, saying when they ended.

Laws of the whole country belong to nobody and are kept by who may keep laws everywhere; an
organisation's own entries (local regulations) by those in whose scope it lies. Laws are public:
whoever is signed in may read all of them.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from question_bank.errors import EndBeforeBeginning, ReplacedByItself
from question_bank.models import Law, LawArticle, LawKind
from question_bank.services import reliances
from server.audit import services as audit
from server.db import db
from server.errors import IdTaken, NotAllowed, NotFound
from server.organisations import services as organisations
from server.paging import Page, page
from server.policy import Identity, Permission


@dataclass(frozen=True, kw_only=True)
class LawDraft:
    """What a law is to say of itself."""

    code: str
    kind: LawKind
    title: str
    number: str
    issuer: str
    source: str
    owner_id: UUID | None = None
    summary: str | None = None
    valid_from: date | None = None


@dataclass(frozen=True, kw_only=True)
class ArticleDraft:
    """What an article says, in one wording."""

    ordinal: int
    subject: str
    text: str
    verbatim: bool
    source: str
    valid_from: date | None = None


@dataclass(frozen=True, kw_only=True)
class End:
    """The last day of a law or an article, and what took its place."""

    valid_until: date
    replaced_by_id: UUID | None = None
    #: On what it rests that it ended; None from programs that do not say it.
    reason: str | None = None


def get(law_id: UUID) -> Law:
    """Return the law.

    Raises:
        NotFound: there is none.
    """
    found = db.session.get(Law, law_id)
    if found is None:
        raise NotFound
    return found


def article(article_id: UUID) -> LawArticle:
    """Return the article.

    Raises:
        NotFound: there is none.
    """
    found = db.session.get(LawArticle, article_id)
    if found is None:
        raise NotFound
    return found


def articles_of(law_id: UUID) -> list[LawArticle]:
    """Return the articles of a law in their order.

    Raises:
        NotFound: there is no such law.
    """
    get(law_id)
    keys = (LawArticle.ordinal, LawArticle.subject, LawArticle.valid_from)
    statement = select(LawArticle).where(LawArticle.law_id == law_id).order_by(*keys)
    return list(db.session.execute(statement).scalars())


def listed(
    *,
    text: str | None = None,
    kind: LawKind | None = None,
    in_force_on: date | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page:
    """Return a page of laws by title; `text` is a part of title, number or issuer."""
    statement = select(Law)
    if kind is not None:
        statement = statement.where(Law.kind == kind)
    if text is not None:
        parts = (Law.title, Law.number, Law.issuer)
        statement = statement.where(or_(*(one.contains(text, autoescape=True) for one in parts)))
    if in_force_on is not None:
        statement = statement.where(
            or_(Law.valid_from.is_(None), Law.valid_from <= in_force_on),
            or_(Law.valid_until.is_(None), Law.valid_until >= in_force_on),
        )
    return page(statement, [Law.title, Law.id], cursor=cursor, limit=limit)


def write(law_id: UUID, draft: LawDraft, *, by: Identity, at: datetime) -> Law:
    """Enter a law under the id given, or correct the entry.

    Raises:
        NotFound: the owner lies outside the asker's scope.
        NotAllowed: a law of the whole country, and the asker keeps only some.
        IdTaken: the code belongs to another entry, or the entry to another owner.
        EndBeforeBeginning: it would begin after it ended.
    """
    known = db.session.get(Law, law_id)
    _check_keeper(draft.owner_id, by)
    same_code = db.session.execute(select(Law.id).where(Law.code == draft.code)).scalar()
    if same_code not in (None, law_id) or (known and known.owner_id != draft.owner_id):
        raise IdTaken
    law = known or Law(id=law_id, valid_until=None, replaced_by_id=None, written_at=at)
    if known and _says(known, draft):
        return known
    before = shown(known) if known else None
    for name, value in asdict(draft).items():
        setattr(law, name, value)
    law.written_at = at
    _check_days(law.valid_from, law.valid_until)
    db.session.add(law)
    _settled("law_written", law, law, by=by, at=at, before=before)
    return law


def write_article(
    law_id: UUID, article_id: UUID, draft: ArticleDraft, *, by: Identity, at: datetime
) -> LawArticle:
    """Enter an article of a law under the id given, or correct the entry.

    An amendment is not a correction: end the article, and enter the new wording beside it.

    Raises:
        NotFound: there is no such law.
        NotAllowed: a law of the whole country, and the asker keeps only some.
        IdTaken: the article there belongs to another law.
        EndBeforeBeginning: it would begin after it ended.
    """
    law = _kept(law_id, by)
    known = db.session.get(LawArticle, article_id)
    if known is not None and known.law_id != law_id:
        raise IdTaken
    if known is not None and _says(known, draft):
        return known
    before = shown(known) if known else None
    made = known or LawArticle(id=article_id, law_id=law_id, valid_until=None, replaced_by_id=None)
    for name, value in asdict(draft).items():
        setattr(made, name, value)
    made.written_at = at
    _check_days(made.valid_from, made.valid_until)
    db.session.add(made)
    _settled("law_article_written", made, law, by=by, at=at, before=before)
    return made


def end(law_id: UUID, ending: End, *, by: Identity, at: datetime) -> Law:
    """Say on which day a law counts for the last time, and what replaces it (废止或被取代).

    From the next day on every question that rests on it is marked, and drawn into no paper.

    Raises:
        NotFound: law or successor are not there.
        NotAllowed: a law of the whole country, and the asker keeps only some.
        EndBeforeBeginning: it would end before it began.
        ReplacedByItself: it cannot be its own successor.
    """
    law = _kept(law_id, by)
    if ending.replaced_by_id is not None:
        get(ending.replaced_by_id)
    _end(law, ending)
    _settled("law_ended", law, law, by=by, at=at, before=None, reason=ending.reason)
    return law


def end_article(article_id: UUID, ending: End, *, by: Identity, at: datetime) -> LawArticle:
    """Say on which day an article counts for the last time, and which one replaces it.

    Raises:
        NotFound: article or successor are not there.
        NotAllowed: a law of the whole country, and the asker keeps only some.
        EndBeforeBeginning: it would end before it began.
        ReplacedByItself: it cannot be its own successor.
    """
    found = article(article_id)
    law = _kept(found.law_id, by)
    if ending.replaced_by_id is not None:
        article(ending.replaced_by_id)
    _end(found, ending)
    _settled("law_article_ended", found, law, by=by, at=at, before=None, reason=ending.reason)
    return found


def shown(thing: Law | LawArticle) -> dict[str, Any]:
    """Return what the audit keeps of a law or an article."""
    names = ("code", "title", "number", "ordinal", "subject", "valid_from", "valid_until")
    told = {name: getattr(thing, name) for name in names if hasattr(thing, name)}
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in told.items()
    }


def _end(thing: Law | LawArticle, ending: End) -> None:
    if ending.replaced_by_id == thing.id:
        raise ReplacedByItself
    _check_days(thing.valid_from, ending.valid_until)
    thing.valid_until, thing.replaced_by_id = ending.valid_until, ending.replaced_by_id


def _kept(law_id: UUID, by: Identity) -> Law:
    law = get(law_id)
    _check_keeper(law.owner_id, by)
    return law


def _check_keeper(owner_id: UUID | None, by: Identity) -> None:
    scope = by.scope(Permission.KEEP_LAWS)
    if owner_id is not None:
        organisations.get(owner_id, scope=scope)
    elif not scope.everywhere:
        raise NotAllowed


def _check_days(valid_from: date | None, valid_until: date | None) -> None:
    if valid_from is not None and valid_until is not None and valid_until < valid_from:
        raise EndBeforeBeginning(beginning=valid_from.isoformat())


def _says(thing: Law | LawArticle, draft: LawDraft | ArticleDraft) -> bool:
    return all(getattr(thing, name) == value for name, value in asdict(draft).items())


def _settled(
    action: str,
    thing: Law | LawArticle,
    law: Law,
    *,
    by: Identity,
    at: datetime,
    before: dict[str, Any] | None,
    reason: str | None = None,
) -> None:
    """Write it down, look for the questions that rest on it, and tell the audit."""
    db.session.flush()
    found = reliances.settle_law(law.title)
    audit.append(
        action,
        by=by,
        at=at,
        subject_kind="law",
        subject_id=law.id,
        before=before,
        after={**shown(thing), "questions_looked_at": found},
        reason=reason,
    )
