"""Joining a contest, with an account or by a phone number alone, and leaving it (报名参赛)."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import func, or_, select, update

from exams.contests import ranking, rules
from exams.contests.errors import (
    AlreadyJoined,
    ConsentMissing,
    ContestClosed,
    InvitationNeeded,
    InvitationUsed,
    PhoneCrowded,
)
from exams.contests.models import (
    Contest,
    ContestEntry,
    ContestInvitation,
    ContestParticipant,
    ContestState,
    EntryMode,
)
from exams.contests.services import codes, contests
from server.audit import services as audit
from server.auth.limits import place_of
from server.days import civil_day
from server.db import db
from server.errors import IdTaken, NotFound
from server.organisations import services as organisations
from server.people import ciphers
from server.people.models import Person
from server.policy import Identity, Permission
from server.regions.services import regions

#: Characters of an invitation: enough that nobody guesses one.
_CODE_BYTES = 9


@dataclass(frozen=True, kw_only=True)
class Joining:
    """What somebody says who joins."""

    name: str
    born_on: date | None
    guardian_agrees: bool
    notice_version: int
    region_id: UUID
    employer_id: UUID | None
    industry: str | None
    role: str | None
    device_id: UUID
    invitation: str | None


def join(
    contest_id: UUID,
    participant_id: UUID,
    joining: Joining,
    *,
    person: Person | None,
    phone: str | None,
    address: str,
    at: datetime,
) -> ContestParticipant:
    """Let somebody take part, under the id their phone made. Sending the same twice is harmless.

    Args:
        contest_id: in what.
        participant_id: made by the phone.
        joining: what they say.
        person: who is signed in; None for who proved a phone number instead.
        phone: the number, in digits; None where it is not known.
        address: where the request came from.
        at: the moment.

    Raises:
        NotFound: there is no such contest now, or no such region or employer.
        ContestClosed: one cannot join now.
        ConsentMissing: the notice in force was not agreed to.
        GuardianMissing, AgeImpossible: about the age.
        InvitationNeeded, InvitationUsed: about the invitation.
        AlreadyJoined: this person or number takes part already.
        PhoneCrowded: too many joined from this phone.
        IdTaken: somebody else stands under this id.
    """
    contest = contests.public(contest_id)
    index = None if phone is None else codes.index_of(contest_id, phone)
    known = db.session.get(ContestParticipant, participant_id)
    if known is not None:
        return _same(known, contest_id, person, index)
    _check_open(contest, at)
    if joining.notice_version != contest.notice_version:
        raise ConsentMissing(version=contest.notice_version)
    joining = _invited(contest, joining)
    _check_alone(contest_id, person, index, joining.device_id, at)
    regions.get(joining.region_id)
    made = _made(contest_id, participant_id, joining, person, index, at)
    made.network = place_of(address)
    db.session.add(made)
    db.session.flush()
    return made


def leave(participant: ContestParticipant, *, at: datetime) -> None:
    """Let a participant leave: their name and number are gone, what they reached no longer counts.

    Twice is harmless.
    """
    if participant.withdrawn_at is None:
        participant.withdrawn_at = at
        participant.masked_name, participant.name_cipher = "*", b""
        # Random, so that the number may join anew and nobody finds out that it was here.
        participant.phone_index = secrets.token_hex(32)
        participant.person_id = None
        entries = update(ContestEntry).where(ContestEntry.participant_id == participant.id)
        db.session.execute(entries.values(shown_order=None, shown_points=None))
        db.session.flush()


def own(participant_id: UUID, token_id: UUID) -> ContestParticipant:
    """Return the participant behind a token.

    Raises:
        NotFound: there is none, or they left.
    """
    found = db.session.get(ContestParticipant, participant_id)
    if found is None or found.token_id != token_id or found.withdrawn_at is not None:
        raise NotFound
    return found


def invite(
    invitation_id: UUID,
    contest_id: UUID,
    *,
    label: str,
    seats: int,
    employer_id: UUID | None,
    by: Identity,
    at: datetime,
) -> tuple[ContestInvitation, str | None]:
    """Invite so many people by one code, which is told this once. Twice is harmless.

    Raises:
        NotFound: the contest is outside of the asker's scope, or there is no such employer.
        IdTaken: another invitation stands under this id.
    """
    contest = contests.get(contest_id, scope=by.scope(Permission.HOLD_CONTESTS))
    known = db.session.get(ContestInvitation, invitation_id)
    if known is not None:
        same = (known.contest_id, known.label, known.seats, known.employer_id)
        if same != (contest_id, label, seats, employer_id):
            raise IdTaken
        return known, None
    if employer_id is not None:
        organisations.get(employer_id)
    code = secrets.token_urlsafe(_CODE_BYTES)
    made = ContestInvitation(
        id=invitation_id,
        contest_id=contest.id,
        label=label,
        code_hash=_digest(code),
        seats=seats,
        used=0,
        employer_id=employer_id,
        made_at=at,
    )
    db.session.add(made)
    db.session.flush()
    audit.append(
        "contest_invitation_made",
        by=by,
        at=at,
        subject_kind="contest",
        subject_id=contest.id,
        after={"label": label, "seats": seats},
    )
    return made, code


def _check_open(contest: Contest, at: datetime) -> None:
    if contest.state is not ContestState.PUBLISHED:
        raise NotFound
    if not contest.joins_from <= at < contest.joins_until:
        raise ContestClosed(
            from_at=contest.joins_from.isoformat(), until_at=contest.joins_until.isoformat()
        )


def _invited(contest: Contest, joining: Joining) -> Joining:
    """Take a place of the invitation shown, and play for whom it names."""
    if contest.entry_mode is EntryMode.OPEN and joining.invitation is None:
        return joining
    statement = select(ContestInvitation).where(
        ContestInvitation.contest_id == contest.id,
        ContestInvitation.code_hash == _digest(joining.invitation or ""),
    )
    found = db.session.execute(statement.with_for_update()).scalar_one_or_none()
    if found is None:
        raise InvitationNeeded
    if found.used >= found.seats:
        raise InvitationUsed(seats=found.seats)
    found.used += 1
    return replace(joining, employer_id=found.employer_id or joining.employer_id)


def _check_alone(
    contest_id: UUID, person: Person | None, index: str | None, device_id: UUID, at: datetime
) -> None:
    """One person, one place; and a phone may be shared by a family, but not by a machine."""
    here = ContestParticipant.contest_id == contest_id
    mine = []
    if person is not None:
        mine.append(ContestParticipant.person_id == person.id)
    if index is not None:
        mine.append(ContestParticipant.phone_index == index)
    if db.session.execute(select(ContestParticipant.id).where(here, or_(*mine))).first():
        raise AlreadyJoined
    most = rules.on(civil_day(at)).most_per_phone
    count = select(func.count()).where(here, ContestParticipant.device_id == device_id)
    if db.session.execute(count).scalar_one() >= most:
        raise PhoneCrowded(most=most)


def _made(
    contest_id: UUID,
    participant_id: UUID,
    joining: Joining,
    person: Person | None,
    index: str | None,
    at: datetime,
) -> ContestParticipant:
    name, born_on = joining.name, joining.born_on
    if person is not None:
        name, born_on = person.name, person.birth_on or born_on
    minor = born_on is not None and rules.is_minor(
        born_on, guardian_agrees=joining.guardian_agrees, day=civil_day(at)
    )
    employer = None
    if joining.employer_id is not None:
        employer = organisations.get(joining.employer_id)
    sealed = ciphers.current().seal(name, person_id=participant_id)
    return ContestParticipant(
        id=participant_id,
        contest_id=contest_id,
        person_id=person.id if person else None,
        phone_index=index,
        name_cipher=sealed.cipher,
        name_key_id=sealed.key_id,
        masked_name=ranking.masked(name),
        minor=minor,
        guardian_agrees=joining.guardian_agrees,
        notice_version=joining.notice_version,
        agreed_at=at,
        region_id=joining.region_id,
        employer_id=employer.id if employer else None,
        industry=employer.division if employer else joining.industry,
        role=joining.role,
        device_id=joining.device_id,
        token_id=uuid4(),
        joined_at=at,
    )


def _same(
    known: ContestParticipant, contest_id: UUID, person: Person | None, index: str | None
) -> ContestParticipant:
    same_person = person is not None and known.person_id == person.id
    same_number = index is not None and known.phone_index == index
    if known.contest_id != contest_id or not (same_person or same_number):
        raise IdTaken
    return known


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
