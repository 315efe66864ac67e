"""What a learning record store is owed: entries of the feed as statements (学习记录的生成)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from certificates import keys, xapi
from certificates.services import feeding
from server.db import db
from server.exchange.models import ExchangeAgreement
from server.exchange.services.stores import Due
from server.exchange.terms import Ability

#: Where things are named that nobody gave an address (`PUBLIC_URL`): a name that nobody has.
_NOWHERE: Final = "https://safety-training-platform.invalid"

_FOLLOWED: Final[Sequence[Ability]] = (Ability.CERTIFICATES, Ability.OUTCOMES)


@dataclass(frozen=True, kw_only=True)
class Owed:
    """What is sent to a store together."""

    agreement: ExchangeAgreement
    statements: list[dict[str, Any]]
    #: Whom it is about.
    people: set[UUID]
    until_seq: int


def owed(due: Due) -> Owed:
    """Return the statements of the next entries, as the agreement of the store allows."""
    agreed = db.session.get_one(ExchangeAgreement, due.agreement_id)
    some = feeding.read(agreed, _FOLLOWED, seq=due.position, limit=due.limit)
    home = keys.ring().address or _NOWHERE
    made: list[dict[str, Any]] = []
    people: set[UUID] = set()
    for item in some.items:
        said = xapi.statements(item.kind, item.content or {}, person_id=item.person_id, home=home)
        before = len(made)
        made.extend(said)
        if item.person_id is not None and len(made) > before:
            people.add(item.person_id)
    return Owed(agreement=agreed, statements=made, people=people, until_seq=some.until_seq)
