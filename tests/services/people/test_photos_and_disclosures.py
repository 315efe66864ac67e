"""Photos kept once, and whole numbers shown for a reason."""

from __future__ import annotations

from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select

from server.audit import services as audit
from server.audit.errors import NumberNotMasked
from server.audit.models import AuditEntry
from server.db import db
from server.errors import IdTaken, NotFound
from server.people.errors import PhotoRefused
from server.people.models import DocumentDisclosure, Photo
from server.people.services import disclosures, photos
from server.policy import Identity, Role
from server.scopes import EVERYWHERE
from tests.factories.organisations import an_organisation
from tests.factories.people import a_number, a_person, beneath, who
from tests.factories.photos import a_jpeg, a_png
from tests.moments import NOON

ADMIN, ISSUER = who(Role.ADMINISTRATOR), who(Role.ISSUER)


def photo_count() -> int:
    return db.session.execute(select(func.count()).select_from(Photo)).scalar_one()


def test_the_same_photo_of_two_people_is_kept_once(inside: Flask) -> None:
    anna, boris = a_person(), a_person()

    for person in (anna, boris, anna):
        photos.keep(person.id, a_png(), by=ADMIN, at=NOON)

    assert photo_count() == 1
    assert photos.of(anna.id, scope=EVERYWHERE) is photos.of(boris.id, scope=EVERYWHERE)


def test_a_photo_that_nobody_has_any_more_is_forgotten(inside: Flask) -> None:
    anna, boris = a_person(), a_person()
    for person in (anna, boris):
        photos.keep(person.id, a_png(), by=ADMIN, at=NOON)

    photos.keep(anna.id, a_jpeg(), by=ADMIN, at=NOON)
    assert photo_count() == 2
    photos.keep(boris.id, a_jpeg(), by=ADMIN, at=NOON)
    assert photo_count() == 1


def test_a_photo_outside_the_scope_is_not_there(inside: Flask) -> None:
    place, person = an_organisation(), a_person()
    with pytest.raises(NotFound):
        photos.of(person.id, scope=EVERYWHERE)

    photos.keep(person.id, a_png(), by=ADMIN, at=NOON)

    with pytest.raises(NotFound):
        photos.of(person.id, scope=beneath(place))
    by = who(Role.ADMINISTRATOR, scope=beneath(place))
    with pytest.raises(NotFound):
        photos.keep(person.id, a_png(), by=by, at=NOON)
    with pytest.raises(PhotoRefused):
        photos.keep(person.id, b"GIF89a" + bytes(1000), by=ADMIN, at=NOON)


def disclosed_entries(by: Identity) -> list[AuditEntry]:
    audit.settle()
    statement = select(AuditEntry).where(
        AuditEntry.action == "document_disclosed", AuditEntry.account_id == by.account_id
    )
    return list(db.session.execute(statement).scalars())


def test_a_whole_number_is_shown_and_that_is_written_down(inside: Flask) -> None:
    number, disclosure_id = a_number(), uuid4()
    person = a_person(number=number)

    for _ in range(2):
        shown = disclosures.disclose(
            person.id, disclosure_id, reason="核对制证信息", by=ISSUER, at=NOON
        )
        assert shown.document_number == number
        assert number not in repr(shown)

    first, second = disclosed_entries(ISSUER)
    assert (first.subject_id, first.reason) == (person.id, "核对制证信息")
    assert first.organisation_path is not None
    assert second.subject_id == person.id
    assert db.session.get_one(DocumentDisclosure, disclosure_id).account_id == ISSUER.account_id


def test_somebody_elses_disclosure_is_not_repeated(inside: Flask) -> None:
    person, disclosure_id = a_person(), uuid4()
    disclosures.disclose(person.id, disclosure_id, reason="核对制证信息", by=ISSUER, at=NOON)

    for other, reason in ((who(Role.ISSUER), "核对制证信息"), (ISSUER, "另有原因")):
        with pytest.raises(IdTaken):
            disclosures.disclose(person.id, disclosure_id, reason=reason, by=other, at=NOON)


def test_a_reason_holds_no_number_itself(inside: Flask) -> None:
    with pytest.raises(NumberNotMasked):
        disclosures.disclose(
            a_person().id, uuid4(), reason=f"核对 {a_number()}", by=ISSUER, at=NOON
        )


def test_no_number_is_shown_outside_the_scope(inside: Flask) -> None:
    by = who(Role.ISSUER, scope=beneath(an_organisation()))

    with pytest.raises(NotFound):
        disclosures.disclose(a_person().id, uuid4(), reason="核对制证信息", by=by, at=NOON)
