"""What an import yields: drafts of questions, and the report on every row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from question_bank.fingerprint import fingerprint
from question_bank.importing.columns import Layout
from question_bank.importing.reasons import Reason, Weight
from question_bank.kinds import LABELS, Kind
from question_bank.markup import Markup


class Outcome(StrEnum):
    """What became of a row."""

    IMPORTED = "imported"
    REPAIRED = "repaired"
    REFUSED = "refused"
    #: The same question came before in the file, or is in the bank.
    DUPLICATE = "duplicate"
    #: A heading or a repeated header: no question.
    IGNORED = "ignored"


#: Outcomes whose rows become questions.
ACCEPTED = frozenset({Outcome.IMPORTED, Outcome.REPAIRED})


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A question as a sheet gives it, complete and sound in form."""

    kind: Kind
    stem: str
    #: Texts in the order they were written; their labels are A, B, C, … by place.
    options: tuple[str, ...]
    #: Labels of the right options, sorted.
    key: tuple[str, ...]
    explanation: str | None = None
    topic: str | None = None
    #: The share of candidates expected to answer rightly, 0 to 1 (1 is easy).
    difficulty: Decimal | None = None
    law_citation: str | None = None
    #: The texts with their dress; None where they are plain.
    markup: Markup | None = None

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of the options."""
        return tuple(LABELS[: len(self.options)])

    @property
    def fingerprint(self) -> str:
        """The fingerprint of what is asked and what is right."""
        if self.markup is not None:
            return fingerprint(self.kind, self.markup.stem, self.markup.options, self.key)
        return fingerprint(self.kind, self.stem, self.options, self.key)


@dataclass(frozen=True, kw_only=True)
class RowReport:
    """What became of one row, and why."""

    sheet: str
    #: Number of the row as the spreadsheet shows it, from 1; of the object in a JSON array.
    row: int
    outcome: Outcome
    reasons: tuple[Reason, ...]
    draft: Draft | None
    #: The beginning of the row, so that a person finds it again.
    excerpt: str


@dataclass(frozen=True, kw_only=True)
class SheetReport:
    """What became of one sheet: passed over with a reason, or read row by row."""

    name: str
    reasons: tuple[Reason, ...]
    rows: tuple[RowReport, ...]
    #: Where the columns stand; None where there are none.
    layout: Layout | None = None
    #: The first rows, so that a person can say where the columns stand.
    sample: tuple[tuple[str, ...], ...] = ()

    @property
    def is_refused(self) -> bool:
        """Whether the whole sheet was refused."""
        return any(said.weight is Weight.REFUSED for said in self.reasons)


@dataclass(frozen=True)
class Report:
    """What became of a whole file."""

    sheets: tuple[SheetReport, ...]

    @property
    def rows(self) -> Iterator[RowReport]:
        """Every row of every sheet, in order."""
        return (row for sheet in self.sheets for row in sheet.rows)

    @property
    def counts(self) -> dict[Outcome, int]:
        """How many rows had each outcome."""
        tally = Counter(row.outcome for row in self.rows)
        return {outcome: tally[outcome] for outcome in Outcome}


def outcome_of(reasons: tuple[Reason, ...]) -> Outcome:
    """Return the outcome that the heaviest of the reasons makes."""
    weights = {said.weight for said in reasons}
    for weight, outcome in (
        (Weight.REFUSED, Outcome.REFUSED),
        (Weight.IGNORED, Outcome.IGNORED),
        (Weight.DUPLICATE, Outcome.DUPLICATE),
        (Weight.REPAIRED, Outcome.REPAIRED),
    ):
        if weight in weights:
            return outcome
    return Outcome.IMPORTED
