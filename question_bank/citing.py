"""Pure: what a question cites, and what its words show it rests on (引用与依据的识别).

`《安全生产法》第二十五条` is a citation: a title, perhaps a number of the order, perhaps articles.
A question that cites nothing can still rest on a law: “特种作业操作证每（）年复审1次” asks what one
article laid down. Such words are data (`Phrase`): groups of words of which each must be met.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from question_bank.fingerprint import folded

#: The state's name before a title is left out as often as it is written.
_STATE: Final = "中华人民共和国"
_TITLE: Final = re.compile(r"《([^《》]{2,80})》([^《》]{0,80})")
_ARTICLE: Final = re.compile(r"第([0-9]{1,3}|[零〇一二三四五六七八九十百]{1,7})条")
_ORDER: Final = re.compile(
    r"第([0-9]{1,4}|[零〇一二三四五六七八九十百]{1,7})号|[〔\[(]\d{4}[〕\])]\d{1,4}号"
)
_DIGITS: Final = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0}


@dataclass(frozen=True, kw_only=True)
class Citation:
    """A law as a text names it."""

    #: Folded, without the name of the state.
    title: str
    #: The number of the order or document, as `order_number` spells it; "" where none is named.
    order: str = ""
    #: Numbers of articles, in the order of the text.
    articles: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Phrase:
    """Words that show what a question rests on."""

    all_of: Sequence[Sequence[str]]
    none_of: Sequence[str] = ()


def title_key(title: str) -> str:
    """Return a title as titles are compared: folded, without the name of the state."""
    return folded(title).removeprefix(_STATE)


def numeral(text: str) -> int:
    """Return the number that Chinese or Arabic numerals write, below a thousand."""
    if text.isdigit():
        return int(text)
    total, digit = 0, 0
    for sign in text:
        if sign in _DIGITS:
            digit = _DIGITS[sign]
        else:
            total += (digit or 1) * {"十": 10, "百": 100}[sign]
            digit = 0
    return total + digit


def order_number(text: str) -> str:
    """Return the number of an order in one spelling, “” where the text names none.

    `安监总局令第30号` and `令第三十号` are both `30`; `安监总培训〔2013〕104号` is `2013-104`.
    """
    found = _ORDER.search(folded(text))
    if found is None:
        return ""
    if found.group(1):
        return str(numeral(found.group(1)))
    return "-".join(re.findall(r"\d+", found.group(0)))


def citations(text: str | None) -> Iterator[Citation]:
    """Yield every law that a text cites by its title."""
    for found in _TITLE.finditer(folded(text or "")):
        yield Citation(
            title=title_key(found.group(1)),
            order=order_number(found.group(2)),
            articles=tuple(numeral(one) for one in _ARTICLE.findall(found.group(2))),
        )


def shows(phrase: Phrase, text: str) -> bool:
    """Say whether a folded text holds a word of every group, and none that excludes it."""
    return all(any(word in text for word in group) for group in phrase.all_of) and not any(
        word in text for word in phrase.none_of
    )
