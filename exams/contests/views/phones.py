"""The gateway that takes codes to phones (短信网关)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

from flask import current_app

from exams.contests import rules
from exams.contests.errors import PhoneCodesOff
from server.config import Config, Mode
from server.days import civil_day
from server.errors import Unavailable
from server.messages import sending
from server.messages.reaching import reach_of
from server.messages.sending import Letter, NotDelivered


def gateway() -> str | None:
    """Return where codes are sent; None where the platform is tried out without one.

    Raises:
        PhoneCodesOff: this installation works in earnest, and was told no gateway.
    """
    config: Config = current_app.extensions["config"]
    if config.sms_url is None and config.mode is Mode.PRODUCTION:
        raise PhoneCodesOff
    return config.sms_url


def sent(code: str, phone: str, url: str | None, *, at: datetime) -> dict[str, Any]:
    """Hand a code to the gateway, signed as a webhook is; tell it itself only where there is none.

    Raises:
        Unavailable: the gateway does not take it now.
    """
    minutes = rules.on(civil_day(at)).code_minutes
    if url is None:
        return {"minutes": minutes, "code": code}
    config: Config = current_app.extensions["config"]
    letter = Letter(
        id=str(uuid4()),
        kind="phone_code",
        title_zh="验证码",
        title_en="Your code",
        body_zh=f"您的竞赛验证码为 {code}，{minutes} 分钟内有效，请勿告诉他人。",
        body_en=f"Your contest code is {code}. It is good for {minutes} minutes; tell nobody.",
        made_at=at.isoformat(),
        subject_id=phone,
    )
    try:
        sending.by_webhook(
            letter,
            url,
            secret=(config.sms_secret or "").encode(),
            timestamp=str(int(at.timestamp())),
            reach=reach_of(config),
        )
    except NotDelivered:
        raise Unavailable(retry_after=5) from None
    return {"minutes": minutes, "code": None}
