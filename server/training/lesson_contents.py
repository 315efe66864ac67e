"""Pure: whether a lesson online holds what its kind says (课件内容)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from server.training.kinds import LessonKind
from server.training.study_errors import LessonUnfit

#: Where the content of a kind stands; one of kind `test` is its test and nothing else.
_PLACES: Final = {
    LessonKind.TEXT: "text",
    LessonKind.SLIDES: "slides",
    LessonKind.VIDEO: "video_url",
}


def check(kind: LessonKind, content: Mapping[str, Any], test: Sequence[Mapping[str, Any]]) -> None:
    """Refuse a lesson without the content of its kind, or with a test that nobody can pass.

    Raises:
        LessonUnfit: the text, the slides, the address of the video or the test is missing, or a
            key names no option.
    """
    place = _PLACES.get(kind)
    if not (test if place is None else content.get(place)):
        raise LessonUnfit(reason=f"a {kind.value} is missing", reason_zh="缺少与类型相符的内容")
    if any(not set(one["key"]) <= set(range(len(one["options"]))) for one in test):
        raise LessonUnfit(reason="a key names no option", reason_zh="答案不在选项之内")
