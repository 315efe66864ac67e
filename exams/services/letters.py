"""Letters to candidates: an outcome that was corrected, an appeal that was ruled on (通知书).

Made anew from what is kept for ever whenever it is asked for: the same words, the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from importlib.resources import files
from typing import Any
from uuid import UUID

from exams.models import Appeal, Attempt, OutcomeCorrection, Practical
from exams.models.appeals import Effect, Ground
from exams.regrading import Cause
from server import days, printing
from server.db import db
from server.errors import NotFound
from server.people.models import Person

_CAUSES = {
    Cause.REGRADE: ("重新评分", "a question was graded anew"),
    Cause.CORRECTION: ("成绩更正", "the score was set right"),
    Cause.LATE_RESPONSES: ("迟到作答计入", "late responses were admitted"),
}
_GROUNDS = {
    Ground.QUESTION: ("试题或答案", "a question or its key"),
    Ground.SCORING: ("评分", "scoring"),
    Ground.CONDUCT: ("考试组织", "the conduct of the exam"),
}
_EFFECTS = {
    Effect.NOTHING: ("维持原成绩。", "The outcome stands."),
    Effect.REGRADE: (
        "已对该题提出重新评分，经两人审批后对所有考生执行；成绩如有变化另行通知。",
        "A regrade was proposed for everybody who was asked; changes are told apart.",
    ),
    Effect.CORRECTION: (
        "已提出成绩更正，经第二人复核后执行；成绩如有变化另行通知。",
        "A correction was proposed, which a second person decides; changes are told apart.",
    ),
}


def of_correction(correction_id: UUID, *, candidate_id: UUID) -> bytes:
    """Return the letter about a correction of one's own outcome, as PDF.

    Raises:
        NotFound: there is none, or it is somebody else's.
    """
    made = db.session.get(OutcomeCorrection, correction_id)
    if made is None:
        raise NotFound
    thing = _thing(made.attempt_id, made.practical_id, candidate_id)
    zh, en = _CAUSES[made.cause]
    facts = [
        ("考试 Exam", _name(thing)),
        ("考试日期 Held on", days.civil_day(_held_at(thing)).isoformat()),
        ("更正依据 Ground", f"{zh} {en}"),
        ("原成绩 Before", _score(made.score_before, made.max_before, passed=made.passed_before)),
        ("更正后成绩 Now", _score(made.score_after, made.max_after, passed=made.passed_after)),
        ("理由 Reason", made.reason),
    ]
    return _printed(
        title="成绩更正通知书",
        title_en="Correction of an outcome",
        number=made.id,
        candidate_id=candidate_id,
        facts=facts,
        closing=_consequence(made),
        office=_office(thing),
        at=made.corrected_at,
    )


def of_ruling(appeal_id: UUID, *, candidate_id: UUID) -> bytes:
    """Return the letter about the ruling on one's own appeal, as PDF.

    Raises:
        NotFound: there is no such appeal, it is somebody else's, or it has no ruling.
    """
    appeal = db.session.get(Appeal, appeal_id)
    if appeal is None or appeal.candidate_id != candidate_id or appeal.ruled_at is None:
        raise NotFound
    thing = _thing(appeal.attempt_id, appeal.practical_id, candidate_id)
    zh, en = _GROUNDS[appeal.ground]
    facts = [
        ("考试 Exam", _name(thing)),
        ("申请日期 Filed on", days.civil_day(appeal.filed_at).isoformat()),
        ("申请事项 About", f"{zh} {en}"),
        ("申请理由 Statement", appeal.statement),
        ("复核结论 Ruling", "成立 Upheld" if appeal.upheld else "不成立 Not upheld"),
        ("理由 Reason", appeal.reason or ""),
    ]
    return _printed(
        title="成绩复核结论通知书",
        title_en="Ruling on an appeal",
        number=appeal.id,
        candidate_id=candidate_id,
        facts=facts,
        closing=_EFFECTS[appeal.effect or Effect.NOTHING],
        office=_office(thing),
        at=appeal.ruled_at,
    )


def _thing(
    attempt_id: UUID | None, practical_id: UUID | None, candidate_id: UUID
) -> Attempt | Practical:
    found: Attempt | Practical | None = (
        db.session.get(Practical, practical_id)
        if practical_id is not None
        else db.session.get(Attempt, attempt_id)
    )
    if found is None or found.candidate_id != candidate_id:
        raise NotFound
    if found.outcome is None or found.outcome.announced_at is None:
        raise NotFound
    return found


def _name(thing: Attempt | Practical) -> str:
    if isinstance(thing, Attempt):
        return thing.exam.name
    return f"{thing.qualification.name_zh}实际操作考试"


def _held_at(thing: Attempt | Practical) -> datetime:
    return thing.started_at if isinstance(thing, Attempt) else thing.planned_at


def _office(thing: Attempt | Practical) -> str:
    held = thing.exam if isinstance(thing, Attempt) else thing
    return held.organisation.name


def _score(score: str, most: str, *, passed: bool) -> str:
    return f"{score} / {most}　{'合格 Passed' if passed else '不合格 Failed'}"


def _consequence(made: OutcomeCorrection) -> tuple[str, str]:
    if made.passed_before and not made.passed_after:
        return (
            "以原成绩为依据的证书暂停使用，由发证机关另行决定。原成绩存档备查。",
            "A certificate that rests on it is suspended until its authority decides. "
            "The original outcome is kept.",
        )
    if made.passed_after and not made.passed_before:
        return (
            "您可按更正后的成绩办理后续手续。原成绩存档备查。",
            "You may go on from the corrected outcome. The original is kept.",
        )
    return ("合格与否不变。原成绩存档备查。", "The verdict stays. The original is kept.")


def _printed(
    *,
    title: str,
    title_en: str,
    number: UUID,
    candidate_id: UUID,
    facts: list[tuple[str, str]],
    closing: tuple[str, str],
    office: str,
    at: datetime,
) -> bytes:
    candidate = db.session.get_one(Person, candidate_id)
    data: Mapping[str, Any] = {
        "title": title,
        "title_en": title_en,
        "number": number.hex[:12].upper(),
        "name": candidate.name,
        "document": candidate.document_masked,
        "facts": facts,
        "closing": closing,
        "office": office,
        "day": days.civil_day(at).isoformat(),
    }
    return printing.pdf(files("exams").joinpath("templates", "letter.typ"), data, at=at)
