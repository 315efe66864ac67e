"""Finding evaluations: by those they concern, by judges, by whoever leads the place (查找评价)."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import or_, select

from certificates.competence.errors import AppraisalState
from certificates.competence.frameworks import Framework
from certificates.competence.judging import Judged
from certificates.competence.kinds import MOVES, Move, State
from certificates.competence.models import (
    CompetenceAppraisal,
    CompetenceCycle,
    CompetenceFramework,
    CompetenceJudge,
    CompetenceSettlement,
)
from certificates.competence.services import relations
from server.db import db
from server.errors import NotFound
from server.organisations import services as organisations
from server.organisations.models import Organisation
from server.organisations.models import within as organisations_within
from server.paging import Page, page
from server.policy import Identity, Permission
from server.scopes import Scope


class Held(NamedTuple):
    """An evaluation with the rules it is held by."""

    appraisal: CompetenceAppraisal
    cycle: CompetenceCycle
    framework: Framework


def get(appraisal_id: UUID, *, locked: bool = False) -> Held:
    """Return an evaluation, whoever asks.

    Raises:
        NotFound: there is none.
    """
    found = db.session.get(CompetenceAppraisal, appraisal_id, with_for_update=locked or None)
    if found is None:
        raise NotFound
    cycle = db.session.get_one(CompetenceCycle, found.cycle_id)
    version = db.session.get_one(CompetenceFramework, cycle.framework_id)
    return Held(found, cycle, version.framework)


def seen(appraisal_id: UUID, *, by: Identity) -> Held:
    """Return an evaluation of the asker's own, in which they judge, or where they lead.

    Raises:
        NotFound: it is none of these.
    """
    held = get(appraisal_id)
    if by.person_id != held.appraisal.person_id and judge_of(held.appraisal, by.person_id) is None:
        scope = by.scope(Permission.SEE_COMPETENCE)
        organisations.get(held.appraisal.organisation_id, scope=scope)
    return held


def led(appraisal_id: UUID, *, by: Identity, on: date) -> Held:
    """Return an evaluation, locked, about which the asker decides.

    Raises:
        NotFound: its place lies outside of where the asker leads.
        JudgesOneself, JudgesSuperior: it is the asker's own, or their superior's.
    """
    held = get(appraisal_id, locked=True)
    scope = by.scope(Permission.APPRAISE_COMPETENCE)
    organisations.get(held.appraisal.organisation_id, scope=scope)
    relations.check_judge(by.person_id, held.appraisal.person_id, on=on)
    return held


def listed(
    scope: Scope,
    *,
    cycle_id: UUID | None = None,
    person_id: UUID | None = None,
    state: State | None = None,
    cursor: str | None,
    limit: int,
) -> Page:
    """Return a page of the evaluations of places within the scope, the latest first."""
    places = select(Organisation.id).where(organisations_within(scope))
    statement = select(CompetenceAppraisal).where(CompetenceAppraisal.organisation_id.in_(places))
    if cycle_id is not None:
        statement = statement.where(CompetenceAppraisal.cycle_id == cycle_id)
    if person_id is not None:
        statement = statement.where(CompetenceAppraisal.person_id == person_id)
    if state is not None:
        statement = statement.where(CompetenceAppraisal.state == state)
    keys = [CompetenceAppraisal.opened_at, CompetenceAppraisal.id]
    return page(statement, keys, cursor=cursor, limit=limit, descending=True)


def mine(person_id: UUID, *, cursor: str | None, limit: int) -> Page:
    """Return a page of the evaluations of somebody, and of those in which they judge."""
    judging = select(CompetenceJudge.appraisal_id).where(CompetenceJudge.person_id == person_id)
    statement = select(CompetenceAppraisal).where(
        or_(CompetenceAppraisal.person_id == person_id, CompetenceAppraisal.id.in_(judging))
    )
    keys = [CompetenceAppraisal.opened_at, CompetenceAppraisal.id]
    return page(statement, keys, cursor=cursor, limit=limit, descending=True)


def judges(appraisal_id: UUID) -> list[CompetenceJudge]:
    """Return who judges in an evaluation: the person, the supervisor, the panel."""
    statement = select(CompetenceJudge).where(CompetenceJudge.appraisal_id == appraisal_id)
    ordered = statement.order_by(CompetenceJudge.side, CompetenceJudge.id)
    return list(db.session.execute(ordered).scalars())


def judge_of(appraisal: CompetenceAppraisal, person_id: UUID) -> CompetenceJudge | None:
    """Return somebody as a judge of an evaluation; None where they are none."""
    statement = select(CompetenceJudge).where(
        CompetenceJudge.appraisal_id == appraisal.id, CompetenceJudge.person_id == person_id
    )
    return db.session.execute(statement).scalar_one_or_none()


def judged(every: list[CompetenceJudge]) -> list[Judged]:
    """Return the marks that were given, as the rules see them."""
    return [Judged(side=each.side, marks=each.marks) for each in every if each.marks is not None]


def settlements(appraisal_id: UUID) -> list[CompetenceSettlement]:
    """Return how disagreements of an evaluation were settled, by competence."""
    statement = select(CompetenceSettlement).where(
        CompetenceSettlement.appraisal_id == appraisal_id
    )
    return list(db.session.execute(statement.order_by(CompetenceSettlement.competence)).scalars())


def check_open(appraisal: CompetenceAppraisal) -> None:
    """Refuse to change an evaluation that has a result, or was withdrawn.

    Raises:
        AppraisalState: it is not open.
    """
    if appraisal.state is not State.OPEN:
        raise AppraisalState(state=appraisal.state.value)


def move(appraisal: CompetenceAppraisal, by: Move) -> None:
    """Bring an evaluation into its next state.

    Raises:
        AppraisalState: the move does not lead on from where it stands.
    """
    after = MOVES.get((appraisal.state, by))
    if after is None:
        raise AppraisalState(state=appraisal.state.value)
    appraisal.state = after
