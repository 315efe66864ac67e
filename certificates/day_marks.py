"""The mark of a site for one day: shown by every card there, and by no older picture (当日暗记).

Two characters and a colour that follow from a secret of the installation, the site and the day.
Phones and gates that were online today know it; who shows a picture or a film of a card that was
taken on another day, or at another site, shows another mark.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import date
from uuid import UUID

#: Characters that nobody takes for one another, read across a gate.
CHARACTERS = "山水火木金土日月星云风雨雷电江河湖海松竹梅兰春夏秋冬东南西北天地龙虎马牛羊鸟鱼龟"

#: Colours, as the angle of their hue; far enough apart to be told at a glance.
HUES = (0, 30, 60, 120, 180, 210, 240, 285, 325)


@dataclass(frozen=True, kw_only=True)
class Mark:
    """What is shown at a site on a day."""

    word: str
    #: The angle of the colour, 0 to 359.
    hue: int


def mark(secret: bytes, site: UUID, on: date) -> Mark:
    """Return the mark of a site on a day.

    Args:
        secret: of the installation, for this use alone.
        site: the enterprise at whose gates it is shown: the topmost organisation.
        on: the day.
    """
    drawn = hmac.new(secret, site.bytes + on.isoformat().encode(), hashlib.sha256).digest()
    first, second, hue = (
        int.from_bytes(drawn[place : place + 8], "big") for place in range(0, 24, 8)
    )
    count = len(CHARACTERS)
    return Mark(
        word=CHARACTERS[first % count] + CHARACTERS[second % count], hue=HUES[hue % len(HUES)]
    )
