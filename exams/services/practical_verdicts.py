"""What becomes of two sheets: the rule or a third examiner decides, then others hear (实操评定)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from functools import partial
from uuid import UUID

from sqlalchemy import ColumnElement, select

from exams import scoring
from exams.models import Practical, PracticalOutcome
from exams.models.practicals import PracticalState
from exams.practical_errors import NothingDisputed, ScoreIncomplete, ScoreOutsideScale
from exams.scoring import Scores
from exams.services import (
    attainments,
    ledger,
    practical_words,
    practicals,
    score_sheets,
    separation,
)
from exams.services.announcing import told_apart
from server.audit import services as audit
from server.db import db
from server.errors import NotFound
from server.policy import Identity, Permission


def both_in(practical: Practical) -> bool:
    """Say whether both examiners have handed in."""
    pair = practical.scorers[: practicals.PAIR]
    return len(pair) == practicals.PAIR and all(one.handed_in_at is not None for one in pair)


def disputed(practical: Practical) -> frozenset[str]:
    """Return what a third examiner is to decide; nothing before both are in or if they agree."""
    if not both_in(practical):
        return frozenset()
    one, other = _pair(practical)
    return scoring.disputed(score_sheets.of(practical.score_sheet), practical.drawn, one, other)


def settle(practical: Practical, *, at: datetime) -> None:
    """Let the rule decide once both sheets are in, or call for a third examiner."""
    if not both_in(practical):
        return
    if disputed(practical):
        practical.state = PracticalState.DISPUTED
        db.session.flush()
        return
    _decide(practical, scoring.mean(*_pair(practical)), at=at)


def rule(
    practical_id: UUID,
    *,
    values: Mapping[str, Fraction],
    reason: str,
    by: Identity,
    at: datetime,
) -> Practical:
    """Decide, as the third examiner, what the two disagree about. Repeating it changes nothing.

    Args:
        practical_id: the practical.
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
    third = practical.scorers[practicals.PAIR :]
    if by.person_id not in [one.person_id for one in third]:
        raise NotFound
    if practical.outcome is not None and practical.outcome.ruled_by_id == by.person_id:
        return practical
    open_to_it = disputed(practical)
    if practical.state is not PracticalState.DISPUTED or not open_to_it:
        raise NothingDisputed
    sheet = score_sheets.of(practical.score_sheet)
    scale = scoring.scale(sheet, practical.drawn)
    _check(values, open_to_it, scale)
    separation.check_acting(by, {practical.candidate_id}, at=at)
    ruling = practical_words.split(values, scale)
    third[0].handed_in_at = at
    outcome = _decide(practical, scoring.ruled(*_pair(practical), ruling, open_to_it), at=at)
    outcome.ruled_by_id, outcome.reason = by.person_id, reason
    db.session.flush()
    told = {"score": outcome.score, "passed": outcome.passed, "decided": sorted(open_to_it)}
    practicals.tell("practical_ruled", practical, told, by=by, at=at, reason=reason)
    return practical


def awaits_announcing(*, at: datetime) -> bool:
    """Say whether there is a practical whose release has come and which nobody was told of yet."""
    found = select(PracticalOutcome.practical_id).join(Practical).where(*_due(at)).limit(1)
    return db.session.execute(found).first() is not None


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
    return told_apart(due, partial(_announce, at=at), what="practical")


def visible(practical: Practical, *, at: datetime) -> PracticalOutcome | None:
    """Return the outcome that the candidate may see at a moment, None where there is none yet."""
    outcome = practical.outcome
    if outcome is None or practical.state is PracticalState.VOIDED or outcome.released_at > at:
        return None
    return outcome


def _announce(practical: Practical, outcome: PracticalOutcome, *, at: datetime) -> None:
    outcome.announced_at = at
    db.session.flush()
    ledger.tell_practical(practical, outcome, at=at)
    if outcome.passed:
        attainments.tell(practical.theory, at=at)


def _due(at: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        PracticalOutcome.announced_at.is_(None),
        PracticalOutcome.released_at <= at,
        Practical.state == PracticalState.DECIDED,
    )


def _decide(practical: Practical, scores: Scores, *, at: datetime) -> PracticalOutcome:
    verdict = scoring.verdict(score_sheets.of(practical.score_sheet), practical.drawn, scores)
    outcome = PracticalOutcome(
        practical=practical,
        score=str(verdict.score),
        max_score=str(scoring.WHOLE),
        passed=verdict.passed,
        marks={code: str(mark) for code, mark in sorted(verdict.marks.items())},
        failed_vetoes=sorted(verdict.failed_vetoes),
        decided_at=at,
        released_at=max(at, practical.release_at or at),
    )
    practical.state = PracticalState.DECIDED
    db.session.add(outcome)
    db.session.flush()
    audit.append(
        "practical_decided",
        by=None,
        at=at,
        subject_kind="practical",
        subject_id=practical.id,
        after={
            "score": outcome.score,
            "passed": outcome.passed,
            "failed_vetoes": outcome.failed_vetoes,
        },
        organisation_path=practical.organisation.path,
    )
    if outcome.released_at <= at:
        _announce(practical, outcome, at=at)
    return outcome


def _pair(practical: Practical) -> tuple[Scores, Scores]:
    one, other = practical.scorers[: practicals.PAIR]
    return (
        practical_words.scores_of(practical, one.person_id),
        practical_words.scores_of(practical, other.person_id),
    )


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
