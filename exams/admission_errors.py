"""Refusals of applying for a sitting, being decided upon and being let in (报名与入场的拒绝)."""

from __future__ import annotations

from server.errors import DomainError


class NotAdmitted(DomainError):
    """The place still waits for something before its candidate may start."""

    code = "not_admitted"
    en = "The place still waits for: {awaits}."
    zh = "该报名尚未完成：{awaits_zh}。"

    def __init__(self, *, awaits: str) -> None:
        super().__init__(awaits=awaits, awaits_zh=_AWAITED_ZH.get(awaits, awaits))


_AWAITED_ZH = {
    "decision": "资格审核",
    "stand_by": "候补递补",
    "seat": "座位编排",
    "check_in": "入场核验",
    "call": "实操叫号",
}


class EnrolmentClosed(DomainError):
    """Nobody may apply for the sitting now."""

    code = "enrolment_closed"
    en = "Applications for this sitting are taken from {opens_at} to {closes_at}."
    zh = "本场次报名时间为 {opens_at} 至 {closes_at}。"


class SittingFull(DomainError):
    """All places and all places to wait for one are taken."""

    code = "sitting_full"
    en = "All places of this sitting are taken, and no more people may wait for one."
    zh = "本场次名额及候补名额均已满。"


class SittingsOverlap(DomainError):
    """The candidate has a place in another sitting in these hours."""

    code = "sittings_overlap"
    en = "The candidate has a place in another sitting in these hours."
    zh = "该考生在同一时段已报名其他场次。"


class SenderUnfit(DomainError):
    """Who sends candidates names the organisation for which they do."""

    code = "sender_unfit"
    status = 422
    en = "Name the employer or provider that sends the candidate, from within your own scope."
    zh = "请填写您所属的报送单位或培训机构。"


class OwnApplication(DomainError):
    """Who applied, or is the candidate, does not decide."""

    code = "own_application"
    status = 403
    en = "An application is decided by somebody else than the candidate and whoever sent it."
    zh = "资格审核须由考生本人和报送人以外的人员作出。"


class AlreadyDecided(DomainError):
    """The application was decided otherwise; the way on is a new application."""

    code = "already_decided"
    en = "The application was decided already. Against a refusal, apply anew."
    zh = "该申请已作出决定；对不予通过有异议的，请重新申请。"


class AbsenceTooLate(DomainError):
    """It is too late to tell that one will not come."""

    code = "absence_too_late"
    en = "An absence could be told until {until_at}."
    zh = "请假须在 {until_at} 前提出。"


class AlreadyLetIn(DomainError):
    """The candidate was let in."""

    code = "already_let_in"
    en = "The candidate was let in already."
    zh = "该考生已入场。"


class NotDoorTime(DomainError):
    """The doors of the sitting are not open."""

    code = "not_door_time"
    en = "The doors of this sitting are not open. Keep what was entered, and send it again."
    zh = "本场次尚未开放入场，请保留记录稍后重新发送。"


class NotOnDuty(DomainError):
    """Who speaks of a room is not assigned to it."""

    code = "not_on_duty"
    status = 403
    en = "You are not assigned to this room."
    zh = "您未被安排监考该考场。"


class BelongsToSitting(DomainError):
    """The exam is a sitting: applications, seats and rooms are dealt with there."""

    code = "belongs_to_sitting"
    en = "This exam is a sitting. Apply and seat people at /v1/sittings/{sitting_id}."
    zh = "该考试为考试场次，请在 /v1/sittings/{sitting_id} 办理报名和座位。"

    def __init__(self, *, sitting_id: str) -> None:
        super().__init__(sitting_id=sitting_id)
