"""Holding contests: planning, inviting, releasing, looking at evidence (竞赛管理接口)."""

from __future__ import annotations

import secrets
from typing import Any
from uuid import UUID

from exams.contests.drafts import ContestDraft
from exams.contests.errors import (
    ContestPoolTooSmall,
    ContestPublished,
    PoolOverlapsExams,
    ResultsReleased,
    RoundNotOver,
    RoundsUnfit,
)
from exams.contests.models import Contest, ContestEntry, ContestRound
from exams.contests.schemas.boards import (
    CampaignOut,
    SignalListOut,
    WinnerIn,
    WinnerListOut,
    WinnerOut,
)
from exams.contests.schemas.contests import (
    ContestBankOut,
    ContestIn,
    ContestReasonIn,
    HeldContestOut,
    HeldContestQuery,
    InvitationIn,
    InvitationOut,
    RoundOut,
)
from exams.contests.schemas.taking_part import EntryOut
from exams.contests.services import contests, joining, merits, results, reviewing
from exams.contests.services.merits import Winner
from exams.contests.services.reviewing import Campaign
from question_bank.services import banks
from server import clock
from server.access import identity, requires
from server.db import transaction
from server.errors import IdTaken
from server.http import Part
from server.paging import Page, PageQuery
from server.policy import Permission

views = Part("holding_contests", "竞赛管理 · Holding knowledge contests.")

_MAY = Permission.HOLD_CONTESTS
_ONE = "/held-contests/<uuid:contest_id>"
_ROUND = "/contest-rounds/<uuid:round_id>"


@views.route(_ONE, methods=["PUT"])
@requires(_MAY)
@views.arguments(ContestIn)
@views.response(200, HeldContestOut)
@views.refuses(RoundsUnfit, ContestPublished)
def plan_contest(body: dict[str, ContestDraft], contest_id: UUID) -> Contest:
    """Plan a contest under the id given, or plan it anew while it is not published."""
    by = identity()
    with transaction():
        return contests.plan(contest_id, body["draft"], by=by, at=clock.now())


@views.route("/held-contests")
@requires(_MAY)
@views.arguments(HeldContestQuery, location="query")
@views.page(HeldContestOut)
def list_held_contests(query: dict[str, Any]) -> Page:
    """List the contests one holds, the latest first."""
    return contests.listed(identity().scope(_MAY), **query)


@views.route("/contest-banks")
@requires(_MAY)
@views.arguments(PageQuery, location="query")
@views.page(ContestBankOut)
def list_contest_banks(query: dict[str, Any]) -> Page:
    """List the banks that contests one holds may draw from, by name; nothing of their questions."""
    return banks.listed(identity().scope(_MAY), **query)


@views.route(_ONE)
@requires(_MAY)
@views.response(200, HeldContestOut)
def show_held_contest(contest_id: UUID) -> Contest:
    """Show a contest one holds."""
    return contests.get(contest_id, scope=identity().scope(_MAY))


@views.route(f"{_ONE}/publication", methods=["PUT"])
@requires(_MAY)
@views.response(200, HeldContestOut)
@views.refuses(PoolOverlapsExams, ContestPoolTooSmall)
def publish_contest(contest_id: UUID) -> Contest:
    """Publish a contest: its questions are drawn and pinned, and none that exams may draw."""
    by, seed = identity(), secrets.token_bytes(32)
    with transaction():
        return contests.publish(contest_id, seed=seed, by=by, at=clock.now())


@views.route(f"{_ONE}/cancellation", methods=["PUT"])
@requires(_MAY)
@views.arguments(ContestReasonIn)
@views.response(200, HeldContestOut)
def cancel_contest(body: dict[str, str], contest_id: UUID) -> Contest:
    """Call a contest off: nobody joins or responds any more."""
    by = identity()
    with transaction():
        return contests.cancel(contest_id, **body, by=by, at=clock.now())


@views.route(f"{_ONE}/invitations/<uuid:invitation_id>", methods=["PUT"])
@requires(_MAY)
@views.arguments(InvitationIn)
@views.response(200, InvitationOut)
@views.refuses(IdTaken)
def invite_to_contest(
    body: dict[str, Any], contest_id: UUID, invitation_id: UUID
) -> dict[str, Any]:
    """Invite so many people by one code, which is told this once."""
    by = identity()
    with transaction():
        made, code = joining.invite(invitation_id, contest_id, **body, by=by, at=clock.now())
    return {**vars(made), "code": code}


@views.route(f"{_ONE}/statistics")
@requires(_MAY)
@views.response(200, CampaignOut)
def show_campaign(contest_id: UUID) -> Campaign:
    """Show who took part, by region, industry and role, and what they learnt."""
    return reviewing.campaign(contest_id, by=identity())


@views.route(f"{_ROUND}/release", methods=["PUT"])
@requires(_MAY)
@views.response(200, RoundOut)
@views.refuses(RoundNotOver)
def release_contest_results(round_id: UUID) -> ContestRound:
    """Release the results of a round that is over; who comes through may enter the next."""
    by = identity()
    with transaction():
        return results.release(round_id, by=by, at=clock.now())


@views.route(f"{_ROUND}/winners")
@requires(_MAY)
@views.response(200, WinnerListOut)
def list_contest_winners(round_id: UUID) -> dict[str, Any]:
    """List who earned a certificate of merit in the last round."""
    return {"items": merits.winners(round_id, by=identity())}


@views.route(f"{_ROUND}/signals")
@requires(_MAY)
@views.response(200, SignalListOut)
def list_contest_signals(round_id: UUID) -> dict[str, Any]:
    """List what looks like machines or shared responses: evidence for people."""
    found = reviewing.suspicions(round_id, by=identity(), at=clock.now())
    return {"items": reviewing.named(found)}


@views.route("/contest-entries/<uuid:entry_id>/disqualification", methods=["PUT"])
@requires(_MAY)
@views.arguments(ContestReasonIn)
@views.response(200, EntryOut)
@views.refuses(ResultsReleased)
def disqualify_entry(body: dict[str, str], entry_id: UUID) -> ContestEntry:
    """Take an entry out of a round, with a reason."""
    by = identity()
    with transaction():
        return results.disqualify(entry_id, **body, by=by, at=clock.now())


@views.route("/contest-entries/<uuid:entry_id>/winner", methods=["PUT"])
@requires(_MAY)
@views.arguments(WinnerIn)
@views.response(200, WinnerOut)
@views.refuses(ResultsReleased)
def name_winner(body: dict[str, UUID], entry_id: UUID) -> Winner:
    """Say who a winner is who took part by a phone number alone: the certificate follows."""
    by = identity()
    with transaction():
        return merits.name_winner(entry_id, **body, by=by, at=clock.now())
