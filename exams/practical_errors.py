"""What stands in the way in practical exams (实操考试中的拒绝)."""

from __future__ import annotations

from collections.abc import Sequence

from server.errors import DomainError


class ScoreSheetContradictory(DomainError):
    """Nobody could be scored by the sheet: weights, items, steps or codes do not fit."""

    code = "score_sheet_contradictory"
    status = 422
    en = "Nobody could be scored by this sheet: {faults}."
    zh = "评分表自相矛盾：{faults}。"

    def __init__(self, *, faults: Sequence[str]) -> None:
        super().__init__(faults=", ".join(faults))


class ScoreSheetInUse(DomainError):
    """Practicals were planned by the sheet; write a new one with a later day."""

    code = "score_sheet_in_use"
    en = "Practicals were planned by this sheet. Write another with a later day."
    zh = "该评分表已用于实操考试，请另建生效日期更晚的评分表。"


class NoScoreSheet(DomainError):
    """No score sheet counts for the qualification on the day."""

    code = "no_score_sheet"
    en = "No score sheet for {qualification} counts on {on}."
    zh = "{on} 没有适用于 {qualification} 的实操评分表。"

    def __init__(self, *, qualification: str, on: str) -> None:
        super().__init__(qualification=qualification, on=on)


class NoPractical(DomainError):
    """The standard of the exam asks for no practical."""

    code = "no_practical"
    en = "The exam standard of this qualification asks for no practical."
    zh = "该资格的考试标准没有实操考试。"


class TheoryNotPassed(DomainError):
    """The theory must be passed, told and still valid before the practical (104号文)."""

    code = "theory_not_passed"
    en = "The candidate has no passed theory that is valid on that day."
    zh = "考生没有在该日有效的理论考试合格成绩，不能参加实操考试。"


class PracticalsUsedUp(DomainError):
    """All practicals that one passed theory allows were failed."""

    code = "practicals_used_up"
    en = "All {allowed} practicals after this theory were failed. What follows: {what_follows}."
    zh = "该理论成绩允许的 {allowed} 次实操考试均不合格，后续要求：{what_follows}。"

    def __init__(self, *, allowed: int, what_follows: str) -> None:
        super().__init__(allowed=allowed, what_follows=what_follows)


class PracticalPending(DomainError):
    """Another practical after the same theory is open, or was passed already."""

    code = "practical_pending"
    en = "Another practical after this theory is open or passed: {practical_id}."
    zh = "该理论成绩之后已有未结束或已合格的实操考试：{practical_id}。"

    def __init__(self, *, practical_id: str) -> None:
        super().__init__(practical_id=practical_id)


class CandidateBarred(DomainError):
    """The candidate may not be examined on that day."""

    code = "candidate_barred"
    en = "The candidate is barred on that day."
    zh = "考生在该日被禁止参加考试。"


class PracticalOver(DomainError):
    """The practical was decided or voided: nothing changes any more."""

    code = "practical_over"
    en = "The practical is decided or voided."
    zh = "该实操考试已评定或已作废。"


class ScorersComplete(DomainError):
    """Two examiners score already, and the rule has not called for a third."""

    code = "scorers_complete"
    en = "Two examiners are assigned. A third is called only where they differ."
    zh = "已指派两名考评员；只有评分分歧时才指派第三名。"


class ScorerInvolved(DomainError):
    """Nobody scores themselves."""

    code = "scorer_involved"
    status = 403
    en = "The candidate does not score their own practical."
    zh = "考生不得为本人评分。"


class ScoreIncomplete(DomainError):
    """Something on the sheet was not scored yet; `missing` names it."""

    code = "score_incomplete"
    en = "Not scored yet: {named}."
    zh = "尚有未评分项：{named}。"

    def __init__(self, *, missing: Sequence[str]) -> None:
        super().__init__(missing=list(missing), named=", ".join(missing))


class ScoreOutsideScale(DomainError):
    """A score lies outside the scale of its step; `codes` names where."""

    code = "score_outside_scale"
    status = 422
    en = "Outside the scale: {named}."
    zh = "超出评分范围：{named}。"

    def __init__(self, *, codes: Sequence[str]) -> None:
        super().__init__(codes=list(codes), named=", ".join(codes))


class NothingDisputed(DomainError):
    """The two examiners do not differ, or have not both handed in."""

    code = "nothing_disputed"
    en = "There is nothing for a third examiner to decide."
    zh = "没有需要第三名考评员裁定的分歧。"


class ExhibitDiffers(DomainError):
    """The content is not what its address says, or no picture that can be kept."""

    code = "exhibit_differs"
    status = 422
    en = "The content does not have the SHA-256 of its address."
    zh = "文件内容与地址中的 SHA-256 不一致。"


class TurnTooShort(DomainError):
    """A turn at a station is shorter than the time that the score sheet allows."""

    code = "turn_too_short"
    status = 422
    en = "A turn lasts at least the {minutes} minutes that the score sheet allows."
    zh = "每轮时长不得少于评分表规定的 {minutes} 分钟。"

    def __init__(self, *, minutes: int) -> None:
        super().__init__(minutes=minutes)


class StationTaken(DomainError):
    """Another candidate stands at the station."""

    code = "station_taken"
    en = "Another candidate is at the station {station}."
    zh = "工位 {station} 上有其他考生。"

    def __init__(self, *, station: str) -> None:
        super().__init__(station=station)


class CircuitUnfit(DomainError):
    """Stations cannot take everybody through the practical; `faults` says why."""

    code = "circuit_unfit"
    status = 422
    en = "These stations cannot take everybody through the practical: {named}."
    zh = "工位安排无法完成全部科目：{named}。"

    def __init__(self, *, faults: Sequence[str]) -> None:
        super().__init__(faults=list(faults), named=", ".join(faults))


class SubjectElsewhere(DomainError):
    """The station does not take the subject."""

    code = "subject_elsewhere"
    en = "The station {station} does not take the subject {subject}."
    zh = "工位 {station} 不考核科目 {subject}。"

    def __init__(self, *, station: str, subject: str) -> None:
        super().__init__(station=station, subject=subject)


class SubjectOver(DomainError):
    """A subject of a circuit was handed in, decided or ended: nobody is called to it any more."""

    code = "subject_over"
    en = "The subject {subject} is over."
    zh = "科目 {subject} 已结束。"

    def __init__(self, *, subject: str) -> None:
        super().__init__(subject=subject)


class SubjectNotDue(DomainError):
    """Nobody is absent from a subject before its turn began, nor from one they were seen at."""

    code = "subject_not_due"
    en = "The turn of the subject {subject} has not begun, or the candidate was there."
    zh = "科目 {subject} 的轮次尚未开始，或考生已到场。"

    def __init__(self, *, subject: str) -> None:
        super().__init__(subject=subject)
