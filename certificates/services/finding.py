"""Finding certificates: one, those of a person, those within a scope (证书查询)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import joinedload

from certificates import numbering
from certificates.models import Certificate, EventKind, Issuer
from server.db import db
from server.errors import NotFound
from server.organisations.models import Organisation, within
from server.paging import Page, narrowed, page
from server.people.models import Person, Post
from server.scopes import EVERYWHERE, Scope


def get(certificate_id: UUID, *, scope: Scope = EVERYWHERE) -> Certificate:
    """Return the certificate.

    Raises:
        NotFound: there is none within the scope.
    """
    statement = select(Certificate).where(Certificate.id == certificate_id, seen_from(scope))
    found = db.session.execute(statement).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def issued_within(certificate_id: UUID, *, scope: Scope) -> Certificate:
    """Return the certificate, if its issuer lies within the scope; locked until the end.

    Raises:
        NotFound: there is none, or another authority issued it.
    """
    issued = (
        select(Issuer.id)
        .join(Organisation, Issuer.organisation_id == Organisation.id)
        .where(within(scope))
    )
    statement = (
        select(Certificate)
        .where(Certificate.id == certificate_id, Certificate.issuer_id.in_(issued))
        .with_for_update(of=Certificate)
        .execution_options(populate_existing=True)
    )
    found = db.session.execute(statement).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def of_person(certificate_id: UUID, person_id: UUID) -> Certificate:
    """Return a certificate of this person.

    Raises:
        NotFound: there is none, or it is another's.
    """
    found = get(certificate_id)
    if found.person_id != person_id:
        raise NotFound
    return found


def of(person_id: UUID) -> list[Certificate]:
    """Return every certificate the person was ever issued, the newest first."""
    statement = (
        select(Certificate)
        .where(Certificate.person_id == person_id)
        .order_by(Certificate.valid_from.desc(), Certificate.number)
    )
    return list(db.session.execute(statement).scalars())


def earned_by(attempt_id: UUID) -> Certificate | None:
    """Return the certificate that the attempt earned, or None; what was voided is not earned."""
    statement = select(Certificate).where(Certificate.attempt_id == attempt_id)
    earned = db.session.execute(statement).scalars()
    voided = EventKind.VOIDED
    return next(
        (one for one in earned if all(each.kind is not voided for each in one.events)), None
    )


def last_edition(certificate: Certificate) -> Certificate:
    """Return the newest certificate under the same number: what was replaced lives on there."""
    statement = (
        select(Certificate)
        .where(Certificate.range_id == certificate.range_id, Certificate.place == certificate.place)
        .order_by(Certificate.edition.desc())
        .limit(1)
    )
    return db.session.execute(statement).scalar_one()


def with_serial(serial: str) -> Certificate | None:
    """Return the certificate with this serial, or None."""
    statement = select(Certificate).where(Certificate.serial == serial)
    return db.session.execute(statement).scalar_one_or_none()


def listed(
    scope: Scope,
    *,
    person_id: UUID | None = None,
    qualification_id: UUID | None = None,
    issuer_id: UUID | None = None,
    number: str | None = None,
    name: str | None = None,
    ends_from: date | None = None,
    ends_until: date | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page:
    """Return a page of the certificates within the scope, by number.

    Args:
        scope: whose certificates.
        person_id: only of this person.
        qualification_id: only for this qualification.
        issuer_id: only by this issuer.
        number: only under this number, as it is printed.
        name: a part of the holder's name.
        ends_from: only those whose last day is this or later.
        ends_until: only those whose last day is this or earlier.
        cursor: where the page begins.
        limit: certificates on the page.
    """
    statement = select(Certificate).where(seen_from(scope)).options(joinedload(Certificate.person))
    wanted = {
        Certificate.person_id: person_id,
        Certificate.qualification_id: qualification_id,
        Certificate.issuer_id: issuer_id,
    }
    statement = narrowed(statement, wanted)
    if name is not None:
        named = select(Person.id).where(Person.name.contains(name, autoescape=True))
        statement = statement.where(Certificate.person_id.in_(named))
    if ends_from is not None:
        statement = statement.where(Certificate.valid_until >= ends_from)
    if ends_until is not None:
        statement = statement.where(Certificate.valid_until <= ends_until)
    if number is not None:
        statement = statement.where(Certificate.number == as_kept(number))
    return page(statement, [Certificate.number, Certificate.edition], cursor=cursor, limit=limit)


def as_kept(number: str) -> str:
    """Return a number as it is kept, however it was typed."""
    read = numbering.parse(number)
    return str(read) if read else number


def seen_from(scope: Scope) -> ColumnElement[bool]:
    """Return the condition that a certificate is seen from a scope.

    It is when its issuer lies within the scope, or its holder has (or had) a post there or was
    registered there.
    """
    organisations = select(Organisation.id).where(within(scope))
    return or_(
        Certificate.issuer_id.in_(
            select(Issuer.id).where(Issuer.organisation_id.in_(organisations))
        ),
        Certificate.person_id.in_(
            select(Post.person_id).where(Post.organisation_id.in_(organisations))
        ),
        Certificate.person_id.in_(
            select(Person.id).where(Person.registered_under_id.in_(organisations))
        ),
    )
