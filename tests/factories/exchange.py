"""Other systems with their agreements and tokens, told only what a test is about."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import uuid4

from server import clock
from server.config import Config
from server.db import db
from server.exchange import tokens
from server.exchange.models import ExchangeAgreement
from server.exchange.services import secrets
from server.exchange.terms import Ability, PersonField, Purpose
from server.organisations.models import Organisation
from server.regions.models import Region
from server.tokens import Keyring
from tests.factories.organisations import an_organisation
from tests.moments import NOON

#: What a system of a test shows for a token.
SECRET = "of a system in tests, and only there"


def an_agreement(
    region: Region,
    *abilities: Ability,
    fields: Iterable[PersonField] = (),
    purpose: Purpose = Purpose.SUPERVISION,
    daily_quota: int = 10_000,
    valid_from: date = date(2026, 1, 1),
    valid_until: date = date(2027, 12, 31),
    organisation: Organisation | None = None,
) -> ExchangeAgreement:
    """Store an agreement with a system, with a secret."""
    given = abilities or tuple(Ability)
    agreement = ExchangeAgreement(
        id=uuid4(),
        organisation_id=(organisation or an_organisation(region=region)).id,
        region_id=region.id,
        name="某省监管系统",
        purpose=purpose,
        abilities=sorted(each.value for each in given),
        fields=sorted(each.value for each in fields),
        daily_quota=daily_quota,
        valid_from=valid_from,
        valid_until=valid_until,
        document="某协〔2026〕1号",
        contact="信息中心",
        concluded_at=NOON,
        concluded_by_id=uuid4(),
        region=region,
    )
    db.session.add(agreement)
    db.session.flush()
    secrets.keep(uuid4(), agreement, SECRET, at=NOON)
    return agreement


def token_headers(agreement: ExchangeAgreement, config: Config) -> dict[str, str]:
    """Return the headers of a system with a token for all that is agreed."""
    keyring = Keyring.of(config.token_secret)
    token = tokens.sign(
        agreement.id, " ".join(agreement.abilities), keyring=keyring, at=clock.now()
    )
    return {"Authorization": f"Bearer {token}"}
