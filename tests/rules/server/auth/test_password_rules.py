"""Passwords that are guessed first are refused; everything else is the person's own business."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.auth import hashing, password_rules
from server.auth.password_rules import (
    ABOUT_ONESELF,
    COMMON,
    LONGEST,
    SHORTEST,
    SHORTEST_FOR_STAFF,
    TOO_EVEN,
    TOO_LONG,
    UNTYPABLE,
    complaints,
)
from server.errors import Message, Unavailable

ABOUT = ("王建国", "wang.jianguo", "13912345678", "Smith")


@pytest.mark.parametrize(
    "password",
    [
        "河边的石头会唱歌",
        "correct horse battery staple",
        "tR7#kfW2",
        "vurige olifant",
        "9t-4hw-2mq",
        "🦆🐢🦊🐝🦉🐞🐙🐬",
    ],
)
def test_a_password_that_is_hard_to_guess_needs_nothing_else(password: str):
    assert complaints(password, about=ABOUT) == []


@pytest.mark.parametrize(
    "password",
    [
        "password",
        "PassWord",
        "iloveyou",
        "a123456789",
        "woaini1314",
        "anquan2026",
        "qwerty123!",
        "Dragon2024",
        "!!monkey!!",
        "ｐａｓｓｗｏｒｄ",
    ],
)
def test_what_everybody_chooses_is_refused_however_it_is_dressed(password: str):
    assert COMMON in complaints(password, about=())


@pytest.mark.parametrize(
    "password",
    [
        "0123456789",
        "hgfedcba",
        "1qaz2wsx3edc",
        "mnbvcxz" + "mnbvcxz",
        "zqzqzqzq",
        "aaaaaaaab",
        "ab3ab3ab3ab3",
        "poiuytrewq",
    ],
)
def test_what_repeats_or_runs_on_is_refused(password: str):
    assert TOO_EVEN in complaints(password, about=())


@pytest.mark.parametrize(
    "password",
    [
        "我是王建国没错",
        "wang.jianguo-77",
        "x139 12345678",
        "my13912345678",
        "qw345678rt",
        "139123456",
        "BlackSMITHson",
        "１３９１２３４５６７８",
    ],
)
def test_what_is_known_of_the_person_is_refused(password: str):
    assert ABOUT_ONESELF in complaints(password, about=ABOUT, shortest=6)


@pytest.mark.parametrize("fact", ["", " ", "Li", "王", "12"])
def test_a_fact_too_short_to_be_telling_forbids_nothing(fact: str):
    assert complaints("Li likes 王 and 12 pears", about=[fact]) == []


@pytest.mark.parametrize("shortest", [SHORTEST, SHORTEST_FOR_STAFF])
def test_a_password_needs_its_length(shortest: int):
    password = "k7#pV2x!Q9zz"

    assert complaints(password[:shortest], about=(), shortest=shortest) == []
    (message,) = complaints(password[: shortest - 1], about=(), shortest=shortest)
    assert str(shortest) in message.en
    assert str(shortest) in message.zh


def test_length_is_counted_in_characters_as_they_are_compared():
    assert complaints("é" * 4 + "漢字仮名", about=()) == []


def test_a_password_may_be_a_sentence_but_not_a_book():
    sentence = "".join(chr(0x4E00 + i) for i in range(LONGEST))

    assert complaints(sentence, about=()) == []
    assert complaints(sentence + "完", about=()) == [TOO_LONG]


def test_what_no_keyboard_types_is_refused():
    assert UNTYPABLE in complaints("tR7#\x00kfW2", about=())


def test_the_list_of_common_passwords_is_there_and_lower_case():
    assert len(password_rules.common()) > 9_000
    assert all(word == word.casefold() for word in password_rules.common())


@given(st.text(max_size=150), st.lists(st.text(max_size=20), max_size=3))
def test_any_password_gets_an_answer(password: str, about: list[str]):
    found = complaints(password, about=about)

    assert all(isinstance(one, Message) for one in found)


def test_a_digest_matches_its_password_in_either_width_and_no_other():
    digest = hashing.digest_of("tR7#kfW2")

    assert hashing.matches(digest, "tR7#kfW2")
    assert hashing.matches(digest, "ｔＲ７＃ｋｆＷ２")
    assert not hashing.matches(digest, "tR7#kfw2")
    assert digest.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert not hashing.is_outdated(digest)


def test_whoever_waits_too_long_for_a_digest_is_told_to_come_back(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(hashing, "_PATIENCE_S", 0.01)
    taken = 0
    while hashing._turn.acquire(blocking=False):
        taken += 1
    try:
        with pytest.raises(Unavailable):
            hashing.digest_of("tR7#kfW2")
        with pytest.raises(Unavailable):
            hashing.matches(None, "tR7#kfW2")
    finally:
        for _ in range(taken):
            hashing._turn.release()

    assert hashing.digest_of("tR7#kfW2")


def test_nobodys_password_never_matches():
    assert not hashing.matches(None, "abc")
    assert not hashing.matches("not a digest", "abc")


def test_a_digest_of_other_parameters_is_outdated():
    digest = hashing.digest_of("tR7#kfW2")

    assert hashing.is_outdated(digest.replace("t=2", "t=1"))
