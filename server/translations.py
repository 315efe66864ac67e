"""What the schema library says, in both languages (字段提示)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from server.errors import Message

#: marshmallow's sentences and ours for them; groups of the pattern fill the braces.
_SENTENCES: list[tuple[re.Pattern[str], str]] = [
    (re.compile(pattern), sentence)
    for pattern, sentence in (
        (r"Missing data for required field\.", "缺少必填字段。"),
        (r"Field may not be null\.", "不能为空值。"),
        (r"Unknown field\.", "未知字段。"),
        (r"Invalid input type\.", "数据类型不正确。"),
        (r"Not a valid string\.", "应为文本。"),
        (r"Not a valid utf-8 string\.", "不是有效的 UTF-8 文本。"),
        (r"Not a valid integer\.", "应为整数。"),
        (r"Not a valid number\.", "应为数值。"),
        (r"Number too large\.", "数值过大。"),
        (r"Not a valid boolean\.", "应为 true 或 false。"),
        (r"Not a valid UUID\.", "应为 UUID。"),
        (
            r"Not a valid (?:aware )?datetime\.",
            "应为带时区的时间，例如 2026-06-01T09:00:00+08:00。",
        ),
        (r"Not a valid date\.", "应为日期，例如 2026-06-01。"),
        (r"Not a valid time\.", "应为时间。"),
        (r"Not a valid list\.", "应为列表。"),
        (r"Not a valid mapping type\.", "应为对象。"),
        (r"Not a valid email address\.", "不是有效的电子邮箱地址。"),
        (r"Must be one of: (.*?)\.?", "应为以下之一：{0}。"),
        (r"Must be equal to (.*?)\.", "应等于 {0}。"),
        (r"Length must be between (.*?) and (.*?)\.", "长度应在 {0} 到 {1} 之间。"),
        (r"Shorter than minimum length (.*?)\.", "长度不能小于 {0}。"),
        (r"Longer than maximum length (.*?)\.", "长度不能大于 {0}。"),
        (r"Length must be (.*?)\.", "长度应为 {0}。"),
        (
            r"Must be greater than or equal to (.*?) and less than or equal to (.*?)\.",
            "应在 {0} 到 {1} 之间。",
        ),
        (r"Must be greater than or equal to (.*?)\.", "不能小于 {0}。"),
        (r"Must be less than or equal to (.*?)\.", "不能大于 {0}。"),
        (r"Must be greater than (.*?)\.", "应大于 {0}。"),
        (r"Must be less than (.*?)\.", "应小于 {0}。"),
        (r"String does not match expected pattern\.", "格式不正确。"),
        (r"Invalid value\.", "取值不正确。"),
    )
]

#: Field errors reported at most; a body of garbage does not buy a reply of megabytes.
MOST_ERRORS = 200


def in_both(sentence: str) -> Message:
    """Return the library's English sentence together with ours in Chinese."""
    for pattern, chinese in _SENTENCES:
        if match := pattern.fullmatch(sentence):
            return Message(en=sentence, zh=chinese.format(*match.groups()))
    return Message(en=sentence, zh=sentence)


def flattened(messages: Any) -> dict[str, list[Message]]:
    """Return nested complaints as `field.index.field` → sentences."""
    flat: dict[str, list[Message]] = {}
    for path, sentence in _leaves(messages, ()):
        name = ".".join(path) or "_"
        if len(flat) >= MOST_ERRORS and name not in flat:
            break
        message = sentence if isinstance(sentence, Message) else in_both(str(sentence))
        flat.setdefault(name, []).append(message)
    return flat


def _leaves(messages: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(messages, Mapping):
        for key, below in messages.items():
            step = () if key == "_schema" else (str(key)[:100],)
            yield from _leaves(below, path + step)
    elif isinstance(messages, Sequence) and not isinstance(messages, str):
        for below in messages:
            yield from _leaves(below, path)
    else:
        yield path, messages
