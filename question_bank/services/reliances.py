"""What questions rest on (试题依据): found in what they cite and say, tied by hand, and cleared.

Reliances follow from the content of a version and from the library, so they are written with the
version and looked for again when the library changes. Whether a version rests on repealed law is
computed for a day and stored nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, and_, delete, exists, insert, or_, select

from question_bank import citing
from question_bank.citing import Citation, Phrase, title_key
from question_bank.fingerprint import folded
from question_bank.models import (
    Law,
    LawArticle,
    LawClearance,
    LawPhrase,
    LawReliance,
    Origin,
    QuestionVersion,
)
from server import days
from server.db import db

#: Versions looked at together.
_AT_ONCE = 500


@dataclass(frozen=True)
class Library:
    """The law library as finding reliances needs it, read once for many versions."""

    editions: dict[str, list[Law]]
    articles: dict[UUID, list[LawArticle]]
    phrases: tuple[tuple[LawPhrase, Phrase], ...]


def library() -> Library:
    """Read the library: three statements."""
    editions: dict[str, list[Law]] = {}
    for law in db.session.execute(select(Law)).scalars():
        editions.setdefault(title_key(law.title), []).append(law)
    articles: dict[UUID, list[LawArticle]] = {}
    for article in db.session.execute(select(LawArticle)).unique().scalars():
        articles.setdefault(article.law_id, []).append(article)
    phrases = db.session.execute(select(LawPhrase)).scalars().all()
    known = tuple((one, Phrase(all_of=one.all_of, none_of=one.none_of)) for one in phrases)
    return Library(editions, articles, known)


def settle(version_ids: Iterable[UUID]) -> int:
    """Find anew what these versions rest on, and return how many reliances there are."""
    shelf, found = library(), 0
    for some in _in_parts(version_ids):
        statement = select(QuestionVersion).where(QuestionVersion.id.in_(some))
        found += settle_versions(db.session.execute(statement).scalars().all(), shelf)
    return found


def settle_versions(versions: Sequence[QuestionVersion], shelf: Library) -> int:
    """Find anew what some versions rest on. What a person attached stays."""
    rows = [row for version in versions for row in _reliances(version, shelf)]
    db.session.execute(
        delete(LawReliance)
        .where(
            LawReliance.version_id.in_([one.id for one in versions]),
            LawReliance.origin.in_([Origin.CITED, Origin.STATED]),
        )
        .execution_options(synchronize_session=False)
    )
    if rows:
        db.session.execute(insert(LawReliance), rows)
    return len(rows)


def settle_law(title: str) -> int:
    """Find anew what the versions rest on that cite a law by this title; return how many."""
    cites = QuestionVersion.law_citation.contains(title.removeprefix("中华人民共和国"))
    ids = db.session.execute(select(QuestionVersion.id).where(cites)).scalars().all()
    settle(ids)
    return len(ids)


def settle_all() -> int:
    """Find anew what every version rests on; return how many reliances there are."""
    ids = db.session.execute(select(QuestionVersion.id)).scalars().all()
    return settle(ids)


def rests(on: date) -> ColumnElement[bool]:
    """Return the condition that a version rests on law that had ended by the day `on`.

    A reviewer's clearance holds against what had ended when it was given, not against what
    ends later.
    """
    return QuestionVersion.id.in_(
        select(LawReliance.version_id)
        .join(Law, Law.id == LawReliance.law_id)
        .outerjoin(LawArticle, LawArticle.id == LawReliance.article_id)
        .where(or_(_ended(Law.valid_until, on), _ended(LawArticle.valid_until, on)))
    )


def on_law(law_id: UUID) -> ColumnElement[bool]:
    """Return the condition that a version rests on a law or one of its articles."""
    return exists().where(
        LawReliance.version_id == QuestionVersion.id, LawReliance.law_id == law_id
    )


def on_article(article_id: UUID) -> ColumnElement[bool]:
    """Return the condition that a version rests on an article."""
    return exists().where(
        LawReliance.version_id == QuestionVersion.id, LawReliance.article_id == article_id
    )


def of_versions(version_ids: Sequence[UUID]) -> dict[UUID, list[LawReliance]]:
    """Return what each of these versions rests on."""
    statement = select(LawReliance).where(LawReliance.version_id.in_(list(version_ids)))
    found: dict[UUID, list[LawReliance]] = {}
    for one in db.session.execute(statement.order_by(LawReliance.id)).unique().scalars():
        found.setdefault(one.version_id, []).append(one)
    return found


def ended(reliance: LawReliance, on: date) -> date | None:
    """Return the last day of what the version rests on, where that lies before `on`."""
    last = [reliance.law.valid_until]
    if reliance.article is not None:
        last.append(reliance.article.valid_until)
    gone = [day for day in last if day is not None and day < on]
    return min(gone, default=None)


def _ended(last_day: Any, on: date) -> ColumnElement[bool]:
    cleared = exists().where(
        LawClearance.version_id == LawReliance.version_id,
        LawClearance.cleared_on > last_day,
        LawClearance.cleared_on <= on,
    )
    return and_(last_day < on, ~cleared)


def _reliances(version: QuestionVersion, shelf: Library) -> Iterator[dict[str, Any]]:
    """Yield the rows of what a version cites and states, each once."""
    seen: set[tuple[UUID, UUID | None]] = set()
    on = days.civil_day(version.written_at)
    for citation in citing.citations(version.law_citation):
        for law_id, article_id in _meant(citation, shelf, on):
            if (law_id, article_id) not in seen:
                seen.add((law_id, article_id))
                yield _row(version.id, law_id, article_id, Origin.CITED, None)
    cited = {law_id for law_id, _article_id in seen}
    said = folded("".join([version.stem, *(one["text"] for one in version.options)]))
    for row, phrase in shelf.phrases:
        # Who cites the successor knows what it replaced, and asks about the change.
        if row.law.replaced_by_id not in cited and citing.shows(phrase, said):
            yield _row(version.id, row.law_id, row.article_id, Origin.STATED, row.id)


def _row(
    version_id: UUID,
    law_id: UUID,
    article_id: UUID | None,
    origin: Origin,
    phrase_id: UUID | None,
) -> dict[str, Any]:
    return {
        "id": uuid4(),
        "version_id": version_id,
        "law_id": law_id,
        "article_id": article_id,
        "origin": origin,
        "phrase_id": phrase_id,
    }


def _meant(citation: Citation, shelf: Library, on: date) -> Iterator[tuple[UUID, UUID | None]]:
    """Yield the edition that a citation means, and its articles where the library has them."""
    law = _edition(shelf.editions.get(citation.title, []), citation.order, on)
    if law is None:
        return
    known = {
        article.ordinal: article.id
        for article in sorted(shelf.articles.get(law.id, []), key=lambda one: _holds(one, on))
        if article.ordinal
    }
    named = [known[number] for number in citation.articles if number in known]
    yield from ((law.id, article_id) for article_id in named)
    if not named:
        yield law.id, None


def _edition(editions: Sequence[Law], order: str, on: date) -> Law | None:
    """Return the edition of a title: by its number, else the one in force when it was cited."""
    if order:
        editions = [one for one in editions if citing.order_number(one.number) == order]
    return max(editions, key=lambda one: _holds(one, on), default=None)


def _holds(thing: Law | LawArticle, on: date) -> tuple[bool, date]:
    """Return whether it was in force on a day, and since when: for choosing the best."""
    began, last = thing.valid_from or date.min, thing.valid_until or date.max
    return began <= on <= last, began


def _in_parts(ids: Iterable[UUID]) -> Iterator[list[UUID]]:
    left = iter(ids)
    while some := list(islice(left, _AT_ONCE)):
        yield some
