"""Pure: posts, the days on which they are held, and what may not stand together (岗位规则)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from server.people.errors import ItemsUnfit, PostOverlaps, PostSpanEmpty


class PostRole(StrEnum):
    """What a person is at an organisation (岗位)."""

    #: 主要负责人
    PRINCIPAL = "principal"
    #: 安全生产管理人员
    SAFETY_MANAGER = "safety_manager"
    #: 专职安全生产管理人员
    FULL_TIME_SAFETY_MANAGER = "full_time_safety_manager"
    #: 职业卫生管理人员
    OCCUPATIONAL_HEALTH_MANAGER = "occupational_health_manager"
    #: 特种作业人员
    SPECIAL_OPERATIONS_WORKER = "special_operations_worker"
    #: 矿山专业技术人员
    MINING_ENGINEER = "mining_engineer"
    #: 其他从业人员
    EMPLOYEE = "employee"
    #: 监管执法人员
    ENFORCEMENT_OFFICER = "enforcement_officer"
    #: 监管部门工作人员
    REGULATOR_STAFF = "regulator_staff"
    #: 乡镇（街道）安全生产分管负责人
    TOWNSHIP_SAFETY_LEADER = "township_safety_leader"
    #: 建筑施工企业主要负责人（A 类）
    CONSTRUCTION_PRINCIPAL = "construction_principal"
    #: 建筑施工企业项目负责人（B 类）
    CONSTRUCTION_PROJECT_LEADER = "construction_project_leader"
    #: 建筑施工企业专职安全生产管理人员（C 类）
    CONSTRUCTION_SAFETY_MANAGER = "construction_safety_manager"


#: The role whose qualification a post calls for, where it is not the role of the post itself:
#: who manages safety full-time is examined and certified as any safety manager.
EXAMINED_AS: Mapping[PostRole, PostRole] = {
    PostRole.FULL_TIME_SAFETY_MANAGER: PostRole.SAFETY_MANAGER
}


def posts_calling_for(role: PostRole) -> frozenset[PostRole]:
    """Return the roles of posts that call for the qualification of a role."""
    return frozenset(post for post in PostRole if EXAMINED_AS.get(post, post) is role)


@dataclass(frozen=True, kw_only=True)
class Holding:
    """A post as the rules see it: a role with its items, over a stretch of days."""

    role: PostRole
    items: frozenset[str]
    #: The first day on which it is held.
    from_on: date
    #: The first day on which it is no longer held; None while no end is known.
    until_on: date | None

    def held(self, on: date) -> bool:
        """Say whether the post is held on the day."""
        return self.from_on <= on and (self.until_on is None or on < self.until_on)

    def meets(self, other: Holding) -> bool:
        """Say whether there is a day on which both are held."""
        first = max(self.from_on, other.from_on)
        return self.held(first) and other.held(first)

    def doubles(self, other: Holding) -> bool:
        """Say whether both are the same post at the same time.

        A special operations worker may hold several at one place, as long as no operation item
        is in two of them.
        """
        same = self.role is other.role and (self.items & other.items or self.items == other.items)
        return bool(same) and self.meets(other)


def check(holding: Holding, *, beside: Iterable[Holding], unknown: Collection[str]) -> None:
    """Check that a post may be entered.

    Args:
        holding: the post to enter.
        beside: the posts that the person has at the same organisation.
        unknown: those of its items that no catalogue has on its first day.

    Raises:
        PostSpanEmpty: it ends on or before the day it begins.
        ItemsUnfit: a special operations worker has no items, another has some, or a catalogue
            does not know them.
        PostOverlaps: the person has the same post there on some of these days.
    """
    if holding.until_on is not None and holding.until_on <= holding.from_on:
        raise PostSpanEmpty
    if unknown:
        raise ItemsUnfit(
            reason=f"the catalogue of that day does not have {', '.join(sorted(unknown))}",
            reason_zh=f"当日目录中没有 {'、'.join(sorted(unknown))}",
        )
    if (holding.role is PostRole.SPECIAL_OPERATIONS_WORKER) != bool(holding.items):
        raise ItemsUnfit(
            reason="a special operations worker has operation items, and nobody else has",
            reason_zh="特种作业人员必须填写操作项目，其他岗位不填",
        )
    if any(holding.doubles(other) for other in beside):
        raise PostOverlaps
