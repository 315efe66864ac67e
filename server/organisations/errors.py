"""Refusals of the organisations' rooms (单位相关的拒绝)."""

from __future__ import annotations

from server.errors import DomainError


class CreditCodeWrong(DomainError):
    """The unified social credit code breaks GB 32100-2015."""

    code = "credit_code_wrong"
    status = 422
    en = "The unified social credit code is not valid: {reason}."
    zh = "统一社会信用代码无效：{reason_zh}。"

    def __init__(self, *, reason: str, reason_zh: str) -> None:
        super().__init__(reason=reason, reason_zh=reason_zh)


class CreditCodeTaken(DomainError):
    """Another organisation is registered under this credit code."""

    code = "credit_code_taken"
    en = "Another organisation is registered under this unified social credit code."
    zh = "该统一社会信用代码已被其他单位登记。"


class IndustryUnknown(DomainError):
    """GB/T 4754-2017 has no such industry."""

    code = "industry_unknown"
    status = 422
    en = "GB/T 4754-2017 has no industry “{industry}”."
    zh = "GB/T 4754-2017 中没有行业代码“{industry}”。"

    def __init__(self, *, industry: str) -> None:
        super().__init__(industry=industry)


class MovedBeneathItself(DomainError):
    """A branch of a tree cannot hang on one of its own twigs."""

    code = "moved_beneath_itself"
    en = "An organisation cannot be moved beneath itself."
    zh = "单位不能移动到其自身或其下级之下。"


class DepartmentNeedsParent(DomainError):
    """A department is part of an organisation."""

    code = "department_needs_parent"
    status = 422
    en = "A department needs the organisation that it is a part of."
    zh = "部门必须隶属于某一单位。"


class ParentUnfit(DomainError):
    """Only departments hang beneath departments."""

    code = "parent_unfit"
    status = 422
    en = "Only a department can be placed beneath a department."
    zh = "部门之下只能设置部门。"


class CreditCodeNeeded(DomainError):
    """An enterprise is known by its credit code."""

    code = "credit_code_needed"
    status = 422
    en = "An enterprise, a provider and a test centre need a unified social credit code."
    zh = "企业、培训机构和考试点必须填写统一社会信用代码。"


class RegionUnknown(DomainError):
    """An organisation stands in a region that is on file."""

    code = "region_unknown"
    status = 422
    en = "There is no such region on file."
    zh = "没有该行政区划，请从区划目录中选择。"
