"""Keys for trying out, over demonstration data only (试用对接).

Whoever builds a system against the platform gets an agreement and a secret at once, where the
demonstration is loaded: a copy of that of the demonstration's own system, for a week.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid5

from sqlalchemy import func, select

from server.days import civil_day
from server.db import db
from server.errors import IdTaken, NotFound
from server.exchange.errors import TooManyTryOuts
from server.exchange.models import ExchangeAgreement
from server.exchange.services import secrets
from server.exchange.services.secrets import Made
from server.exchange.terms import Ability

#: What the demonstration calls its own system; others are copies of its agreement.
NAME: Final = "示范对接系统"

#: What copies are called.
COPY: Final = "试用对接系统"

#: How long one counts, how many there are at once, and how much each may ask in a day.
LIFETIME, MOST, QUOTA = timedelta(days=7), 100, 2_000

#: What may be tried: everything that reads.
_READING: Final = (Ability.LOOKUP, Ability.CERTIFICATES, Ability.OUTCOMES, Ability.COVERAGE)


def give(system_id: UUID, *, at: datetime) -> Made:
    """Return the id and, told once, the secret of a system that tries the platform out.

    Raises:
        NotFound: no demonstration is loaded.
        IdTaken: an agreement of another kind stands under this id.
        TooManyTryOuts: too many are being tried at once.
    """
    shown = _of_the_demonstration()
    secret_id = uuid5(system_id, "secret")
    known = db.session.get(ExchangeAgreement, system_id)
    if known is not None:
        if known.name != COPY:
            raise IdTaken
        return secrets.make(secret_id, known, by=None, at=at)
    today = civil_day(at)
    standing = select(func.count()).where(
        ExchangeAgreement.name == COPY, ExchangeAgreement.valid_until >= today
    )
    if db.session.execute(standing).scalar_one() >= MOST:
        raise TooManyTryOuts(retry_after=int(timedelta(days=1).total_seconds()))
    made = ExchangeAgreement(
        id=system_id,
        organisation_id=shown.organisation_id,
        region_id=shown.region_id,
        name=COPY,
        purpose=shown.purpose,
        abilities=sorted(each.value for each in _READING),
        fields=shown.fields,
        daily_quota=QUOTA,
        valid_from=today,
        valid_until=today + LIFETIME,
        document=shown.document,
        contact=shown.contact,
        concluded_at=at,
        concluded_by_id=shown.concluded_by_id,
        region=shown.region,
    )
    db.session.add(made)
    db.session.flush()
    return secrets.make(secret_id, made, by=None, at=at)


def _of_the_demonstration() -> ExchangeAgreement:
    statement = select(ExchangeAgreement).where(ExchangeAgreement.name == NAME).limit(1)
    found = db.session.execute(statement).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found
