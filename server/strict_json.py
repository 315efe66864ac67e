"""JSON read strictly: what would be lost, doubled or dangerous is refused (严格解析)."""

from __future__ import annotations

import json
import math
import re
from typing import Any, NoReturn

from server.errors import Unreadable

_UNSOUND = re.compile("[\x00\ud800-\udfff]")


def read(body: bytes) -> Any:
    """Return what the body says.

    Raises:
        Unreadable: not UTF-8, not JSON, a key twice in one object, a number without a finite
            value, nested too deeply, or a text that holds NUL or half a character.
    """
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        _refuse("it is not UTF-8", "不是 UTF-8 编码")
    try:
        thing = _DECODER.decode(text)
    except RecursionError:
        _refuse("it is nested too deeply", "嵌套层次过深")
    except ValueError:
        _refuse("it is not JSON", "不是有效的 JSON")
    # Only an escape brings these in: raw control characters are no JSON, raw surrogates no UTF-8.
    if "\\u" in text:
        _check_texts(thing)
    return thing


def is_sound(text: str) -> bool:
    """Say whether a text can be stored everywhere: no NUL, no half of a surrogate pair."""
    return _UNSOUND.search(text) is None


def _refuse(reason: str, reason_zh: str) -> NoReturn:
    raise Unreadable(reason=reason, reason_zh=reason_zh) from None


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    thing = dict(pairs)
    if len(thing) < len(pairs):
        _refuse("a key stands twice in one object", "同一对象中出现重复的键")
    return thing


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        _refuse("a number is too large", "数值过大")
    return number


def _no_constant(_text: str) -> NoReturn:
    _refuse("NaN and Infinity are no JSON", "NaN 与 Infinity 不是有效的 JSON")


# Made once: `json.loads` would make one for every body.
_DECODER = json.JSONDecoder(
    object_pairs_hook=_without_doubles, parse_float=_finite, parse_constant=_no_constant
)


def _check_texts(thing: Any) -> None:
    waiting = [thing]
    while waiting:
        part = waiting.pop()
        if isinstance(part, str) and not is_sound(part):
            _refuse("a text holds NUL or half a character", "文本包含空字符或不完整的字符")
        elif isinstance(part, dict):
            waiting.extend(part.keys())
            waiting.extend(part.values())
        elif isinstance(part, list):
            waiting.extend(part)
