"""Supervised views of a paper in an appeal: granted, opened by the supervisor, logged (查卷)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from uuid import UUID, uuid4

from sqlalchemy import select

from exams import regrading, sync
from exams.correction_errors import AppealRuled, Involved, NoViewingNow, WindowEmpty
from exams.models import Appeal, Attempt, Viewing, ViewingLook
from exams.services import appeals, forms, kept, papers, separation
from exams.services.reach import gives_partial_credit
from question_bank.kinds import Kind
from server import days
from server.audit import services as audit
from server.db import db
from server.errors import IdTaken, NotFound
from server.people.services import people
from server.policy import Identity, Permission

#: The longest viewing.
LONGEST = timedelta(hours=2)


@dataclass(frozen=True, kw_only=True)
class Hours:
    """When and where a paper may be seen, and who stands beside."""

    supervisor_id: UUID
    place: str
    from_at: datetime
    until_at: datetime


@dataclass(frozen=True, kw_only=True)
class ViewedQuestion:
    """A question as it was asked, what was chosen, and what it earned."""

    slot: int
    kind: Kind
    stem: str
    options: tuple[str, ...]
    chosen: list[int]
    points: int
    earned: Fraction


@dataclass(frozen=True, kw_only=True)
class ViewedPaper:
    """One's own paper in a viewing."""

    attempt_id: UUID
    until_at: datetime
    questions: list[ViewedQuestion]


def grant(
    viewing_id: UUID, appeal_id: UUID, hours: Hours, *, by: Identity, at: datetime
) -> Viewing:
    """Grant hours in which the candidate may see the paper. Granting the same changes nothing.

    Raises:
        NotFound: there is no such appeal of an attempt within reach, or no such supervisor.
        AppealRuled: it has its ruling.
        WindowEmpty: the hours are over, empty or too many.
        Involved: the supervisor is the candidate.
        NotSeparated: the supervisor, or the asker, is bound to the candidate.
        IdTaken: other hours stand under this id.
    """
    appeal = appeals.get(appeal_id, scope=by.scope(Permission.EXAMINE))
    known = db.session.get(Viewing, viewing_id)
    if known is not None:
        if any(getattr(known, name) != value for name, value in vars(hours).items()):
            raise IdTaken
        return known
    if appeal.attempt_id is None:
        raise NotFound
    if appeal.ruled_at is not None:
        raise AppealRuled
    length = hours.until_at - hours.from_at
    if hours.until_at <= at or not timedelta() < length <= LONGEST:
        raise WindowEmpty(most_minutes=int(LONGEST.total_seconds() // 60))
    people.get(hours.supervisor_id)
    if hours.supervisor_id == appeal.candidate_id:
        raise Involved(why="candidate")
    on = days.civil_day(hours.from_at)
    separation.check({hours.supervisor_id, by.person_id}, {appeal.candidate_id}, on=on)
    made = Viewing(
        id=viewing_id,
        appeal_id=appeal_id,
        granted_by_id=by.person_id,
        granted_at=at,
        **vars(hours),
    )
    db.session.add(made)
    db.session.flush()
    db.session.expire(appeal, ["viewings"])
    _tell("viewing_granted", made, by=by, at=at)
    return made


def open_it(viewing_id: UUID, *, by: Identity, at: datetime) -> Viewing:
    """Say, as the supervisor, that one stands beside the candidate now. Again changes nothing.

    Raises:
        NotFound: the asker is not its supervisor.
        NoViewingNow: it is not within its hours.
        NotSeparated: the asker was bound to the candidate meanwhile.
    """
    found = db.session.get(Viewing, viewing_id, with_for_update=True)
    if found is None or found.supervisor_id != by.person_id:
        raise NotFound
    if not found.from_at <= at <= found.until_at:
        raise NoViewingNow
    if found.opened_at is None:
        appeal = db.session.get_one(Appeal, found.appeal_id)
        separation.check_acting(by, {appeal.candidate_id}, at=at)
        found.opened_at = at
        db.session.flush()
        _tell("viewing_opened", found, by=by, at=at)
    return found


def look(appeal_id: UUID, *, by: Identity, at: datetime) -> ViewedPaper:
    """Show a candidate the own paper with the own responses; every look is written down.

    What is right is not shown: keys are asked again in other exams.

    Raises:
        NotFound: there is no such appeal of the asker.
        NoViewingNow: no viewing of it is open at this moment.
    """
    appeal = db.session.get(Appeal, appeal_id)
    if appeal is None or appeal.candidate_id != by.person_id or appeal.attempt_id is None:
        raise NotFound
    statement = select(Viewing).where(
        Viewing.appeal_id == appeal_id,
        Viewing.from_at <= at,
        Viewing.until_at >= at,
        Viewing.opened_at.is_not(None),
    )
    viewing = db.session.execute(statement.limit(1)).scalar_one_or_none()
    if viewing is None:
        raise NoViewingNow
    looked = ViewingLook(
        id=uuid4(), viewing_id=viewing.id, account_id=by.account_id, at=at, address=by.address
    )
    db.session.add(looked)
    db.session.flush()
    _tell("paper_viewed", viewing, by=by, at=at)
    return _paper(appeal.attempt_id, viewing.until_at)


def _paper(attempt_id: UUID, until_at: datetime) -> ViewedPaper:
    attempt = db.session.get_one(Attempt, attempt_id)
    connection = db.session.connection()
    chosen = kept.chosen(connection, [attempt_id]).get(attempt_id, {})
    keyed = {one.slot: one for one in forms.key_sheet(connection, attempt.paper_id)}
    partial = gives_partial_credit(attempt.exam)
    questions = []
    for shown in papers.shown(attempt.paper_id).questions:
        options = sync.options(chosen.get(shown.slot, 0))
        place = keyed[shown.slot]
        share = regrading.share(place, forms.labels(options), partial_credit=partial)
        questions.append(
            ViewedQuestion(
                slot=shown.slot,
                kind=shown.kind,
                stem=shown.stem,
                options=shown.options,
                chosen=options,
                points=shown.points,
                earned=share * regrading.worth(place),
            )
        )
    return ViewedPaper(attempt_id=attempt_id, until_at=until_at, questions=questions)


def _tell(action: str, viewing: Viewing, *, by: Identity, at: datetime) -> None:
    audit.append(
        action,
        by=by,
        at=at,
        subject_kind="appeal",
        subject_id=viewing.appeal_id,
        after={"viewing_id": viewing.id, "supervisor_id": viewing.supervisor_id},
    )
