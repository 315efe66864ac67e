"""Appeals about hours, and hours taken away by hand (学时申诉、人工核查)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from server.db import db
from server.errors import NotFound
from server.organisations.models import Organisation
from server.organisations.models import within as organisations_within
from server.paging import Page, page
from server.policy import Identity, Permission
from server.training.models import (
    ClassLearner,
    StudyAppeal,
    StudyRuling,
    StudySession,
    TrainingClass,
)
from server.training.services import classes, putting, studying
from server.training.study_errors import AppealDecided, OwnHours


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What is decided on an appeal."""

    granted: bool
    #: Minutes that are given; 0 where refused.
    minutes: int
    words: str


def ask(
    appeal_id: UUID, session_id: UUID, *, words: str, by: Identity, at: datetime
) -> StudyAppeal:
    """Ask for hours that did not count. The same again changes nothing.

    Raises:
        NotFound: the session is not the asker's.
        IdTaken: another appeal stands under this id.
    """
    studying.mine(session_id, by=by)
    values = {"session_id": session_id, "person_id": by.person_id, "words": words}
    known = putting.known(StudyAppeal, appeal_id, values)
    return known or putting.made(StudyAppeal(id=appeal_id, **values, asked_at=at))


def decide(appeal_id: UUID, decision: Decision, *, by: Identity, at: datetime) -> StudyAppeal:
    """Decide an appeal; what is granted is added to the hours. The same again changes nothing.

    Nothing more is given than the server saw and did not count.

    Raises:
        NotFound: its class lies outside the asker's scope.
        OwnHours: it is the asker's own.
        AppealDecided: it was decided otherwise before.
        ClassOver: the class is closed: its hours stand in the ledger.
    """
    appeal = db.session.get(StudyAppeal, appeal_id, with_for_update=True)
    if appeal is None:
        raise NotFound
    session, found = _session(appeal.session_id, by=by)
    if appeal.granted is not None:
        if (appeal.granted, appeal.decision) != (decision.granted, decision.words):
            raise AppealDecided
        return appeal
    classes.check_open(found)
    appeal.granted, appeal.decision, appeal.decided_at = decision.granted, decision.words, at
    if decision.granted:
        missing = session.seen_ms - session.credited_ms
        given = min(decision.minutes * 60_000, missing)
        ruling_id = uuid5(appeal_id, "ruling")
        appeal.ruling_id = _rule(ruling_id, session, given, decision.words, by=by, at=at).id
    db.session.flush()
    after = {"appeal_id": appeal_id, "granted": decision.granted, "minutes": decision.minutes}
    classes.tell("study_appeal_decided", found, by=by, at=at, after=after, reason=decision.words)
    return appeal


def take_away(
    ruling_id: UUID, session_id: UUID, *, minutes: int, words: str, by: Identity, at: datetime
) -> StudyRuling:
    """Take hours of a session away by hand, with a reason. The same again changes nothing.

    Raises:
        NotFound: its class lies outside the asker's scope.
        OwnHours: it is the asker's own.
        ClassOver: the class is closed.
        IdTaken: another ruling stands under this id.
    """
    session, found = _session(session_id, by=by)
    values = {"session_id": session_id, "ms": -minutes * 60_000, "words": words}
    known = putting.known(StudyRuling, ruling_id, values)
    if known is not None:
        return known
    classes.check_open(found)
    made = _rule(ruling_id, session, -minutes * 60_000, words, by=by, at=at)
    after = {"session_id": session_id, "minutes": -minutes}
    classes.tell("study_hours_taken", found, by=by, at=at, after=after, reason=words)
    return made


def listed(*, by: Identity, undecided: bool, cursor: str | None, limit: int) -> Page:
    """Return a page of the appeals that the asker may decide, the latest first."""
    places = select(Organisation.id).where(organisations_within(by.scope(Permission.PLAN_TRAINING)))
    statement = (
        select(StudyAppeal)
        .options(joinedload(StudyAppeal.person), joinedload(StudyAppeal.session))
        .join(StudySession, StudySession.id == StudyAppeal.session_id)
        .join(ClassLearner, ClassLearner.id == StudySession.learner_id)
        .join(TrainingClass, TrainingClass.id == ClassLearner.class_id)
        .where(TrainingClass.provider_id.in_(places))
    )
    if undecided:
        statement = statement.where(StudyAppeal.granted.is_(None))
    keys = [StudyAppeal.asked_at, StudyAppeal.id]
    return page(statement, keys, cursor=cursor, limit=limit, descending=True)


def _session(session_id: UUID, *, by: Identity) -> tuple[StudySession, TrainingClass]:
    session = db.session.get(StudySession, session_id)
    if session is None:
        raise NotFound
    learner = db.session.get_one(ClassLearner, session.learner_id)
    found = classes.planned_by(learner.class_id, by=by)
    if session.person_id == by.person_id:
        raise OwnHours
    return session, found


def _rule(
    ruling_id: UUID, session: StudySession, ms: int, words: str, *, by: Identity, at: datetime
) -> StudyRuling:
    return putting.made(
        StudyRuling(
            id=ruling_id,
            session_id=session.id,
            ms=ms,
            words=words,
            decided_by_id=by.person_id,
            decided_at=at,
        )
    )
