"""What becomes of two sheets: the rule or a third examiner decides, then others hear (实操评定)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from functools import partial
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, select

from exams import scoring
from exams.circuits import WHOLE
from exams.models import Practical, PracticalOutcome, PracticalScorer
from exams.models.practicals import PracticalState, SubjectState
from exams.practical_errors import NothingDisputed, ScoreIncomplete, ScoreOutsideScale
from exams.scoring import Scores
from exams.services import (
    circuit_verdicts,
    practical_outcomes,
    practical_parts,
    practical_words,
    practicals,
    score_sheets,
    separation,
)
from exams.services.announcing import told_apart
from server.db import db
from server.errors import NotFound
from server.moments import MOMENT
from server.policy import Identity, Permission


def disputed(practical: Practical, part: str = WHOLE) -> frozenset[str]:
    """Return what a third examiner is to decide; nothing before both are in or if they agree."""
    leg = practical_parts.leg(practical, part)
    if leg is not None:
        return frozenset(leg.disputed)
    if not practical_parts.both_in(practical, part):
        return frozenset()
    given = practical_parts.given(practical, part)
    return scoring.disputed(score_sheets.of(practical.score_sheet), practical.drawn, *given)


def settle(practical: Practical, part: str = WHOLE, *, at: datetime) -> None:
    """Let the rule decide a part once both sheets are in, or call for a third examiner."""
    leg = practical_parts.leg(practical, part)
    if leg is not None:
        circuit_verdicts.settle(practical, leg, at=at)
    elif disputed(practical):
        practical.state = PracticalState.DISPUTED
        db.session.flush()
    elif practical_parts.both_in(practical, part):
        _decide(practical, scoring.mean(*practical_parts.given(practical, part)), at=at)


def rule(
    practical_id: UUID,
    *,
    subject: str | None = None,
    values: Mapping[str, Fraction],
    reason: str,
    by: Identity,
    at: datetime,
) -> Practical:
    """Decide, as the third examiner, what the two disagree about. Repeating it changes nothing.

    Args:
        practical_id: the practical.
        subject: of a circuit; None for the one that the asker is to decide.
        values: points of every disputed step; 1 or 0 for every disputed veto, 1 for failed.
        reason: why.
        by: the third examiner.
        at: the moment.

    Raises:
        NotFound: the asker is not the third examiner.
        NothingDisputed: the two do not disagree.
        ScoreIncomplete: something disputed is not decided.
        ScoreOutsideScale: a value lies outside the scale, or is not disputed.
        NotSeparated: the asker was bound to the candidate meanwhile.
    """
    practical = practicals.locked(practical_id, scope=by.scope(Permission.EXAMINE))
    third = _third(practical, subject, by)
    leg = practical_parts.leg(practical, third.subject)
    ruled_by = leg.ruled_by_id if leg else practical.outcome and practical.outcome.ruled_by_id
    if ruled_by == by.person_id:
        return practical
    open_to_it = disputed(practical, third.subject)
    state = leg.state if leg else practical.state
    if state not in (PracticalState.DISPUTED, SubjectState.DISPUTED) or not open_to_it:
        raise NothingDisputed
    scale = practical_parts.scale(practical, [third.subject])
    _check(values, open_to_it, scale)
    separation.check_acting(by, {practical.candidate_id}, at=at)
    given = practical_parts.given(practical, third.subject)
    scores = scoring.ruled(*given, practical_words.split(values, scale), open_to_it)
    third.handed_in_at = at
    told: dict[str, object] = {"decided": sorted(open_to_it)}
    if leg is None:
        outcome = _decide(practical, scores, at=at)
        outcome.ruled_by_id, outcome.reason = by.person_id, reason
        told |= {"score": outcome.score, "passed": outcome.passed}
    else:
        leg.ruled_by_id, leg.reason, leg.disputed = by.person_id, reason, []
        told |= {"subject": leg.subject}
        circuit_verdicts.close(practical, leg, scores, at=at)
    db.session.flush()
    practicals.tell("practical_ruled", practical, told, by=by, at=at, reason=reason)
    return practical


def _third(practical: Practical, subject: str | None, by: Identity) -> PracticalScorer:
    """Return where the asker rules: in the subject named, else in the one that is disputed."""
    found = [
        one
        for one in practical.scorers
        if (one.person_id, one.place) == (by.person_id, practical_parts.PAIR + 1)
        and subject in (None, one.subject)
    ]
    if not found:
        raise NotFound
    return min(found, key=lambda one: not disputed(practical, one.subject))


def announce_released(*, at: datetime, limit: int) -> int:
    """Tell others about practicals whose release has come; return how many were told."""
    statement = (
        select(Practical, PracticalOutcome)
        .join(PracticalOutcome, PracticalOutcome.practical_id == Practical.id)
        .where(*_due(at))
        .order_by(PracticalOutcome.released_at, PracticalOutcome.practical_id)
        .limit(limit)
        .with_for_update(of=PracticalOutcome, skip_locked=True)
    )
    due = db.session.execute(statement).all()
    return told_apart(due, partial(practical_outcomes.announce, at=at), what="practical")


def visible(practical: Practical, *, at: datetime) -> PracticalOutcome | None:
    """Return the outcome that the candidate may see at a moment, None where there is none yet."""
    outcome = practical.outcome
    if outcome is None or practical.state is PracticalState.VOIDED or outcome.released_at > at:
        return None
    return outcome


def _due(at: datetime | BindParameter[datetime]) -> tuple[ColumnElement[bool], ...]:
    return (
        PracticalOutcome.announced_at.is_(None),
        PracticalOutcome.released_at <= at,
        Practical.state == PracticalState.DECIDED,
    )


#: Practicals whose release has come and of which nobody was told yet; for the work that tells.
RELEASED = select(PracticalOutcome.practical_id).join(Practical).where(*_due(MOMENT))


def _decide(practical: Practical, scores: Scores, *, at: datetime) -> PracticalOutcome:
    sheet = score_sheets.of(practical.score_sheet)
    verdict = scoring.verdict(sheet, practical.drawn, scores)
    return practical_outcomes.decide(practical, verdict, at=at)


def _check(
    values: Mapping[str, Fraction],
    open_to_it: frozenset[str],
    scale: Mapping[str, Fraction | None],
) -> None:
    beyond = [
        code
        for code, value in values.items()
        if code not in open_to_it or not scoring.fits(value, scale[code])
    ]
    if beyond:
        raise ScoreOutsideScale(codes=sorted(beyond))
    missing = open_to_it - values.keys()
    if missing:
        raise ScoreIncomplete(missing=sorted(missing))
