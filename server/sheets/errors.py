"""Refusals of workbooks (表格导入的拒绝)."""

from __future__ import annotations

from server.errors import DomainError


class SheetUnreadable(DomainError):
    """An uploaded workbook cannot be read, or is not the table that was asked for."""

    code = "sheet_unreadable"
    status = 422
    en = "The workbook cannot be read: {reason}."
    zh = "无法读取工作簿：{reason_zh}。"

    def __init__(self, *, reason: str, reason_zh: str) -> None:
        super().__init__(reason=reason, reason_zh=reason_zh)
