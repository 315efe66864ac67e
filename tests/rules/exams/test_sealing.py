"""Sealed papers: small, the same for all, opened by their key and by nothing else."""

from __future__ import annotations

import hashlib
import random
import zlib

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from exams import sealing
from exams.sealing import NotSealedByThisKey

KEY, NONCE = bytes(range(32)), bytes(range(12))

#: Characters as frequent in Chinese rules of safety as any; no two questions share a sentence.
_SIGNS = "的安全生产作业人员应当按照规定进行检查设备电工操作使用必须不得高压低压线路接地保护装置"


def a_paper(count: int = 100) -> dict[str, object]:
    """Return a paper of questions as long as real ones: stems of 45 signs, options of 12."""
    dice = random.Random(7)  # makes text, no secret
    rare = [chr(0x4E00 + dice.randrange(6_000)) for _ in range(900)]

    def text(length: int) -> str:
        return "".join(dice.choice(_SIGNS if dice.random() < 0.5 else rare) for _ in range(length))

    return {
        "format": 1,
        "questions": [
            {
                "slot": slot,
                "section": 0,
                "kind": "single_choice",
                "points": 1,
                "stem": text(45),
                "options": [text(12) for _ in range(4)],
            }
            for slot in range(1, count + 1)
        ],
    }


def test_what_was_sealed_opens_with_its_key():
    sealed = sealing.seal(a_paper(), key=KEY, nonce=NONCE)

    assert sealing.unseal(sealed.content, key=KEY) == a_paper()
    assert sealed.hash == hashlib.sha256(sealed.content).hexdigest()


def test_the_same_paper_makes_the_same_bytes_in_whatever_order_its_fields_came():
    turned = dict(reversed(a_paper().items()))

    assert sealing.seal(turned, key=KEY, nonce=NONCE) == sealing.seal(
        a_paper(), key=KEY, nonce=NONCE
    )


def test_a_hundred_questions_of_random_signs_take_less_than_30_kilobytes():
    assert len(sealing.seal(a_paper(), key=KEY, nonce=NONCE).content) <= 30_000


@pytest.mark.parametrize("at", [0, 12, 500, -1])
def test_a_changed_byte_is_noticed(at):
    content = bytearray(sealing.seal(a_paper(3), key=KEY, nonce=NONCE).content)
    content[at] ^= 1

    with pytest.raises(NotSealedByThisKey):
        sealing.unseal(bytes(content), key=KEY)


@pytest.mark.parametrize("content", [b"", b"short", bytes(40)])
def test_what_is_no_package_is_refused(content):
    with pytest.raises(NotSealedByThisKey):
        sealing.unseal(content, key=KEY)


def test_another_key_opens_nothing():
    content = sealing.seal(a_paper(3), key=KEY, nonce=NONCE).content

    with pytest.raises(NotSealedByThisKey):
        sealing.unseal(content, key=bytes(32))


def test_the_bytes_are_what_the_guide_says():
    """Nonce, then AES-256-GCM with the associated data, then zlib, then JSON in UTF-8."""
    content = sealing.seal({"questions": ["题"]}, key=KEY, nonce=NONCE).content

    packed = AESGCM(KEY).decrypt(content[:12], content[12:], b"sealed-paper/1")
    assert zlib.decompress(packed).decode() == '{"questions":["题"]}'
