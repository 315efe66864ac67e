"""Questions by number and name are counted, so that nobody counts numbers through (防批量查询).

Tries are counted by the address they come from and by the number they are about, in the table that
all processes share; what is refused is not counted. On a result day many ask at the same moment:
the group commit counts them together.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Final

from server.auth import limits
from server.auth.services import crowd_tallies
from server.auth.services.crowd_tallies import Limit, Try
from server.people.documents import normalised

#: Questions from one address, and about one number, in one window. A gang at a gate may stand
#: behind one address; whoever counts numbers through needs ten thousand times as many.
MOST_FROM_AN_ADDRESS, MOST_ABOUT_A_NUMBER = 60, 10
WINDOW: Final = timedelta(minutes=10)

#: For the group commit.
TRIES: Final = crowd_tallies.TRIES


def asked(number: str, *, address: str, at: datetime) -> Try:
    """Return what counts for a question about a number that comes from an address."""
    place = limits.place_of(address)
    return Try(
        limits=(
            Limit(_key("from", place), MOST_FROM_AN_ADDRESS, WINDOW),
            Limit(_key("about", normalised(number)), MOST_ABOUT_A_NUMBER, WINDOW),
        ),
        at=at,
    )


def _key(kind: str, what: str) -> str:
    return hashlib.sha256(f"verification\0{kind}\0{what}".encode()).hexdigest()
