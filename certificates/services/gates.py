"""Gates: what a device holds offline, and what is said of whom it scans (门岗服务)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from certificates import tokens
from certificates.day_marks import Mark, mark
from certificates.errors import TokenRefused
from certificates.models import Certificate, GateDevice, GateScan
from certificates.models.certificates import status_of
from certificates.on_post_reasons import Code
from certificates.services import trusting
from certificates.services.on_post import verdicts
from certificates.services.on_post.verdicts import Verdict
from certificates.trust import Trusted
from certificates.validity import Status
from server.audit import services as audit
from server.days import civil_day
from server.db import db
from server.errors import Message
from server.organisations import services as organisations
from server.organisations.models import Organisation
from server.people.models import Person
from server.regions.tree import lineage

#: Codes that one batch may hold.
MOST_SCANS = 50

#: What a certificate may be while its holder may enter.
_STANDING = (Status.VALID, Status.EXPIRING)

_UNKNOWN = Message(zh="证书不是本平台签发的。", en="The certificate was not issued here.")
_NOT_STANDING = Message(zh="证书当前无效。", en="The certificate does not stand.")
_WELCOME = Message(zh="可以进入。", en="May enter.")


@dataclass(frozen=True, kw_only=True)
class Scan:
    """A code that a device scanned."""

    id: UUID
    token: str
    scanned_at: datetime


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What is said of a scan."""

    id: UUID
    may_enter: bool
    #: The code of what stands in the way; None where nothing does.
    reason: str | None
    message: Message
    name: str | None = None
    document_masked: str | None = None
    person_id: UUID | None = None
    certificate_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class Expected:
    """Somebody who has a post at the site, as a device holds them offline."""

    person_id: UUID
    name: str
    document_masked: str
    may_enter: bool
    reasons: Sequence[Message]
    #: Serials of what they hold, by which an offline scan finds them.
    serials: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class Roster:
    """What a device holds offline: of which day and moment, and who is expected."""

    on: date
    made_at: datetime
    device: str
    site: str
    mark: Mark
    items: Sequence[Expected]


def roster(device: GateDevice, *, secret: bytes, at: datetime) -> Roster:
    """Return everybody with a post at the site, and whether they may work there today.

    Args:
        device: which asks.
        secret: from which the marks of sites are made.
        at: the moment.
    """
    on, site = civil_day(at), db.session.get_one(Organisation, device.organisation_id)
    return Roster(
        on=on,
        made_at=at,
        device=device.name,
        site=site.name,
        mark=mark(secret, lineage(site.path)[0], on),
        items=_expected(device, on),
    )


def _expected(device: GateDevice, on: date) -> list[Expected]:
    by_person: dict[UUID, list[Verdict]] = defaultdict(list)
    for verdict in verdicts.at(device.organisation_id, on=on):
        by_person[verdict.person_id].append(verdict)
    people = _people(by_person)
    held: dict[UUID, list[str]] = defaultdict(list)
    serials = select(Certificate.person_id, Certificate.serial).where(
        Certificate.person_id.in_(list(by_person)), Certificate.valid_until >= on
    )
    for row in db.session.execute(serials):
        held[row.person_id].append(row.serial)
    return [
        Expected(
            person_id=person_id,
            name=people[person_id].name,
            document_masked=people[person_id].document_masked,
            may_enter=any(verdict.may_work for verdict in found),
            reasons=_blocking(found),
            serials=sorted(held[person_id]),
        )
        for person_id, found in sorted(by_person.items(), key=lambda each: people[each[0]].name)
    ]


def scan(device: GateDevice, scans: Sequence[Scan], *, at: datetime) -> list[Answer]:
    """Say of each code whether its holder may enter today; what was sent before is kept once."""
    on, trust = civil_day(at), trusting.register()
    read = {each.id: _read(each.token, trust, on=on) for each in scans}
    serials = [found for found in read.values() if isinstance(found, str)]
    certificates = _certificates(serials)
    holders = {each.person_id for each in certificates.values()}
    people = _people(holders)
    judged: dict[UUID, list[Verdict]] = defaultdict(list)
    site = organisations.get(device.organisation_id)
    for verdict in verdicts.of(holders, on=on, under=site.path):
        judged[verdict.person_id].append(verdict)
    answers = [_answer(each.id, read[each.id], certificates, people, judged, on) for each in scans]
    _keep(device, scans, answers, at=at)
    return answers


def _read(token: str, trust: Trusted, *, on: date) -> str | TokenRefused:
    try:
        return tokens.read(token.strip(), trust, on=on).serial
    except TokenRefused as refusal:
        return refusal


def _answer(
    scan_id: UUID,
    read: str | TokenRefused,
    certificates: Mapping[str, Certificate],
    people: Mapping[UUID, Person],
    judged: Mapping[UUID, list[Verdict]],
    on: date,
) -> Answer:
    if isinstance(read, TokenRefused):
        return Answer(id=scan_id, may_enter=False, reason=read.code, message=read.message)
    certificate = certificates.get(read)
    if certificate is None:
        return Answer(id=scan_id, may_enter=False, reason="never_issued", message=_UNKNOWN)
    standing = status_of(certificate, on)
    found = judged[certificate.person_id]
    reason, message = None, _WELCOME
    if standing not in _STANDING:
        reason, message = standing.value, _NOT_STANDING
    elif not any(verdict.may_work for verdict in found):
        first = next((each for one in found for each in one.reasons if each.blocks), None)
        reason = first.code.value if first else Code.NO_POST.value
        message = first.message if first else _NOT_STANDING
    person = people[certificate.person_id]
    return Answer(
        id=scan_id,
        may_enter=reason is None,
        reason=reason,
        message=message,
        name=person.name,
        document_masked=person.document_masked,
        person_id=person.id,
        certificate_id=certificate.id,
    )


def _keep(
    device: GateDevice, scans: Sequence[Scan], answers: Sequence[Answer], *, at: datetime
) -> None:
    sent = select(GateScan.id).where(GateScan.id.in_([each.id for each in scans]))
    known = set(db.session.execute(sent).scalars())
    fresh = {
        each.id: GateScan(
            id=each.id,
            device_id=device.id,
            certificate_id=answer.certificate_id,
            person_id=answer.person_id,
            may_enter=answer.may_enter,
            reason=answer.reason,
            scanned_at=each.scanned_at,
            received_at=at,
        )
        for each, answer in zip(scans, answers, strict=True)
        if each.id not in known
    }
    db.session.add_all(fresh.values())
    db.session.flush()
    if fresh:
        audit.append(
            "gate_scans_reported",
            by=None,
            at=at,
            subject_kind="gate_device",
            subject_id=device.id,
            after={
                "count": len(fresh),
                "problem_count": sum(not each.may_enter for each in fresh.values()),
            },
            organisation_path=db.session.get_one(Organisation, device.organisation_id).path,
        )


def _certificates(serials: Collection[str]) -> dict[str, Certificate]:
    statement = select(Certificate).where(Certificate.serial.in_(serials))
    return {each.serial: each for each in db.session.execute(statement).scalars()}


def _people(ids: Collection[UUID]) -> dict[UUID, Person]:
    statement = select(Person).where(Person.id.in_(list(ids)))
    return {each.id: each for each in db.session.execute(statement).scalars()}


def _blocking(found: Sequence[Verdict]) -> list[Message]:
    return [each.message for one in found for each in one.reasons if each.blocks]
