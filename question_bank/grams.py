"""Pure: texts cut into pairs of signs, so that any part of a Chinese text is found (检索分词).

Chinese is written without spaces, and what people look for has two signs as often as four. Every
pair of neighbouring signs is therefore a word of the index. A text that holds all pairs of what
is looked for may hold it, and then is looked at itself; no other text can.

The words are spelt in letters and digits, so that no database cuts them its own way.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

#: The least signs that make a pair.
SHORTEST: Final = 2

#: Before the words of texts, and before those of pinyin initials, which else could be taken for
#: Latin letters of a text.
TEXT, INITIALS = "g", "p"


def grams(text: str, *, prefix: str = TEXT) -> Iterator[str]:
    """Yield every pair of neighbouring signs of a folded text, once, as a word of the index."""
    for pair in dict.fromkeys(pairwise(text)):
        yield prefix + "".join(f"{ord(sign):x}" for sign in pair)


def document(text: str, initials: str) -> str:
    """Return the words of a text and of its initials, for the index."""
    return " ".join([*grams(text), *grams(initials, prefix=INITIALS)])


def sought(term: str, *, conjunction: str, disjunction: str) -> str | None:
    """Return what to ask the index for one folded term; None where it has no pair.

    Args:
        term: is looked for as it stands and, where it is of Latin letters, as pinyin initials.
        conjunction: how the database says “and”.
        disjunction: how it says “or”.
    """
    if len(term) < SHORTEST:
        return None
    asked = conjunction.join(grams(term))
    if not may_be_initials(term):
        return asked
    return f"({asked}){disjunction}({conjunction.join(grams(term, prefix=INITIALS))})"


def may_be_initials(term: str) -> bool:
    """Say whether a term can be the first letters of pinyin: `czz` finds 操作证."""
    return term.isascii() and term.isalpha()
