"""The demonstration's try-out system: an agreement, and a secret told once (演示对接系统)."""

from __future__ import annotations

import secrets as dice
from datetime import timedelta
from uuid import uuid5

from server.days import civil_day
from server.demonstration import Demonstration
from server.exchange.services import agreements, secrets, trying
from server.exchange.services.agreements import Terms
from server.exchange.terms import Ability, PersonField, Purpose

#: How long it may be tried, and how much of each ability in a day.
_LONG, _QUOTA = timedelta(days=365), 10_000


def load(play: Demonstration) -> None:
    """Conclude an agreement over the demonstration's district, and tell its key.

    Reads `play.made`: `region`, `enterprise`, `administrator`. Runs in the caller's transaction.
    """
    play.say("示范对接系统 Demonstration of another system (/integrators)")
    today = civil_day(play.at)
    agreed = Terms(
        organisation_id=play.made["enterprise"],
        region_id=play.made["region"],
        name=trying.NAME,
        purpose=Purpose.SUPERVISION,
        abilities=list(Ability),
        fields=[PersonField.NAME, PersonField.DOCUMENT_MASKED],
        daily_quota=_QUOTA,
        valid_from=today,
        valid_until=today + _LONG,
        document="示范协〔2026〕1号",
        contact="示范联系人",
    )
    by, agreement_id = play.made["administrator"], uuid5(play.made["enterprise"], "system")
    made = agreements.conclude(agreement_id, agreed, by=by, at=play.at)
    secret = dice.token_urlsafe(32)
    secrets.keep(uuid5(agreement_id, "secret"), made, secret, at=play.at)
    play.say(f"  client_id {agreement_id}  client_secret {secret}")
