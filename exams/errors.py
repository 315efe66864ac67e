"""What stands in the way in exams (考试中的拒绝)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from server.errors import DomainError


class NoStandard(DomainError):
    """No exam standard counts on the day the exam opens."""

    code = "no_standard"
    en = "No exam standard for {qualification} counts on {on}."
    zh = "{on} 没有适用于 {qualification} 的考试标准。"

    def __init__(self, *, qualification: str, on: str) -> None:
        super().__init__(qualification=qualification, on=on)


class SpecificationContradictory(DomainError):
    """No pool of questions could ever meet the paper specification."""

    code = "specification_contradictory"
    status = 422
    en = "No pool could meet this specification: section {section}, {fault}."
    zh = "组卷规则自相矛盾：第 {section} 部分，{fault}。"

    def __init__(self, *, section: int, fault: str) -> None:
        super().__init__(section=section, fault=fault)


class SpecificationInUse(DomainError):
    """Papers were drawn by the specification; write a new one."""

    code = "specification_in_use"
    en = "Papers were drawn by this specification. Write a new one."
    zh = "该组卷规则已用于组卷，请另建新规则。"


class PointsDoNotAddUp(DomainError):
    """The sections are not worth what the exam standard asks for."""

    code = "points_do_not_add_up"
    en = "The sections are worth {points} points together, and the standard asks for {max_points}."
    zh = "各部分合计 {points} 分，考试标准要求 {max_points} 分。"

    def __init__(self, *, points: int, max_points: int) -> None:
        super().__init__(points=points, max_points=max_points)


class QualificationDiffers(DomainError):
    """The specification was written for another qualification than the exam."""

    code = "qualification_differs"
    en = "The specification was written for another qualification."
    zh = "组卷规则所属的资格与考试不一致。"


class WindowContradictory(DomainError):
    """The hours of the exam promise what they cannot keep."""

    code = "window_contradictory"
    en = "The hours of the exam contradict each other: {contradictions}."
    zh = "考试时间设置自相矛盾：{contradictions}。"

    def __init__(self, *, contradictions: Sequence[str]) -> None:
        super().__init__(contradictions=", ".join(contradictions))


class PoolTooSmall(DomainError):
    """The question bank cannot carry the specification; `shortages` says what is missing."""

    code = "pool_too_small"
    en = "The question bank is short: {named_en}."
    zh = "题库数量不足：{named_zh}。"

    def __init__(self, shortages: Sequence[Mapping[str, object]]) -> None:
        named = [
            (f"{short['kind']} {short['topic'] or ''}".strip(), short["missing"])
            for short in shortages
        ]
        super().__init__(
            shortages=[dict(short) for short in shortages],
            named_en="; ".join(f"{missing} more of {what}" for what, missing in named),
            named_zh="；".join(f"{what} 缺 {missing} 题" for what, missing in named),
        )


class MockExamOver(DomainError):
    """The time of the mock exam was up before it was handed in; begin another."""

    code = "mock_exam_over"
    en = "The time of this mock exam was up at {deadline_at}."
    zh = "本次模拟考试已于 {deadline_at} 结束。"


class ExamPublished(DomainError):
    """The exam is open to candidates and no longer changes."""

    code = "exam_published"
    en = "The exam is published and no longer changes."
    zh = "考试已发布，不能再修改。"


class ExamNotPublished(DomainError):
    """The exam is still being planned."""

    code = "exam_not_published"
    en = "The exam is not published yet."
    zh = "考试尚未发布。"


class ExamOver(DomainError):
    """It is too late to enrol in the exam, or to leave it."""

    code = "exam_over"
    en = "It is too late: nobody may start this exam any more."
    zh = "该考试已不能再开始，报名已截止。"


class AlreadyEnrolled(DomainError):
    """The candidate has a place in this exam under another id."""

    code = "already_enrolled"
    en = "The candidate is enrolled in this exam already."
    zh = "该考生已报名此考试。"


class NotEligible(DomainError):
    """Something stands between the candidate and the exam; `reasons` names everything."""

    code = "not_eligible"
    en = "The candidate may not sit this exam: {named}."
    zh = "考生不符合报考条件：{named}。"

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__(reasons=list(reasons), named=", ".join(reasons))


class Withdrawn(DomainError):
    """The place was given up."""

    code = "withdrawn"
    en = "The place in this exam was given up."
    zh = "该报名已取消。"


class AttemptBegun(DomainError):
    """The candidate has started, so the place can no longer be given up."""

    code = "attempt_begun"
    en = "The candidate has started the exam."
    zh = "考生已开始考试。"


class SittingNow(DomainError):
    """Somebody sits an exam at this moment; their entries are left alone until it is over."""

    code = "sitting_now"
    en = "One of the two is sitting an exam. Wait until it is over."
    zh = "其中一人正在参加考试，请在考试结束后办理。"


class AnotherDevice(DomainError):
    """Another phone writes this attempt; it must be moved before this one may."""

    code = "another_device"
    en = "This attempt goes on with another phone. Ask the invigilator to move it to this one."
    zh = "该答卷正在另一台设备上作答，请监考员办理换机后再继续。"

    def __init__(self, *, epoch: int) -> None:
        super().__init__(epoch=epoch)


class NotYetOpen(DomainError):
    """The exam has not begun."""

    code = "not_yet_open"
    en = "The exam opens at {opens_at}."
    zh = "考试尚未开始，开始时间为 {opens_at}。"

    def __init__(self, *, opens_at: str) -> None:
        super().__init__(opens_at=opens_at)


class TooLateToStart(DomainError):
    """Nobody may start the exam any more."""

    code = "too_late_to_start"
    en = "The last start was at {last_start_at}."
    zh = "已超过最迟开考时间 {last_start_at}。"

    def __init__(self, *, last_start_at: str) -> None:
        super().__init__(last_start_at=last_start_at)


class AlreadyStarted(DomainError):
    """This place was used by an attempt under another id; `attempt_id` says which."""

    code = "already_started"
    en = "This exam was started before, as attempt {attempt_id}."
    zh = "该考试已开始，答卷编号为 {attempt_id}。"

    def __init__(self, *, attempt_id: str) -> None:
        super().__init__(attempt_id=attempt_id)


class AlreadyVoided(DomainError):
    """The attempt was made not to count."""

    code = "already_voided"
    en = "The attempt was voided."
    zh = "该答卷已作废。"


class AttemptOver(DomainError):
    """The attempt has ended, so its time can no longer be changed."""

    code = "attempt_over"
    en = "The attempt has ended."
    zh = "答卷已结束。"


class UnknownEpoch(DomainError):
    """The message speaks for a phone that the attempt has not moved to."""

    code = "unknown_epoch"
    en = "The attempt is at epoch {epoch}."
    zh = "答卷当前的设备序号为 {epoch}。"

    def __init__(self, *, epoch: int) -> None:
        super().__init__(epoch=epoch)


class PackageKeyUnreadable(DomainError):
    """The key of a sealed paper cannot be opened with the keys in use."""

    code = "package_key_unreadable"
    status = 500
    en = "The key of the sealed paper cannot be opened with the keys in use."
    zh = "现有密钥无法打开该密封试卷的密钥。"


class NothingToDrillWith(DomainError):
    """There is no published exam or no person from which a drill could be made."""

    code = "nothing_to_drill_with"
    en = "There is no published exam to drill with. Load the demonstration first."
    zh = "没有已发布的考试可供演练，请先载入演示数据。"


class MovingCodeWrong(DomainError):
    """The code for another phone does not fit, was used, or is too old."""

    code = "moving_code_wrong"
    en = "The code does not fit, was used before, or is too old. Ask for a new one."
    zh = "换机码不正确、已使用或已过期，请重新获取。"


class AwaitingSignal(DomainError):
    """The exam starts when the invigilator says so, and this room has not been told yet."""

    code = "awaiting_signal"
    en = "The invigilator has not given the signal to start yet."
    zh = "监考人员尚未宣布开始，请等待。"


class RoomPaused(DomainError):
    """The room is paused; nobody starts until it goes on, and nobody loses time."""

    code = "room_paused"
    en = "The room is paused. Start when it goes on; no time is lost."
    zh = "本考场已暂停，恢复后即可开始，暂停时间不计入考试时间。"


class StartsByClock(DomainError):
    """The exam starts by the clock, so no signal is given."""

    code = "starts_by_clock"
    en = "This exam starts by the clock. No signal is needed."
    zh = "该考试按时钟开始，无需宣布开考。"


class AttemptNotGraded(DomainError):
    """The attempt has no outcome that a decision could change."""

    code = "attempt_not_graded"
    en = "The attempt has no outcome yet, or was voided."
    zh = "该答卷尚无成绩，或已作废。"


class NothingLate(DomainError):
    """No entry of the attempt waits for a decision."""

    code = "nothing_late"
    en = "No late response of this attempt waits for a decision."
    zh = "该答卷没有待处理的迟到作答。"
