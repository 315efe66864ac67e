"""Refusals of the catalogue's room (目录相关的拒绝)."""

from __future__ import annotations

from server.errors import DomainError


class OperationItemUnknown(DomainError):
    """The catalogue of that day has no such operation item."""

    code = "operation_item_unknown"
    status = 422
    en = "The catalogue of special operations has no item “{item}” on that day."
    zh = "当日适用的特种作业目录中没有操作项目“{item}”。"

    def __init__(self, *, item: str) -> None:
        super().__init__(item=item)
