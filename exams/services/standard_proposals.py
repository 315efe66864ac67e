"""New versions of exam standards: proposed by one, approved by another (考试标准维护).

What is approved becomes rows of `exam_standard` like those that ship, with day and source. Nothing
that was published changes: an exam goes by the version that counted when it was published.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import select

from exams import dated_standards
from exams.correction_errors import AuthorCannotApprove
from exams.dated_standards import Span, StandardRules
from exams.eligibility import WhatFollows
from exams.errors import NoStandard
from exams.models import ExamStandard, Qualification, StandardProposal
from exams.services import separation, standards
from exams.standard_errors import (
    ProposalDecided,
    StandardContradictory,
    StandardOverlaps,
    StandardRetroactive,
    StandardUnchanged,
)
from server import days
from server.audit import services as audit
from server.db import db
from server.errors import IdTaken, NotFound
from server.paging import Page, page
from server.policy import Identity

#: What a version says, besides its days and its source.
_RULES = tuple(one.name for one in fields(StandardRules))


@dataclass(frozen=True, kw_only=True)
class ProposalDraft:
    """A new version as somebody proposes it: for which qualifications, from when, by what."""

    qualification_ids: tuple[UUID, ...]
    effective_from: date
    rules: StandardRules
    #: The regulation, and its article.
    source: str
    article: str
    reason: str


def propose(
    proposal_id: UUID, draft: ProposalDraft, *, by: Identity, at: datetime
) -> StandardProposal:
    """Propose a new version. The same again changes nothing.

    Raises:
        NotFound: there is no such qualification.
        IdTaken: another proposal stands under this id.
        StandardContradictory: it contradicts itself.
        StandardRetroactive: its day is today or lies behind.
        StandardOverlaps: a version begins on its day or later.
        StandardUnchanged: it says what counts on that day anyway.
    """
    values = _values(draft)
    known = db.session.get(StandardProposal, proposal_id)
    if known is not None:
        if any(getattr(known, name) != value for name, value in values.items()):
            raise IdTaken
        return known
    found = list(dated_standards.faults(draft.rules))
    if found:
        raise StandardContradictory(faults=[one.value for one in found])
    _check(draft.qualification_ids, draft.effective_from, draft.rules, at=at)
    made = StandardProposal(
        id=proposal_id,
        **values,
        proposed_at=at,
        proposed_by_id=by.account_id,
        proposed_by_person_id=by.person_id,
    )
    db.session.add(made)
    db.session.flush()
    _tell("standard_proposed", made, reason=made.reason, by=by, at=at)
    return made


def get(proposal_id: UUID, *, lock: bool = False) -> StandardProposal:
    """Return a proposal.

    Raises:
        NotFound: there is none.
    """
    found = db.session.get(StandardProposal, proposal_id, with_for_update=lock or None)
    if found is None:
        raise NotFound
    return found


def listed(*, open_only: bool, cursor: str | None, limit: int) -> Page:
    """Return a page of the proposals, the newest first."""
    statement = select(StandardProposal)
    if open_only:
        statement = statement.where(StandardProposal.approved.is_(None))
    keys = [StandardProposal.proposed_at, StandardProposal.id]
    return page(statement, keys, cursor=cursor, limit=limit, descending=True)


def decide(
    proposal_id: UUID, *, approved: bool, reason: str, by: Identity, at: datetime
) -> StandardProposal:
    """Approve or refuse a proposal, as another person than proposed it. Once is for ever.

    Approved, the version that counted ends on the eve, and the new one begins on its day.

    Raises:
        NotFound: there is no such proposal.
        AuthorCannotApprove: the asker proposed it, under whatever account or registration.
        ProposalDecided: it was decided otherwise.
        StandardRetroactive, StandardOverlaps, StandardUnchanged: its day has come meanwhile, or
            another version was approved.
    """
    found = get(proposal_id, lock=True)
    if found.proposed_by_person_id in separation.registrations_of(by.person_id):
        raise AuthorCannotApprove
    if found.approved is not None:
        if (found.approved, found.decided_because) != (approved, reason):
            raise ProposalDecided
        return found
    if approved:
        ids = [UUID(one) for one in found.qualification_ids]
        _check(ids, found.effective_from, rules_of(found), at=at)
        for qualification_id in ids:
            _begin(found, qualification_id)
    found.approved, found.decided_because, found.decided_at = approved, reason, at
    found.decided_by_id, found.decided_by_person_id = by.account_id, by.person_id
    db.session.flush()
    action = "standard_approved" if approved else "standard_refused"
    _tell(action, found, reason=reason, by=by, at=at)
    return found


def rules_of(found: StandardProposal) -> StandardRules:
    """Return what a proposal says."""
    said = dict(found.rules)
    for name in ("what_follows", "practical_what_follows"):
        said[name] = WhatFollows(said[name])
    return StandardRules(**said)


def _check(
    qualification_ids: Sequence[UUID], from_on: date, rules: StandardRules, *, at: datetime
) -> None:
    today = days.civil_day(at)
    if from_on <= today:
        raise StandardRetroactive(today=today.isoformat())
    for qualification_id in qualification_ids:
        known = standards.history(qualification_id)
        qualification = standards.get(qualification_id)
        spans = [Span(from_on=one.effective_from, until_on=one.effective_until) for one in known]
        begins_on = dated_standards.overlapped(spans, from_on)
        if begins_on is not None:
            raise StandardOverlaps(qualification=qualification.code, on=begins_on.isoformat())
        counts = counting(qualification, from_on)
        if counts is not None and not dated_standards.differences(said(counts), rules):
            raise StandardUnchanged(qualification=qualification.code)


def said(row: ExamStandard | None) -> dict[str, object]:
    """Return what a version says, by field; nothing where there is none."""
    return {} if row is None else {name: getattr(row, name) for name in _RULES}


def counting(qualification: Qualification, on: date) -> ExamStandard | None:
    """Return the version that counts on a day, None where none does."""
    try:
        return standards.counting(qualification, on=on)
    except NoStandard:
        return None


def _begin(found: StandardProposal, qualification_id: UUID) -> None:
    """Let a version begin, and the one that counted end on the eve."""
    eve = found.effective_from - timedelta(days=1)
    for one in standards.history(qualification_id):
        if one.effective_until is None or one.effective_until > eve:
            one.effective_until = eve
    db.session.add(
        ExamStandard(
            id=uuid5(found.id, str(qualification_id)),
            qualification_id=qualification_id,
            effective_from=found.effective_from,
            effective_until=None,
            source=f"{found.source} {found.article}".strip(),
            **vars(rules_of(found)),
        )
    )
    db.session.flush()


def _values(draft: ProposalDraft) -> dict[str, Any]:
    return {
        "qualification_ids": [str(one) for one in draft.qualification_ids],
        "effective_from": draft.effective_from,
        "rules": {name: getattr(draft.rules, name) for name in _RULES},
        "source": draft.source,
        "article": draft.article,
        "reason": draft.reason,
    }


def _tell(action: str, made: StandardProposal, *, reason: str, by: Identity, at: datetime) -> None:
    audit.append(
        action,
        by=by,
        at=at,
        subject_kind="standard_proposal",
        subject_id=made.id,
        after={
            "qualification_ids": made.qualification_ids,
            "effective_from": made.effective_from,
            "rules": made.rules,
            "source": made.source,
            "article": made.article,
        },
        reason=reason,
    )
