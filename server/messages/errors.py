"""Refusals about messages (消息相关的拒绝)."""

from __future__ import annotations

from server.errors import DomainError


class ChannelUnfit(DomainError):
    """The address is none that messages can be sent to."""

    code = "channel_unfit"
    status = 422
    en = "Messages cannot be sent there: {reason}."
    zh = "无法向该地址发送消息：{reason_zh}。"

    def __init__(self, *, reason: str, reason_zh: str) -> None:
        super().__init__(reason=reason, reason_zh=reason_zh)
