"""Judging: marks, entries presented, disagreements settled (评分、举证、裁定)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from certificates.competence import judging, proving
from certificates.competence.errors import (
    JudgedAlready,
    JudgeSettles,
    MarksUnfit,
    NothingToSettle,
    ProofExpired,
    ProofUnfit,
    SupervisorElsewhere,
)
from certificates.competence.frameworks import Proof
from certificates.competence.kinds import ProofKind, Side
from certificates.competence.models import (
    CompetenceEvidence,
    CompetenceJudge,
    CompetenceSettlement,
)
from certificates.competence.services import cycles, finding, opening, relations
from certificates.competence.services.finding import Held
from server import days
from server.db import db
from server.errors import NotFound
from server.policy import Identity
from server.records.models import Record
from server.records.services import ledger
from server.training.services import putting


def judge(
    appraisal_id: UUID,
    marks: Mapping[str, int],
    *,
    comment: str | None,
    by: Identity,
    at: datetime,
) -> CompetenceJudge:
    """Give one's marks: as the person themself, the supervisor, or one of the panel.

    Given once: whoever could change them would wait for the others'. The same again changes
    nothing.

    Raises:
        NotFound: the asker does not judge in it.
        AppraisalState: it is not open.
        CycleOver: its days are over, or have not begun.
        SupervisorElsewhere: the supervisor leads the place no longer.
        JudgesOneself, JudgesSuperior: so it turned out since they were named.
        MarksUnfit: a mark is missing, or lies beyond the scale.
        JudgedAlready: others were given before.
    """
    on = days.civil_day(at)
    held = finding.get(appraisal_id, locked=True)
    found = finding.judge_of(held.appraisal, by.person_id)
    if found is None:
        raise NotFound
    if found.marks is not None:
        if dict(found.marks) != dict(marks):
            raise JudgedAlready
        return found
    finding.check_open(held.appraisal)
    cycles.check_running(held.cycle, on)
    _check_may_judge(found, held, on=on)
    judging.check(marks, held.framework, held.appraisal.family)
    found.marks, found.comment, found.given_at = dict(marks), comment, at
    db.session.flush()
    opening.tell("competence_judged", held.appraisal, by=by, at=at, side=found.side)
    return found


def present(
    evidence_id: UUID,
    appraisal_id: UUID,
    *,
    competence: str,
    record_id: UUID,
    by: Identity,
    at: datetime,
) -> CompetenceEvidence:
    """Present an entry of the person's file for a competence. The same again changes nothing.

    Raises:
        NotFound: the asker is neither the person nor a judge, or the file has no such entry that
            stands.
        AppraisalState: the evaluation is not open.
        ProofUnfit: no proof of this competence takes such an entry.
        ProofExpired: it is older than it lasts.
        IdTaken: another entry was presented under this id.
    """
    held = finding.get(appraisal_id, locked=True)
    if finding.judge_of(held.appraisal, by.person_id) is None:
        raise NotFound
    values = {
        "appraisal_id": appraisal_id,
        "competence": competence,
        "record_id": record_id,
    }
    known = putting.known(CompetenceEvidence, evidence_id, values)
    if known is not None:
        return known
    finding.check_open(held.appraisal)
    record = _standing(held.appraisal.person_id, record_id)
    proofs = _taking(record, competence, held)
    lasting = [proving.last_day(record.happened_on, each.months) for each in proofs]
    last = max(day for day in lasting if day is not None)
    if last < days.civil_day(at):
        raise ProofExpired(happened_on=record.happened_on.isoformat(), last_on=last.isoformat())
    return putting.made(
        CompetenceEvidence(
            id=evidence_id,
            **values,
            kind=record.kind,
            happened_on=record.happened_on,
            presented_at=at,
            presented_by_id=by.person_id,
        )
    )


def settle(
    appraisal_id: UUID, competence: str, *, mark: int, reason: str, by: Identity, at: datetime
) -> CompetenceSettlement:
    """Settle a disagreement about a competence, with a reason. The same again changes nothing.

    Raises:
        NotFound: the place lies outside of where the asker leads.
        JudgesOneself, JudgesSuperior: it is the asker's own, or their superior's.
        JudgeSettles: the asker judged.
        AppraisalState: the evaluation is not open.
        NothingToSettle: somebody has not judged yet, or the marks do not lie apart there.
        MarksUnfit: the mark lies beyond the scale.
        JudgedAlready: it was settled otherwise.
    """
    held = finding.led(appraisal_id, by=by, on=days.civil_day(at))
    every = finding.judges(appraisal_id)
    check_apart_from(by, {each.person_id for each in every})
    known = {each.competence: each for each in finding.settlements(appraisal_id)}.get(competence)
    if known is not None:
        if (known.mark, known.reason) != (mark, reason):
            raise JudgedAlready
        return known
    finding.check_open(held.appraisal)
    waits = any(each.marks is None for each in every if each.side is not Side.SELF)
    if waits or not judging.apart(competence, finding.judged(every), held.framework):
        raise NothingToSettle
    if not 1 <= mark <= held.framework.highest_mark:
        raise MarksUnfit(competences=competence)
    made = putting.made(
        CompetenceSettlement(
            appraisal_id=appraisal_id,
            competence=competence,
            mark=mark,
            reason=reason,
            settled_by_id=by.person_id,
            settled_at=at,
        )
    )
    opening.tell(
        "competence_settled", held.appraisal, by=by, at=at, reason=reason, competence=competence
    )
    return made


def check_apart_from(by: Identity, person_ids: set[UUID]) -> None:
    """Refuse somebody who had a part in what they are to decide about, under whatever entry.

    Raises:
        JudgeSettles: they had.
    """
    if relations.entries_of(by.person_id) & person_ids:
        raise JudgeSettles


def _check_may_judge(judge: CompetenceJudge, held: Held, *, on: date) -> None:
    if judge.side is Side.SELF:
        return
    relations.check_judge(judge.person_id, held.appraisal.person_id, on=on)
    place_id = held.appraisal.organisation_id
    if judge.side is Side.SUPERVISOR and not relations.leads(judge.person_id, place_id, on=on):
        raise SupervisorElsewhere


def _standing(person_id: UUID, record_id: UUID) -> Record:
    for record in ledger.standing(person_id):
        if record.id == record_id:
            return record
    raise NotFound


def _taking(record: Record, competence: str, held: Held) -> list[Proof]:
    """Return the proofs of a competence, at the grade looked for, that take such an entry."""
    framework, appraisal = held.framework, held.appraisal
    found = [
        proof
        for each in framework.needed(appraisal.family)
        if each.key == competence
        for group in framework.asked(each, appraisal.grade)
        for proof in group
        if proof.kind is ProofKind.ENTRY and record.kind.value in proof.record_kinds
    ]
    if not found:
        raise ProofUnfit
    return found
