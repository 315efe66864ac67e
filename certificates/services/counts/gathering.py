"""Gathering the facts of people and organisations, a fixed number of statements for many (取数)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, false, func, or_, select, true

from certificates.models import Certificate, CertificateEvent, CoverageNumber, EventKind
from certificates.on_post_facts import Person, Spell, Taught
from certificates.papers import END, File, Line, Paper, paper
from certificates.services import ledger
from certificates.stretches import PostLine
from certificates.validity import Happening, Turn, Validity
from exams.models.standards import Qualification
from server.days import civil_day
from server.db import db
from server.organisations.drafts import OrganisationKind
from server.organisations.models import Organisation
from server.people.models import Post
from server.regions.models import beneath
from server.regions.tree import lineage, root_of

#: So many organisations are looked beneath one by one; for more, all are read.
_FEW = 200

#: Selects the ids of the people who are counted.
People = Select[Any]


class Held(NamedTuple):
    """A post: where, as what, with which items, from when to when; and as the gate sees it."""

    place: UUID
    role: str
    items: tuple[str, ...]
    start: int
    end: int
    spell: Spell


@dataclass(slots=True)
class Gathered:
    """What is known of one person."""

    posts: list[Held] = field(default_factory=list)
    papers: list[Paper] = field(default_factory=list)
    lines: list[ledger.Said] = field(default_factory=list)
    taught: list[Taught] = field(default_factory=list)

    def file(self, providers: Mapping[str, int]) -> File:
        """Return all but the posts, with organisations that trained by their numbers."""
        return File(
            papers=self.papers,
            lines=[
                Line(*line[:5], providers.get(line[5], 0) if line[5] else 0) for line in self.lines
            ],
            posts=[(post.role, post.start, post.end) for post in self.posts],
            inducted=Person(taught=self.taught, spells=[post.spell for post in self.posts]),
        )

    def post_lines(self, numbers: Mapping[UUID, int]) -> list[PostLine]:
        """Return the posts, with organisations by their numbers."""
        return [PostLine(numbers[post.place], *post[1:]) for post in self.posts]


def gather(people: People) -> dict[UUID, Gathered]:
    """Return what is known of everybody selected: posts, certificates, training files."""
    found: dict[UUID, Gathered] = {}
    _add_posts(people, found)
    _add_papers(people, found)
    facts = list(ledger.lines(people))
    paths = _paths({lesson.taught_for for _, _, lesson in facts if lesson})
    for person, said, lesson in facts:
        one = found.setdefault(person, Gathered())
        one.lines.append(said)
        if lesson is not None:
            path = paths.get(lesson.taught_for or "", "")
            taught = (lesson.day, lesson.hours, lesson.purpose, lesson.level, root_of(path), path)
            one.taught.append(Taught(*taught))
    return found


def _paths(organisations: Collection[str | None]) -> dict[str, str]:
    """Return the paths of organisations, by their ids as text."""
    ids = [UUID(one) for one in organisations if one]
    if not ids:
        return {}
    statement = select(Organisation.id, Organisation.path).where(Organisation.id.in_(ids))
    return {str(one): path for one, path in db.session.execute(statement)}


def _add_posts(people: People, found: dict[UUID, Gathered]) -> None:
    statement = select(
        Post.person_id,
        Post.organisation_id,
        Post.role,
        Post.items,
        Post.from_on,
        Post.until_on,
        Organisation.path,
    ).where(Post.person_id.in_(people), Organisation.id == Post.organisation_id)
    for person, place, role, items, from_on, until_on, path in db.session.execute(statement):
        start, end = from_on.toordinal(), until_on.toordinal() if until_on else END
        if start < end:
            held = (place, role.value, frozenset(items), from_on, until_on)
            spell = Spell(root_of(path), *held, path)
            found.setdefault(person, Gathered()).posts.append(
                Held(place, role.value, tuple(items), start, end, spell)
            )


def _add_papers(people: People, found: dict[UUID, Gathered]) -> None:
    for person, each in _papers(Certificate.person_id, Certificate.person_id.in_(people)):
        found.setdefault(person, Gathered()).papers.append(each)


def numbered_papers(which: ColumnElement[bool]) -> Iterator[tuple[int, Paper]]:
    """Yield certificates as they are counted, each with the number of its person."""
    number = (
        select(CoverageNumber.number)
        .where(CoverageNumber.thing_id == Certificate.person_id)
        .scalar_subquery()
    )
    return _papers(number, which)


def reviews() -> ColumnElement[int]:
    """Return how many reviews a certificate asks for, in the words of the database."""
    postgresql = db.engine.dialect.name == "postgresql"
    length = func.jsonb_array_length if postgresql else func.json_array_length
    return length(Certificate.review_days)


def _papers(who: Any, which: ColumnElement[bool]) -> Iterator[tuple[Any, Paper]]:
    happenings = _happenings(which)
    statement = (
        select(
            Certificate.id,
            who,
            Certificate.valid_from,
            Certificate.valid_until,
            Certificate.review_days,
            Certificate.issued_at,
            Qualification.role,
            Qualification.operation_item,
        )
        .join(Qualification, Certificate.qualification_id == Qualification.id)
        .where(which)
    )
    for row in db.session.execute(statement):
        one, person, first_day, last_day, reviewed, issued_at, role, item = row
        validity = Validity(
            first_day=first_day,
            last_day=last_day,
            review_days=tuple(map(date.fromisoformat, reviewed)),
        )
        issued = civil_day(issued_at)
        yield person, paper(role.value, item, validity, happenings.get(one, ()), issued_on=issued)


def _happenings(which: ColumnElement[bool]) -> dict[UUID, list[Happening]]:
    statement = (
        select(
            CertificateEvent.certificate_id, CertificateEvent.kind, CertificateEvent.effective_on
        )
        .join(Certificate, CertificateEvent.certificate_id == Certificate.id)
        .where(which, CertificateEvent.kind != EventKind.ISSUED)
        .order_by(CertificateEvent.certificate_id, CertificateEvent.sequence)
    )
    found: dict[UUID, list[Happening]] = {}
    for certificate_id, kind, effective_on in db.session.execute(statement):
        happening = Happening(turn=Turn(kind.value), effective_on=effective_on)
        found.setdefault(certificate_id, []).append(happening)
    return found


def files_of_organisations(
    organisation_ids: Collection[UUID], roles: Sequence[str]
) -> dict[UUID, File]:
    """Return what measures ask of organisations: posts of these roles, and departments, beneath."""
    found = {one: File() for one in organisation_ids}
    within = _beneath(organisation_ids)
    posts = (
        select(Organisation.path, Post.role, Post.from_on, Post.until_on)
        .join(Organisation, Post.organisation_id == Organisation.id)
        .where(Post.role.in_(roles), within)
    )
    for path, role, start, end in db.session.execute(posts):
        held = (role.value, start.toordinal(), end.toordinal() if end else END)
        for one in lineage(path):
            if one in found:
                found[one].posts.append(held)
    departments = select(Organisation.path, Organisation.name).where(
        Organisation.kind == OrganisationKind.DEPARTMENT, within
    )
    for path, name in db.session.execute(departments):
        for one in lineage(path):
            if one in found:
                found[one].departments.append(name)
    return found


def _beneath(organisation_ids: Collection[UUID]) -> ColumnElement[bool]:
    """Return the condition that an organisation lies beneath one of these; true where many are."""
    if len(organisation_ids) > _FEW:
        return true()
    paths = db.session.execute(
        select(Organisation.path).where(Organisation.id.in_(organisation_ids))
    ).scalars()
    return or_(false(), *(beneath(Organisation.path, path) for path in paths))
