"""Finding results, and looking at them again upon an appeal (评价结论与申诉)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from certificates.competence import grading, judging, results
from certificates.competence.errors import (
    AppealTooLate,
    DisagreementOpen,
    JudgementMissing,
    MarksUnfit,
)
from certificates.competence.kinds import Move, Side, State
from certificates.competence.knowing import Marked
from certificates.competence.models import CompetenceAppeal, CompetenceAppraisal
from certificates.competence.services import finding, judgements, knowing, opening
from certificates.competence.services.finding import Held
from server import days
from server.db import db
from server.errors import IdTaken, NotFound
from server.organisations import services as organisations
from server.policy import Identity
from server.records.entries import RecordKind
from server.records.services import ledger


def conclude(appraisal_id: UUID, *, by: Identity, at: datetime) -> CompetenceAppraisal:
    """Find the result: marks that count, proofs of this day, the grade reached, the gaps.

    The person's own marks are not waited for. The result goes into the person's file.

    Raises:
        NotFound: the place lies outside of where the asker leads.
        JudgesOneself, JudgesSuperior: it is the asker's own, or their superior's.
        AppraisalState: it was withdrawn.
        JudgementMissing: the supervisor, or somebody of the panel, has not judged.
        DisagreementOpen: the marks lie apart, and nobody has settled it.
    """
    on = days.civil_day(at)
    held = finding.led(appraisal_id, by=by, on=on)
    appraisal = held.appraisal
    if appraisal.state is State.CONCLUDED:
        return appraisal
    finding.move(appraisal, Move.CONCLUDE)
    marks = _marks(held)
    appraisal.concluded_at, appraisal.concluded_on = at, on
    appraisal.concluded_by_id = by.person_id
    _keep(held, marks, on=on)
    _tell_file(held, source="岗位能力评价", by=by, at=at)
    opening.tell("competence_concluded", appraisal, by=by, at=at, reached=appraisal.reached)
    return appraisal


def appeal(appraisal_id: UUID, *, reason: str, by: Identity, at: datetime) -> CompetenceAppeal:
    """Ask for another look at one's own result, within its days. The same again changes nothing.

    Raises:
        NotFound: it is not the asker's own.
        AppraisalState: there is no result, or it was appealed against already.
        AppealTooLate: the days are over.
        IdTaken: an appeal with another reason stands.
    """
    held = finding.get(appraisal_id, locked=True)
    if held.appraisal.person_id != by.person_id:
        raise NotFound
    known = db.session.get(CompetenceAppeal, appraisal_id)
    if known is not None:
        if known.reason != reason:
            raise IdTaken
        return known
    last = last_day_of_appeal(held)
    finding.move(held.appraisal, Move.APPEAL)
    if last is not None and days.civil_day(at) > last:
        raise AppealTooLate(until_on=last.isoformat())
    made = CompetenceAppeal(
        appraisal_id=appraisal_id,
        reason=reason,
        appealed_at=at,
        result_before=held.appraisal.result or {},
    )
    db.session.add(made)
    db.session.flush()
    opening.tell("competence_appealed", held.appraisal, by=by, at=at, reason=reason)
    return made


def decide(
    appraisal_id: UUID, *, marks: Mapping[str, int], decision: str, by: Identity, at: datetime
) -> CompetenceAppeal:
    """Decide an appeal: other marks for some competences, or none, with a reason.

    The result is found anew for the day on which it was found first. The same again changes
    nothing.

    Raises:
        NotFound: there is no appeal where the asker leads.
        JudgesOneself, JudgesSuperior: it is the asker's own, or their superior's.
        JudgeSettles: the asker judged, settled or concluded in it.
        MarksUnfit: a mark is for something that nobody judges, or beyond the scale.
        IdTaken: it was decided otherwise.
    """
    held = finding.led(appraisal_id, by=by, on=days.civil_day(at))
    made = db.session.get(CompetenceAppeal, appraisal_id)
    if made is None:
        raise NotFound
    if made.decided_at is not None:
        if (made.marks, made.decision) != (dict(marks), decision):
            raise IdTaken
        return made
    judgements.check_apart_from(by, _had_a_part(held))
    _check_marks(marks, held)
    finding.move(held.appraisal, Move.DECIDE)
    made.decided_at, made.decided_by_id = at, by.person_id
    made.marks, made.decision = dict(marks), decision
    before = (held.appraisal.result or {})["marks"]
    _keep(held, {**before, **marks}, on=held.appraisal.concluded_on or days.civil_day(at))
    _tell_file(held, source="岗位能力评价申诉", by=by, at=at)
    reached = held.appraisal.reached
    opening.tell(
        "competence_appeal_decided", held.appraisal, by=by, at=at, reason=decision, reached=reached
    )
    return made


def last_day_of_appeal(held: Held) -> date | None:
    """Return the last day on which one may appeal; None where there is no result yet."""
    concluded = held.appraisal.concluded_on
    return concluded and concluded + timedelta(days=held.framework.appeal_days)


def _marks(held: Held) -> dict[str, int]:
    appraisal, framework = held.appraisal, held.framework
    every = finding.judges(appraisal.id)
    waiting = [each for each in every if each.marks is None and each.side is not Side.SELF]
    if waiting:
        raise JudgementMissing(count=len(waiting))
    judged = finding.judged(every)
    settled = {each.competence: each.mark for each in finding.settlements(appraisal.id)}
    left = [
        each.key
        for each in judging.disagreements(judged, framework, appraisal.family)
        if each.key not in settled
    ]
    if left:
        raise DisagreementOpen(competences=", ".join(left))
    return judging.together(judged, settled, framework, appraisal.family)


def _keep(held: Held, marks: Mapping[str, int], *, on: date) -> None:
    """Work out where the person stands with these marks, and keep it as the result."""
    appraisal = held.appraisal
    known = knowing.known(appraisal.person_id, held.framework.key, on=on, but=appraisal.id)
    given = [Marked(competence=key, mark=mark, on=on) for key, mark in marks.items()]
    with_these = replace(
        known,
        # The latest counts, and of the same day the first: these stand before all others.
        marks=[*given, *known.marks],
        presented=[*known.presented, *knowing.presented([appraisal.id])],
    )
    standing = grading.standing(
        held.framework, appraisal.family, appraisal.grade, with_these, on=on
    )
    appraisal.result, appraisal.reached = results.told(standing, marks), standing.reached
    db.session.flush()


def _check_marks(marks: Mapping[str, int], held: Held) -> None:
    judged = {each.key for each in held.framework.judged(held.appraisal.family)}
    on_scale = all(1 <= mark <= held.framework.highest_mark for mark in marks.values())
    if not set(marks) <= judged or not on_scale:
        raise MarksUnfit(competences=", ".join(sorted(judged)))


def _had_a_part(held: Held) -> set[UUID]:
    found = {each.person_id for each in finding.judges(held.appraisal.id)}
    found |= {each.settled_by_id for each in finding.settlements(held.appraisal.id)}
    concluded = held.appraisal.concluded_by_id
    return found if concluded is None else {*found, concluded}


def _tell_file(held: Held, *, source: str, by: Identity, at: datetime) -> None:
    """Add the result to the person's file."""
    appraisal, framework = held.appraisal, held.framework
    names = {each.key: each.name_zh for each in framework.grades}
    reached = names[appraisal.reached] if appraisal.reached else "未达到"
    place = organisations.get(appraisal.organisation_id)
    content: dict[str, Any] = {
        "organisation_id": place.id,
        "summary": f"{framework.name_zh}：{reached}（申报{names[appraisal.grade]}）",
        "consequence": None,
        "appraisal_id": appraisal.id,
    }
    ledger.add(
        appraisal.person_id,
        RecordKind.NOTE,
        subject_id=appraisal.id,
        happened_at=at,
        content=content,
        source=f"{place.name} · {source}",
        by=by,
        at=at,
    )
