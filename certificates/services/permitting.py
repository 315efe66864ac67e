"""What other systems are answered, counted and signed: who may work (上岗核验的签名答复)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from uuid import uuid4

from certificates import exchange_packages, keys, statements
from certificates.services import looking_up
from certificates.services.looking_up import Answer, Question
from server.days import beginning_of, civil_day
from server.exchange.models import ExchangeAgreement
from server.exchange.services import usage
from server.exchange.terms import Ability

#: How long an answer may be kept at most: a suspension is heeded everywhere after that. Counted
#: from the full minute, so that within a minute the same answer counts until the same moment.
KEPT_FOR = timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True)
class Permission:
    """The answers to a request, until when they may be kept, and the signature over them."""

    items: list[Answer]
    valid_until: datetime
    statement: str
    #: The same for the same answers until the same moment, whatever signed them.
    mark: str


def answered(
    questions: Sequence[Question], agreement: ExchangeAgreement, *, at: datetime
) -> Permission:
    """Answer a system, after it was counted and the people concerned can see it.

    Raises:
        NotFound: a place lies outside the region of the agreement.
        QuotaSpent: the agreement gives no more today.
    """
    today = civil_day(at)
    items = looking_up.answered(questions, agreement.region.path, on=today)
    told = {each.person_id for each in items if each.person_id is not None}
    usage.note(agreement, Ability.LOOKUP, at=at, units=len(items), people=told)
    until = min(
        at.replace(second=0, microsecond=0) + KEPT_FOR, beginning_of(today + timedelta(days=1))
    )
    answers = [_told(each) for each in items]
    claims = {
        "iss": keys.ring().address or exchange_packages.ISSUER,
        "aud": str(agreement.id),
        "jti": str(uuid4()),
        "iat": int(at.timestamp()),
        "exp": int(until.timestamp()),
        "on": today.isoformat(),
        "answers": answers,
    }
    signer = keys.ring().of(keys.EXCHANGE)
    statement = statements.signed(statements.PERMISSION_TYP, claims, signer)
    return Permission(
        items=items, valid_until=until, statement=statement, mark=_mark(answers, until)
    )


def _mark(answers: Sequence[object], until: datetime) -> str:
    told = json.dumps([answers, until.isoformat()]).encode()
    return blake2b(told, digest_size=12).hexdigest()


def _told(answer: Answer) -> dict[str, object]:
    return {
        "organisation_id": str(answer.organisation_id),
        "person_id": str(answer.person_id) if answer.person_id else None,
        "role": answer.role,
        "items": list(answer.items),
        "may_work": answer.may_work,
        "reasons": [each.code.value for each in answer.reasons if each.blocks],
    }
