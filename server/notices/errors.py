"""Refusals about notices (公告相关的拒绝)."""

from __future__ import annotations

from server.errors import DomainError


class NoticeEnds(DomainError):
    """The notice would end before it begins."""

    code = "notice_ends_first"
    status = 422
    en = "The notice would end before it begins."
    zh = "公告的结束时间早于开始时间。"
