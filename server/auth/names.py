"""Sign-in names and telephone numbers in their one form (登录名)."""

from __future__ import annotations

import re
import unicodedata

#: Letters, digits, dot, hyphen, underscore; begins with a letter, so that it is never a number.
_NAME = re.compile(r"[a-z][a-z0-9._-]{2,39}", re.ASCII)

#: A mobile number of the mainland, or an international one without its plus.
_PHONE = re.compile(r"1[3-9][0-9]{9}|[0-9]{8,15}", re.ASCII)


def typed(text: str) -> str:
    """Return what somebody typed at sign-in in the form in which it is looked up."""
    folded = unicodedata.normalize("NFKC", text).strip().casefold()
    bare = re.sub(r"[\s()+-]", "", folded)
    return _without_country(bare) if bare.isdigit() else folded


def sign_in_name(text: str) -> str | None:
    """Return a name as it is stored, None where it cannot be one."""
    name = unicodedata.normalize("NFKC", text).strip().casefold()
    return name if _NAME.fullmatch(name) else None


def phone(text: str) -> str | None:
    """Return a telephone number as it is stored, None where it is none."""
    number = typed(text)
    return number if _PHONE.fullmatch(number) else None


def _without_country(digits: str) -> str:
    mainland = re.fullmatch(r"(?:00)?86(1[3-9][0-9]{9})", digits)
    return mainland[1] if mainland else digits
