"""A drill: a final of this very server with as many made-up participants as wanted (竞赛演练).

Nobody joins ten thousand times over HTTP before a load test begins, so participants and their
entries are written in bulk, with questions made up for the drill. There is none in production.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, select, text

from exams.contests import ranking
from exams.contests.models import (
    Contest,
    ContestEntry,
    ContestParticipant,
    ContestQuestion,
    ContestRound,
    ContestState,
    EntryMode,
    TeamKind,
)
from exams.contests.ranking import TieRule
from exams.contests.timetable import RoundKind, end_of_final
from exams.errors import NothingToDrillWith
from question_bank.kinds import Kind
from question_bank.lifecycle import State
from question_bank.models import Question, QuestionBank, QuestionVersion
from server.db import db
from server.organisations.drafts import OrganisationKind
from server.organisations.models import Organisation
from server.people.models import Person
from server.regions.models import Region

#: Seconds that each question of a drill is open, and the questions.
SECONDS, QUESTIONS = 600, 20
#: Regions and employers that participants come from.
_PLACES = 200
_AT_ONCE = 5_000


@dataclass(frozen=True, kw_only=True)
class Made:
    """A made-up participant: their entry, and what their token names."""

    entry_id: UUID
    participant_id: UUID
    token_id: UUID


def prepare(*, participant_count: int, at: datetime) -> tuple[UUID, list[Made]]:
    """Write a final that opens at once, with so many participants; return its round, and them.

    Raises:
        NothingToDrillWith: the server has no organisation, region or person yet.
    """
    organisation = db.session.execute(select(Organisation).limit(1)).scalar_one_or_none()
    person_id = db.session.execute(select(Person.id).limit(1)).scalar_one_or_none()
    if organisation is None or person_id is None:
        raise NothingToDrillWith
    contest = _contest(organisation.id, at)
    version_ids = _questions(organisation.id, person_id, at)
    round_id = contest.rounds[0].id
    db.session.add_all(
        ContestQuestion(round_id=round_id, place=place, version_id=version_id)
        for place, version_id in enumerate(version_ids)
    )
    db.session.flush()
    made = [
        Made(entry_id=uuid4(), participant_id=uuid4(), token_id=uuid4())
        for _ in range(participant_count)
    ]
    for begin in range(0, len(made), _AT_ONCE):
        some = made[begin : begin + _AT_ONCE]
        db.session.execute(insert(ContestParticipant), list(_participants(contest.id, some, at)))
        db.session.execute(insert(ContestEntry), [_entry(round_id, one, at) for one in some])
    if db.session.connection().dialect.name == "postgresql":
        # The planner must not take the tables for as small as they were a moment ago.
        db.session.execute(text("ANALYZE"))
    return round_id, made


def _contest(organisation_id: UUID, at: datetime) -> Contest:
    contest = Contest(
        id=uuid4(),
        organisation_id=organisation_id,
        name=f"演练 drill {at:%Y-%m-%d %H:%M}",
        notice="演练",
        notice_version=1,
        entry_mode=EntryMode.OPEN,
        team_kind=TeamKind.COUNTY,
        team_size=3,
        tie_rule=TieRule.FASTER,
        base_points=100,
        speed_points=50,
        merit_places=0,
        joins_from=at,
        joins_until=at + timedelta(days=1),
        bank_ids=[],
        topics=[],
        state=ContestState.PUBLISHED,
        created_at=at,
        published_at=at,
    )
    contest.rounds.append(
        ContestRound(
            id=uuid4(),
            number=1,
            kind=RoundKind.FINAL,
            opens_at=at,
            closes_at=end_of_final(at, QUESTIONS, SECONDS, 0),
            question_count=QUESTIONS,
            pool_count=QUESTIONS,
            seconds=SECONDS,
            pause_seconds=0,
            seed=secrets.token_bytes(32),
        )
    )
    db.session.add(contest)
    db.session.flush()
    return contest


def _questions(owner_id: UUID, author_id: UUID, at: datetime) -> list[UUID]:
    bank = QuestionBank(id=uuid4(), name="演练题库", owner_id=owner_id, created_at=at)
    db.session.add(bank)
    db.session.flush()
    ids = [(uuid4(), uuid4()) for _ in range(QUESTIONS)]
    options = [{"label": label, "text": f"选项 {label}"} for label in "ABCD"]
    for number, (question_id, version_id) in enumerate(ids):
        mark = f"drill {question_id.hex}"
        question = Question(
            id=question_id,
            bank_id=bank.id,
            state=State.PUBLISHED,
            newest=1,
            fingerprint=mark,
            for_practice=True,
            for_exams=False,
            created_at=at,
        )
        version = QuestionVersion(
            id=version_id,
            question_id=question_id,
            number=1,
            kind=Kind.SINGLE_CHOICE,
            stem=f"演练第 {number} 题",
            options=options,
            key=["A"],
            topic="演练",
            keeps_order=False,
            fingerprint=mark,
            author_id=author_id,
            written_at=at,
            published_at=at,
        )
        db.session.add(question)
        db.session.flush()
        db.session.add(version)
    db.session.flush()
    return [version_id for _, version_id in ids]


def _participants(contest_id: UUID, made: list[Made], at: datetime) -> Iterator[dict[str, Any]]:
    regions = db.session.execute(select(Region.id).where(Region.level == 3).limit(_PLACES))
    region_ids = list(regions.scalars())
    enterprises = select(Organisation.id).where(Organisation.kind == OrganisationKind.ENTERPRISE)
    employer_ids = list(db.session.execute(enterprises.limit(_PLACES)).scalars())
    if not region_ids or not employer_ids:
        raise NothingToDrillWith
    for number, one in enumerate(made):
        yield {
            "id": one.participant_id,
            "contest_id": contest_id,
            # An index of no number: nobody is found by it.
            "phone_index": f"drill {one.participant_id.hex}",
            "name_cipher": b"",
            "name_key_id": "",
            "masked_name": ranking.masked("演练者"),
            "minor": False,
            "guardian_agrees": False,
            "notice_version": 1,
            "agreed_at": at,
            "region_id": region_ids[number % len(region_ids)],
            "employer_id": employer_ids[number % len(employer_ids)],
            "device_id": one.token_id,
            "network": "drill",
            "token_id": one.token_id,
            "joined_at": at,
        }


def _entry(round_id: UUID, one: Made, at: datetime) -> dict[str, Any]:
    return {
        "id": one.entry_id,
        "round_id": round_id,
        "participant_id": one.participant_id,
        "started_at": at,
        "responded": 0,
        "open_slot": 1,
        "shown_at": at,
        "points": 0,
        "correct_count": 0,
        "elapsed_ms": 0,
    }
