"""Refusals about study online (网络学习的拒绝)."""

from __future__ import annotations

from server.errors import DomainError


class HoursNotSeen(DomainError):
    """A phone claims time that the server did not see."""

    code = "hours_not_seen"
    en = "The server has not seen that much time in this session. Hours are counted by the server."
    zh = "所报学习时长超过服务器记录，学时以服务器记录为准。"


class SessionOver(DomainError):
    """The session was ended; begin another."""

    code = "study_session_over"
    en = "This session is over. Begin another."
    zh = "本次学习已结束，请重新开始。"


class NotStudyable(DomainError):
    """The lesson cannot be studied by this learner today."""

    code = "not_studyable"
    en = "This lesson cannot be studied now: {reason}."
    zh = "当前不能学习该课件：{reason_zh}。"

    def __init__(self, *, reason: str, reason_zh: str) -> None:
        super().__init__(reason=reason, reason_zh=reason_zh)


class TestUnfit(DomainError):
    """What was chosen does not fit the lesson test, or the lesson has none."""

    code = "lesson_test_unfit"
    status = 422
    en = "This does not fit the test of the lesson."
    zh = "提交内容与课后测验不符。"


class LessonUnfit(DomainError):
    """A lesson online contradicts itself or its programme."""

    code = "online_lesson_unfit"
    status = 422
    en = "The lesson does not fit: {reason}."
    zh = "课件不符合要求：{reason_zh}。"

    def __init__(self, *, reason: str, reason_zh: str) -> None:
        super().__init__(reason=reason, reason_zh=reason_zh)


class AppealDecided(DomainError):
    """An appeal is decided once."""

    code = "study_appeal_decided"
    en = "This appeal was decided before."
    zh = "该申诉已作出决定。"


class OwnHours(DomainError):
    """Nobody decides about their own hours."""

    code = "own_hours"
    status = 403
    en = "Nobody decides about their own hours."
    zh = "不得裁定本人学时。"
