"""Columns of a sheet: which holds what, by its header or, without one, by what stands in it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

from question_bank.importing.kind_names import is_kind_name
from question_bank.importing.texts import cell_text

#: Rows at the head of a sheet in which a header is looked for, below titles and blank rows.
HEADER_WITHIN: Final = 15
#: Rows that are looked at where there is no header.
SAMPLE: Final = 50

#: One row of a sheet: texts, numbers, lists, whatever its format knows.
Row: TypeAlias = Sequence[object]


class Column(StrEnum):
    """What a column can hold."""

    TOPIC = "topic"
    KIND = "kind"
    STEM = "stem"
    OPTIONS = "options"
    KEY = "key"
    EXPLANATION = "explanation"
    DIFFICULTY = "difficulty"
    LAW_CITATION = "law_citation"
    #: 格式: “html” where the texts of the row are markup.
    FORMAT = "format"
    #: 内容指纹: tells an exported row that nobody has touched.
    FINGERPRINT = "fingerprint"


NAMES: Final[dict[Column, frozenset[str]]] = {
    Column.TOPIC: frozenset(
        (
            "作业种类",
            "章节",
            "知识点",
            "类别",
            "科目",
            "大纲",
            "所属章节",
            "部分",
            "模块",
            "topic",
            "chapter",
            "subject",
        )
    ),
    Column.KIND: frozenset(
        (
            "试题类型",
            "题型",
            "题目类型",
            "类型",
            "试题题型",
            "题目题型",
            "category",
            "kind",
            "type",
            "questiontype",
        )
    ),
    Column.STEM: frozenset(
        (
            "题目内容",
            "题干",
            "题目",
            "试题内容",
            "试题",
            "试题题干",
            "题目题干",
            "问题",
            "内容",
            "stem",
            "title",
            "question",
        )
    ),
    Column.OPTIONS: frozenset(
        (
            "题目选项",
            "选项",
            "试题选项",
            "备选项",
            "备选答案",
            "候选项",
            "选项内容",
            "choices",
            "options",
        )
    ),
    Column.KEY: frozenset(
        (
            "题目答案",
            "答案",
            "正确答案",
            "标准答案",
            "试题答案",
            "参考答案",
            "正确选项",
            "answer",
            "answers",
            "key",
        )
    ),
    Column.EXPLANATION: frozenset(
        (
            "解析",
            "试题解析",
            "答案解析",
            "题目解析",
            "说明",
            "详解",
            "explanation",
            "analysis",
        )
    ),
    Column.DIFFICULTY: frozenset(
        (
            "难度",
            "难易度",
            "难易程度",
            "难度系数",
            "difficulty",
            "level",
        )
    ),
    Column.LAW_CITATION: frozenset(
        (
            "依据",
            "法规依据",
            "法律依据",
            "出处",
            "来源",
            "法规",
            "参考依据",
            "lawcitation",
            "law",
            "source",
        )
    ),
    Column.FORMAT: frozenset(("格式", "文本格式", "format")),
    Column.FINGERPRINT: frozenset(("内容指纹", "fingerprint")),
}
_BY_NAME: Final = {name: column for column, names in NAMES.items() for name in names}

#: `选项A`, `A`, `A选项`: one column for each option.
_ONE_OPTION = re.compile(r"^(?:选项|备选项|答案|option|choice)?([a-j])(?:选项|项|答案)?$")
_ADDITION = re.compile(r"[(（\[【].*$|[\s_*:：]")
_KEY_LIKE = re.compile(r"^[A-Ja-jＡ-Ｊ]{1,8}$|^(?:正确|错误|不正确|对|错|√|×)$")
_OPTIONS_LIKE = re.compile(r"\*{2,}|#{2,}|^\s*A[.．、：:].+B[.．、：:]", re.DOTALL)


@dataclass(frozen=True)
class Layout:
    """Where in a sheet the questions stand."""

    columns: dict[Column, int]
    #: Columns of single options, in the order of their letters; empty where one cell holds all.
    option_columns: tuple[int, ...] = ()
    #: Index of the row with the names of the columns; None where there is none.
    header: int | None = None

    @property
    def places(self) -> frozenset[int]:
        """Every column that counts."""
        return frozenset((*self.columns.values(), *self.option_columns))

    def cell(self, row: Row, column: Column) -> object:
        """Return what stands in the column; None beyond the end of the row."""
        place = self.columns.get(column)
        return row[place] if place is not None and place < len(row) else None

    def text(self, row: Row, column: Column) -> str:
        """Return what stands in the column as text."""
        return cell_text(self.cell(row, column))


def layout_of(rows: Sequence[Row]) -> Layout | None:
    """Return where the questions stand; None where the sheet holds none.

    A header counts where it names the stem and the key. Without one, the columns show
    themselves: labels alone are keys, separators are options, the longest text is the stem.
    """
    for place, row in enumerate(rows[:HEADER_WITHIN]):
        layout = _named(row, place)
        if layout is not None:
            return layout
    return _shown(rows[:SAMPLE])


def is_header(row: Row) -> bool:
    """Say whether the row names columns."""
    return _named(row, 0) is not None


def _named(row: Row, place: int) -> Layout | None:
    columns: dict[Column, int] = {}
    single: dict[str, int] = {}
    for index, cell in enumerate(row):
        name = _ADDITION.sub("", unicodedata.normalize("NFKC", cell_text(cell)).casefold())
        one = _ONE_OPTION.match(name)
        if name in _BY_NAME:
            columns.setdefault(_BY_NAME[name], index)
        elif one is not None:
            single.setdefault(one[1], index)
    if Column.STEM not in columns or Column.KEY not in columns:
        return None
    if Column.OPTIONS in columns:
        single.clear()
    return Layout(columns, tuple(single[letter] for letter in sorted(single)), header=place)


def _shown(rows: Sequence[Row]) -> Layout | None:
    width = max((len(row) for row in rows), default=0)
    cells = {
        index: [
            text for row in rows if index < len(row) and (text := cell_text(row[index]).strip())
        ]
        for index in range(width)
    }
    columns: dict[Column, int] = {}
    for column, looks in (
        (Column.KIND, is_kind_name),
        (Column.KEY, lambda text: bool(_KEY_LIKE.match(text))),
        (Column.OPTIONS, lambda text: bool(_OPTIONS_LIKE.search(text))),
    ):
        for index, texts in cells.items():
            if index not in columns.values() and _mostly(texts, looks):
                columns[column] = index
                break
    left = [index for index in cells if index not in columns.values() and cells[index]]
    if Column.KEY not in columns or not left or not columns.keys() & {Column.KIND, Column.OPTIONS}:
        return None
    columns[Column.STEM] = max(left, key=lambda index: sum(map(len, cells[index])))
    return Layout(columns)


def _mostly(texts: Sequence[str], looks: Callable[[str], bool]) -> bool:
    """Whether four of five texts look so."""
    return bool(texts) and 5 * sum(bool(looks(text)) for text in texts) >= 4 * len(texts)
