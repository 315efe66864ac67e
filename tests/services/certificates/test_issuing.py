"""Certificates upon a passed attempt, and what they say for ever."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from certificates import freezing, tokens
from certificates.models import Certificate, CertificateEvent, EventKind
from certificates.models.certificates import HistoryIsFixed
from certificates.services import finding, issuing, trusting
from exams.models import Attempt, Bar
from server.audit import services as audit
from server.audit.models import AuditEntry
from server.db import db
from server.people.models import Person
from server.records import services as records
from server.records.entries import RecordKind
from server.regions.models import Region
from tests.factories.certificates import (
    TODAY,
    a_certificate,
    an_issuer,
    attained,
)
from tests.factories.exams import an_attempt, an_exam
from tests.factories.rosters import a_person
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("inside")


def _sat():
    """An attempt at an exam in the region of an issuer."""
    scene = an_exam()
    attempt = an_attempt(scene)
    return attempt, an_issuer(db.session.get_one(Region, scene.centre.region_id))


def _candidate(attempt: Attempt) -> Person:
    return db.session.get_one(Person, attempt.candidate_id)


def _earned(attempt: Attempt) -> Certificate:
    certificate = issuing.issue_on_pass(attained(attempt))
    assert certificate is not None
    return certificate


def _withheld() -> list[str]:
    return [entry.after["code"] for entry in _audited("certificate_withheld") if entry.after]


def _audited(action: str) -> list[AuditEntry]:
    audit.settle()
    found = db.session.execute(select(AuditEntry).where(AuditEntry.action == action))
    return list(found.scalars())


def test_a_passed_attempt_earns_a_certificate():
    attempt, issuer = _sat()

    certificate = issuing.issue_on_pass(attained(attempt))

    assert certificate is not None
    assert certificate.person_id == attempt.candidate_id
    assert certificate.attempt_id == attempt.id
    assert certificate.issuer_id == issuer.id
    assert (certificate.valid_from, certificate.valid_until) == (TODAY, date(2032, 6, 14))
    assert certificate.review_due_on is None
    assert certificate.number.startswith("371300-2026SO000001")
    assert [each.kind for each in certificate.events] == [EventKind.ISSUED]


def test_told_twice_it_is_issued_once():
    attempt, _ = _sat()

    first = issuing.issue_on_pass(attained(attempt))
    second = issuing.issue_on_pass(attained(attempt))

    assert first is second
    assert len(finding.of(attempt.candidate_id)) == 1


def test_what_it_says_is_frozen_hashed_and_signed():
    attempt, issuer = _sat()

    certificate = _earned(attempt)
    claims = tokens.verify(certificate.token, trusting.trust_list(), on=TODAY)

    assert certificate.content_hash == freezing.content_hash(certificate.content)
    assert certificate.content["rule"]["code"] == "special_operations_order_19"
    assert certificate.content["holder"]["document_masked"] == "E*******0"
    assert claims.serial == certificate.serial
    assert claims.issuer == issuer.code
    assert claims.qualification == "low_voltage_electrician"
    assert claims.status_index == certificate.status_index
    assert certificate.number not in certificate.token


def test_a_later_change_of_name_changes_nothing_on_it():
    certificate = a_certificate(a_person(name="王建国"))

    db.session.get_one(type(certificate.person), certificate.person_id).name = "王建军"
    db.session.flush()

    assert finding.get(certificate.id).content["holder"]["name"] == "王建国"


def test_a_certificate_and_its_events_cannot_be_rewritten():
    certificate = a_certificate()
    certificate.valid_until = date(2099, 1, 1)

    with pytest.raises(HistoryIsFixed):
        db.session.flush()


def test_an_event_cannot_be_deleted():
    certificate = a_certificate()
    db.session.delete(db.session.get_one(CertificateEvent, certificate.events[0].id))

    with pytest.raises(HistoryIsFixed):
        db.session.flush()


def test_the_issue_stands_in_the_file_and_in_the_audit():
    certificate = a_certificate()

    filed = records.of(certificate.person_id, RecordKind.CERTIFICATE)

    assert [record.content["what"] for record in filed] == ["issued"]
    assert filed[0].content["number"] == certificate.number
    assert [entry.subject_id for entry in _audited("certificate_issued")] == [certificate.id]


def test_a_certificate_that_stands_is_continued_from_the_morrow_of_its_last_day():
    attempt, issuer = _sat()
    held = a_certificate(_candidate(attempt), issuer, valid_from=date(2023, 7, 1))

    renewed = _earned(attempt)

    assert renewed.previous_id == held.id
    assert renewed.valid_from == held.valid_until + timedelta(days=1)


def test_without_an_issuer_the_outcome_stands_and_the_audit_says_why():
    scene = an_exam()
    attempt = an_attempt(scene)

    assert issuing.issue_on_pass(attained(attempt)) is None
    assert _withheld() == ["no_issuer"]


def test_a_barred_person_gets_none():
    attempt, _ = _sat()
    db.session.add(
        Bar(
            id=uuid4(),
            person_id=attempt.candidate_id,
            qualification_id=None,
            from_on=TODAY,
            until_on=None,
            reason="责任事故",
            imposed_at=NOON,
        )
    )
    db.session.flush()

    assert issuing.issue_on_pass(attained(attempt)) is None
    assert _withheld() == ["barred"]
