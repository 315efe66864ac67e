"""Signed lists: who may sign them, what they say, and every way of cheating with them."""

from __future__ import annotations

import zlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from certificates import list_errors, signing, status_lists, trust_lists
from certificates.scattering import BLOCK, scattered
from certificates.signing import KeySigner
from certificates.status_lists import Age, Mark
from certificates.trust import STATUS_LIST_URI, KeyState, TrustedKey, TrustList
from certificates.trust_lists import SignedTrustList

NOW = datetime(2026, 11, 20, 4, tzinfo=UTC)
ROOT, NEXT, STRANGER, STATUS, ISSUER = (
    KeySigner(ec.derive_private_key(number, ec.SECP256R1())) for number in range(31, 36)
)
PINS = (ROOT.public_key, NEXT.public_key)
ENTRY = TrustedKey(
    issuer="371300",
    issuer_name="临沂市应急管理局",
    public_key=ISSUER.public_key,
    qualifications=frozenset({"principal"}),
    not_before=NOW.date(),
    not_after=None,
    state=KeyState.ACTIVE,
    status_list_uri=STATUS_LIST_URI,
)
MADE = SignedTrustList(
    seq=7,
    made_at=NOW,
    until=NOW + timedelta(days=400),
    roots=PINS,
    status_keys=(STATUS.public_key,),
    trust=TrustList(keys=(ENTRY,)),
)
BITS = status_lists.packed({3: Mark.ENDED, 5: Mark.SUSPENDED, 1000: Mark.SUPERSEDED}, BLOCK)


def read_trust(raw: bytes, **changed: Any) -> SignedTrustList:
    values: dict[str, Any] = {"known_seq": 0, "at": NOW} | changed
    return trust_lists.read(raw, PINS, **values)


@pytest.mark.parametrize("root", [ROOT, NEXT])
def test_the_current_root_and_the_next_may_sign_the_trust_list(root):
    assert read_trust(trust_lists.write(MADE, root)) == MADE


@pytest.mark.parametrize(
    ("raw", "changed", "refusal"),
    [
        (trust_lists.write(MADE, STRANGER), {}, list_errors.ListUntrusted),
        (trust_lists.write(MADE, ROOT), {"known_seq": 8}, list_errors.ListRolledBack),
        (trust_lists.write(MADE, ROOT), {"at": NOW + timedelta(days=401)}, list_errors.ListExpired),
        (trust_lists.write(replace(MADE, roots=()), ROOT), {}, list_errors.ListMalformed),
        (status_lists.write(BITS, ROOT, seq=9, at=NOW), {}, list_errors.ListMalformed),
        (b"", {}, list_errors.ListMalformed),
    ],
)
def test_a_trust_list_that_is_not_to_be_believed_is_refused(raw, changed, refusal):
    with pytest.raises(refusal):
        read_trust(raw, **changed)


def test_no_mutant_of_a_trust_list_is_believed():
    raw, dice = trust_lists.write(MADE, ROOT), Random(1)
    for _ in range(400):
        mutant = bytearray(raw)
        mutant[dice.randrange(len(raw))] ^= 1 << dice.randrange(8)
        with pytest.raises(list_errors.ListRefused):
            read_trust(bytes(mutant))


def read_status(raw: bytes, *, known_seq: int = 0, made: SignedTrustList = MADE):
    return status_lists.read(raw, made, known_seq=known_seq)


def test_the_status_list_says_of_every_place_where_it_stands():
    found = read_status(status_lists.write(BITS, STATUS, seq=4, at=NOW))

    assert [found.of(place) for place in (0, 3, 5, 1000)] == [
        Mark.STANDS,
        Mark.ENDED,
        Mark.SUSPENDED,
        Mark.SUPERSEDED,
    ]
    assert found.of(BLOCK) is None
    assert found.of(-1) is None


@pytest.mark.parametrize(
    ("later", "age"),
    [
        (timedelta(hours=-1), Age.AHEAD),
        (timedelta(0), Age.FRESH),
        (timedelta(hours=24), Age.FRESH),
        (timedelta(hours=25), Age.AGEING),
        (timedelta(days=7), Age.AGEING),
        (timedelta(days=7, minutes=1), Age.STALE),
    ],
)
def test_an_old_list_says_less_and_less(later, age):
    found = read_status(status_lists.write(BITS, STATUS, seq=4, at=NOW))

    assert found.age(NOW + later) is age


def _claims(**changed: Any) -> dict[int, Any]:
    raw = status_lists.write(BITS, STATUS, seq=4, at=NOW)
    claims: dict[int, Any] = cbor2.loads(cbor2.loads(raw).value[2])
    names = {"sub": 2, "lst": 65533, "seq": -65539}
    return claims | {names[name]: value for name, value in changed.items()}


BOMB = zlib.compress(bytes(30_000_000))


@pytest.mark.parametrize(
    ("claims", "refusal"),
    [
        ({"sub": "urn:sc1:other"}, list_errors.ListOfAnother),
        ({"lst": {"bits": 1, "lst": b""}}, list_errors.ListMalformed),
        ({"lst": {"bits": 2, "lst": b"no zlib"}}, list_errors.ListMalformed),
        ({"lst": {"bits": 2, "lst": BOMB}}, list_errors.ListMalformed),
        ({"seq": "x"}, list_errors.ListMalformed),
    ],
)
def test_a_status_list_that_says_something_else_is_refused(claims, refusal):
    raw = signing.write(_claims(**claims), STATUS, typ=status_lists.TYP)

    with pytest.raises(refusal):
        read_status(raw)


def test_who_issues_certificates_may_not_sign_the_status_list():
    for signer in (ISSUER, ROOT, STRANGER):
        with pytest.raises(list_errors.ListUntrusted):
            read_status(status_lists.write(BITS, signer, seq=4, at=NOW))


def test_a_status_list_that_is_replayed_or_rolled_back_is_refused():
    raw = status_lists.write(BITS, STATUS, seq=4, at=NOW)

    assert read_status(raw, known_seq=4).seq == 4
    with pytest.raises(list_errors.ListRolledBack):
        read_status(raw, known_seq=5)


def test_a_message_of_another_kind_is_never_taken_for_a_list():
    unlabelled = signing.write(_claims(), STATUS)
    other = signing.write(_claims(), STATUS, typ="application/other")

    for raw in (unlabelled, other, raw_with_unprotected(), b"\x00" * 40):
        with pytest.raises(list_errors.ListMalformed):
            read_status(raw)


def raw_with_unprotected() -> bytes:
    message = cbor2.loads(status_lists.write(BITS, STATUS, seq=4, at=NOW))
    message.value[1] = {4: b"whatever"}
    return cbor2.dumps(message, canonical=True)


@pytest.mark.slow
def test_ten_million_certificates_fit_a_list_of_ninety_kilobytes():
    dice, blocks = Random(5), 39
    ended = dice.sample(range(10_000_000), 50_000)
    marks = {place: Mark.SUSPENDED if place % 5 == 0 else Mark.ENDED for place in ended}

    raw = status_lists.write(status_lists.packed(marks, blocks * BLOCK), STATUS, seq=1, at=NOW)

    assert len(raw) < 90_000, len(raw)
    assert read_status(raw).of(ended[0]) is marks[ended[0]]


def test_no_place_of_a_block_is_met_twice():
    seed = bytes(range(16))

    places = {scattered(place, block=2, seed=seed) for place in range(0, BLOCK, 13)}

    assert len(places) == len(range(0, BLOCK, 13))
    assert 2 * BLOCK <= min(places) < max(places) < 3 * BLOCK
    with pytest.raises(ValueError, match="no such place"):
        scattered(BLOCK, block=0, seed=seed)
