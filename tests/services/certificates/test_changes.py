"""What befalls a certificate: by whom, from when, and what is refused."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest

from certificates import moves
from certificates.errors import EffectiveBeforeLast, MoveRefused, OwnCertificate
from certificates.models import EventKind
from certificates.services import changes, following, issuing, standing
from certificates.services.changes import Decision
from certificates.validity import Status, Turn
from server.db import db
from server.errors import NotFound
from server.policy import Grant, Identity, Role
from server.records import services as records
from server.records.entries import RecordKind
from server.regions.models import Region
from server.scopes import Scope
from tests.factories.certificates import (
    REGISTRAR,
    TODAY,
    a_certificate,
    an_issuer,
    attained,
    befallen,
    voided,
)
from tests.factories.exams import an_attempt, an_exam
from tests.factories.rosters import a_person
from tests.moments import NOON

REVOKING = Decision(turn=Turn.REVOKED, reason="查实", effective_on=TODAY, ground="fraud_or_bribery")

pytestmark = pytest.mark.usefixtures("inside")


def _on(certificate, day: date) -> Status:
    return standing.status(certificate.id, on=day)


def test_a_revocation_counts_from_its_day_and_is_remembered_for_ever():
    certificate = a_certificate(valid_from=date(2026, 6, 1))
    befallen(certificate, Turn.REVOKED, TODAY, reason="以欺骗手段取得")

    assert _on(certificate, TODAY - timedelta(days=1)) is Status.VALID
    assert _on(certificate, TODAY) is Status.REVOKED
    assert _on(certificate, date(2050, 1, 1)) is Status.REVOKED
    assert certificate.events[-1].reason == "以欺骗手段取得"
    assert certificate.events[-1].by_id == REGISTRAR.account_id


def test_a_suspension_lasts_until_it_is_lifted():
    certificate = a_certificate(valid_from=date(2026, 1, 1))
    befallen(certificate, Turn.SUSPENDED, date(2026, 3, 1))
    befallen(certificate, Turn.REINSTATED, date(2026, 4, 1))

    found = [_on(certificate, date(2026, month, 1)) for month in (2, 3, 4)]

    assert found == [Status.VALID, Status.SUSPENDED, Status.VALID]


def test_a_passed_review_keeps_a_certificate_of_order_30_alive():
    certificate = a_certificate(valid_from=date(2022, 1, 1))
    assert _on(certificate, date(2025, 1, 1)) is Status.EXPIRED

    befallen(certificate, Turn.REVIEWED, date(2024, 12, 1))

    assert _on(certificate, date(2025, 1, 1)) is Status.VALID
    assert certificate.review_due_on is None


def test_saying_the_same_again_changes_nothing():
    certificate = a_certificate()

    befallen(certificate, Turn.REVOKED)
    befallen(certificate, Turn.REVOKED)

    assert [each.kind for each in certificate.events] == [EventKind.ISSUED, EventKind.REVOKED]


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (None, Turn.REINSTATED),
        (Turn.SUSPENDED, Turn.SUSPENDED),
        (Turn.REVOKED, Turn.SUSPENDED),
        (Turn.REVOKED, Turn.REINSTATED),
        (Turn.REVOKED, Turn.REVIEWED),
        (Turn.REVOKED, Turn.REVOKED),
    ],
)
def test_what_is_not_possible_is_refused_with_the_standing(first, then):
    certificate = a_certificate()
    if first is not None:
        befallen(certificate, first)

    with pytest.raises(MoveRefused) as caught:
        befallen(certificate, then, reason="另一个理由")

    assert caught.value.facts["move"] == then.value
    assert moves.TURN_ZH[then] in caught.value.message.zh


def test_a_change_cannot_count_from_before_the_last_one():
    certificate = a_certificate(valid_from=date(2026, 1, 1))
    befallen(certificate, Turn.SUSPENDED, date(2026, 3, 1))

    with pytest.raises(EffectiveBeforeLast) as caught:
        befallen(certificate, Turn.REVOKED, date(2026, 2, 1))

    assert caught.value.facts["earliest"] == "2026-03-01"


def test_another_authority_does_not_find_the_certificate():
    certificate = a_certificate()
    other = an_issuer(code="140000").organisation
    stranger = Identity(
        account_id=uuid4(),
        person_id=uuid4(),
        grants=(Grant(role=Role.ISSUER, scope=Scope(organisation_paths=(other.path,))),),
    )

    with pytest.raises(NotFound):
        changes.change(certificate.id, REVOKING, by=stranger, at=NOON)


def test_nobody_changes_their_own():
    person = a_person()
    certificate = a_certificate(person)
    myself = Identity(account_id=uuid4(), person_id=person.id, grants=REGISTRAR.grants)

    with pytest.raises(OwnCertificate):
        changes.change(certificate.id, REVOKING, by=myself, at=NOON)


def test_every_change_stands_in_the_file():
    certificate = a_certificate()
    befallen(certificate, Turn.SUSPENDED)
    befallen(certificate, Turn.REVOKED, reason="查实")

    filed = records.of(certificate.person_id, RecordKind.CERTIFICATE)

    assert {record.content["what"] for record in filed} == {"issued", "suspended", "revoked"}


def _earned():
    scene = an_exam()
    attempt = an_attempt(scene)
    from_region = db.session.get_one(Region, scene.centre.region_id)
    an_issuer(from_region)
    certificate = issuing.issue_on_pass(attained(attempt))
    assert certificate is not None
    return attempt, certificate


def test_a_voided_attempt_suspends_what_it_earned_until_a_person_decides():
    attempt, certificate = _earned()

    following.suspend_on_void(voided(attempt))
    following.suspend_on_void(voided(attempt))

    assert [each.kind for each in certificate.events] == [EventKind.ISSUED, EventKind.SUSPENDED]
    assert _on(certificate, TODAY) is Status.SUSPENDED
    assert certificate.events[-1].by_id is None
    assert "替考" in certificate.events[-1].reason


def test_a_voided_attempt_that_earned_nothing_changes_nothing():
    attempt = an_attempt(an_exam())

    assert following.suspend_on_void(voided(attempt)) is None


def test_what_is_revoked_is_not_suspended_by_a_void():
    attempt, certificate = _earned()
    befallen(certificate, Turn.REVOKED)

    following.suspend_on_void(voided(attempt))

    assert certificate.events[-1].kind is EventKind.REVOKED
