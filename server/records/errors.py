"""Refusals of the ledger (培训记录相关的拒绝)."""

from __future__ import annotations

from server.errors import DomainError


class LedgerIsAppendOnly(DomainError):
    """An entry that was written is never changed and never removed: correct it by another."""

    code = "ledger_is_append_only"
    en = "Training records are never changed and never removed. Enter a correction."
    zh = "培训记录只能追加，不得修改或删除，请以更正记录处理。"


class AlreadyCorrected(DomainError):
    """The entry was corrected before: correct the correction."""

    code = "already_corrected"
    en = "This entry was corrected before. Correct its correction."
    zh = "该记录已被更正，请对更正后的记录进行更正。"


class TrainingNotFinished(DomainError):
    """A training is recorded when it is finished, and it does not end before it begins."""

    code = "training_not_finished"
    status = 422
    en = "The training has not finished yet, or ends before it begins."
    zh = "培训尚未结束，或结束日期早于开始日期。"


class StatementAhead(DomainError):
    """A file holds what has happened."""

    code = "statement_ahead"
    status = 422
    en = "The day has not come yet: a file holds what has happened."
    zh = "日期晚于今天，档案只记录已发生的事项。"


class OwnFile(DomainError):
    """Nobody writes into the file of their own, or mends it."""

    code = "own_file"
    status = 403
    en = "Nobody writes into their own file. Ask somebody else."
    zh = "不得在本人档案中登记或更正，请由他人办理。"


class CopyRefused(DomainError):
    """A copy of a document is not one that can be kept."""

    code = "copy_refused"
    status = 422
    en = "The copy cannot be kept: {reason}."
    zh = "复印件不符合要求：{reason_zh}。"

    def __init__(self, *, reason: str, reason_zh: str) -> None:
        super().__init__(reason=reason, reason_zh=reason_zh)


class ConsentOver(DomainError):
    """A consent holds from today on, for three years at most."""

    code = "consent_over"
    status = 422
    en = "A consent ends between today and three years from now."
    zh = "授权截止日期应在今天至三年之内。"


class NothingToConfirm(DomainError):
    """Only a training or an assessment that stands is confirmed."""

    code = "nothing_to_confirm"
    en = "Only a training or exam that stands is confirmed."
    zh = "只能确认有效的培训或考核记录。"


class AlreadyConfirmed(DomainError):
    """Who signed a result does not object to it any more."""

    code = "already_confirmed"
    en = "You confirmed this entry before. Ask whoever keeps it for a correction."
    zh = "您已确认过该记录。如有错误，请向登记单位申请更正。"


class NotByEmployer(DomainError):
    """An enterprise teaches inductions and the like; for qualifications a provider does."""

    code = "not_by_employer"
    en = "An enterprise records inductions, post changes, new technology and yearly training only."
    zh = "生产经营单位只能登记三级教育、调岗复岗、四新和年度再培训。"
