"""What can be said of an imported row: stable codes with a Chinese and an English sentence each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final


class Weight(StrEnum):
    """What a reason does to its row."""

    #: Belongs to the way sheets are written; the row counts as imported as it stood.
    TIDIED = "tidied"
    #: Something was mended; a person should look whether it was mended rightly.
    REPAIRED = "repaired"
    #: The row cannot become a question.
    REFUSED = "refused"
    #: The row holds no question and is passed over.
    IGNORED = "ignored"
    #: The same question is already there.
    DUPLICATE = "duplicate"


#: code: (weight, Chinese, English). A code is a promise; the sentences may change.
REASONS: Final[dict[str, tuple[Weight, str, str]]] = {
    "running_number_removed": (
        Weight.TIDIED,
        "已去掉题号“{number}”。",
        "The running number “{number}” was removed.",
    ),
    "bare_number_removed": (
        Weight.REPAIRED,
        "题号“{number}”与题干之间缺少分隔符，已按前后题号去掉。",
        "The running number “{number}” had no separator; the numbers around it show what it is.",
    ),
    "lines_joined": (
        Weight.REPAIRED,
        "已将折断的行连接起来。",
        "Broken lines were joined.",
    ),
    "characters_removed": (
        Weight.REPAIRED,
        "已去掉不可见的控制字符。",
        "Invisible control characters were removed.",
    ),
    "separator_irregular": (
        Weight.REPAIRED,
        "选项分隔符不规范，已识别。",
        "An irregular separator between options was understood.",
    ),
    "separator_inside_option": (
        Weight.REPAIRED,
        "选项内容中混入的分隔符已去掉。",
        "A separator inside the text of an option was removed.",
    ),
    "options_run_together": (
        Weight.REPAIRED,
        "选项之间缺少分隔符，已按标号拆开。",
        "Options without a separator between them were split at their labels.",
    ),
    "label_unpunctuated": (
        Weight.REPAIRED,
        "选项标号后缺少标点，已识别。",
        "A label without punctuation after it was understood.",
    ),
    "label_missing": (
        Weight.REPAIRED,
        "缺少的选项标号已按顺序补上。",
        "Missing labels were given in order.",
    ),
    "label_repeated": (
        Weight.REPAIRED,
        "重复的选项标号“{label}”已按顺序改正。",
        "The repeated label “{label}” was corrected by its place.",
    ),
    "label_skipped": (
        Weight.REPAIRED,
        "选项标号不连续，已按顺序重排，答案随之调整。",
        "Labels left a gap; they were given anew in order, and the key with them.",
    ),
    "true_false_wording": (
        Weight.REPAIRED,
        "判断题选项已统一为“正确 / 错误”。",
        "The two options of the true-false question were worded as 正确 / 错误.",
    ),
    "true_false_by_letter": (
        Weight.REPAIRED,
        "判断题没有选项，已按 A=正确、B=错误 理解答案“{key}”。",
        "A true-false row without options: its key “{key}” was read as A = right, B = wrong.",
    ),
    "key_tidied": (
        Weight.REPAIRED,
        "答案“{key}”已整理为规范写法。",
        "The key “{key}” was brought into its usual form.",
    ),
    "key_in_words": (
        Weight.REPAIRED,
        "答案写的是选项内容，已换成对应的标号。",
        "The key was written in the words of an option and was replaced by its label.",
    ),
    "kind_inferred": (
        Weight.REPAIRED,
        "未注明题型，已按选项和答案判断。",
        "No kind was given; options and key show which it is.",
    ),
    "kind_corrected": (
        Weight.REPAIRED,
        "题型“{kind}”与选项、答案不符，已改正。",
        "The kind “{kind}” did not fit options and key and was corrected.",
    ),
    "difficulty_unreadable": (
        Weight.REPAIRED,
        "难度“{value}”无法识别，已留空。",
        "The difficulty “{value}” could not be read and was left empty.",
    ),
    "stem_missing": (Weight.REFUSED, "没有题干。", "There is no stem."),
    "kind_unsupported": (
        Weight.REFUSED,
        "题型“{kind}”不能由机器判分，暂不支持。",
        "Questions of the kind “{kind}” cannot be marked by a machine.",
    ),
    "kind_is_a_number": (
        Weight.REFUSED,
        "题型写成了数字“{kind}”，含义不确定，请写明题型。",
        "The kind is the number “{kind}”, which may mean two things: please write it out.",
    ),
    "key_missing": (Weight.REFUSED, "没有答案。", "There is no key."),
    "key_names_no_option": (
        Weight.REFUSED,
        "答案“{key}”不对应任何选项。",
        "The key “{key}” names no option.",
    ),
    "key_is_a_number": (
        Weight.REFUSED,
        "答案写成了数字“{key}”，从 0 还是从 1 数起不确定，请写标号。",
        "The key is the number “{key}”, counted from 0 or from 1: please write labels.",
    ),
    "single_choice_with_several_keys": (
        Weight.REFUSED,
        "单选题有多个答案“{key}”，请确认题型或答案。",
        "A single choice has several keys, “{key}”: please say which of kind and key is meant.",
    ),
    "options_missing": (Weight.REFUSED, "没有选项。", "There are no options."),
    "too_few_options": (
        Weight.REFUSED,
        "只有一个选项，无法选择。",
        "There is one option only, which is no choice.",
    ),
    "too_many_options": (
        Weight.REFUSED,
        "选项超过 {most} 个。",
        "There are more than {most} options.",
    ),
    "option_empty": (
        Weight.REFUSED,
        "选项“{labels}”没有内容（可能原为图片）。",
        "The options “{labels}” are empty (perhaps they were pictures).",
    ),
    "options_alike": (
        Weight.REFUSED,
        "选项“{labels}”内容相同。",
        "The options “{labels}” say the same.",
    ),
    "true_false_is_a_number": (
        Weight.REFUSED,
        "判断题的答案写成了数字“{key}”，请先确认它表示正确还是错误。",
        "The key of a true-false question is the number “{key}”: please say what it means.",
    ),
    "key_by_number": (
        Weight.REPAIRED,
        "答案“{key}”是数字，已按您确认的含义换成标号。",
        "The key “{key}” was a number and was replaced by a label as you said.",
    ),
    "kind_by_number": (
        Weight.REPAIRED,
        "题型“{kind}”是数字，已按您确认的含义理解。",
        "The kind “{kind}” was a number and was read as you said.",
    ),
    "key_in_stem": (
        Weight.REPAIRED,
        "答案写在题干的括号里，已取出。",
        "The key stood in the brackets of the stem and was taken from there.",
    ),
    "figure_taken": (
        Weight.REPAIRED,
        "已把该行的图片放入题目。",
        "The pictures of the row were put into the question.",
    ),
    "image_refused": (
        Weight.REFUSED,
        "题目中的图片无法读取，或不是 PNG、JPEG、GIF、WebP 图片。",
        "An image of the question cannot be read, or is no PNG, JPEG, GIF or WebP.",
    ),
    "figure_missing": (
        Weight.REFUSED,
        "题干引用的图片不在文件中。",
        "The stem speaks of a figure that is not in the file.",
    ),
    "cell_is_a_date": (
        Weight.REFUSED,
        "“{column}”单元格被表格软件改成了日期，原文已丢失。",
        "The cell “{column}” was turned into a date by the spreadsheet; its text is lost.",
    ),
    "cell_is_a_formula": (
        Weight.REFUSED,
        "单元格是公式，不予计算；请复制后“选择性粘贴为数值”。",
        "A cell is a formula, which is never computed: please paste it as a value.",
    ),
    "cell_too_long": (
        Weight.REFUSED,
        "“{column}”超过 {most} 个字符。",
        "The cell “{column}” has more than {most} characters.",
    ),
    "row_is_a_heading": (
        Weight.IGNORED,
        "该行是标题或说明，不是试题。",
        "The row is a heading or a note, not a question.",
    ),
    "row_repeats_header": (
        Weight.IGNORED,
        "该行重复了表头。",
        "The row repeats the header.",
    ),
    "repeats_row": (
        Weight.DUPLICATE,
        "与“{sheet}”第 {row} 行相同。",
        "The same as row {row} of the sheet “{sheet}”.",
    ),
    "already_in_bank": (
        Weight.DUPLICATE,
        "题库中已有相同的试题。",
        "The bank already holds the same question.",
    ),
    "tags_added": (
        Weight.DUPLICATE,
        "题库中已有相同的试题，已补充其适用对象。",
        "The bank already holds the same question; it now serves these roles and items, too.",
    ),
    "sheet_empty": (Weight.IGNORED, "工作表是空的。", "The sheet is empty."),
    "sheet_is_no_question_sheet": (
        Weight.REFUSED,
        "工作表里没有试题列（可能是工作人员的备注）。",
        "The sheet has no columns of questions (perhaps it holds notes of the staff).",
    ),
}


@dataclass(frozen=True)
class Reason:
    """One thing said of a row or a sheet, with the facts its sentence needs."""

    code: str
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def weight(self) -> Weight:
        """What this reason does to the row."""
        return REASONS[self.code][0]

    @property
    def zh(self) -> str:
        """The sentence in Chinese."""
        return REASONS[self.code][1].format(**self.facts)

    @property
    def en(self) -> str:
        """The sentence in English."""
        return REASONS[self.code][2].format(**self.facts)


def reason(code: str, **facts: object) -> Reason:
    """Return the reason with its facts as text, shortened where a cell is quoted whole."""
    return Reason(code, {name: str(fact)[:60] for name, fact in facts.items()})


class RowRefused(Exception):
    """Stops the reading of one row; carries why. Never leaves the import."""

    def __init__(self, because: Reason) -> None:
        super().__init__(because.code)
        self.because = because
