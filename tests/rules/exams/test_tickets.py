"""The code of an admission ticket: signed, short, and nothing else passes for it."""

from __future__ import annotations

import base64
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from exams import tickets
from exams.tickets import NoTicket, Ticket

KEY, OLD_KEY = (Ed25519PrivateKey.from_private_bytes(bytes([one] * 32)) for one in (1, 2))
KEYS = (KEY.public_key(), OLD_KEY.public_key())
TICKET = Ticket(sitting_id=UUID(int=7), enrolment_id=UUID(int=8), number=3)


@given(st.uuids(), st.uuids(), st.integers(1, 65_535))
def test_what_was_written_is_read(sitting_id, enrolment_id, number):
    ticket = Ticket(sitting_id=sitting_id, enrolment_id=enrolment_id, number=number)

    assert tickets.read(tickets.write(ticket, KEY), KEYS) == ticket


def test_exchanged_keys_still_open_what_they_signed():
    assert tickets.read(tickets.write(TICKET, OLD_KEY), KEYS) == TICKET
    with pytest.raises(NoTicket):
        tickets.read(tickets.write(TICKET, OLD_KEY), KEYS[:1])


def test_a_code_fits_a_picture_that_a_cheap_phone_reads():
    assert len(tickets.write(TICKET, KEY)) == 135


@given(st.integers(0, 97), st.integers(1, 255))
def test_a_changed_code_is_no_ticket(place, change):
    good = tickets.write(TICKET, KEY)
    packed = bytearray(base64.urlsafe_b64decode(good[4:] + "=" * (-len(good[4:]) % 4)))
    packed[place] ^= change
    forged = "AT1." + base64.urlsafe_b64encode(bytes(packed)).decode().rstrip("=")

    with pytest.raises(NoTicket):
        tickets.read(forged, KEYS)


@pytest.mark.parametrize("text", ["", "AT1.", "AT1.!!!!", "AT2.AAAA", "AT1." + "A" * 300, "AT1.QQ"])
def test_other_texts_are_no_tickets(text):
    with pytest.raises(NoTicket):
        tickets.read(text, KEYS)
