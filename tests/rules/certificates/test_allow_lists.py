"""After a theft of a key: what it had signed before is believed, whatever else it signs is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from certificates import allow_lists, errors, list_errors, signing, status_lists, tokens
from certificates.signing import KeySigner
from certificates.trust import KeyState, TrustList, payload_hash
from certificates.trust_lists import SignedTrustList
from tests.factories.tokens import CLAIMS, KEY, TODAY, trusted

NOW = datetime(2026, 11, 20, 4, tzinfo=UTC)
STATUS, ISSUER = (KeySigner(ec.derive_private_key(n, ec.SECP256R1())) for n in (34, 35))
THEFT = TrustList(keys=(trusted(state=KeyState.COMPROMISED),))
TRUSTED = SignedTrustList(
    seq=1,
    made_at=NOW,
    until=NOW + timedelta(days=400),
    roots=(ISSUER.public_key,),
    status_keys=(STATUS.public_key,),
    trust=THEFT,
)
HASHES = [payload_hash(bytes([number])) for number in range(5)]


def test_what_was_issued_before_the_theft_is_believed_by_its_content_alone():
    issued = tokens.write(CLAIMS, KEY)
    known = payload_hash(tokens.opened(issued).payload)
    trust = replace(THEFT, allowed=frozenset({known}))
    forged = [
        replace(CLAIMS, holder="窃贼"),
        replace(CLAIMS, valid_until=CLAIMS.valid_until + timedelta(days=1)),
        replace(CLAIMS, status_index=CLAIMS.status_index + 1),
        replace(CLAIMS, serial="7K3M9Q2XW8ZT4B6P"),
    ]

    assert tokens.read(issued, trust, on=TODAY) == CLAIMS
    # Signed once more by the thief it says the same, and nothing more.
    assert tokens.read(tokens.write(CLAIMS, KEY), trust, on=TODAY) == CLAIMS
    for each in forged:
        with pytest.raises(errors.KeyCompromised):
            tokens.read(tokens.write(each, KEY), trust, on=TODAY)
    with pytest.raises(errors.KeyCompromised):
        tokens.read(issued, THEFT, on=TODAY)


def test_a_theft_is_seen_by_who_remembers_the_token():
    memory = tokens.Memory(2)
    issued = tokens.write(CLAIMS, KEY)
    good = TrustList(keys=(trusted(),))

    assert memory.read(memory.look(issued), good, on=TODAY) == CLAIMS
    assert memory.read(memory.look(issued), good, on=TODAY) == CLAIMS
    with pytest.raises(errors.KeyCompromised):
        memory.read(memory.look(issued), THEFT, on=TODAY)
    with pytest.raises(errors.KeyNotTrusted):
        memory.read(memory.look(issued), TrustList(keys=()), on=TODAY)
    for number in range(5):
        other = tokens.write(replace(CLAIMS, status_index=number), KEY)
        memory.read(memory.look(other), good, on=TODAY)
    assert len(memory) == 2


def test_the_list_is_signed_by_the_key_of_lists_and_read_back():
    raw = allow_lists.write(HASHES, STATUS, seq=3, at=NOW)

    found = allow_lists.read(raw, TRUSTED, known_seq=3, at=NOW)

    assert (found.seq, found.hashes) == (3, frozenset(HASHES))
    assert (
        allow_lists.read(
            allow_lists.write([], STATUS, seq=3, at=NOW), TRUSTED, known_seq=0, at=NOW
        ).hashes
        == frozenset()
    )


@pytest.mark.parametrize(
    ("raw", "asked", "refusal"),
    [
        (allow_lists.write(HASHES, ISSUER, seq=3, at=NOW), {}, list_errors.ListUntrusted),
        (allow_lists.write(HASHES, STATUS, seq=2, at=NOW), {}, list_errors.ListRolledBack),
        (
            allow_lists.write(HASHES, STATUS, seq=3, at=NOW),
            {"at": NOW + timedelta(days=401)},
            list_errors.ListExpired,
        ),
        (status_lists.write(b"", STATUS, seq=9, at=NOW), {}, list_errors.ListMalformed),
        (b"\x00", {}, list_errors.ListMalformed),
        (
            signing.write({2: "urn:other"}, STATUS, typ=allow_lists.TYP),
            {},
            list_errors.ListOfAnother,
        ),
        (
            signing.write(
                {2: allow_lists.URI, 4: 1, 6: 1, -65539: 3, -65540: b"12345"},
                STATUS,
                typ=allow_lists.TYP,
            ),
            {},
            list_errors.ListMalformed,
        ),
    ],
)
def test_a_list_that_is_not_to_be_believed_is_refused(raw, asked, refusal):
    with pytest.raises(refusal):
        allow_lists.read(raw, TRUSTED, **({"known_seq": 3, "at": NOW} | asked))


def test_no_mutant_of_the_list_is_believed():
    raw, dice = allow_lists.write(HASHES, STATUS, seq=3, at=NOW), Random(3)
    for _ in range(300):
        mutant = bytearray(raw)
        mutant[dice.randrange(len(raw))] ^= 1 << dice.randrange(8)
        with pytest.raises(list_errors.ListRefused):
            allow_lists.read(bytes(mutant), TRUSTED, known_seq=0, at=NOW)
