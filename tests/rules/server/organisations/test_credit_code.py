"""Unified social credit codes."""

from __future__ import annotations

import pytest

from server.organisations import credit_code
from server.organisations.errors import CreditCodeWrong

VALID = ["91350100M000100Y43", "91440300708461136T", "91330100799655058B"]


@pytest.mark.parametrize("code", VALID)
def test_a_valid_code_is_read_however_it_is_spelt(code: str) -> None:
    spaced = " ".join((code[:2], code[2:8], code[8:]))
    full_width = "".join(chr(ord(one) + 0xFEE0) for one in code)

    assert {credit_code.read(text) for text in (code, code.lower(), spaced, full_width)} == {code}
    assert credit_code.check_character(code[:17]) == code[17]


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("", "18 characters"),
        (VALID[0][:17], "18 characters"),
        (VALID[0] + "1", "18 characters"),
        (VALID[0][:17] + "4", "check character"),
        ("91350100M000100I43", "I, O, S, V or Z"),
        ("9135O100M000100Y43", "eight digits"),
        (VALID[1][:10] + "07" + VALID[1][12:], "check character"),
    ],
)
def test_a_wrong_code_is_refused_for_its_reason_in_both_languages(code: str, reason: str) -> None:
    with pytest.raises(CreditCodeWrong) as refused:
        credit_code.read(code)

    assert reason in refused.value.message.en
    assert refused.value.message.zh.startswith("统一社会信用代码无效")
