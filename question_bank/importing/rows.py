"""One row of a sheet: its cells become a draft, or a refusal that says why."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Final

from question_bank.fingerprint import folded
from question_bank.importing import keys, options
from question_bank.importing.columns import Column, Layout, Row
from question_bank.importing.drafts import Draft
from question_bank.importing.kind_names import are_true_and_false, kind_named, verdict
from question_bank.importing.reasons import Reason, RowRefused, reason
from question_bank.importing.texts import (
    bare_numbered,
    cell_text,
    is_moment,
    numbered,
    tidy,
)
from question_bank.kinds import FEWEST_OPTIONS, LABELS, TRUE_FALSE_OPTIONS, Kind

#: Characters that a cell may hold; a question is a page at most.
LONGEST_CELL: Final = 4000
#: What the words of a sheet say of the share that answers rightly.
FACILITY_OF_WORDS: Final = {
    "易": Decimal("0.8"),
    "容易": Decimal("0.8"),
    "简单": Decimal("0.8"),
    "中": Decimal("0.6"),
    "中等": Decimal("0.6"),
    "一般": Decimal("0.6"),
    "难": Decimal("0.4"),
    "困难": Decimal("0.4"),
}
_NO_WORDS = re.compile(r"[\d\s.．、，,:：()（）]*")
_FIGURE = re.compile(r"(?:如|见|下|上|左|右|该|此|附)图(?![纸形样例])|图\s*\d|图中?所示|^图[\s(（]")


@dataclass
class RowReader:
    """Reads the rows of one sheet in order; remembers the running number of the last."""

    layout: Layout
    last_number: int | None = None
    _said: list[Reason] = field(default_factory=list)

    def read(self, row: Row) -> tuple[Draft | None, tuple[Reason, ...]]:
        """Return the draft and what was done to get it, or None and why not."""
        self._said = []
        try:
            draft = self._draft(row)
        except RowRefused as refusal:
            return None, (*self._said, refusal.because)
        return draft, tuple(self._said)

    def _draft(self, row: Row) -> Draft:
        self._check_cells(row)
        stem = self._stem(row)
        kind = kind_named(self.layout.text(row, Column.KIND))
        found = self._options(row)
        key = self.layout.cell(row, Column.KEY)
        key = key if isinstance(key, list | tuple) else cell_text(key)
        if not keys.plain(key):
            raise RowRefused(reason("key_missing"))
        named = self.layout.text(row, Column.KIND)
        if _is_true_false(kind, found.texts, key):
            return self._true_false(row, stem, named, found, key)
        return self._choice(row, stem, kind, named, found, key)

    def _check_cells(self, row: Row) -> None:
        for column, place in self.layout.columns.items():
            cell = row[place] if place < len(row) else None
            if is_moment(cell):
                raise RowRefused(reason("cell_is_a_date", column=column.value))
            if len(cell_text(cell)) > LONGEST_CELL:
                raise RowRefused(reason("cell_too_long", column=column.value, most=LONGEST_CELL))

    def _stem(self, row: Row) -> str:
        stem = self._clean(self.layout.text(row, Column.STEM))
        number = numbered(stem)
        due = None if self.last_number is None else self.last_number + 1
        if number is not None:
            self.last_number, stem = number
            self._say("running_number_removed", number=self.last_number)
        elif due is not None and (rest := bare_numbered(stem, due)) is not None:
            self.last_number, stem = due, rest
            self._say("bare_number_removed", number=due)
        again = numbered(stem)
        if again is not None and again[0] == self.last_number:
            stem = again[1]  # “54.54、…”: the number was typed over a numbered stem
        if _NO_WORDS.fullmatch(stem):
            raise RowRefused(reason("stem_missing"))
        if _FIGURE.search(stem):
            raise RowRefused(reason("figure_missing"))
        return stem

    def _clean(self, text: str) -> str:
        tidied = tidy(text)
        if tidied.lines_joined:
            self._say("lines_joined")
        if tidied.characters_removed:
            self._say("characters_removed")
        return tidied.text

    def _options(self, row: Row) -> options.Found:
        if self.layout.option_columns:
            cells = [
                cell_text(row[place]) if place < len(row) else ""
                for place in self.layout.option_columns
            ]
            found = options.split(cells)
        else:
            found = options.split(self.layout.cell(row, Column.OPTIONS))
        for repair in found.repairs:
            self._say(repair.code, **repair.facts)
        return found

    def _true_false(
        self, row: Row, stem: str, named: str, found: options.Found, key: object
    ) -> Draft:
        if named and kind_named(named) is not Kind.TRUE_FALSE:
            self._say("kind_corrected", kind=named)
        if found.texts and found.texts != TRUE_FALSE_OPTIONS:
            self._say("true_false_wording")
        is_right = self._verdict(found, key)
        return self._finished(
            row, Kind.TRUE_FALSE, stem, TRUE_FALSE_OPTIONS, ("A",) if is_right else ("B",)
        )

    def _verdict(self, found: options.Found, key: object) -> bool:
        plain = keys.plain(key)
        said = verdict(plain)
        if said is not None:
            return said
        if not found.texts and plain.upper() in {"A", "B"}:
            self._say("true_false_by_letter", key=plain)
            return plain.upper() == "A"
        resolved = keys.resolve(key, found.labelled)
        if len(resolved.labels) > 1:
            raise RowRefused(reason("single_choice_with_several_keys", key=plain))
        for repair in resolved.repairs:
            self._say(repair.code, **repair.facts)
        return verdict(found.texts[LABELS.index(resolved.labels[0])]) is True

    def _choice(
        self,
        row: Row,
        stem: str,
        kind: Kind | None,
        named: str,
        found: options.Found,
        key: object,
    ) -> Draft:
        _check_options(found.texts)
        resolved = keys.resolve(key, found.labelled)
        for repair in resolved.repairs:
            self._say(repair.code, **repair.facts)
        several = len(resolved.labels) > 1
        if several and kind is Kind.SINGLE_CHOICE:
            raise RowRefused(reason("single_choice_with_several_keys", key=keys.plain(key)))
        shown = Kind.MULTIPLE_CHOICE if several else Kind.SINGLE_CHOICE
        if kind is None:
            self._say("kind_inferred")
        elif kind is not shown:
            self._say("kind_corrected", kind=named)
        return self._finished(row, shown, stem, found.texts, resolved.labels)

    def _finished(
        self, row: Row, kind: Kind, stem: str, texts: tuple[str, ...], key: tuple[str, ...]
    ) -> Draft:
        return Draft(
            kind=kind,
            stem=stem,
            options=texts,
            key=key,
            explanation=self._clean(self.layout.text(row, Column.EXPLANATION)) or None,
            topic=self._clean(self.layout.text(row, Column.TOPIC)) or None,
            difficulty=self._difficulty(self.layout.text(row, Column.DIFFICULTY)),
            law_citation=self._clean(self.layout.text(row, Column.LAW_CITATION)) or None,
        )

    def _difficulty(self, text: str) -> Decimal | None:
        word = text.strip()
        if not word or word in FACILITY_OF_WORDS:
            return FACILITY_OF_WORDS.get(word)
        try:
            value = Decimal(word)
        except InvalidOperation:
            value = Decimal(-1)
        if value.is_finite() and 0 <= value <= 1:
            return value
        self._say("difficulty_unreadable", value=word)
        return None

    def _say(self, code: str, **facts: object) -> None:
        if all(said.code != code for said in self._said):
            self._said.append(reason(code, **facts))


def _is_true_false(kind: Kind | None, texts: tuple[str, ...], key: object) -> bool:
    """Whether the row asks for right or wrong: its options say so, or its kind and no options.

    Options decide over the name: a 判断题 whose options are 增大 and 减小 is a choice.
    """
    if texts:
        return are_true_and_false(texts)
    if kind is None:
        return verdict(keys.plain(key)) is not None
    return kind is Kind.TRUE_FALSE


def _check_options(texts: Sequence[str]) -> None:
    if not texts:
        raise RowRefused(reason("options_missing"))
    if len(texts) < FEWEST_OPTIONS:
        raise RowRefused(reason("too_few_options"))
    if len(texts) > len(LABELS):
        raise RowRefused(reason("too_many_options", most=len(LABELS)))
    empty = [LABELS[place] for place, text in enumerate(texts) if not text]
    if empty:
        raise RowRefused(reason("option_empty", labels="".join(empty)))
    same = [folded(text) for text in texts]
    alike = [LABELS[place] for place, text in enumerate(same) if same.count(text) > 1]
    if alike:
        raise RowRefused(reason("options_alike", labels="".join(alike)))
