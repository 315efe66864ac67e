"""The training file: a reading of the ledger and the posts (一人一档)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from server import days
from server.db import db
from server.organisations.models import Organisation
from server.people.models import Person, Post
from server.people.services import people, posts
from server.records import timeline
from server.records.entries import RecordKind
from server.records.services import ledger
from server.records.timeline import Line
from server.scopes import EVERYWHERE, Scope


@dataclass(frozen=True, kw_only=True)
class TrainingFile:
    """Everything about one person, in the order it happened."""

    person: Person
    lines: list[Line]
    read_at: datetime
    #: Lines that are there and not for the reader.
    withheld_count: int = 0


def read(person_id: UUID, *, scope: Scope = EVERYWHERE, at: datetime, on: date) -> TrainingFile:
    """Return a person's file. Posts that begin or end after the day `on` are not in it yet.

    Raises:
        NotFound: there is nobody of this id within the scope.
    """
    person = people.get(person_id, scope=scope)
    return of(person, posts.of(person.id), at=at, on=on)


def of(person: Person, held: list[Post], *, at: datetime, on: date) -> TrainingFile:
    """Return the file of a person who is there, with the posts ever held; see `read`."""
    lines = [*lines_of(ledger.rows_of(person.id)), *_post_lines(held, on)]
    return TrainingFile(person=person, lines=timeline.ordered(lines), read_at=at)


def lines_of(rows: Sequence[Sequence[Any]]) -> Iterator[Line]:
    """Yield rows of the ledger (`ledger.rows_of`) as lines of the file."""
    corrections: dict[str, str] = {}
    confirmed: dict[str, set[str]] = {}
    objections: dict[str, str] = {}
    for id, kind, _at, _on, subject_id, content, _source, _recorded_at, corrects_id, _why in rows:
        if corrects_id is not None:
            corrections[corrects_id] = id
        if kind is RecordKind.CONFIRMATION:
            confirmed.setdefault(subject_id, set()).add(str(content["as"]))
        elif kind is RecordKind.OBJECTION:
            objections[subject_id] = str(content["words"])
    for row in rows:
        id = row[0]
        signed = tuple(sorted(confirmed[id])) if id in confirmed else ()
        # Who confirms in the end objects no more.
        objection = None if "worker" in signed else objections.get(id)
        yield Line._make((*row, corrections.get(id), signed, objection))


def _post_lines(held: list[Post], on: date) -> Iterable[Line]:
    names = _names({post.organisation_id for post in held})
    for post in held:
        if post.until_on == post.from_on:
            continue
        for what, day in (("began", post.from_on), ("ended", post.until_on)):
            if day is not None and day <= on:
                yield _post_line(post, what, day, names[post.organisation_id])


def _post_line(post: Post, what: str, day: date, place: str) -> Line:
    return Line(
        id=str(post.id),
        kind=RecordKind.POST,
        happened_at=days.beginning_of(day).isoformat(),
        happened_on=day.isoformat(),
        subject_id=str(post.id),
        content={
            "what": what,
            "role": post.role.value,
            "items": post.items,
            "organisation_id": str(post.organisation_id),
            "organisation": place,
        },
        source=place,
        recorded_at=post.recorded_at.astimezone(UTC).isoformat(),
    )


def _names(organisation_ids: set[UUID]) -> dict[UUID, str]:
    statement = select(Organisation.id, Organisation.name).where(
        Organisation.id.in_(organisation_ids)
    )
    return {row.id: row.name for row in db.session.execute(statement)}
