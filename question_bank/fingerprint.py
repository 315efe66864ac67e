"""The fingerprint of a question's content: equal content has equal fingerprints, whoever wrote it.

It is what lets the same file come twice and create nothing twice. Width of characters, case and
every space are left out of it; the order of the options is not.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Collection, Sequence
from typing import Final

from question_bank.kinds import LABELS, Kind

#: Stands between the fields, and cannot occur in a folded text.
_BETWEEN: Final = "\x1f"


def folded(text: str) -> str:
    """Return the text without what people do not see: widths, case and spaces."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def fingerprint(kind: Kind, stem: str, options: Sequence[str], key: Collection[str]) -> str:
    """Return the fingerprint of one question, 64 hexadecimal digits.

    Args:
        kind: a part of the content, as the same words can be asked in two ways.
        stem: the text asked.
        options: texts of the options in the order they were written.
        key: labels of the right options, in any order.
    """
    right = "".join(sorted(label for label in key if label in LABELS))
    content = _BETWEEN.join([kind.value, folded(stem), *map(folded, options), right])
    return hashlib.sha256(content.encode()).hexdigest()
