"""What becomes of the subjects of a circuit: each by its pair, all of them together (轮转评定)."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction

from exams import reconciling, scoring
from exams.models import Candidature, Practical, PracticalSubject, Sitting
from exams.models.practicals import PracticalState, SubjectState
from exams.scoring import Scores
from exams.services import practical_outcomes, practical_parts, practicals, score_sheets
from exams.sittings import SittingState
from server.db import db


def settle(practical: Practical, leg: PracticalSubject, *, at: datetime) -> None:
    """Let the rule decide a subject once both sheets are in, or call for a third examiner.

    Who was written down as absent and was scored all the same was there.
    """
    if leg.state is SubjectState.ABSENT:
        leg.state, leg.reason = SubjectState.PLANNED, None
    if leg.state is not SubjectState.PLANNED or not practical_parts.both_in(practical, leg.subject):
        return
    sheet = score_sheets.of(practical.score_sheet)
    given = practical_parts.given(practical, leg.subject)
    open_to_third = reconciling.disputed(sheet, practical.drawn, leg.subject, *given)
    if open_to_third:
        leg.state, leg.disputed = SubjectState.DISPUTED, sorted(open_to_third)
        db.session.flush()
        return
    close(practical, leg, scoring.mean(*given), at=at)


def close(practical: Practical, leg: PracticalSubject, scores: Scores, *, at: datetime) -> None:
    """Decide a subject; a veto may end the others, and with the last one the whole is decided."""
    leg.state = SubjectState.DECIDED
    leg.marks = {code: str(mark) for code, mark in sorted(scores.marks.items())}
    leg.failed_vetoes = sorted(scores.failed_vetoes)
    told = {"subject": leg.subject, "failed_vetoes": leg.failed_vetoes}
    practicals.tell("practical_subject_decided", practical, told, by=None, at=at)
    if leg.failed_vetoes and _sitting(practical).veto_ends:
        _end(practical)
    db.session.flush()
    finish(practical, at=at)


def _end(practical: Practical) -> None:
    """End the subjects that nobody has begun to score."""
    for other in practical.legs:
        begun = practical_parts.has_spoken(practical, other.subject)
        if other.state is SubjectState.PLANNED and not begun:
            other.state = SubjectState.ENDED


def finish(practical: Practical, *, at: datetime, over: bool = False) -> None:
    """Decide the whole once every subject is in.

    Somebody who was absent may still be called while the sitting goes on; then absences count.

    Args:
        practical: with its subjects.
        at: the moment.
        over: whether the sitting ends with this.
    """
    states = {one.state for one in practical.legs}
    if practical.state is PracticalState.DECIDED or SubjectState.PLANNED in states:
        return
    if SubjectState.ABSENT in states and not over:
        over = _sitting(practical).state is SittingState.DONE
        if not over:
            return
    if SubjectState.DISPUTED not in states:
        _look_between(practical)
    if any(one.state is SubjectState.DISPUTED for one in practical.legs):
        practical.state = PracticalState.DISPUTED
        db.session.flush()
        return
    missed = frozenset(one.subject for one in practical.legs if _is_missed(one))
    decided = [_scores(one) for one in practical.legs if not _is_missed(one)]
    sheet = score_sheets.of(practical.score_sheet)
    verdict = reconciling.together(sheet, practical.drawn, decided, missed)
    practical_outcomes.decide(practical, verdict, at=at)


def _look_between(practical: Practical) -> None:
    """Call for a third examiner where passing hangs on which of two examiners one believes."""
    done = [one for one in practical.legs if one.state is SubjectState.DECIDED]
    if any(one.failed_vetoes for one in done) or len(done) < len(practical.legs):
        return
    found = reconciling.undecided(
        score_sheets.of(practical.score_sheet),
        practical.drawn,
        [_scores(one) for one in done if one.ruled_by_id is not None],
        {
            one.subject: practical_parts.given(practical, one.subject)
            for one in done
            if one.ruled_by_id is None
        },
    )
    for one in done:
        if one.subject in found:
            one.state, one.disputed = SubjectState.DISPUTED, sorted(found[one.subject])


def _is_missed(leg: PracticalSubject) -> bool:
    return leg.state in (SubjectState.ABSENT, SubjectState.ENDED)


def _scores(leg: PracticalSubject) -> Scores:
    marks = {code: Fraction(mark) for code, mark in leg.marks.items()}
    return Scores(marks=marks, failed_vetoes=frozenset(leg.failed_vetoes))


def _sitting(practical: Practical) -> Sitting:
    place = db.session.get_one(Candidature, practical.enrolment_id)
    return db.session.get_one(Sitting, place.sitting_id)
