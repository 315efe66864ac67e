"""What `flask doctor` looks at among certificates: the keys that sign them (签发密钥体检)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import select

from certificates.models import SigningKey
from certificates.trust import KeyState
from server.config import Config
from server.days import civil_day
from server.db import db
from server.doctor.findings import Finding, Level

#: A key that ends within so many days should have a successor by now.
SOON = timedelta(days=30)


def signing_keys(_config: Config, at: datetime) -> Iterator[Finding]:
    """Look whether each issuer has a key to sign with, for a while yet."""
    today = civil_day(at)
    ends: dict[str, list[bool]] = {}
    for key in db.session.execute(select(SigningKey)).scalars():
        lasts = key.not_after is None or key.not_after > today + SOON
        ends.setdefault(key.issuer.organisation.name, []).append(
            key.state is KeyState.ACTIVE and key.not_before <= today and lasts
        )
    lacking = sorted(name for name, lasting in ends.items() if not any(lasting))
    yield Finding(
        check="signing_keys",
        level=Level.CARE if lacking else Level.FINE,
        zh=f"30 天内将没有可用签发密钥：{'、'.join(lacking)}"
        if lacking
        else f"{len(ends)} 个发证机关均有可用签发密钥",
        en=f"Within 30 days these issuers have no key to sign with: {', '.join(lacking)}."
        if lacking
        else f"All {len(ends)} issuers have a key to sign with.",
    )


CHECKS = (signing_keys,)
