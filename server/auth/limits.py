"""How often a password may be tried, without locking anybody out (登录限制).

Tries are counted at the place they come from, never for an account as such: the tries of one
(account, place) slow down that account *at that place*, and the tries of one address slow down
that address. A place is a device the account has signed in on before, or else the address. So
whoever guesses from elsewhere slows down nobody but themselves, and the right password from a
device or an address that succeeded before is never kept waiting by them.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address
from uuid import UUID

#: Tries of one account at one place before the first wait.
FREE_TRIES = 5

#: The first wait; it doubles with every further try.
FIRST_WAIT = timedelta(seconds=2)

#: The longest wait for one account at one place: an honest person who guesses on stays able to
#: enter before an exam begins, and a machine is held to some 300 guesses a day.
LONGEST_WAIT = timedelta(minutes=5)

#: After this time without a try, the count begins anew.
FORGOTTEN_AFTER = timedelta(hours=12)

#: Tries that failed from one address, all accounts together, in one window. A whole test centre
#: may stand behind one address, so it is generous; against guessing one password for many
#: accounts it still holds a machine to some 14,000 tries a day.
ADDRESS_TRIES = 100
ADDRESS_WINDOW = timedelta(minutes=10)

#: IPv6 clients own whole networks of this length, so they are counted as one.
_IPV6_NETWORK_BITS = 64

NO_WAIT = timedelta(0)


@dataclass(frozen=True, kw_only=True)
class Tally:
    """Tries counted under one key: how many, since when, and the last one."""

    count: int
    began_at: datetime
    last_at: datetime


def place_of(address: str) -> str:
    """Return the network that an address stands for: itself, or the /64 of an IPv6 address."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    host_bits = 128 - _IPV6_NETWORK_BITS
    return f"{IPv6Address(int(parsed) >> host_bits << host_bits)}/{_IPV6_NETWORK_BITS}"


def key_at_device(subject: UUID, device_id: UUID) -> str:
    """Return the key under which tries of an account on a device it knows are counted."""
    return _key("device", str(subject), str(device_id))


def key_at_address(subject: UUID, address: str) -> str:
    """Return the key under which tries of an account from an address are counted."""
    return _key("pair", str(subject), place_of(address))


def key_of_address(address: str) -> str:
    """Return the key under which all tries from an address are counted."""
    return _key("address", place_of(address))


def counted(tally: Tally | None, at: datetime, *, window: timedelta | None = None) -> Tally:
    """Return the tally with one more try at `at`.

    Args:
        tally: what was counted so far; None for nothing.
        at: the moment of the try.
        window: the count begins anew after this time since it began; None where it begins anew
            only when nobody tried for long.
    """
    if tally is None or _over(tally, at, window):
        return Tally(count=1, began_at=at, last_at=at)
    return replace(tally, count=tally.count + 1, last_at=at)


def wait_at_place(tally: Tally | None, at: datetime) -> timedelta:
    """Return how long the account must wait at this place before the next try."""
    if tally is None or tally.count < FREE_TRIES or _over(tally, at, None):
        return NO_WAIT
    doublings = min(tally.count - FREE_TRIES, 20)
    return max(NO_WAIT, tally.last_at + min(LONGEST_WAIT, FIRST_WAIT * (1 << doublings)) - at)


def wait_at_address(tally: Tally | None, at: datetime) -> timedelta:
    """Return how long accounts unknown at this address must wait before the next try."""
    if tally is None or tally.count < ADDRESS_TRIES:
        return NO_WAIT
    return max(NO_WAIT, tally.began_at + ADDRESS_WINDOW - at)


def _over(tally: Tally, at: datetime, window: timedelta | None) -> bool:
    if window is not None:
        return at >= tally.began_at + window
    return at >= tally.last_at + FORGOTTEN_AFTER


def _key(*parts: str) -> str:
    # A digest, so that the table of tries holds no address and no name.
    return hashlib.sha256("\x00".join(parts).encode()).hexdigest()
