"""Pure: the unified social credit code of GB 32100-2015 (统一社会信用代码)."""

from __future__ import annotations

import unicodedata

from stdnum.cn import uscc
from stdnum.exceptions import InvalidChecksum, InvalidLength, ValidationError

from server.organisations.errors import CreditCodeWrong


def read(text: str) -> str:
    """Return the credit code in its stored form: 18 characters, upper-case.

    Full-width characters, spaces and hyphens are forgiven. The code's inner organisation code
    (GB 11714) is not checked again: codes issued after 2015 need not have a valid one.

    Raises:
        CreditCodeWrong: the length, the characters or the check character are wrong.
    """
    try:
        return str(uscc.validate(unicodedata.normalize("NFKC", text)))
    except InvalidLength:
        raise CreditCodeWrong(reason="it needs 18 characters", reason_zh="应为 18 位") from None
    except InvalidChecksum:
        raise CreditCodeWrong(
            reason="its check character does not fit", reason_zh="校验码不符"
        ) from None
    except ValidationError:
        raise CreditCodeWrong(
            reason="it begins with eight digits and has no I, O, S, V or Z",
            reason_zh="前八位应为数字，且不含字母 I、O、S、V、Z",
        ) from None


def check_character(first_17: str) -> str:
    """Return the eighteenth character that fits the first seventeen."""
    return str(uscc.calc_check_digit(first_17))
