"""Gathering the facts of one unit in a fixed number of statements (覆盖率取数)."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select

from certificates.facts import CertificateFact, Facts, OrganisationFact, PostFact
from certificates.models import Certificate, CertificateEvent, EventKind
from certificates.services import ledger
from certificates.services.units import Unit
from certificates.spans import span
from certificates.validity import Happening, Turn, Validity
from exams.models.standards import Qualification
from server.db import db
from server.organisations import industries
from server.organisations.drafts import OrganisationKind
from server.organisations.models import Organisation
from server.people.models import Post
from server.regions.tree import lineage


def gather(unit: Unit, *, on: date) -> Facts:
    """Return what must be known of a unit to count any indicator on the day `on`.

    Five statements, however many people: organisations, posts, certificates, what befell them,
    training records. Posts of the whole calendar year are gathered, for counts per year.
    """
    people = _posts(unit, on).with_only_columns(Post.person_id)
    return Facts(
        organisations=_organisation_facts(unit),
        posts=_post_facts(unit, on),
        certificates=_certificate_facts(people),
        records=ledger.record_facts(people, until=on),
    )


def _posts(unit: Unit, on: date) -> Select[*tuple[Any, ...]]:
    new_year = date(on.year, 1, 1)
    return (
        select(
            Post.person_id,
            Post.organisation_id,
            Post.role,
            Post.items,
            Post.from_on,
            Post.until_on,
            Organisation.path,
        )
        .join(Organisation, Post.organisation_id == Organisation.id)
        .where(
            unit.holds_organisation(),
            Post.from_on <= on,
            or_(Post.until_on.is_(None), Post.until_on > new_year),
        )
    )


def _post_facts(unit: Unit, on: date) -> list[PostFact]:
    above: dict[str, frozenset[UUID]] = {}
    return [
        PostFact(
            person_id=row.person_id,
            organisation_id=row.organisation_id,
            lineage=above.get(row.path) or above.setdefault(row.path, frozenset(lineage(row.path))),
            role=row.role.value,
            items=frozenset(row.items),
            span=span(row.from_on, row.until_on),
        )
        for row in db.session.execute(_posts(unit, on))
    ]


def _organisation_facts(unit: Unit) -> list[OrganisationFact]:
    """Return the organisations of the unit, and those above it, for their industry."""
    statement = select(
        Organisation.id,
        Organisation.path,
        Organisation.name,
        Organisation.kind,
        Organisation.is_high_risk,
        Organisation.industry,
        unit.holds_organisation().label("counted"),
    ).where(or_(unit.holds_organisation(), Organisation.id.in_(unit.above)))
    return [
        OrganisationFact(
            organisation_id=row.id,
            lineage=frozenset(lineage(row.path)),
            name=row.name,
            is_enterprise=bool(row.counted) and row.kind is OrganisationKind.ENTERPRISE,
            is_department=row.kind is OrganisationKind.DEPARTMENT,
            is_high_risk=row.is_high_risk,
            industries=_branches(row.industry),
        )
        for row in db.session.execute(statement)
    ]


def _branches(industry: str | None) -> frozenset[str]:
    """Return the branches an industry belongs to: by its nature, whatever the law of the day."""
    if industry is None:
        return frozenset()
    return frozenset(mark.kind for mark in industries.marks() if industry.startswith(mark.industry))


def _certificate_facts(people: Select[*tuple[Any, ...]]) -> list[CertificateFact]:
    happenings = _happenings(people)
    statement = (
        select(
            Certificate.id,
            Certificate.person_id,
            Certificate.valid_from,
            Certificate.valid_until,
            Certificate.review_days,
            Qualification.role,
            Qualification.operation_item,
        )
        .join(Qualification, Certificate.qualification_id == Qualification.id)
        .where(Certificate.person_id.in_(people))
    )
    return [
        CertificateFact(
            person_id=row.person_id,
            role=row.role.value,
            item=row.operation_item,
            validity=Validity(
                first_day=row.valid_from,
                last_day=row.valid_until,
                review_days=tuple(map(date.fromisoformat, row.review_days)),
            ),
            happenings=happenings.get(row.id, ()),
        )
        for row in db.session.execute(statement)
    ]


def _happenings(people: Select[*tuple[Any, ...]]) -> dict[UUID, list[Happening]]:
    statement = (
        select(
            CertificateEvent.certificate_id, CertificateEvent.kind, CertificateEvent.effective_on
        )
        .join(Certificate, CertificateEvent.certificate_id == Certificate.id)
        .where(Certificate.person_id.in_(people), CertificateEvent.kind != EventKind.ISSUED)
        .order_by(CertificateEvent.certificate_id, CertificateEvent.sequence)
    )
    found: dict[UUID, list[Happening]] = {}
    for row in db.session.execute(statement):
        happening = Happening(turn=Turn(row.kind.value), effective_on=row.effective_on)
        found.setdefault(row.certificate_id, []).append(happening)
    return found
