"""Opening evaluations: who is evaluated for which grade, and by whom (列入评价)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import combinations
from uuid import UUID, uuid5

from sqlalchemy import select

from certificates.competence.errors import (
    AppraisedAlready,
    FrameworkUnfit,
    PanelUnfit,
    PostUnfit,
    SupervisorElsewhere,
)
from certificates.competence.frameworks import Framework
from certificates.competence.kinds import Move, Side, State
from certificates.competence.models import CompetenceAppraisal, CompetenceCycle, CompetenceJudge
from certificates.competence.services import cycles, finding, frameworks, relations
from server import days
from server.db import db
from server.errors import IdTaken, NotFound
from server.organisations import services as organisations
from server.organisations.models import Organisation
from server.people.models import Post
from server.people.services import people, posts
from server.policy import Identity, Permission
from server.training.services import putting


@dataclass(frozen=True, kw_only=True)
class AppraisalDraft:
    """What is said of an evaluation when it is opened."""

    cycle_id: UUID
    post_id: UUID
    family: str
    grade: str
    supervisor_id: UUID
    #: Members of the panel; empty where the framework's evaluation goes without.
    panel_ids: tuple[UUID, ...] = ()


def open_one(
    appraisal_id: UUID, draft: AppraisalDraft, *, by: Identity, at: datetime
) -> CompetenceAppraisal:
    """Enter somebody into a cycle, with those who judge. The same again changes nothing.

    Raises:
        NotFound: the cycle or post lies outside of where the asker leads, or somebody named does
            not exist.
        CycleOver: the cycle is over, or has not begun.
        PostUnfit: the framework is for other posts, or the post is not held today.
        FrameworkUnfit: the framework has no such family or grade.
        JudgesOneself, JudgesSuperior: a judge, or the asker, is the person or beneath them.
        SupervisorElsewhere: the supervisor does not lead the place of the post.
        PanelUnfit: the panel is too small, or somebody would judge twice.
        AppraisedAlready: the post is evaluated in this cycle already.
        IdTaken: another evaluation stands under this id.
    """
    on = days.civil_day(at)
    scope = by.scope(Permission.APPRAISE_COMPETENCE)
    cycle = cycles.get(draft.cycle_id, scope=scope)
    known = db.session.get(CompetenceAppraisal, appraisal_id)
    if known is not None:
        return _same(known, draft)
    cycles.check_running(cycle, on)
    framework = frameworks.get(cycle.framework_id).framework
    post, place = _post(draft.post_id, cycle, framework, by=by, on=on)
    _check_grade(framework, draft)
    relations.check_judge(by.person_id, post.person_id, on=on)
    _check_judges(post, draft, framework, on=on)
    entered = select(CompetenceAppraisal.id).where(
        CompetenceAppraisal.cycle_id == cycle.id, CompetenceAppraisal.post_id == post.id
    )
    if db.session.execute(entered).first() is not None:
        raise AppraisedAlready
    made = CompetenceAppraisal(
        id=appraisal_id,
        cycle_id=cycle.id,
        person_id=post.person_id,
        post_id=post.id,
        organisation_id=place.id,
        family=draft.family,
        grade=draft.grade,
        state=State.OPEN,
        opened_at=at,
    )
    putting.made(made)
    _name_judges(made, draft)
    tell("competence_appraisal_opened", made, by=by, at=at)
    return made


def withdraw(appraisal_id: UUID, *, reason: str, by: Identity, at: datetime) -> CompetenceAppraisal:
    """Take back an evaluation that has no result. The same again changes nothing.

    Raises:
        NotFound: its place lies outside of where the asker leads.
        JudgesOneself, JudgesSuperior: it is the asker's own, or their superior's.
        AppraisalState: it has a result.
    """
    found = finding.led(appraisal_id, by=by, on=days.civil_day(at)).appraisal
    if found.state is State.WITHDRAWN:
        return found
    finding.move(found, Move.WITHDRAW)
    found.reason = reason
    db.session.flush()
    tell("competence_appraisal_withdrawn", found, by=by, at=at, reason=reason)
    return found


def tell(
    action: str,
    appraisal: CompetenceAppraisal,
    *,
    by: Identity,
    at: datetime,
    reason: str | None = None,
    **after: object,
) -> None:
    """Write into the audit what was done with an evaluation."""
    putting.tell(
        action,
        appraisal.id,
        organisations.get(appraisal.organisation_id),
        kind="competence_appraisal",
        by=by,
        at=at,
        after={"person_id": appraisal.person_id, "grade": appraisal.grade, **after},
        reason=reason,
    )


def _post(
    post_id: UUID, cycle: CompetenceCycle, framework: Framework, *, by: Identity, on: date
) -> tuple[Post, Organisation]:
    scope = by.scope(Permission.APPRAISE_COMPETENCE)
    post = posts.get(post_id)
    place = organisations.get(post.organisation_id, scope=scope)
    if not place.path.startswith(organisations.get(cycle.organisation_id).path):
        raise NotFound
    if post.role.value not in framework.roles or not post.holding.held(on):
        raise PostUnfit
    return post, place


def _check_grade(framework: Framework, draft: AppraisalDraft) -> None:
    families = {each.key for each in framework.families}
    if draft.family not in families or draft.grade not in {each.key for each in framework.grades}:
        raise FrameworkUnfit(
            fault="it has no such family or grade", fault_zh="框架中没有该岗位类别或等级"
        )


def _check_judges(post: Post, draft: AppraisalDraft, framework: Framework, *, on: date) -> None:
    every = [draft.supervisor_id, *draft.panel_ids]
    for each in every:
        people.get(each)
        relations.check_judge(each, post.person_id, on=on)
    if not relations.leads(draft.supervisor_id, post.organisation_id, on=on):
        raise SupervisorElsewhere
    too_few = 0 < len(draft.panel_ids) < framework.panel_least
    if too_few or _anybody_twice(every):
        raise PanelUnfit(least=framework.panel_least)


def _anybody_twice(person_ids: Sequence[UUID]) -> bool:
    """Say whether one human being stands among them twice, under whatever entries."""
    entries = [relations.entries_of(each) for each in person_ids]
    return any(one & other for one, other in combinations(entries, 2))


def _name_judges(made: CompetenceAppraisal, draft: AppraisalDraft) -> None:
    sides = [
        (Side.SELF, made.person_id),
        (Side.SUPERVISOR, draft.supervisor_id),
        *((Side.PANEL, each) for each in draft.panel_ids),
    ]
    db.session.add_all(
        CompetenceJudge(
            id=uuid5(made.id, str(person_id)), appraisal_id=made.id, person_id=person_id, side=side
        )
        for side, person_id in sides
    )
    db.session.flush()


def _same(known: CompetenceAppraisal, draft: AppraisalDraft) -> CompetenceAppraisal:
    stated = (known.cycle_id, known.post_id, known.family, known.grade)
    if stated != (draft.cycle_id, draft.post_id, draft.family, draft.grade):
        raise IdTaken
    return known
