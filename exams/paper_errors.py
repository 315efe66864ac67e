"""Refusals of making papers together (组卷的拒绝)."""

from __future__ import annotations

from server.errors import DomainError


class TargetOutOfReach(DomainError):
    """The bank carries the sections, and not at the difficulty asked for."""

    code = "target_out_of_reach"
    en = "Papers cannot reach {target} points on the average; the nearest is about {nearest}."
    zh = "题库无法使试卷平均得分达到 {target} 分，最接近约 {nearest} 分。"


class RequiredNotInPool(DomainError):
    """A question that every paper is to take cannot be drawn by it."""

    code = "required_not_in_pool"
    en = "A required question is not among those that papers may draw."
    zh = "必考题不在可组卷的题目之中。"
