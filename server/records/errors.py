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
