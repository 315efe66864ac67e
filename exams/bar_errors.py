"""Refusals about bars: what a decision does not allow (禁止申请相关的拒绝)."""

from __future__ import annotations

from server.errors import DomainError


class BarGroundUnfit(DomainError):
    """What is decided does not fit the ground that it names."""

    code = "bar_ground_unfit"
    status = 422
    en = "The bar does not fit its ground: {reason}."
    zh = "与所依据情形不符：{reason_zh}。"

    def __init__(self, *, reason: str, reason_zh: str) -> None:
        super().__init__(reason=reason, reason_zh=reason_zh)


class BarredFromPost(DomainError):
    """The person may not hold such a post: a decision stands."""

    code = "barred_from_post"
    en = "A decision bars this person from such a post."
    zh = "该人员被限制担任此类职务。"


class BarLifted(DomainError):
    """The bar was lifted before, or is over."""

    code = "bar_lifted"
    en = "The bar was lifted otherwise before, or is over."
    zh = "该限制已按其他决定解除，或已期满。"


class LiftedByImposer(DomainError):
    """Who imposed a bar does not lift it: two people decide."""

    code = "lifted_by_imposer"
    status = 403
    en = "Another person than who imposed the bar lifts it."
    zh = "解除限制须由作出决定以外的人员办理。"
