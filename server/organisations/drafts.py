"""Pure: what organisations there are, and what is said of one to register it (单位登记)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class OrganisationKind(StrEnum):
    """What an organisation is (单位类型)."""

    #: 生产经营单位
    ENTERPRISE = "enterprise"
    #: 培训机构
    PROVIDER = "provider"
    #: 考试点
    TEST_CENTRE = "test_centre"
    #: 监管部门
    AUTHORITY = "authority"
    #: 部门: a part of one of the others.
    DEPARTMENT = "department"


class EnterpriseSize(StrEnum):
    """How large an enterprise is (企业规模): 《统计上大中小微型企业划分办法（2017）》."""

    #: 大型
    LARGE = "large"
    #: 中型
    MEDIUM = "medium"
    #: 小型
    SMALL = "small"
    #: 微型
    MICRO = "micro"


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What is said of an organisation when it is registered or corrected."""

    kind: OrganisationKind
    name: str
    credit_code: str | None = None
    #: Division, group or class of GB/T 4754-2017.
    industry: str | None = None
    #: None lets the marks of the industry decide.
    is_high_risk: bool | None = None
    #: None where it is not known.
    size: EnterpriseSize | None = None
    #: None takes the parent's region.
    region_id: UUID | None = None
    parent_id: UUID | None = None
