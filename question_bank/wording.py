"""Canonical wording of texts (文字规范): ordinary spaces, ordinary breaks, nothing invisible."""

from __future__ import annotations

import re
import unicodedata

_BREAKS = re.compile(r"\r\n|[\r\u2028\u2029\x85]")
_SPACES = re.compile(r"[\t\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_AT_BREAKS = re.compile(r" *\n *")
#: Texts of these alone are canonical but for what `strip` and breaks would change.
_ORDINARY = re.compile(
    r"[ -~\u00b0-\u00f7\u2010-\u2026\u2190-\u22ff\u3001-\u30ff\u4e00-\u9fff\uff01-\uff5e]*"
)


def normalised(text: str) -> str:
    """Return the text with ordinary spaces and line breaks and without invisible characters."""
    if _ORDINARY.fullmatch(text):
        return text.strip()
    spaced = _SPACES.sub(" ", _BREAKS.sub("\n", text))
    visible = "".join(char for char in spaced if char == "\n" or not is_invisible(char))
    return _AT_BREAKS.sub("\n", visible).strip()


def is_invisible(char: str) -> bool:
    """Say whether a character shows nothing: control, format, surrogate, never to be used."""
    kind = unicodedata.category(char)
    return kind in {"Cc", "Cf", "Cs"} or (kind == "Cn" and ord(char) & 0xFFFE == 0xFFFE)
