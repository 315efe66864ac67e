"""Gathering what the rule of the post asks for, a fixed number of statements for many (取数)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from certificates import inductions
from certificates.models import Certificate, CertificateEvent, CertificateRule, EventKind
from certificates.on_post_facts import Barring, Paper, Person, Spell, Taught
from certificates.validity import Happening, Turn, Validity, review_due_on, status
from exams.models import Bar
from exams.models.standards import Qualification
from exams.services import bars
from server.db import db
from server.organisations.models import Organisation
from server.people import models as people
from server.people.models import Post
from server.records.entries import RecordKind
from server.records.models import Record
from server.regions.tree import lineage

#: Selects the ids of the people who are asked about.
People = Select[Any]

_KINDS = (RecordKind.TRAINING, RecordKind.EXAM, RecordKind.HEALTH, RecordKind.VIOLATION)


@dataclass(frozen=True, slots=True)
class Held:
    """A post, as a row and as the rule sees it."""

    post_id: UUID
    person_id: UUID
    organisation_id: UUID
    high_risk: bool
    spell: Spell


@dataclass(slots=True)
class Gathered:
    """What is known of everybody asked about."""

    people: dict[UUID, Person] = field(default_factory=dict)
    posts: list[Held] = field(default_factory=list)


def gather(selected: People, *, on: date) -> Gathered:
    """Return what is known on the day of everybody selected: seven statements, however many."""
    found = Gathered()
    for person_id, birth_on in db.session.execute(
        select(people.Person.id, people.Person.birth_on).where(people.Person.id.in_(selected))
    ):
        found.people[person_id] = Person(birth_on=birth_on)
    roots = _add_posts(selected, found)
    _add_papers(selected, found, on)
    _add_bars(selected, found, on)
    _add_lines(selected, found, roots, on)
    return found


def _add_posts(selected: People, found: Gathered) -> dict[str, UUID]:
    """Add every post; return the topmost organisation of each that is met, by its id as text."""
    statement = (
        select(
            Post.id,
            Post.person_id,
            Post.organisation_id,
            Post.role,
            Post.items,
            Post.from_on,
            Post.until_on,
            Organisation.path,
            Organisation.is_high_risk,
        )
        .join(Organisation, Organisation.id == Post.organisation_id)
        .where(Post.person_id.in_(selected))
        .order_by(Post.from_on, Post.id)
    )
    roots: dict[str, UUID] = {}
    tops: dict[str, UUID] = {}
    for row in db.session.execute(statement):
        post_id, person_id, place, role, items, from_on, until_on, path, high_risk = row
        if until_on == from_on:
            continue
        top = tops.get(path)
        if top is None:
            top = tops[path] = lineage(path)[0]
            roots[str(place)] = top
        spell = Spell(top, place, role, frozenset(items), from_on, until_on)
        found.people[person_id].spells.append(spell)
        found.posts.append(Held(post_id, person_id, place, high_risk, spell))
    return roots


def _add_papers(selected: People, found: Gathered, on: date) -> None:
    happenings: dict[UUID, list[Happening]] = {}
    events = (
        select(
            CertificateEvent.certificate_id, CertificateEvent.kind, CertificateEvent.effective_on
        )
        .join(Certificate, CertificateEvent.certificate_id == Certificate.id)
        .where(Certificate.person_id.in_(selected), CertificateEvent.kind != EventKind.ISSUED)
        .order_by(CertificateEvent.certificate_id, CertificateEvent.sequence)
    )
    for certificate_id, kind, effective_on in db.session.execute(events):
        turn = Happening(turn=Turn(kind.value), effective_on=effective_on)
        happenings.setdefault(certificate_id, []).append(turn)
    statement = (
        select(
            Certificate.id,
            Certificate.person_id,
            Certificate.valid_from,
            Certificate.valid_until,
            Certificate.review_days,
            Qualification.role,
            Qualification.operation_item,
            CertificateRule.warn_days,
        )
        .join(Qualification, Certificate.qualification_id == Qualification.id)
        .join(CertificateRule, Certificate.rule_id == CertificateRule.id)
        .where(Certificate.person_id.in_(selected))
    )
    for one, person_id, first, last, reviews, role, item, warn in db.session.execute(statement):
        days = tuple(map(date.fromisoformat, reviews))
        span, turns = (
            Validity(first_day=first, last_day=last, review_days=days),
            happenings.get(one, []),
        )
        standing = status(span, on, happenings=turns, warn=timedelta(days=warn))
        passed = [each.effective_on for each in turns if each.turn is Turn.REVIEWED]
        until = min(last, review_due_on(span, passed) or last)
        found.people[person_id].papers.append(Paper(role.value, item, standing, until))


def _add_bars(selected: People, found: Gathered, on: date) -> None:
    statement = (
        select(Bar.person_id, Qualification.role, Qualification.operation_item)
        .outerjoin(Qualification, Bar.qualification_id == Qualification.id)
        .where(Bar.person_id.in_(selected), bars.hold(on))
    )
    for person_id, role, item in db.session.execute(statement):
        barring = Barring(role.value if role else None, item)
        found.people[person_id].bars.append(barring)


def _add_lines(selected: People, found: Gathered, roots: dict[str, UUID], on: date) -> None:
    rows = list(_lines(selected, on))
    _find_roots(rows, roots)
    for person_id, kind, day, purpose, item, content in rows:
        person = found.people[person_id]
        if kind is RecordKind.TRAINING and content.get("passed") is not False:
            person.taught.append(_taught(day, purpose, content, roots))
        elif kind is RecordKind.EXAM and content.get("part") == "practical":
            person.practicals += [(item, day)] if content.get("passed") is True else []
        elif kind is RecordKind.HEALTH:
            person.fit = content.get("fit", person.fit)
        elif until := content.get("off_work_until"):
            last = date.fromisoformat(until)
            person.off_work_until = max(person.off_work_until or last, last)


def _find_roots(rows: Sequence[Any], roots: dict[str, UUID]) -> None:
    """Add the topmost organisation of whoever inducted without being a post's place."""
    met = {
        _by(content)
        for _, _, _, purpose, _, content in rows
        if content.get("level") or purpose == inductions.PURPOSE
    } - roots.keys()
    if met:
        statement = select(Organisation.id, Organisation.path).where(
            Organisation.id.in_(UUID(each) for each in met if each)
        )
        for one, path in db.session.execute(statement):
            roots[str(one)] = lineage(path)[0]


def _by(content: Mapping[str, Any]) -> str | None:
    by: str | None = content.get("employer_id") or content.get("provider_id")
    return by


def _taught(
    day: date, purpose: str | None, content: Mapping[str, Any], roots: Mapping[str, UUID]
) -> Taught:
    hours = Decimal(content.get("hours") or 0)
    return Taught(day, hours, purpose or "", content.get("level"), roots.get(_by(content) or ""))


def _lines(selected: People, on: date) -> Iterator[Any]:
    """Yield the entries that stand, as they happened: what was corrected is left out."""
    correction = aliased(Record)
    corrected = select(correction.id).where(correction.corrects_id == Record.id).exists()
    statement = (
        select(
            Record.person_id,
            Record.kind,
            Record.happened_on,
            Record.purpose,
            Record.item,
            Record.content,
        )
        .where(
            Record.person_id.in_(selected),
            Record.kind.in_(_KINDS),
            Record.happened_on <= on,
            ~corrected,
        )
        .order_by(Record.happened_at, Record.recorded_at, Record.id)
    )
    return iter(db.session.execute(statement))
