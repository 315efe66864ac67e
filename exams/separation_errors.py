"""Refusals of the separation of training and examination (考培分离的拒绝)."""

from __future__ import annotations

from collections.abc import Sequence

from server.errors import DomainError


class NotSeparated(DomainError):
    """Somebody who is to examine is bound to a candidate; `pairs` says who to whom, and by what."""

    code = "not_separated"
    status = 403
    en = "Who examines may not be bound to who is examined: {named} ({count} in all)."
    zh = "不符合考培分离要求：{named}（共 {count} 对）。"

    def __init__(self, *, pairs: Sequence[dict[str, object]], named: str, count: int) -> None:
        super().__init__(pairs=list(pairs), named=named, count=count)


class OverrideNeedsAnother(DomainError):
    """An exception from separation is granted by somebody else than who asks for it."""

    code = "override_needs_another"
    status = 403
    en = "An exception is granted by somebody of another authority than whoever asked for it."
    zh = "例外须由申请人以外的另一授权机关人员批准。"


class OverrideDecided(DomainError):
    """The exception was granted or refused before."""

    code = "override_decided"
    en = "This exception was decided already."
    zh = "该例外已有决定。"
