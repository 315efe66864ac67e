"""Rows that a program wrote into a sheet: exported ones that nobody touched, and markup (格式).

An exported row carries the fingerprint of its content. As long as its cells still say what the
fingerprint says, they are taken as they are, down to the last running number; once somebody has
changed one, the row is read like any other.
"""

from __future__ import annotations

from collections.abc import Mapping

from question_bank import pictures
from question_bank.importing import given
from question_bank.importing.columns import Column, Layout, Row
from question_bank.importing.drafts import Draft
from question_bank.importing.given import Given
from question_bank.importing.kind_names import KIND_NAMES
from question_bank.importing.reasons import Reason, reason
from question_bank.importing.texts import cell_text
from question_bank.kinds import LABELS, Kind
from question_bank.markup import IMAGE, Passage, passage, worded

#: What the column of formats says of a row of markup.
MARKUP = "html"


def read(
    row: Row, layout: Layout, images: Mapping[str, object]
) -> tuple[Draft | None, tuple[Reason, ...]] | None:
    """Return the row as it was written; None where it is a row like any other."""
    is_markup = layout.text(row, Column.FORMAT).strip().casefold() == MARKUP
    mark = layout.text(row, Column.FINGERPRINT).strip().casefold()
    if not (is_markup or mark):
        return None
    draft, said = given.read(_given(row, layout, images, is_markup=is_markup))
    if is_markup or (draft is not None and draft.fingerprint == mark):
        return draft, said
    return None


def _given(row: Row, layout: Layout, images: Mapping[str, object], *, is_markup: bool) -> Given:
    missing: list[str] = []

    def said(text: str) -> Passage:
        if not is_markup:
            return worded(text)
        missing.extend(name for name in IMAGE.findall(text) if name not in images)
        return passage(text, image=lambda address: _held(address, images, missing))

    kind = KIND_NAMES.get(layout.text(row, Column.KIND).strip(), Kind.SINGLE_CHOICE)
    options = _options(row, layout)
    explanation = layout.text(row, Column.EXPLANATION)
    key = layout.text(row, Column.KEY).strip().upper()
    passages = tuple(map(said, options))
    stem = said(layout.text(row, Column.STEM))
    return Given(
        number=0,
        kind=kind,
        stem=stem,
        options=passages,
        right=tuple(LABELS.find(letter) for letter in _letters(kind, key)),
        explanation=said(explanation) if explanation.strip() else None,
        topic=layout.text(row, Column.TOPIC),
        difficulty=layout.text(row, Column.DIFFICULTY),
        law_citation=layout.text(row, Column.LAW_CITATION),
        ours=True,
        refused=reason("image_refused") if missing else None,
    )


def _letters(kind: Kind, key: str) -> str:
    if kind is Kind.TRUE_FALSE:
        return {"正确": "A", "错误": "B"}.get(key, key)
    return key


def _options(row: Row, layout: Layout) -> list[str]:
    cells = [cell_text(row[place]) if place < len(row) else "" for place in layout.option_columns]
    while cells and not cells[-1].strip():
        cells.pop()
    return cells


def _held(address: str, images: Mapping[str, object], missing: list[str]) -> str | None:
    """The hash of the image that an address holds, if the reader of the file took it in."""
    content = pictures.in_address(address)
    name = pictures.name_of(content) if content is not None else None
    if name is None or name not in images:
        missing.append(address)
        return None
    return name
