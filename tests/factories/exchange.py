"""Other systems with their agreements and tokens, told only what a test is about."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from flask import Flask

from certificates.commands import number_feed
from certificates.models import Issuer
from server import clock
from server.config import Config
from server.db import db
from server.exchange import tokens
from server.exchange.models import ExchangeAgreement
from server.exchange.services import secrets
from server.exchange.terms import Ability, PersonField, Purpose
from server.organisations.models import Organisation
from server.people.roster import PostRole
from server.regions.models import Region
from server.tokens import Keyring
from tests.factories.certificates import a_certificate, an_issuer
from tests.factories.organisations import an_organisation
from tests.factories.people import a_person, a_post
from tests.factories.regions import a_county, a_region
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


def a_followed_province() -> dict[str, Any]:
    """Store a province with a bureau that issues, a plant, and two systems: one follows it."""
    province = a_region(name="某省")
    county = a_region(a_region(province))
    issuer = an_issuer(province)
    works = an_organisation(name="某电厂", region=county)
    return {
        "province": province.id,
        "issuer": issuer.id,
        "works": works.id,
        "ours": an_agreement(province, fields=[PersonField.NAME, PersonField.DOCUMENT_MASKED]),
        "other": an_agreement(a_county()),
    }


def issue(place: dict[str, Any]) -> UUID:
    """Issue a certificate to somebody in post there."""
    works = db.session.get_one(Organisation, place["works"])
    person = a_person(works)
    a_post(person, works, role=PostRole.SPECIAL_OPERATIONS_WORKER, items=("1.2",))
    return a_certificate(person, db.session.get_one(Issuer, place["issuer"])).id


def numbered(app: Flask) -> int:
    """Give numbers in the feed to what happened."""
    with app.app_context():
        return number_feed(clock.now())
