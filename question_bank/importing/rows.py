"""One row of a sheet: its cells become a draft, or a refusal that says why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Final

from question_bank.importing import asking, keys, options, stems
from question_bank.importing.columns import Column, Layout, Row
from question_bank.importing.drafts import Draft
from question_bank.importing.given import LONGEST_CELL, unsound_options
from question_bank.importing.kind_names import are_true_and_false, kind_named, verdict
from question_bank.importing.reasons import Reason, RowRefused, reason
from question_bank.importing.texts import cell_text, is_moment, tidy
from question_bank.kinds import LABELS, TRUE_FALSE_OPTIONS, Kind
from question_bank.markup import Passage, html_of, passage, together, worded

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

#: Pictures of a row, by the place of the column they lie over.
Figures = Sequence[tuple[int, str]]


@dataclass
class RowReader:
    """Reads the rows of one sheet in order; remembers the running number of the last."""

    layout: Layout
    #: What was said to what was asked, see `question_bank.importing.asking`.
    meanings: Mapping[str, str] = field(default_factory=dict)
    last_number: int | None = None
    _said: list[Reason] = field(default_factory=list)
    _figures: Figures = ()

    def read(self, row: Row, figures: Figures = ()) -> tuple[Draft | None, tuple[Reason, ...]]:
        """Return the draft and what was done to get it, or None and why not.

        Args:
            row: the cells.
            figures: hashes of the pictures that lie over the row.
        """
        self._said, self._figures = [], figures
        try:
            draft = self._draft(row)
        except RowRefused as refusal:
            return None, (*self._said, refusal.because)
        return draft, tuple(self._said)

    def _draft(self, row: Row) -> Draft:
        self._check_cells(row)
        stem = self._stem(row)
        named = self.layout.text(row, Column.KIND)
        kind = self._kind(named)
        found = self._options(row)
        key = self.layout.cell(row, Column.KEY)
        key = key if isinstance(key, list | tuple) else cell_text(key)
        if not keys.plain(key):
            stem, key = stems.key_within(stem)
            if not key:
                raise RowRefused(reason("key_missing"))
            self._say("key_in_stem")
        if _is_true_false(kind, found.texts, key):
            return self._true_false(row, stem, (kind, named), found, key)
        return self._choice(row, stem, (kind, named), found, key)

    def _check_cells(self, row: Row) -> None:
        for column, place in self.layout.columns.items():
            cell = row[place] if place < len(row) else None
            if is_moment(cell):
                raise RowRefused(reason("cell_is_a_date", column=column.value))
            if len(cell_text(cell)) > LONGEST_CELL:
                raise RowRefused(reason("cell_too_long", column=column.value, most=LONGEST_CELL))

    def _stem(self, row: Row) -> str:
        stem = self._clean(self.layout.text(row, Column.STEM))
        stem, self.last_number = stems.without_number(stem, self.last_number, self._say)
        stems.check(stem, has_figure=bool(self._figures) or "<img " in stem)
        return stem

    def _kind(self, named: str) -> Kind | None:
        if not (named.strip().isascii() and named.strip().isdigit()):
            return kind_named(named)
        kind = asking.kind_of(named.strip(), self.meanings)
        self._say("kind_by_number", kind=named)
        return kind

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
                (cell_text(row[place]) if place < len(row) else "")
                or (f"{options.PICTURED}{number}" if self._pictures_at(place) else "")
                for number, place in enumerate(self.layout.option_columns, 1)
            ]
            found = options.split(cells)
        else:
            found = options.split(self.layout.cell(row, Column.OPTIONS))
        for repair in found.repairs:
            self._say(repair.code, **repair.facts)
        return found

    def _pictures_at(self, place: int) -> list[str]:
        return [name for column, name in self._figures if column == place]

    def _true_false(
        self,
        row: Row,
        stem: str,
        kind: tuple[Kind | None, str],
        found: options.Found,
        key: object,
    ) -> Draft:
        if kind[1] and kind[0] is not Kind.TRUE_FALSE:
            self._say("kind_corrected", kind=kind[1])
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
        if plain in {"0", "1"}:
            is_right = asking.says_right(plain, self.meanings)
            self._say("key_by_number", key=plain)
            return is_right
        if not found.texts and plain.upper() in {"A", "B"}:
            self._say("true_false_by_letter", key=plain)
            return plain.upper() == "A"
        [label] = self._resolved(key, found, several=False)
        return verdict(found.texts[LABELS.index(label)]) is True

    def _resolved(self, key: object, found: options.Found, *, several: bool) -> tuple[str, ...]:
        resolved = keys.resolve(key, found.labelled, self.meanings)
        for repair in resolved.repairs:
            self._say(repair.code, **repair.facts)
        if len(resolved.labels) > 1 and not several:
            raise RowRefused(reason("single_choice_with_several_keys", key=keys.plain(key)))
        return resolved.labels

    def _choice(
        self,
        row: Row,
        stem: str,
        kind: tuple[Kind | None, str],
        found: options.Found,
        key: object,
    ) -> Draft:
        for because in unsound_options(found.texts):
            raise RowRefused(because)
        labels = self._resolved(key, found, several=kind[0] is not Kind.SINGLE_CHOICE)
        shown = Kind.MULTIPLE_CHOICE if len(labels) > 1 else Kind.SINGLE_CHOICE
        if kind[0] is None:
            self._say("kind_inferred")
        elif kind[0] is not shown:
            self._say("kind_corrected", kind=kind[1])
        return self._finished(row, shown, stem, found.texts, labels)

    def _finished(
        self, row: Row, kind: Kind, stem: str, texts: tuple[str, ...], key: tuple[str, ...]
    ) -> Draft:
        explanation = self._clean(self.layout.text(row, Column.EXPLANATION))
        stem_said, said = self._shown(stem, texts)
        explained = worded(explanation) if explanation else None
        return Draft(
            kind=kind,
            stem=stem_said.text,
            options=tuple(one.text for one in said),
            key=key,
            explanation=None if explained is None else explained.text,
            topic=self._clean(self.layout.text(row, Column.TOPIC)) or None,
            difficulty=self._difficulty(self.layout.text(row, Column.DIFFICULTY)),
            law_citation=self._clean(self.layout.text(row, Column.LAW_CITATION)) or None,
            markup=together(stem_said, said, explained),
        )

    def _shown(self, stem: str, texts: tuple[str, ...]) -> tuple[Passage, tuple[Passage, ...]]:
        """The stem and options with the pictures that lie over their cells."""
        if not self._figures:
            return worded(stem), tuple(map(worded, texts))
        self._say("figure_taken")
        of_options = self.layout.option_columns[: len(texts)]
        said = []
        for place, text in enumerate(texts):
            column = of_options[place] if place < len(of_options) else -1
            said.append(_pictured(text, self._pictures_at(column)))
        others = [name for column, name in self._figures if column not in of_options]
        return _pictured(stem, others), tuple(said)

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


def _pictured(text: str, names: Sequence[str]) -> Passage:
    if not names:
        return worded(text)
    shown = "".join(f'<img src="image:{name}">' for name in names)
    said = "" if text.startswith(options.PICTURED) else html_of(text) + "<br>"
    return passage(said + shown)


def _is_true_false(kind: Kind | None, texts: tuple[str, ...], key: object) -> bool:
    """Whether the row asks for right or wrong: its options say so, or its kind and no options.

    Options decide over the name: a 判断题 whose options are 增大 and 减小 is a choice.
    """
    if texts:
        return are_true_and_false(texts)
    if kind is None:
        return verdict(keys.plain(key)) is not None
    return kind is Kind.TRUE_FALSE
