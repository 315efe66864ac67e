"""Which passwords are too easily guessed (口令规则).

After NIST SP 800-63B: length counts, composition does not; what people commonly choose, what
repeats or runs on, and what is known about the person is refused.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from functools import cache
from importlib.resources import files

from server.auth.hashing import normal
from server.errors import Message

#: Characters a password has at least; more where a role has power over others.
SHORTEST, SHORTEST_FOR_STAFF = 8, 10

#: Characters a password has at most: enough for any sentence, little enough to compute.
LONGEST = 128

#: Different characters a password has at least.
_FEWEST_DIFFERENT = 4

#: Characters of the shortest name that is looked for in a password.
_SHORTEST_NAME = {True: 3, False: 2}

#: Digits at the end of a telephone number that are looked for in a password.
_PHONE_ENDING = 6

#: What fingers run along: digits, letters, and the rows and columns of a keyboard.
_RUNS = (
    "01234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    "1q2w3e4r5t6y7u8i9o0p",
    "147258369",
    "789456123",
)

TOO_SHORT = Message(
    en="It needs at least {shortest} characters.", zh="至少需要 {shortest} 个字符。"
)
TOO_LONG = Message(en="It may have 128 characters at most.", zh="最多 128 个字符。")
UNTYPABLE = Message(en="It holds a character that cannot be typed.", zh="含有无法输入的控制字符。")
COMMON = Message(
    en="It is one of the passwords that are tried first.", zh="该口令过于常见，容易被猜中。"
)
TOO_EVEN = Message(
    en="It repeats itself or runs along the keyboard.", zh="该口令由重复或连续的字符组成。"
)
THE_SAME = Message(en="It is the old password.", zh="新密码不得与原密码相同。")
ABOUT_ONESELF = Message(
    en="It holds your name, telephone number or sign-in name.",
    zh="口令不得包含本人姓名、手机号或登录名。",
)


def complaints(password: str, *, about: Iterable[str], shortest: int = SHORTEST) -> list[Message]:
    """Return what is wrong with a password, nothing where it is good.

    Args:
        password: as it was typed.
        about: what is known of the person: name, telephone number, sign-in name.
        shortest: characters it needs at least.
    """
    text = normal(password)
    if len(text) < shortest:
        return [
            Message(
                en=TOO_SHORT.en.format(shortest=shortest),
                zh=TOO_SHORT.zh.format(shortest=shortest),
            )
        ]
    if len(text) > LONGEST:
        return [TOO_LONG]
    known = tuple(about)
    folded = text.casefold()
    rules: tuple[tuple[Message, Callable[[], bool]], ...] = (
        (UNTYPABLE, lambda: not text.isprintable()),
        (COMMON, lambda: _is_common(folded)),
        (TOO_EVEN, lambda: _is_even(folded)),
        (ABOUT_ONESELF, lambda: any(_tells_of(folded, fact) for fact in known)),
    )
    return [message for message, broken in rules if broken()]


@cache
def common() -> frozenset[str]:
    """Return the passwords that are tried first, in small letters."""
    text = files("server.auth.data").joinpath("common_passwords.csv").read_text("utf-8")
    return frozenset(row["password"] for row in csv.DictReader(text.splitlines()))


def _is_common(folded: str) -> bool:
    # "dragon2026!" is "dragon" to whoever guesses.
    word = folded.strip("0123456789!@#$%^&*._-+?~ ")
    decoration = len(folded) - len(word)
    return folded in common() or (len(word) >= 4 and decoration <= 5 and word in common())


def _is_even(folded: str) -> bool:
    if len(set(folded)) < _FEWEST_DIFFERENT or _repeats(folded):
        return True
    return any(folded in run or folded in run[::-1] for run in _RUNS)


def _repeats(folded: str) -> bool:
    return any(
        folded == (folded[:period] * len(folded))[: len(folded)]
        for period in range(1, len(folded) // 2 + 1)
    )


def _tells_of(folded: str, fact: str) -> bool:
    known = normal(fact).casefold().strip()
    if known.isdigit() and len(known) > _PHONE_ENDING:
        return known[-_PHONE_ENDING:] in folded or folded in known
    return len(known) >= _SHORTEST_NAME[known.isascii()] and known in folded
