"""Regrades: proposed by one, previewed, approved by two others, then carried out (重新评分).

Who proposes does not approve, and the two who do are two people, by whatever accounts: everything
is asked of the person. Carrying out is `exams.services.regrading_work`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from exams.correction_errors import (
    AuthorCannotApprove,
    BeyondReach,
    KeyUnknown,
    NotPreviewed,
    RegradeOver,
)
from exams.models import Attempt, Exam, KeyCorrection, Paper, PaperItem, Regrade, RegradeApproval
from exams.models.corrections import RegradeEffect
from exams.regrading import RegradeState, Remedy
from exams.services import asking, separation
from exams.services.reach import held_within
from question_bank.models import QuestionVersion
from server.audit import services as audit
from server.db import db
from server.errors import IdTaken, NotFound
from server.jobs import services as jobs
from server.jobs.models import Job
from server.paging import Page, page
from server.policy import Identity, Permission
from server.scopes import Scope

#: Names of the jobs.
PREVIEW, APPLY = "regrade_preview", "regrade"

#: People other than the author who must approve.
APPROVERS = 2

_OPEN = (RegradeState.PROPOSED, RegradeState.PREVIEWED)

#: Regrades that were carried out, and whose late outcomes may still come; for who follows up.
UNSETTLED = select(Regrade.id).where(Regrade.applied_at.is_not(None), Regrade.settled_at.is_(None))


@dataclass(frozen=True, kw_only=True)
class RegradeDraft:
    """A regrade as somebody proposes it."""

    version_id: UUID
    remedy: Remedy
    key: tuple[str, ...]
    reason: str
    appeal_id: UUID | None = None


def propose(regrade_id: UUID, draft: RegradeDraft, *, by: Identity, at: datetime) -> Regrade:
    """Propose to grade anew whoever was asked a question. Proposing it again changes nothing.

    Raises:
        NotFound: nobody within the asker's reach was asked that version.
        IdTaken: another proposal stands under this id.
        KeyUnknown: the key names what is no option, or what counts already.
        BeyondReach: it was asked in exams beyond the asker's reach.
        NotSeparated: the asker is bound to somebody who was asked.
    """
    scope = by.scope(Permission.EXAMINE)
    known = db.session.get(Regrade, regrade_id)
    if known is not None:
        return _same(known, draft, by)
    _check_reach(draft.version_id, scope)
    _check_key(draft)
    separation.check_acting(by, asking.candidates(draft.version_id), at=at)
    made = Regrade(
        id=regrade_id,
        version_id=draft.version_id,
        remedy=draft.remedy,
        key=sorted(draft.key),
        reason=draft.reason,
        appeal_id=draft.appeal_id,
        proposed_by_id=by.person_id,
        proposed_at=at,
        state=RegradeState.PROPOSED,
    )
    db.session.add(made)
    db.session.flush()
    told = {"version_id": made.version_id, "remedy": made.remedy, "key": made.key}
    tell("regrade_proposed", made, told, by=by, at=at, reason=made.reason)
    return made


def get(regrade_id: UUID, *, scope: Scope, locked: bool = False) -> Regrade:
    """Return a regrade, all of whose exams lie within the scope.

    Raises:
        NotFound: there is none, or some of it lies beyond.
    """
    statement = select(Regrade).where(Regrade.id == regrade_id)
    if locked:
        statement = statement.with_for_update(of=Regrade).execution_options(populate_existing=True)
    found = db.session.execute(statement).scalar_one_or_none()
    if found is None or asking.exams(found.version_id, beyond=scope):
        raise NotFound
    return found


def listed(
    scope: Scope, *, state: RegradeState | None = None, cursor: str | None, limit: int
) -> Page:
    """Return a page of the regrades that lie within the scope, the newest first."""
    statement = select(Regrade)
    if not scope.everywhere:
        within = held_within(Exam.organisation_id, scope)
        asked = select(PaperItem.version_id).join(Paper, Paper.id == PaperItem.paper_id)
        asked = asked.join(Exam, Exam.id == Paper.exam_id)
        statement = statement.where(
            Regrade.version_id.in_(asked.where(within)),
            ~asked.where(~within, PaperItem.version_id == Regrade.version_id).exists(),
        )
    if state is not None:
        statement = statement.where(Regrade.state == state)
    keys = [Regrade.proposed_at, Regrade.id]
    return page(statement, keys, cursor=cursor, limit=limit, descending=True)


def effects(
    regrade_id: UUID,
    *,
    scope: Scope,
    flips: bool | None = None,
    cursor: str | None,
    limit: int,
) -> Page:
    """Return a page of what the preview says would change, by attempt.

    Raises:
        NotFound: there is no such regrade within the scope.
    """
    get(regrade_id, scope=scope)
    statement = (
        select(RegradeEffect)
        .options(joinedload(RegradeEffect.attempt).joinedload(Attempt.candidate))
        .where(RegradeEffect.regrade_id == regrade_id)
    )
    if flips is not None:
        same = RegradeEffect.passed_before == RegradeEffect.passed_after
        statement = statement.where(~same if flips else same)
    return page(statement, [RegradeEffect.attempt_id], cursor=cursor, limit=limit)


def preview(regrade_id: UUID, job_id: UUID, *, by: Identity, at: datetime) -> Job:
    """Ask for a job that works out who would flip in which direction. Nothing is changed by it.

    Raises:
        NotFound: there is no such regrade within the asker's reach.
        RegradeOver: it was applied or rejected.
    """
    regrade = get(regrade_id, scope=by.scope(Permission.EXAMINE))
    if regrade.state not in _OPEN:
        raise RegradeOver
    return jobs.ask(job_id, PREVIEW, {"regrade_id": str(regrade_id)}, by=by, at=at)


def approve(
    regrade_id: UUID, job_id: UUID, *, approved: bool, reason: str, by: Identity, at: datetime
) -> Regrade:
    """Say one's word on a regrade; with the second approval the job that carries it out is asked.

    One rejection ends it. Saying the same again changes nothing.

    Args:
        regrade_id: the regrade.
        job_id: under which the job is asked for, should this approval be the last that is needed.
        approved: or rejected.
        reason: why.
        by: who says so.
        at: the moment.

    Raises:
        NotFound: there is no such regrade within the asker's reach.
        AuthorCannotApprove: the asker proposed it, under whatever account or registration.
        NotPreviewed: nobody knows yet what it would do.
        RegradeOver: it was applied or rejected.
        NotSeparated: the asker is bound to somebody who was asked.
        IdTaken: the asker has said otherwise before.
    """
    regrade = get(regrade_id, scope=by.scope(Permission.EXAMINE), locked=True)
    who = separation.registrations_of(by.person_id)
    if regrade.proposed_by_id in who:
        raise AuthorCannotApprove
    known = next((one for one in regrade.approvals if one.person_id in who), None)
    if known is not None:
        if known.approved is not approved:
            raise IdTaken
        return regrade
    if regrade.state not in _OPEN:
        raise RegradeOver
    if approved and regrade.state is not RegradeState.PREVIEWED:
        raise NotPreviewed
    separation.check_acting(by, asking.candidates(regrade.version_id), at=at)
    db.session.add(
        RegradeApproval(
            regrade_id=regrade_id,
            person_id=by.person_id,
            account_id=by.account_id,
            approved=approved,
            reason=reason,
            at=at,
        )
    )
    db.session.flush()
    db.session.expire(regrade, ["approvals"])
    _count(regrade, job_id, approved=approved, by=by, at=at)
    word = "regrade_approved" if approved else "regrade_rejected"
    tell(word, regrade, {"state": regrade.state}, by=by, at=at, reason=reason)
    return regrade


def tell(
    action: str,
    regrade: Regrade,
    after: dict[str, object],
    *,
    by: Identity | None,
    at: datetime,
    reason: str | None = None,
) -> None:
    """Write into the audit what was done to a regrade."""
    audit.append(
        action,
        by=by,
        at=at,
        subject_kind="regrade",
        subject_id=regrade.id,
        after=after,
        reason=reason,
    )


def _count(regrade: Regrade, job_id: UUID, *, approved: bool, by: Identity, at: datetime) -> None:
    if not approved:
        regrade.state = RegradeState.REJECTED
    elif sum(one.approved for one in regrade.approvals) >= APPROVERS:
        regrade.state = RegradeState.APPROVED
        jobs.ask(job_id, APPLY, {"regrade_id": str(regrade.id)}, by=by, at=at)
    db.session.flush()


def _same(known: Regrade, draft: RegradeDraft, by: Identity) -> Regrade:
    same = (
        known.version_id == draft.version_id
        and known.remedy is draft.remedy
        and known.key == sorted(draft.key)
        and known.reason == draft.reason
        and known.proposed_by_id == by.person_id
    )
    if not same:
        raise IdTaken
    return known


def _check_reach(version_id: UUID, scope: Scope) -> None:
    every = asking.exams(version_id)
    beyond = asking.exams(version_id, beyond=scope)
    if not every or len(beyond) == len(every):
        raise NotFound
    if beyond:
        raise BeyondReach(exams=len(beyond))


def _check_key(draft: RegradeDraft) -> None:
    version = db.session.get_one(QuestionVersion, draft.version_id)
    labels = {option["label"] for option in version.options}
    if draft.remedy is not Remedy.KEY_CORRECTED:
        if draft.key:
            raise KeyUnknown
        return
    if not draft.key or not set(draft.key) <= labels or set(draft.key) == _counting(version):
        raise KeyUnknown


def _counting(version: QuestionVersion) -> set[str] | None:
    """Return the key that counts for a version now; None where a remedy put it aside."""
    statement = (
        select(KeyCorrection)
        .where(KeyCorrection.version_id == version.id)
        .order_by(KeyCorrection.effective_at.desc(), KeyCorrection.regrade_id.desc())
        .limit(1)
    )
    latest = db.session.execute(statement).scalar_one_or_none()
    if latest is None:
        return set(version.key)
    return set(latest.key) if latest.remedy is Remedy.KEY_CORRECTED else None
