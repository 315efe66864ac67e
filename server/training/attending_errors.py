"""Refusals about signing in to lessons (签到相关的拒绝)."""

from __future__ import annotations

from server.errors import DomainError


class CodeRefused(DomainError):
    """The code was not signed by this platform, or is of another lesson or moment."""

    code = "sign_in_code_refused"
    en = "This code does not sign anybody in: it is not of this lesson and this moment."
    zh = "签到码无效：不属于本课程或本时段。"


class SignInTooLate(DomainError):
    """What was read without a network is handed in within a few days."""

    code = "sign_in_too_late"
    en = "The sign-in came more than {days} days later. Ask the teacher to enter it."
    zh = "签到超过 {days} 天才上传，请由教师补录。"

    def __init__(self, *, days: int) -> None:
        super().__init__(days=days)


class NotInClass(DomainError):
    """Only learners of the class sign in to its lessons."""

    code = "not_in_class"
    en = "This person has no place in the class of this lesson."
    zh = "该人员不是本班学员。"


class LessonNotOn(DomainError):
    """One signs in while the lesson is on, or shortly before."""

    code = "lesson_not_on"
    en = "The lesson is not on at that moment."
    zh = "该时刻不在课程签到时段内。"


class ElsewhereAtThatTime(DomainError):
    """Nobody is in two places at once."""

    code = "elsewhere_at_that_time"
    en = "This person has signed in to another lesson, or studied online, at that time."
    zh = "该人员同一时段已在其他课程签到或在线学习，不能同时在两处上课。"


class OwnAttendance(DomainError):
    """Nobody enters or confirms their own attendance."""

    code = "own_attendance"
    status = 403
    en = "Nobody enters or confirms their own attendance."
    zh = "不得为本人补签或确认考勤。"
