"""Refusals of the people's rooms (人员相关的拒绝). None of them repeats what it refuses."""

from __future__ import annotations

from server.errors import DomainError


class DocumentNumberWrong(DomainError):
    """A document number does not have the shape that its kind of document has."""

    code = "document_number_wrong"
    status = 422
    en = "This document number does not look like one: {expected}."
    zh = "证件号码格式不符：{expected_zh}。"

    def __init__(self, *, expected: str, expected_zh: str) -> None:
        super().__init__(expected=expected, expected_zh=expected_zh)


class CheckDigitWrong(DomainError):
    """The last character of an 18-digit number does not fit the others (GB 11643)."""

    code = "check_digit_wrong"
    status = 422
    en = "The document number's check digit does not fit: a digit was mistyped."
    zh = "证件号码校验位不符，请核对是否录入有误。"


class BirthDateImpossible(DomainError):
    """The birth date inside an 18-digit number is no day, or has not come yet."""

    code = "birth_date_impossible"
    status = 422
    en = "The birth date inside the document number is not a possible one."
    zh = "证件号码中的出生日期不存在或晚于当前日期。"


class DocumentDisagrees(DomainError):
    """What was stated contradicts what the document number says."""

    code = "document_disagrees"
    status = 422
    en = "The stated {field} contradicts the document number."
    zh = "所填{field_zh}与证件号码不一致。"

    def __init__(self, *, field: str, field_zh: str) -> None:
        super().__init__(field=field, field_zh=field_zh)


class DocumentTaken(DomainError):
    """Somebody is registered with this document."""

    code = "document_taken"
    en = "Somebody is already registered with this document."
    zh = "该证件已登记，不能重复登记。"


class DocumentUnreadable(DomainError):
    """No key in use opens the stored document number, or it was tampered with."""

    code = "document_unreadable"
    status = 500
    en = "The stored document number cannot be opened with the keys in use."
    zh = "现有密钥无法解密已存储的证件号码。"


class PhotoRefused(DomainError):
    """A photo is not one that can be kept."""

    code = "photo_refused"
    status = 422
    en = "The photo cannot be kept: {reason}."
    zh = "照片不符合要求：{reason_zh}。"

    def __init__(self, *, reason: str, reason_zh: str) -> None:
        super().__init__(reason=reason, reason_zh=reason_zh)


class PostOverlaps(DomainError):
    """The person holds the same post at the same place in the same days already."""

    code = "post_overlaps"
    en = "The person already holds this post there on some of these days."
    zh = "该人员在此期间已在该单位任同一岗位。"


class PostSpanEmpty(DomainError):
    """A post ends on or before the day it begins."""

    code = "post_span_empty"
    status = 422
    en = "A post ends after the day it begins."
    zh = "离岗日期必须晚于上岗日期。"


class PostEnded(DomainError):
    """The post was ended before, on another day."""

    code = "post_ended"
    en = "The post has ended already, on another day."
    zh = "该岗位已于其他日期结束。"


class ItemsUnfit(DomainError):
    """Operation items belong to special operations workers, and must be in the catalogue."""

    code = "items_unfit"
    status = 422
    en = "The operation items do not fit: {reason}."
    zh = "操作项目不符：{reason_zh}。"

    def __init__(self, *, reason: str, reason_zh: str) -> None:
        super().__init__(reason=reason, reason_zh=reason_zh)


class MergedAlready(DomainError):
    """One of the two entries goes on under another, or is the other itself."""

    code = "merged_already"
    en = "One of the two entries was merged before, or both are the same."
    zh = "其中一份档案已被合并，或两份档案为同一份。"


class MergeUndone(DomainError):
    """A merge that was taken back is not repeated: make another."""

    code = "merge_undone"
    en = "This merge was taken back. Make another."
    zh = "该合并已撤销，如需合并请重新办理。"


class MergeCovered(DomainError):
    """What was merged later is taken back first."""

    code = "merge_covered"
    en = "The entry was merged into another since. Take that back first."
    zh = "该档案其后又被合并，请先撤销后一次合并。"


class OwnEntry(DomainError):
    """Nobody merges entries of their own."""

    code = "own_entry"
    status = 403
    en = "Nobody merges their own entry. Ask somebody else."
    zh = "不得合并本人档案，请由他人办理。"


class RuledAlready(DomainError):
    """Somebody decided otherwise about these two entries."""

    code = "ruled_already"
    en = "This was decided otherwise before."
    zh = "该疑似重复已有不同的处理结论。"
