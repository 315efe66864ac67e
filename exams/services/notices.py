"""What candidates are told of their outcomes after the exam: corrections, rulings (成绩通知).

The message says what happened; the letter that can be fetched says it on paper.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from exams.models import Appeal, OutcomeCorrection
from server.errors import Message
from server.messages.services import outbox
from server.messages.services.outbox import Told

#: Kinds of the messages; `subject_id` is the correction, or the appeal.
CORRECTED, RULED = "outcome_corrected", "appeal_ruled"

_VERDICT = {True: ("合格", "passed"), False: ("不合格", "failed")}


def of_correction(made: OutcomeCorrection, *, candidate_id: UUID, exam: str, at: datetime) -> None:
    """Tell a candidate, once, that an outcome they had seen has become another."""
    before, after = _VERDICT[made.passed_before], _VERDICT[made.passed_after]
    told = Told(
        kind=CORRECTED,
        title=Message(zh="成绩更正通知", en="Your outcome was corrected"),
        body=Message(
            zh=f"{exam}：成绩由 {made.score_before} 分（{before[0]}）更正为 "
            f"{made.score_after} 分（{after[0]}），更正通知书可下载。",
            en=f"{exam}: {made.score_before} points ({before[1]}) became "
            f"{made.score_after} ({after[1]}). There is a letter.",
        ),
        subject_id=made.id,
    )
    outbox.tell(told, once=f"{CORRECTED}:{made.id}", person_id=candidate_id, at=at)


def of_ruling(appeal: Appeal, *, at: datetime) -> None:
    """Tell a candidate, once, how their appeal was ruled upon."""
    zh, en = ("成立", "upheld") if appeal.upheld else ("不成立", "not upheld")
    told = Told(
        kind=RULED,
        title=Message(zh="成绩复核结论通知", en="Your appeal was ruled upon"),
        body=Message(
            zh=f"您的成绩复核申请经复核{zh}，复核结论通知书可下载。",
            en=f"Your appeal was {en}. There is a letter.",
        ),
        subject_id=appeal.id,
    )
    outbox.tell(told, once=f"{RULED}:{appeal.id}", person_id=appeal.candidate_id, at=at)
