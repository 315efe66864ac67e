"""Refusals about who may train, and about classes (培训机构与培训班的拒绝)."""

from __future__ import annotations

from enum import StrEnum

from server.errors import DomainError


class ProviderNotApproved(DomainError):
    """No approval of the provider covers this training on these days."""

    code = "provider_not_approved"
    en = "No approval of this provider covers this training from its first to its last day."
    zh = "该培训机构没有覆盖整个培训期间和该培训内容的有效核准（备案）。"


class PoolGap(StrEnum):
    """What keeps somebody from the expert pool on a day."""

    NOT_APPOINTED = "not_appointed"
    DISMISSED = "dismissed"
    NOT_TRAINED = "not_trained"
    NOT_PASSED = "not_passed"


_GAPS = {
    PoolGap.NOT_APPOINTED: ("no appointment covers that day", "当日不在聘期内或未聘任"),
    PoolGap.DISMISSED: ("dismissed", "已解聘"),
    PoolGap.NOT_TRAINED: ("not trained for it by then", "截至当日未经培训"),
    PoolGap.NOT_PASSED: ("the last appraisal was not passed", "截至当日考核未合格"),
}


class NotInPool(DomainError):
    """Who is to act is not of the expert pool for this function on that day."""

    code = "not_in_pool"
    en = "This person is not of the expert pool for this function: {reason}."
    zh = "该人员不在该职能的专家库内：{reason_zh}。"

    def __init__(self, lack: PoolGap) -> None:
        reason, reason_zh = _GAPS[lack]
        super().__init__(gap=lack.value, reason=reason, reason_zh=reason_zh)


class OwnAppointment(DomainError):
    """Nobody appoints or appraises themselves."""

    code = "own_appointment"
    status = 403
    en = "Nobody appoints or appraises themselves: let somebody else do it."
    zh = "不得聘任或考核本人，请由他人办理。"


class TermUnfit(DomainError):
    """The days of a term, an approval or a registration contradict each other."""

    code = "term_unfit"
    status = 422
    en = "The days contradict each other: {reason}."
    zh = "日期相互矛盾：{reason_zh}。"

    def __init__(self, *, reason: str, reason_zh: str) -> None:
        super().__init__(reason=reason, reason_zh=reason_zh)


class SubjectNotApproved(DomainError):
    """A teacher teaches what they are approved for, on that day, and nothing else."""

    code = "subject_not_approved"
    en = "This teacher is not approved for this subject on that day."
    zh = "该教师当日未获准讲授该科目。"


class TeacherBusy(DomainError):
    """A teacher is in one lesson at a time."""

    code = "teacher_busy"
    en = "This teacher has another lesson at that time."
    zh = "该教师在该时段已有其他课程。"


class RoomBusy(DomainError):
    """A room holds one lesson at a time."""

    code = "room_busy"
    en = "This room has another lesson at that time, or is no longer used."
    zh = "该教室在该时段已有其他课程，或已停用。"


class RoomTooSmall(DomainError):
    """The room has fewer seats than the class has places."""

    code = "room_too_small"
    en = "The room has {seats} seats, fewer than the class has places."
    zh = "教室仅有 {seats} 个座位，少于培训班名额。"

    def __init__(self, *, seats: int) -> None:
        super().__init__(seats=seats)


class ClassBusy(DomainError):
    """A class is in one lesson at a time."""

    code = "class_busy"
    en = "The class has another lesson at that time."
    zh = "该班在该时段已有其他课程。"


class LessonOutsideClass(DomainError):
    """A lesson lies on one of the days of its class."""

    code = "lesson_outside_class"
    status = 422
    en = "The lesson does not lie within one day of the class."
    zh = "课程不在培训班期间的某一天之内。"


class LessonTooShort(DomainError):
    """A lesson gives no more hours than it lasts."""

    code = "lesson_too_short"
    status = 422
    en = "The lesson is shorter than its hours of {minutes} minutes each."
    zh = "课程时长少于所列学时（每学时 {minutes} 分钟）。"

    def __init__(self, *, minutes: int) -> None:
        super().__init__(minutes=minutes)


class DayTooFull(DomainError):
    """A class has no more hours in a day than a day may hold."""

    code = "day_too_full"
    status = 422
    en = "A class has at most {hours} training hours a day."
    zh = "培训班每天最多安排 {hours} 学时。"

    def __init__(self, *, hours: int) -> None:
        super().__init__(hours=hours)


class ClassHoursTooMany(DomainError):
    """The days of a class cannot hold the hours of its programme."""

    code = "class_hours_too_many"
    status = 422
    en = "The programme has more hours than these days can hold: at most {most}."
    zh = "培训方案学时超过所列天数可容纳的上限（{most} 学时）。"

    def __init__(self, *, most: int) -> None:
        super().__init__(most=most)


class ProgrammeTooShort(DomainError):
    """A programme has at least the hours that the law asks for."""

    code = "programme_too_short"
    status = 422
    en = "The law asks for at least {hours} hours: {source}."
    zh = "法定学时不少于 {hours} 学时（{source}）。"

    def __init__(self, *, hours: str, source: str) -> None:
        super().__init__(hours=hours, source=source)


class ProgrammeUnfit(DomainError):
    """What is said of a programme contradicts itself, or it is not in force."""

    code = "programme_unfit"
    status = 422
    en = "The programme does not fit: {reason}."
    zh = "培训方案不适用：{reason_zh}。"

    def __init__(self, *, reason: str, reason_zh: str) -> None:
        super().__init__(reason=reason, reason_zh=reason_zh)


class ClassOver(DomainError):
    """A class that is closed or cancelled is changed no more."""

    code = "class_over"
    en = "The class is closed or cancelled."
    zh = "培训班已结班或已取消。"


class ClassRunning(DomainError):
    """A class is closed after its last day, and cancelled before anybody was taught."""

    code = "class_running"
    en = "The class is still running, or has been taught already."
    zh = "培训班尚未结束，或已开课。"


class ClassFull(DomainError):
    """A class has only so many places."""

    code = "class_full"
    en = "The class has no free place."
    zh = "培训班名额已满。"


class LearnerTooYoung(DomainError):
    """Whoever is trained for this must be of age for it."""

    code = "learner_too_young"
    en = "This person is younger than {years} on the first day of the class."
    zh = "该人员在开班之日未满 {years} 周岁。"

    def __init__(self, *, years: int) -> None:
        super().__init__(years=years)


class LearnerBarred(DomainError):
    """A bar stands against this person."""

    code = "learner_barred"
    en = "A bar keeps this person from training for this qualification."
    zh = "该人员处于禁考、禁入期，不得参加该资格培训。"


class OwnClass(DomainError):
    """Nobody learns in the class that they run or teach."""

    code = "own_class"
    en = "This person runs or teaches the class."
    zh = "该人员为本班班主任或授课教师，不得作为学员。"
