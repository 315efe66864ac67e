"""Document numbers at rest: closed for one person, found without being read."""

from __future__ import annotations

from itertools import pairwise
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.people.ciphers import DocumentCipher, Sealed, id_of
from server.people.documents import DocumentType
from server.people.errors import DocumentUnreadable

OLD, NEW, INDEX = bytes([1]) * 32, bytes([2]) * 32, bytes([3]) * 32
CIPHER = DocumentCipher(OLD, index_key=INDEX)
ANNA, BORIS = uuid4(), uuid4()


@given(st.text(min_size=1, max_size=40))
def test_what_was_closed_opens_again(number: str) -> None:
    assert CIPHER.open(CIPHER.seal(number, person_id=ANNA), person_id=ANNA) == number


def test_the_same_number_is_closed_differently_each_time() -> None:
    assert CIPHER.seal("E12345678", person_id=ANNA) != CIPHER.seal("E12345678", person_id=ANNA)


def test_a_cipher_copied_to_another_person_does_not_open() -> None:
    sealed = CIPHER.seal("E12345678", person_id=ANNA)

    with pytest.raises(DocumentUnreadable):
        CIPHER.open(sealed, person_id=BORIS)


@pytest.mark.parametrize("place", [0, 12, -1])
def test_a_cipher_with_one_bit_turned_does_not_open(place: int) -> None:
    sealed = CIPHER.seal("E12345678", person_id=ANNA)
    turned = bytearray(sealed.cipher)
    turned[place] ^= 1

    with pytest.raises(DocumentUnreadable):
        CIPHER.open(Sealed(key_id=sealed.key_id, cipher=bytes(turned)), person_id=ANNA)


def test_a_retired_key_still_opens_and_closes_nothing_new() -> None:
    sealed = CIPHER.seal("E12345678", person_id=ANNA)
    exchanged = DocumentCipher(NEW, index_key=INDEX, retired=[OLD])

    assert exchanged.open(sealed, person_id=ANNA) == "E12345678"
    assert exchanged.seal("E12345678", person_id=ANNA).key_id == id_of(NEW) != id_of(OLD)


def test_a_key_that_is_gone_opens_nothing() -> None:
    sealed = CIPHER.seal("E12345678", person_id=ANNA)

    with pytest.raises(DocumentUnreadable):
        DocumentCipher(NEW, index_key=INDEX).open(sealed, person_id=ANNA)


def test_the_index_is_the_same_for_the_same_document_and_key_only() -> None:
    index = CIPHER.index(DocumentType.PASSPORT, "E12345678")

    assert index == DocumentCipher(NEW, index_key=INDEX).index(DocumentType.PASSPORT, "E12345678")
    assert index != CIPHER.index(DocumentType.PASSPORT, "E12345679")
    assert index != CIPHER.index(DocumentType.TAIWAN_PERMIT, "E12345678")
    assert index != DocumentCipher(OLD, index_key=NEW).index(DocumentType.PASSPORT, "E12345678")
    assert "E12345678" not in index


def test_neither_key_nor_number_shows_in_a_representation() -> None:
    sealed = CIPHER.seal("E12345678", person_id=ANNA)

    assert repr(sealed) == f"Sealed(key_id='{id_of(OLD)}')"
    assert OLD.hex()[:12] not in id_of(OLD)


def test_a_new_key_goes_round_servers_one_after_the_other_and_every_number_opens() -> None:
    rounds = [
        DocumentCipher(OLD, index_key=INDEX),
        DocumentCipher(OLD, index_key=INDEX, retired=[NEW]),
        DocumentCipher(NEW, index_key=INDEX, retired=[OLD]),
    ]

    for before, after in pairwise(rounds):
        for closing, opening in ((before, after), (after, before)):
            sealed = closing.seal("E12345678", person_id=ANNA)
            assert opening.open(sealed, person_id=ANNA) == "E12345678"
