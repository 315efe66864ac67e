"""Plain text as it comes out of Word and PDF (纯文本试题): lines become rows.

```
一、单选题
1. 触电急救首先应当（ ）。
A. 切断电源   B. 拨打电话
正确答案：A
解析：先断电，再施救。
```

A question begins where its running number stands; what follows belongs to it until the next one.
Lines that the width of a page broke are joined by the reader of rows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from question_bank.importing import options
from question_bank.importing.columns import NAMES, Column, Row
from question_bank.importing.kind_names import is_kind_name
from question_bank.importing.sheets import Sheet
from question_bank.importing.texts import numbered

_HEADING = re.compile(
    r"^\s*(?:[一二三四五六七八九十]{1,3}\s*[、.．]|第\S{1,3}[部分节章]+)?\s*"
    r"((?:判断|是非|单选|单项选择|多选|多项选择|不定项选择|选择|填空|简答|问答|案例)\S{0,2}题?)"
    r"\s*(?:[（(:：共每【].*)?$"
)
_OPTION = re.compile(r"^\s*[（(]?[A-JＡ-Ｊ]\s*[.．、:：)）]")
_FIELD = re.compile(
    r"^\s*[【\[(（]?\s*(正确答案|标准答案|参考答案|正确选项|答案|答案解析|试题解析|题目解析|解析|详解"
    r"|难易程度|难易度|难度|知识点|章节|依据|法规依据|出处)\s*[】\])）]?\s*(?:[:：]|是|为|(?<=[】\]]))\s*(.*)$"
)
_LIST_OF_KEYS = re.compile(
    r"^\s*(?:[一二三四五六七八九十]+[、.．]\s*)?(?:参考|标准|正确)?答案\s*[:：]?\s*$"
)
_ONE_KEY = re.compile(
    r"(\d{1,4})\s*(?:[-—~～]\s*(\d{1,4}))?\s*[.．、:：)）]?\s*([A-Ja-j]{1,200}|[√×对错]{1,200}|正确|错误)"
)
_HEADER: Final[list[object]] = [
    "题型",
    "题目",
    "选项",
    "答案",
    "解析",
    "难度",
    "章节",
    "依据",
]
#: What a running number may skip: a question or two that the export lost.
_SKIPPED: Final = 3


@dataclass
class _Open:
    """The question whose lines are being read."""

    line: int
    number: int
    kind: str
    parts: dict[Column, list[str]] = field(default_factory=dict)
    at: Column = Column.STEM

    def add(self, text: str) -> None:
        """Take a line into the part that is being read."""
        self.parts.setdefault(self.at, []).append(text)

    def row(self) -> Row:
        """The question as a row under `_HEADER`."""
        said = {column: "\n".join(lines).strip() for column, lines in self.parts.items()}
        return [
            self.kind,
            said.get(Column.STEM, ""),
            _options(said.get(Column.OPTIONS, "")),
            said.get(Column.KEY, ""),
            said.get(Column.EXPLANATION, ""),
            said.get(Column.DIFFICULTY, ""),
            said.get(Column.TOPIC, ""),
            said.get(Column.LAW_CITATION, ""),
        ]


@dataclass
class _Reader:
    kind: str = ""
    last: int | None = None
    done: list[_Open] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    in_keys: bool = False

    def take(self, line: int, text: str) -> None:
        heading = _HEADING.match(text)
        if self.in_keys:
            self.keys.append(text)
        elif heading is not None:
            self.kind, self.last = _kind(heading[1]), None
        elif _LIST_OF_KEYS.match(text) and self.done:
            self.in_keys = True
        elif (number := self._begins(text)) is not None:
            self.last = number
            self.done.append(_Open(line, number, self.kind))
            self.done[-1].add(text.strip())
        elif self.done:
            self._continue(text)

    def _begins(self, text: str) -> int | None:
        found = numbered(text.strip())
        if found is None:
            return None
        if self.last is None or self.last < found[0] <= self.last + _SKIPPED:
            return found[0]
        # A section that numbers anew: only once the question before is complete.
        is_complete = bool(self.done) and Column.KEY in self.done[-1].parts
        return 1 if found[0] == 1 and is_complete else None

    def _continue(self, text: str) -> None:
        question = self.done[-1]
        named = _FIELD.match(text)
        if named is not None:
            question.at = _column(named[1])
            question.add(named[2])
        else:
            if _OPTION.match(text) and question.at in {Column.STEM, Column.OPTIONS}:
                question.at = Column.OPTIONS
            question.add(text.strip())


def read(text: str) -> Sheet | None:
    """Return the questions of a text as a sheet; None where it holds none."""
    return of_lines(list(enumerate(text.splitlines(), 1)), name="文本")


def of_lines(lines: Sequence[tuple[int, str]], *, name: str) -> Sheet | None:
    """Return the questions of numbered lines as a sheet; None where they hold none."""
    reader = _Reader()
    for number, line in lines:
        if line.strip():
            reader.take(number, line)
    listed = _keys_listed(reader.keys)
    for question in reader.done:
        if Column.KEY not in question.parts and question.number in listed:
            question.parts[Column.KEY] = [listed[question.number]]
    if not any(question.parts.keys() & {Column.KEY, Column.OPTIONS} for question in reader.done):
        return None
    rows: list[Row] = [_HEADER, *(question.row() for question in reader.done)]
    return Sheet(name, rows, numbers=[0, *(question.line for question in reader.done)])


def _kind(heading: str) -> str:
    """The kind that a heading names; as it stands where no machine can mark it."""
    name = heading if heading.endswith("题") else heading + "题"
    return (
        name if is_kind_name(name) or name in {"填空题", "简答题", "问答题", "案例题"} else heading
    )


def _column(name: str) -> Column:
    if name.endswith(("答案", "选项")):
        return Column.KEY
    return next(column for column, names in NAMES.items() if name in names)


def _options(text: str) -> object:
    """The options as a list where their labels are in order; the text itself where they are not."""
    found = options.split(text)
    usual = {"separator_irregular", "lines_joined"}
    if all(said.code in usual for said in found.repairs):
        return [f"{label}.{text}" for label, text in found.labelled]
    return text


def _keys_listed(lines: Sequence[str]) -> dict[int, str]:
    """The keys of a list at the end: `1.A 2.BC`, `1-5 ABCDA`. A number twice says nothing."""
    found: dict[int, str] = {}
    twice: set[int] = set()
    for first, last, key in _ONE_KEY.findall(" ".join(lines)):
        begin, end = int(first), int(last or first)
        each = list(key) if last and len(key) == end - begin + 1 else [key]
        for number, one in enumerate(each, begin):
            twice |= {number} & found.keys()
            found[number] = one
    return {number: key for number, key in found.items() if number not in twice}
