"""Training plans: what is missing is booked, through the training room (培训计划)."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from certificates.competence import gaps, grading
from certificates.competence.errors import AppraisalState
from certificates.competence.frameworks import Framework, Proof
from certificates.competence.kinds import WITH_RESULT
from certificates.competence.models import CompetenceAppraisal, CompetencePlanItem
from certificates.competence.services import finding, knowing, opening
from server import days
from server.db import db
from server.errors import Message
from server.messages.services import outbox
from server.messages.services.outbox import Told
from server.organisations import services as organisations
from server.people.roster import PostRole
from server.policy import Identity
from server.regions.tree import lineage
from server.training.kinds import TrainingType
from server.training.services import learners, offers

#: No class with a free place begins that would give it, and nobody has a programme for one.
NO_CLASS = "no_class"

#: No class begins; whoever has a programme for one was asked to hold it.
CLASS_REQUESTED = "class_requested"

#: No class gives it: years in post, marks, schooling, exams.
NOT_BY_TRAINING = "not_by_training"


def plan(appraisal_id: UUID, *, by: Identity, at: datetime) -> list[CompetencePlanItem]:
    """Book what is missing for the grade looked for, in the class that begins soonest.

    Asked again, it goes on: what is booked stays, what was not possible is tried anew, and what
    was missing and no longer is, is left as it stands.

    Raises:
        NotFound: the place lies outside of where the asker leads.
        JudgesOneself, JudgesSuperior: it is the asker's own, or their superior's.
        AppraisalState: there is no result yet.
    """
    on = days.civil_day(at)
    appraisal, _, framework = finding.led(appraisal_id, by=by, on=on)
    if appraisal.state not in WITH_RESULT:
        raise AppraisalState(state=appraisal.state.value)
    known = knowing.known(appraisal.person_id, framework.key, on=on)
    standing = grading.standing(framework, appraisal.family, appraisal.grade, known, on=on)
    items = {(each.competence, each.proof): each for each in of(appraisal_id)}
    for competence, proof, types in gaps.wanted(standing.gaps):
        item = items.get((competence, proof.kind))
        if item is None:
            item = _item(appraisal, competence, proof, at=at)
        if item.class_id is None:
            _book(item, types, framework, appraisal, by=by, at=at, on=on)
    db.session.flush()
    opening.tell("competence_training_planned", appraisal, by=by, at=at)
    return of(appraisal_id)


def of(appraisal_id: UUID) -> list[CompetencePlanItem]:
    """Return what was planned upon an evaluation, by competence."""
    statement = select(CompetencePlanItem).where(CompetencePlanItem.appraisal_id == appraisal_id)
    ordered = statement.order_by(CompetencePlanItem.competence, CompetencePlanItem.proof)
    return list(db.session.execute(ordered).scalars())


def _item(
    appraisal: CompetenceAppraisal, competence: str, proof: Proof, *, at: datetime
) -> CompetencePlanItem:
    made = CompetencePlanItem(
        appraisal_id=appraisal.id, competence=competence, proof=proof.kind, planned_at=at
    )
    db.session.add(made)
    return made


def _book(
    item: CompetencePlanItem,
    types: frozenset[TrainingType],
    framework: Framework,
    appraisal: CompetenceAppraisal,
    *,
    by: Identity,
    at: datetime,
    on: date,
) -> None:
    """Give the person a place in the first class that takes them, or keep why none does."""
    item.refusal = NO_CLASS if types else NOT_BY_TRAINING
    roles = [PostRole(each) for each in framework.roles]
    employer_id = lineage(organisations.get(appraisal.organisation_id).path)[0]
    for offer in offers.soonest(types, roles, after=on) if types else ():
        employers = {appraisal.person_id: employer_id}
        [placing] = learners.add_each(offer.id, employers, by=by, at=at)
        if placing.refusal is None:
            item.class_id, item.booked_at, item.refusal = offer.id, at, None
            return
        item.refusal = placing.refusal.code
    if item.refusal == NO_CLASS and _request(types, roles, appraisal, at=at, on=on):
        item.refusal = CLASS_REQUESTED


def _request(
    types: frozenset[TrainingType],
    roles: list[PostRole],
    appraisal: CompetenceAppraisal,
    *,
    at: datetime,
    on: date,
) -> bool:
    """Ask whoever has a programme for a class of it, once a place; say whether anybody has one."""
    found = offers.programmes(types, roles, on=on)
    for programme in found:
        place = organisations.get(appraisal.organisation_id)
        told = Told(
            kind="class_wanted",
            title=Message(zh="请求开班", en="A class is asked for"),
            body=Message(
                zh=f"{place.name}有人员须参加“{programme.name}”，目前没有可报名的班次，请安排开班。",
                en=f"People of {place.name} need “{programme.name}”, and no class has a place.",
            ),
            subject_id=programme.id,
        )
        # Asked again after a month, where nobody has planned one.
        once = f"class_wanted:{place.id}:{programme.id}:{on:%Y-%m}"
        outbox.tell(told, once=once, organisation_id=programme.owner_id, at=at)
    return bool(found)
