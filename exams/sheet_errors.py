"""What stands in the way of taking answers over from paper (纸质作答录入的拒绝)."""

from __future__ import annotations

from collections.abc import Sequence

from server.errors import DomainError

#: Numbers that a refusal names.
_NAMED = 20


class SittingNotOver(DomainError):
    """Answers are taken over from paper once the exam has closed."""

    code = "sitting_not_over"
    en = "Answers are taken over from paper after the exam: it closes at {closes_at}."
    zh = "考试结束后方可录入纸质作答（{closes_at} 结束）。"

    def __init__(self, *, closes_at: str) -> None:
        super().__init__(closes_at=closes_at)


class SatOnDevice(DomainError):
    """The candidate has an attempt that was made on a device: there is no second one on paper."""

    code = "sat_on_device"
    en = "The candidate sat this exam on a device."
    zh = "该考生已在终端上参加本场考试，不能再录入纸质作答。"


class SheetHoursUnfit(DomainError):
    """The hours of the paper lie before the exam, after now, or are none."""

    code = "sheet_hours_unfit"
    status = 422
    en = "A paper begins after the exam opens, and ends later and before now."
    zh = "纸质作答的起止时间须晚于考试开始、先后有序且不晚于当前时间。"


class SheetRead(DomainError):
    """Two people have read the sheet: what they read stays as it is."""

    code = "sheet_read"
    en = "The sheet was read; what was read stays."
    zh = "答题卡已完成录入，不能再改。"


class LettersUnfit(DomainError):
    """Answers that the booklet cannot have: numbers, letters or several where one may be chosen."""

    code = "letters_unfit"
    status = 422
    en = "These numbers cannot be answered so in this booklet: {numbers}."
    zh = "以下题号的作答与该试卷不符：{numbers}。"

    def __init__(self, numbers: Sequence[int]) -> None:
        super().__init__(numbers=", ".join(str(one) for one in numbers[:_NAMED]))


class NothingToSettle(DomainError):
    """The two did not read differently, or it was settled before."""

    code = "nothing_to_settle"
    en = "There is no difference to settle."
    zh = "没有需要裁定的录入差异。"


class ReaderSettles(DomainError):
    """Who read the sheet does not settle what was read differently."""

    code = "reader_settles"
    status = 403
    en = "A third person settles it, who did not read the sheet."
    zh = "录入差异须由未参与录入的第三人裁定。"
