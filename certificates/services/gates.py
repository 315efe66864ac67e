"""Gates: devices registered to a site, what they hold offline, what they scanned (门岗服务)."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from certificates import tokens
from certificates.errors import TokenRefused
from certificates.models import Certificate, GateDevice, GateScan
from certificates.models.certificates import status_of
from certificates.on_post_reasons import Code
from certificates.services import trusting
from certificates.services.on_post import verdicts
from certificates.services.on_post.verdicts import Verdict
from certificates.trust import TrustList
from certificates.validity import Status
from server.audit import services as audit
from server.days import civil_day
from server.db import db
from server.errors import IdTaken, Message, NotFound, NotSignedIn
from server.organisations import services as organisations
from server.people.models import Person
from server.policy import Identity, Permission

#: Codes that one batch may hold.
MOST_SCANS = 50

#: Bytes of a device's key.
_KEY_BYTES = 32

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


def register(
    device_id: UUID, organisation_id: UUID, name: str, *, by: Identity, at: datetime
) -> tuple[GateDevice, str | None]:
    """Register a device at a site; its key is told this once.

    Raises:
        NotFound: the site lies outside the asker's scope.
        IdTaken: another device stands under this id.
    """
    site = organisations.get(organisation_id, scope=by.scope(Permission.MANAGE_POSTS))
    known = db.session.get(GateDevice, device_id)
    if known is not None:
        if (known.organisation_id, known.name) != (organisation_id, name):
            raise IdTaken
        return known, None
    secret = secrets.token_urlsafe(_KEY_BYTES)
    made = GateDevice(
        id=device_id,
        organisation_id=organisation_id,
        name=name,
        key_hash=_hashed(secret),
        registered_by_id=by.account_id,
        registered_at=at,
    )
    db.session.add(made)
    db.session.flush()
    _tell("gate_device_registered", made, site.path, by=by, at=at)
    return made, f"{device_id}.{secret}"


def retire(device_id: UUID, *, by: Identity, at: datetime) -> GateDevice:
    """Let a device ask nothing any more.

    Raises:
        NotFound: there is none at a site within the asker's scope.
    """
    found = db.session.get(GateDevice, device_id)
    if found is None:
        raise NotFound
    site = organisations.get(found.organisation_id, scope=by.scope(Permission.MANAGE_POSTS))
    if found.retired_at is None:
        found.retired_at = at
        db.session.flush()
        _tell("gate_device_retired", found, site.path, by=by, at=at)
    return found


def device_of(key: str) -> GateDevice:
    """Return the device that shows a key.

    Raises:
        NotSignedIn: none has this key, or it was retired.
    """
    name, _, secret = key.partition(".")
    try:
        found = db.session.get(GateDevice, UUID(name))
    except ValueError:
        found = None
    # The same work for a device that there is not.
    good = hmac.compare_digest(found.key_hash if found else _hashed(""), _hashed(secret))
    if found is None or not good or found.retired_at is not None:
        raise NotSignedIn
    return found


def roster(device: GateDevice, *, on: date) -> list[Expected]:
    """Return everybody with a post at the site, and whether they may work there on the day."""
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
    on, trust = civil_day(at), trusting.trust_list()
    read = {each.id: _read(each.token, trust, on=on) for each in scans}
    serials = [found for found in read.values() if isinstance(found, str)]
    certificates = _certificates(serials)
    holders = {each.person_id for each in certificates.values()}
    people = _people(holders)
    judged: dict[UUID, list[Verdict]] = defaultdict(list)
    for verdict in verdicts.of(holders, on=on, organisation_id=device.organisation_id):
        judged[verdict.person_id].append(verdict)
    answers = [_answer(each.id, read[each.id], certificates, people, judged, on) for each in scans]
    _keep(device, scans, answers, at=at)
    return answers


def scanned(device_id: UUID, *, by: Identity) -> Sequence[GateScan]:
    """Return the newest scans of a device at a site within the asker's scope.

    Raises:
        NotFound: there is no such device there.
    """
    found = db.session.get(GateDevice, device_id)
    if found is None:
        raise NotFound
    organisations.get(found.organisation_id, scope=by.scope(Permission.SEE_PEOPLE))
    newest = select(GateScan).where(GateScan.device_id == device_id)
    ordered = newest.order_by(GateScan.received_at.desc(), GateScan.id).limit(500)
    return db.session.execute(ordered).scalars().all()


def _read(token: str, trust: TrustList, *, on: date) -> str | TokenRefused:
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


def _certificates(serials: Collection[str]) -> dict[str, Certificate]:
    statement = select(Certificate).where(Certificate.serial.in_(serials))
    return {each.serial: each for each in db.session.execute(statement).scalars()}


def _people(ids: Collection[UUID]) -> dict[UUID, Person]:
    statement = select(Person).where(Person.id.in_(list(ids)))
    return {each.id: each for each in db.session.execute(statement).scalars()}


def _blocking(found: Sequence[Verdict]) -> list[Message]:
    return [each.message for one in found for each in one.reasons if each.blocks]


def _hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _tell(action: str, device: GateDevice, path: str, *, by: Identity, at: datetime) -> None:
    audit.append(
        action,
        by=by,
        at=at,
        subject_kind="gate_device",
        subject_id=device.id,
        after={"name": device.name},
        organisation_path=path,
    )
