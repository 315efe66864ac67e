"""What stands in the way of results, regrades, corrections and appeals (成绩、重评、复核的拒绝)."""

from __future__ import annotations

from server.errors import DomainError


class ReleaseTooLate(DomainError):
    """Outcomes would be held back longer than the rule allows (Order 30 art. 15)."""

    code = "release_too_late"
    en = "Outcomes are released by {due_on} at the latest: {working_days} working days."
    zh = "成绩最迟应于 {due_on} 公布（{working_days} 个工作日内）。"

    def __init__(self, *, due_on: str, working_days: int) -> None:
        super().__init__(due_on=due_on, working_days=working_days)


class NothingToLookUp(DomainError):
    """No outcome is shown for this number and name: unknown, differently named, or none yet."""

    code = "nothing_to_look_up"
    status = 404
    en = "There is nothing to show for this number and name."
    zh = "没有与该证件号码和姓名相符的成绩。"


class TooManyLookups(DomainError):
    """Too many lookups that found nothing, from this address or for this number."""

    code = "too_many_lookups"
    status = 429
    en = "Too many lookups that found nothing. Try again in {retry_after} seconds."
    zh = "查询未命中次数过多，请 {retry_after} 秒后再试。"

    def __init__(self, *, retry_after: int) -> None:
        super().__init__(retry_after=retry_after)
        self.retry_after = retry_after


class NotReleased(DomainError):
    """The outcome is not shown yet, so there is nothing to explain or to appeal against."""

    code = "not_released"
    en = "The outcome is not released yet."
    zh = "成绩尚未公布。"


class KeyUnknown(DomainError):
    """The corrected key names options that the question does not have, or the same as before."""

    code = "key_unknown"
    status = 422
    en = "The key must name options of the question, and differ from what counts now."
    zh = "更正后的答案须为该题已有选项，且与现行答案不同。"


class BeyondReach(DomainError):
    """The question was asked in exams that are not within reach: who oversees all decides."""

    code = "beyond_reach"
    status = 403
    en = "The question was asked in {exams} exams beyond your reach. Who oversees all decides."
    zh = "该题还用于您管辖范围以外的 {exams} 场考试，须由上级机构提出。"

    def __init__(self, *, exams: int) -> None:
        super().__init__(exams=exams)


class NotPreviewed(DomainError):
    """Nobody approves what was not previewed."""

    code = "not_previewed"
    en = "Preview the regrade first, so that everybody knows what they approve."
    zh = "请先生成影响预览，再进行审批。"


class RegradeOver(DomainError):
    """The regrade was applied or rejected."""

    code = "regrade_over"
    en = "The regrade was applied or rejected."
    zh = "该重新评分已执行或已否决。"


class AuthorCannotApprove(DomainError):
    """Whoever proposed it, under whatever account, does not approve it."""

    code = "author_cannot_approve"
    status = 403
    en = "Who proposed it cannot approve it."
    zh = "提出人不得审批本人提出的事项。"


class Involved(DomainError):
    """The person is the candidate, or had a part in what is appealed against."""

    code = "involved"
    status = 403
    en = "Who had a part in it cannot decide about it: {why}."
    zh = "与该事项有关的人员须回避（{why}）。"

    def __init__(self, *, why: str) -> None:
        super().__init__(why=why)


class CorrectionDecided(DomainError):
    """The correction was approved or refused before."""

    code = "correction_decided"
    en = "The correction was decided before."
    zh = "该更正已有结论。"


class AppealTooLate(DomainError):
    """The time for appealing is over; the rule of the exam says how long it was."""

    code = "appeal_too_late"
    en = "The last day for an appeal was {last_on}."
    zh = "复核申请期限已于 {last_on} 届满。"

    def __init__(self, *, last_on: str) -> None:
        super().__init__(last_on=last_on)


class AppealedBefore(DomainError):
    """There is an appeal against this outcome on this ground; one is all there is."""

    code = "appealed_before"
    en = "This outcome was appealed against on this ground before."
    zh = "该成绩已就同一理由申请过复核。"


class AppealRuled(DomainError):
    """The appeal has its ruling."""

    code = "appeal_ruled"
    en = "The appeal has its ruling."
    zh = "该复核已作出结论。"


class NoViewingNow(DomainError):
    """No granted viewing is open at this moment, with its supervisor beside."""

    code = "no_viewing_now"
    en = "No supervised viewing of this paper is open now."
    zh = "当前没有已开启的监督查卷。"


class WindowEmpty(DomainError):
    """The hours of the viewing are over before they begin, or longer than a viewing may be."""

    code = "window_empty"
    status = 422
    en = "A viewing ends after it begins, in the future, and within {most_minutes} minutes."
    zh = "查卷时段须在将来、结束晚于开始，且不超过 {most_minutes} 分钟。"

    def __init__(self, *, most_minutes: int) -> None:
        super().__init__(most_minutes=most_minutes)


class KeysStillSecret(DomainError):
    """Keys are printed once the exam has closed."""

    code = "keys_still_secret"
    en = "Keys are printed after the exam has closed, at {closes_at}."
    zh = "标准答案须在考试结束（{closes_at}）后方可打印。"

    def __init__(self, *, closes_at: str) -> None:
        super().__init__(closes_at=closes_at)


class ResponsesArchived(DomainError):
    """The responses are in an archive; the operator brings the file back (`flask archive`)."""

    code = "responses_archived"
    en = "These responses are in the archive {archive}. Ask the operator to bring it back."
    zh = "相关作答已归档（{archive}），请联系平台运维人员调回。"

    def __init__(self, *, archive: str) -> None:
        super().__init__(archive=archive)
