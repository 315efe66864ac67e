"""Papers of one exam made together, checked before they are fixed (整场组卷)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from hashlib import sha256

import numpy as np

from exams.assembly import Candidate, DrawnItem
from exams.batch import evening, making, proof
from exams.batch.stock import Places, Specification, Stock
from exams.errors import PoolTooSmall
from exams.models import PaperSpecification
from exams.paper_errors import TargetOutOfReach
from exams.services.stocks import Laid


def applies(specification: PaperSpecification, forms: int) -> bool:
    """Say whether papers are made together: a batch knows each kind in one section only."""
    kinds = [section["kind"] for section in specification.sections]
    asks = (
        forms > 1
        or specification.target_points is not None
        or specification.required_question_ids
        or specification.excluded_question_ids
    )
    return bool(asks) and len(set(kinds)) == len(kinds)


class Made:
    """Papers made together.

    What stands on one is laid out when it is asked for: for ten thousand papers that would take
    a hundred times the room of the numbers it comes from.
    """

    def __init__(self, papers: Places, laid: Laid) -> None:
        self._papers, self._laid = papers, laid

    def __len__(self) -> int:
        return len(self._papers)

    def __getitem__(self, paper: int) -> list[DrawnItem]:
        return self._laid.placed(self._papers[paper])

    def __iter__(self) -> Iterator[list[DrawnItem]]:
        return (self[paper] for paper in range(len(self)))


def draw(
    specification: PaperSpecification,
    questions: Sequence[Candidate],
    forms: int,
    *,
    seed: bytes,
    beside: Sequence[tuple[int, int]] = (),
) -> Made:
    """Make the papers of an exam together, and check them by other code before they are fixed.

    Args:
        specification: what every paper must meet.
        questions: what may be drawn.
        forms: how many papers.
        seed: secret chance.
        beside: numbers of forms, from 1, that will lie on neighbouring seats: they share nothing
            where the bank carries that.

    Raises:
        PoolTooSmall: the bank cannot carry the specification; says what is short.
        TargetOutOfReach: the bank carries the sections, but not at the difficulty asked for.
        RequiredNotInPool: a required question cannot be drawn.
    """
    laid = Laid(specification, questions)
    stock, wanted = laid.stock, laid.wanted
    near = np.array(beside, dtype=np.int64).reshape(-1, 2) - 1

    def made(asked: Specification, turn: int) -> Places | None:
        own = sha256(seed + bytes([turn])).digest() if turn else seed
        try:
            papers = making.make(stock, asked, forms, seed=own, beside=near).papers
        except making.CannotBeCarried:
            return None
        return papers if laid.are_right(asked, papers) else None

    found = made(wanted, 0) if forms == 1 else evening.evenly(made, stock, wanted, forms)
    if found is None:
        raise _why(stock, wanted, forms)
    return Made(found, laid)


def _why(stock: Stock, wanted: Specification, forms: int) -> PoolTooSmall | TargetOutOfReach:
    lacking = proof.shortages(stock, wanted, forms)
    if lacking.shortages:
        return PoolTooSmall([asdict(shortage) for shortage in lacking.shortages])
    if lacking.beside_target:
        return TargetOutOfReach(
            target=wanted.target or 0.0, nearest=round((wanted.target or 0) + lacking.beside_target)
        )
    # No proof, and still no papers: questions that say the same, or a narrow cap, stand in the way.
    return PoolTooSmall(
        [
            {"section": place, "kind": rule.kind, "topic": None, "needed": rule.count, "missing": 1}
            for place, rule in enumerate(wanted.sections)
        ]
    )
