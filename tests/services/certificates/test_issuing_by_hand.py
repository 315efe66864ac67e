"""Certificates by hand: under which rule, and what stands in the way."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from certificates import tokens
from certificates.errors import (
    AttemptSpent,
    Barred,
    CertificateOverlaps,
    NoIssuer,
    NoRuleInForce,
    OutcomeMissing,
    OwnCertificate,
)
from certificates.models import Certificate
from certificates.services import finding, issuing, trusting
from certificates.validity import Turn
from exams.models import Attempt, Bar
from server.audit import services as audit
from server.audit.models import AuditEntry
from server.db import db
from server.errors import IdTaken, NotFound
from server.people.models import Person
from server.policy import Grant, Identity, Role
from server.regions.models import Region
from server.scopes import NOWHERE
from tests.factories.certificates import (
    REGISTRAR,
    TODAY,
    a_certificate,
    a_draft,
    an_issuer,
    an_outcome,
    befallen,
)
from tests.factories.exams import an_attempt, an_exam
from tests.factories.rosters import a_person, a_region
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("inside")


def _sat():
    """An attempt at an exam in the region of an issuer."""
    scene = an_exam()
    attempt = an_attempt(scene)
    return attempt, an_issuer(db.session.get_one(Region, scene.centre.region_id))


def _candidate(attempt: Attempt) -> Person:
    return db.session.get_one(Person, attempt.candidate_id)


def _audited(action: str) -> list[AuditEntry]:
    audit.settle()
    found = db.session.execute(select(AuditEntry).where(AuditEntry.action == action))
    return list(found.scalars())


def test_by_hand_the_same_again_changes_nothing():
    draft = a_draft(a_person(), an_issuer())
    certificate_id = uuid4()

    first = issuing.issue(certificate_id, draft, by=REGISTRAR, at=NOON)
    second = issuing.issue(certificate_id, draft, by=REGISTRAR, at=NOON)

    assert first is second
    assert len(finding.of(draft.person_id)) == 1


def test_another_certificate_under_the_same_id_is_refused():
    draft = a_draft(a_person(), an_issuer())
    certificate_id = uuid4()
    issuing.issue(certificate_id, draft, by=REGISTRAR, at=NOON)

    with pytest.raises(IdTaken):
        issuing.issue(
            certificate_id, replace(draft, valid_from=date(2026, 1, 1)), by=REGISTRAR, at=NOON
        )


@pytest.mark.parametrize(
    ("valid_from", "rule", "review_due_on", "valid_until"),
    [
        (date(2022, 1, 1), "special_operations_order_30", date(2024, 12, 31), date(2027, 12, 31)),
        (date(2023, 6, 1), "special_operations_order_30", date(2026, 5, 31), date(2029, 5, 31)),
        (date(2023, 6, 2), "special_operations_order_30", None, date(2029, 6, 1)),
        (date(2026, 5, 31), "special_operations_order_30", None, date(2032, 5, 30)),
        (date(2026, 6, 1), "special_operations_order_19", None, date(2032, 5, 31)),
        (date(2027, 1, 1), "special_operations_order_19", None, date(2032, 12, 31)),
    ],
)
def test_the_rule_is_that_of_the_first_day(valid_from, rule, review_due_on, valid_until):
    certificate = a_certificate(valid_from=valid_from)

    assert certificate.rule.code == rule
    assert certificate.review_due_on == review_due_on
    assert certificate.valid_until == valid_until


def test_principals_are_certified_for_three_years():
    certificate = a_certificate(qualification="principal")

    assert certificate.valid_until == date(2029, 6, 14)
    assert "2026PR000001" in certificate.number


def test_before_the_first_rule_there_is_no_certificate():
    draft = a_draft(a_person(), an_issuer(), valid_from=date(2001, 1, 1))

    with pytest.raises(NoRuleInForce):
        issuing.issue(uuid4(), draft, by=REGISTRAR, at=NOON)


def test_days_that_overlap_are_refused():
    held = a_certificate(valid_from=date(2022, 1, 1))
    draft = a_draft(held.person, held.issuer, valid_from=date(2024, 1, 1))

    with pytest.raises(CertificateOverlaps) as caught:
        issuing.issue(uuid4(), draft, by=REGISTRAR, at=NOON)

    assert caught.value.facts["number"] == held.number


def test_after_a_revocation_the_days_are_free_again():
    person, issuer = a_person(), an_issuer()
    held = a_certificate(person, issuer)
    befallen(held, Turn.REVOKED)

    again = a_certificate(person, issuer)

    assert again.number != held.number


def test_another_qualification_does_not_overlap():
    held = a_certificate()

    a_certificate(held.person, held.issuer, qualification="high_voltage_electrician")

    assert len(finding.of(held.person_id)) == 2


def test_nobody_certifies_themselves():
    person, issuer = a_person(), an_issuer()
    myself = Identity(account_id=uuid4(), person_id=person.id, grants=REGISTRAR.grants)

    with pytest.raises(OwnCertificate):
        issuing.issue(uuid4(), a_draft(person, issuer), by=myself, at=NOON)


def test_an_issuer_certifies_within_its_scope_only():
    issuer = an_issuer(qualifications=["principal"])

    with pytest.raises(NoIssuer):
        issuing.issue(uuid4(), a_draft(a_person(), issuer), by=REGISTRAR, at=NOON)


def test_an_issuer_of_elsewhere_is_not_found():
    stranger = Identity(
        account_id=uuid4(), person_id=uuid4(), grants=(Grant(role=Role.ISSUER, scope=NOWHERE),)
    )

    with pytest.raises(NotFound):
        issuing.issue(uuid4(), a_draft(a_person(), an_issuer()), by=stranger, at=NOON)


@pytest.mark.parametrize("missing", ["person_id", "qualification_id"])
def test_what_is_not_there_is_not_found(missing):
    draft = a_draft(a_person(), an_issuer())
    changed: dict[str, Any] = {missing: UUID(int=5)}
    draft = replace(draft, **changed)

    with pytest.raises(NotFound):
        issuing.issue(uuid4(), draft, by=REGISTRAR, at=NOON)


def test_a_barred_person_is_refused_by_hand_too():
    draft = a_draft(a_person(), an_issuer())
    db.session.add(
        Bar(
            id=uuid4(),
            person_id=draft.person_id,
            qualification_id=draft.qualification_id,
            from_on=TODAY - timedelta(days=9),
            until_on=TODAY,
            reason="提供虚假材料",
            imposed_at=NOON,
        )
    )
    db.session.flush()

    with pytest.raises(Barred):
        issuing.issue(uuid4(), draft, by=REGISTRAR, at=NOON)

    issuing.issue(uuid4(), draft, by=REGISTRAR, at=NOON + timedelta(days=1))


@pytest.mark.parametrize("outcome", ["none", "failed", "hidden", "of another"])
def test_an_issue_without_the_outcome_it_rests_on_is_refused(outcome):
    attempt, issuer = _sat()
    person = _candidate(attempt)
    if outcome != "none":
        an_outcome(
            attempt,
            passed=outcome != "failed",
            announced_at=None if outcome == "hidden" else NOON,
        )
    if outcome == "of another":
        person = a_person()

    with pytest.raises(OutcomeMissing):
        issuing.issue(
            uuid4(), a_draft(person, issuer, attempt_id=attempt.id), by=REGISTRAR, at=NOON
        )


def test_an_announced_outcome_can_be_certified_by_hand_once():
    attempt, issuer = _sat()
    an_outcome(attempt)
    draft = a_draft(_candidate(attempt), issuer, attempt_id=attempt.id)

    made = issuing.issue(uuid4(), draft, by=REGISTRAR, at=NOON)

    assert made.attempt_id == attempt.id
    with pytest.raises(AttemptSpent):
        issuing.issue(uuid4(), draft, by=REGISTRAR, at=NOON)


def test_a_name_with_hidden_marks_is_signed_as_it_is_seen():
    certificate = a_certificate(a_person(name="王\u202e建国" + "长" * 60))

    claims = tokens.read(certificate.token, trusting.trust_list(), on=TODAY)

    assert claims.holder == "王建国" + "长" * 37


def test_numbers_of_two_issuers_are_independent():
    one = a_certificate(issuer=an_issuer(a_region(), code="371300"))
    other = a_certificate(issuer=an_issuer(a_region(), code="140100"))

    assert (one.place, other.place) == (1, 1)
    assert one.number != other.number


def test_a_backdated_entry_may_be_changed_from_its_first_day_on():
    certificate = a_certificate(valid_from=date(2022, 1, 1))

    assert certificate.events[0].effective_on == date(2022, 1, 1)


def test_everything_issued_has_a_status_index_of_its_own():
    issuer = an_issuer()
    made = [a_certificate(issuer=issuer) for _ in range(5)]

    assert len({certificate.status_index for certificate in made}) == 5
    assert [certificate.place for certificate in made] == [1, 2, 3, 4, 5]
    assert db.session.query(Certificate).count() == 5


@pytest.mark.parametrize(("after", "free"), [(0, False), (1, True)])
def test_the_next_may_begin_on_the_morrow_of_the_last_day_and_not_on_it(after, free):
    person, issuer = a_person(), an_issuer()
    certified = partial(a_certificate, person, issuer, qualification="principal")
    held = certified(valid_from=date(2024, 1, 1))
    begin = held.valid_until + timedelta(days=after)

    if free:
        assert certified(valid_from=begin).valid_from == begin
    else:
        with pytest.raises(CertificateOverlaps):
            certified(valid_from=begin)


@pytest.mark.parametrize(("ahead", "free"), [(date(2029, 6, 14), False), (date(2029, 6, 15), True)])
def test_the_last_day_may_not_be_the_first_of_one_that_is_ahead(ahead, free):
    person, issuer = a_person(), an_issuer()
    certified = partial(a_certificate, person, issuer, qualification="principal")
    certified(valid_from=ahead)

    if free:
        assert certified().valid_until == date(2029, 6, 14)
    else:
        with pytest.raises(CertificateOverlaps):
            certified()
