"""Refusals of the regions' rooms (区划相关的拒绝)."""

from __future__ import annotations

from server.errors import DomainError


class DivisionCodeWrong(DomainError):
    """A division code does not fit its level or its parent."""

    code = "division_code_wrong"
    status = 422
    en = "The division code does not fit: {reason}."
    zh = "行政区划代码不符：{reason_zh}。"

    def __init__(self, *, reason: str, reason_zh: str) -> None:
        super().__init__(reason=reason, reason_zh=reason_zh)


class DivisionCodeTaken(DomainError):
    """Another region has this code."""

    code = "division_code_taken"
    en = "Another region has this division code."
    zh = "该行政区划代码已被使用。"


class ReferenceRegion(DomainError):
    """Levels 1 to 3 come from the national list and are not added by hand."""

    code = "reference_region"
    en = "Regions of levels 1 to 3 come from the national list."
    zh = "省、市、县三级区划来自国家目录，不能手工添加。"


class ReformUnfit(DomainError):
    """A reform of the regions does not fit what is known."""

    code = "reform_unfit"
    en = "The reform cannot be entered: {reason}."
    zh = "区划调整无法登记：{reason_zh}。"

    def __init__(self, *, reason: str, reason_zh: str) -> None:
        super().__init__(reason=reason, reason_zh=reason_zh)
