"""What a phone tells of a candidate's conduct, and what the server sees by itself (行为记录).

Evidence for people, never a verdict: nothing in the platform takes a point or a minute away
because of it. How much an attempt can gather is bounded by the numbers its phone may use.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

#: The highest number of an event of one phone: more than anybody looks away.
HIGHEST_NUMBER = 2_000

#: Events of one message.
MOST_EVENTS = 200

#: What the server itself sees stands under this epoch, which no phone has.
SERVER_EPOCH = 0

#: How often the server notes that address or device are others than before.
MOST_NOTED = 200


class Conduct(StrEnum):
    """What happened."""

    FOCUS_LOST = "focus_lost"
    FOCUS_GAINED = "focus_gained"
    PAGE_HIDDEN = "page_hidden"
    PAGE_SHOWN = "page_shown"
    #: A question was answered; `lasted_ms` says how long it was looked at.
    ANSWERED = "answered"
    OFFLINE = "offline"
    ONLINE = "online"
    #: The attempt is heard from another address than before; seen by the server.
    ADDRESS = "address"
    #: The attempt is heard from another signed-in device than before; seen by the server.
    DEVICE = "device"
    #: Another phone wanted to start, answer or hand in, and was refused; seen by the server.
    DEVICE_REFUSED = "device_refused"


#: What a phone may say; the rest only the server sees.
BY_PHONE = frozenset(Conduct) - {Conduct.ADDRESS, Conduct.DEVICE, Conduct.DEVICE_REFUSED}


@dataclass(frozen=True, kw_only=True)
class Told:
    """One event as a phone tells it."""

    #: The phone's own number of the event, from 1: telling it twice keeps it once.
    number: int
    kind: Conduct
    slot: int | None = None
    #: Milliseconds since the start, by the phone's own steady clock.
    at_ms: int
    lasted_ms: int | None = None
