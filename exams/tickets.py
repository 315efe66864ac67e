"""What the code on an admission ticket says, signed (准考证二维码).

`AT1.` and base64url of: the sitting, the enrolment (16 bytes each), the number of the ticket (two
bytes: a change of seat makes a new ticket), and an Ed25519 signature. It names nobody and no
place on the web; who has the roster of the room and the public key checks it without a network.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

#: How every such code begins.
PREFIX = "AT1."

#: What the signature is over besides the content, so that it is good for nothing else.
_PURPOSE = b"admission ticket 1\x00"
_CONTENT_BYTES, _SIGNATURE_BYTES = 34, 64


class NoTicket(ValueError):
    """The text is no ticket of this installation."""


@dataclass(frozen=True, kw_only=True)
class Ticket:
    """What a ticket says."""

    sitting_id: UUID
    enrolment_id: UUID
    #: From 1; a new one with every change of seat.
    number: int

    @property
    def content(self) -> bytes:
        """What is signed."""
        return self.sitting_id.bytes + self.enrolment_id.bytes + self.number.to_bytes(2, "big")


def write(ticket: Ticket, key: Ed25519PrivateKey) -> str:
    """Return the text of the code."""
    content = ticket.content
    packed = content + key.sign(_PURPOSE + content)
    return PREFIX + base64.urlsafe_b64encode(packed).rstrip(b"=").decode("ascii")


def read(text: str, keys: tuple[Ed25519PublicKey, ...]) -> Ticket:
    """Return what a code says.

    Raises:
        NoTicket: it is none, or no key in use has signed it.
    """
    content, signature = _unpacked(text)
    for key in keys:
        try:
            key.verify(signature, _PURPOSE + content)
        except InvalidSignature:
            continue
        return Ticket(
            sitting_id=UUID(bytes=content[:16]),
            enrolment_id=UUID(bytes=content[16:32]),
            number=int.from_bytes(content[32:], "big"),
        )
    raise NoTicket("Nobody here has signed it.")


def _unpacked(text: str) -> tuple[bytes, bytes]:
    body = text.removeprefix(PREFIX)
    if body == text or len(body) > 200:
        raise NoTicket("It does not begin like a ticket.")
    try:
        packed = base64.b64decode(body + "=" * (-len(body) % 4), altchars=b"-_", validate=True)
    except ValueError:
        raise NoTicket("It cannot be read.") from None
    if len(packed) != _CONTENT_BYTES + _SIGNATURE_BYTES:
        raise NoTicket("It is too long or too short.")
    return packed[:_CONTENT_BYTES], packed[_CONTENT_BYTES:]
