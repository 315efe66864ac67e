"""Contests: planned, published with their questions pinned, cancelled (竞赛管理)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from random import Random
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from exams.contests import drafts
from exams.contests.drafts import ContestDraft, RoundDraft
from exams.contests.errors import ContestPoolTooSmall, ContestPublished, PoolOverlapsExams
from exams.contests.models import (
    Contest,
    ContestQuestion,
    ContestRound,
    ContestState,
    EntryMode,
    TeamKind,
)
from exams.contests.ranking import TieRule
from exams.contests.services import boards
from exams.contests.timetable import RoundKind
from exams.services.reach import held_within
from question_bank.services import banks, drawing
from server.audit import services as audit
from server.days import civil_day
from server.db import db
from server.errors import NotFound
from server.organisations import services as organisations
from server.paging import Page, page
from server.policy import Identity, Permission
from server.scopes import EVERYWHERE, Scope

_MAY = Permission.HOLD_CONTESTS


def get(contest_id: UUID, *, scope: Scope = EVERYWHERE) -> Contest:
    """Return a contest with its rounds.

    Raises:
        NotFound: there is none within the scope.
    """
    found = db.session.execute(
        select(Contest)
        .options(selectinload(Contest.rounds))
        .where(Contest.id == contest_id, held_within(Contest.organisation_id, scope))
    ).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def public(contest_id: UUID) -> Contest:
    """Return a contest that everybody may see.

    Raises:
        NotFound: there is none, or it was never published.
    """
    found = get(contest_id)
    if found.published_at is None:
        raise NotFound
    return found


def listed(
    scope: Scope, *, state: ContestState | None = None, cursor: str | None, limit: int
) -> Page:
    """Return a page of the contests one holds, the latest first."""
    statement = (
        select(Contest)
        .options(selectinload(Contest.rounds))
        .where(held_within(Contest.organisation_id, scope))
    )
    if state is not None:
        statement = statement.where(Contest.state == state)
    keys = [Contest.created_at, Contest.id]
    return page(statement, keys, cursor=cursor, limit=limit, descending=True)


def listed_public(*, cursor: str | None, limit: int) -> Page:
    """Return a page of what everybody may see, the latest first."""
    statement = (
        select(Contest)
        .options(selectinload(Contest.rounds))
        .where(Contest.state == ContestState.PUBLISHED)
    )
    keys = [Contest.created_at, Contest.id]
    return page(statement, keys, cursor=cursor, limit=limit, descending=True)


def round_(round_id: UUID, *, scope: Scope = EVERYWHERE, locked: bool = False) -> ContestRound:
    """Return a round with its contest.

    Raises:
        NotFound: there is none within the scope.
    """
    statement = select(ContestRound.contest_id).where(ContestRound.id == round_id)
    contest_id = db.session.execute(statement).scalar_one_or_none()
    if contest_id is None:
        raise NotFound
    contest = get(contest_id, scope=scope)
    if locked:
        lock = select(ContestRound.id).where(ContestRound.id == round_id).with_for_update()
        db.session.execute(lock)
    return next(one for one in contest.rounds if one.id == round_id)


def plan(contest_id: UUID, draft: ContestDraft, *, by: Identity, at: datetime) -> Contest:
    """Plan a contest under the id given, or plan it anew. Sending the same twice is harmless.

    Raises:
        NotFound: the organisation or a bank is outside of the asker's scope.
        RoundsUnfit: its rounds do not follow one another.
        ContestPublished: people have read what it is.
    """
    scope = by.scope(_MAY)
    organisations.get(draft.organisation_id, scope=scope)
    for bank_id in draft.bank_ids:
        banks.get(bank_id, scope=scope)
    drafts.check_rounds(draft.rounds)
    known = db.session.get(Contest, contest_id)
    if known is not None:
        known = get(contest_id, scope=scope)
        if known.state is not ContestState.DRAFT:
            raise ContestPublished
        known.rounds.clear()
        db.session.flush()
    contest = known or Contest(id=contest_id, created_at=at, state=ContestState.DRAFT)
    _write(contest, draft)
    db.session.add(contest)
    db.session.flush()
    _tell("contest_planned", contest, by=by, at=at)
    return get(contest_id)


def publish(contest_id: UUID, *, seed: bytes, by: Identity, at: datetime) -> Contest:
    """Publish a contest: its questions are drawn and pinned now. Twice is harmless.

    Args:
        contest_id: which.
        seed: secret chance, at least 16 bytes.
        by: who holds it.
        at: the moment.

    Raises:
        NotFound: there is none within the asker's scope.
        PoolOverlapsExams: exams may draw some of the questions.
        ContestPoolTooSmall: there are not questions enough.
    """
    contest = get(contest_id, scope=by.scope(_MAY))
    if contest.state is not ContestState.DRAFT:
        return contest
    _pin(contest, seed, at)
    contest.state, contest.published_at = ContestState.PUBLISHED, at
    db.session.flush()
    boards.forget()
    _tell("contest_published", contest, by=by, at=at)
    return contest


def cancel(contest_id: UUID, *, reason: str, by: Identity, at: datetime) -> Contest:
    """Call a contest off: nobody joins or responds any more. Twice is harmless.

    Raises:
        NotFound: there is none within the asker's scope.
    """
    contest = get(contest_id, scope=by.scope(_MAY))
    if contest.state is not ContestState.CANCELLED:
        contest.state = ContestState.CANCELLED
        db.session.flush()
        boards.forget()
        _tell("contest_cancelled", contest, by=by, at=at, reason=reason)
    return contest


def _write(contest: Contest, draft: ContestDraft) -> None:
    contest.organisation_id = draft.organisation_id
    contest.name, contest.notice = draft.name, draft.notice
    contest.notice_version = draft.notice_version
    contest.entry_mode = EntryMode(draft.entry_mode)
    contest.team_kind, contest.team_size = TeamKind(draft.team_kind), draft.team_size
    contest.tie_rule = TieRule(draft.tie_rule)
    contest.base_points, contest.speed_points = draft.base_points, draft.speed_points
    contest.merit_places = draft.merit_places
    contest.joins_from, contest.joins_until = draft.joins_from, draft.joins_until
    contest.bank_ids = sorted(str(one) for one in draft.bank_ids)
    contest.topics = sorted(draft.topics)
    contest.rounds.extend(
        _round(contest.id, number, one) for number, one in enumerate(draft.rounds, start=1)
    )


def _round(contest_id: UUID, number: int, draft: RoundDraft) -> ContestRound:
    return ContestRound(
        # The same draft sent again is the same round.
        id=uuid5(contest_id, f"round {number}"),
        number=number,
        kind=draft.kind,
        opens_at=draft.opens_at,
        closes_at=draft.ends_at,
        question_count=draft.question_count,
        pool_count=draft.drawn_from,
        seconds=draft.seconds,
        pause_seconds=draft.pause_seconds if draft.kind is RoundKind.FINAL else 0,
        advancing_places=draft.advancing_places,
        freezes_at=draft.freezes_at,
        seed=b"",
    )


def _pin(contest: Contest, seed: bytes, at: datetime) -> None:
    bank_ids = [UUID(one) for one in contest.bank_ids]
    overlapping = drawing.also_for_exams(bank_ids, contest.topics)
    if overlapping:
        raise PoolOverlapsExams(count=overlapping)
    found = drawing.published_for_contests(
        on=civil_day(at), bank_ids=bank_ids, topics=contest.topics
    )
    needed = sum(one.pool_count for one in contest.rounds)
    if len(found) < needed:
        raise ContestPoolTooSmall(count=len(found), needed=needed)
    dice = Random(seed)  # noqa: S311  # the seed is secret
    drawn = iter(dice.sample([entry.version_id for entry in found], needed))
    for one in contest.rounds:
        one.seed = dice.randbytes(32)
        _keep(one, [next(drawn) for _ in range(one.pool_count)])


def _keep(one: ContestRound, version_ids: Sequence[UUID]) -> None:
    db.session.add_all(
        ContestQuestion(round_id=one.id, place=place, version_id=version_id)
        for place, version_id in enumerate(version_ids)
    )


def _tell(
    action: str, contest: Contest, *, by: Identity, at: datetime, reason: str | None = None
) -> None:
    audit.append(
        action,
        by=by,
        at=at,
        subject_kind="contest",
        subject_id=contest.id,
        after={"name": contest.name, "state": contest.state.value},
        reason=reason,
        organisation_path=contest.organisation.path,
    )
