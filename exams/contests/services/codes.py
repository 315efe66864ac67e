"""Codes sent to phones, by which somebody without an account proves a number (短信验证码).

Neither the number nor the code is kept: only keyed digests of both. A number is sent a few codes a
day and an address asks for a few dozen in ten minutes; a wrong code may be tried a few times.
"""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete

from exams.contests import rules
from exams.contests.errors import PhoneCodesUsed
from exams.contests.models import PhoneCode
from server.auth import limits
from server.auth.services import tallies
from server.days import civil_day
from server.db import db
from server.people import ciphers

#: Digits of a code.
_DIGITS = 6


def index_of(contest_id: UUID, phone: str) -> str:
    """Return the text by which a number is found in one contest, and in no other."""
    return ciphers.current().number_index(f"contest:{contest_id}:{phone}")


def make(contest_id: UUID, phone: str, *, address: str, at: datetime) -> str:
    """Make the code that is to be sent to a number; an earlier one is good no more.

    Raises:
        PhoneCodesUsed: the number was sent enough today, or the address asked too often.
    """
    found = rules.on(civil_day(at))
    index = index_of(contest_id, phone)
    number_key = limits.key_at_device(contest_id, UUID(index[:32]))
    address_key = limits.key_of_address(f"contest code {limits.place_of(address)}")
    for key, most, window in (
        (number_key, found.codes_a_day, timedelta(days=1)),
        (address_key, limits.ADDRESS_TRIES, limits.ADDRESS_WINDOW),
    ):
        tally = tallies.locked(key, at=at)
        if tally is not None and tally.count >= most and at < tally.began_at + window:
            raise PhoneCodesUsed
        tallies.count(key, tally, at=at, window=window)
    code = f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}d}"
    kept = db.session.get(PhoneCode, index, with_for_update=True) or PhoneCode(phone_index=index)
    kept.code_hash, kept.sent_at = _hash(index, code), at
    kept.until_at = at + timedelta(minutes=found.code_minutes)
    kept.tries_left = found.code_tries
    db.session.add(kept)
    db.session.flush()
    return code


def proves(contest_id: UUID, phone: str, code: str, *, at: datetime) -> bool:
    """Say whether a code proves a number; a wrong one takes a try away.

    Whoever asks commits, also where it says no: otherwise trying would cost nothing.
    """
    kept = db.session.get(PhoneCode, index_of(contest_id, phone), with_for_update=True)
    if kept is None or at >= kept.until_at or kept.tries_left < 1:
        return False
    if hmac.compare_digest(kept.code_hash, _hash(kept.phone_index, code)):
        return True
    kept.tries_left -= 1
    db.session.flush()
    return False


def _hash(index: str, code: str) -> str:
    return ciphers.current().number_index(f"code:{index}:{code}")


def sweep(*, at: datetime) -> int:
    """Delete the codes that are good no more; return how many."""
    old = delete(PhoneCode).where(PhoneCode.until_at <= at)
    return len(db.session.execute(old.returning(PhoneCode.phone_index)).all())
