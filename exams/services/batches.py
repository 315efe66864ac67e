"""Papers of one exam made together, checked before they are fixed (整场组卷)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import asdict
from hashlib import sha256
from uuid import UUID

import numpy as np

from exams import estimates
from exams.assembly import Candidate, DrawnItem
from exams.batch import blueprints, checking, dealing, evening, exposure, making, proof
from exams.batch.deck import Drawer, OffTarget
from exams.batch.stock import Places, Shelf, Specification, Stock, laid_out
from exams.errors import PoolTooSmall
from exams.models import PaperSpecification
from exams.paper_errors import RequiredNotInPool, TargetOutOfReach
from exams.services import specifications

#: Plans that a form which comes after the others may follow.
_PLANS = 4


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


def draw(
    specification: PaperSpecification,
    questions: Sequence[Candidate],
    forms: int,
    *,
    seed: bytes,
    beside: Sequence[tuple[int, int]] = (),
) -> list[list[DrawnItem]]:
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
    stock, wanted = _laid_out(specification, questions)
    near = np.array(beside, dtype=np.int64).reshape(-1, 2) - 1

    def made(asked: Specification, turn: int) -> Places | None:
        own = sha256(seed + bytes([turn])).digest() if turn else seed
        try:
            papers = making.make(stock, asked, forms, seed=own, beside=near).papers
        except making.CannotBeCarried:
            return None
        return papers if _checked(questions, stock, asked, papers).is_right else None

    found = made(wanted, 0) if forms == 1 else evening.evenly(made, stock, wanted, forms)
    if found is None:
        raise _why(stock, wanted, forms)
    return [_placed(row, questions, stock, wanted) for row in found.tolist()]


class Deck:
    """Draws the forms of an exam that come after the others, one by one (补卷).

    Args:
        specification: what every form must meet.
        questions: what may be drawn.
        given: on how many forms of the exam each question stands, by its id.
        forms: how many forms there are.

    Raises:
        RequiredNotInPool: a required question cannot be drawn.
    """

    def __init__(
        self,
        specification: PaperSpecification,
        questions: Sequence[Candidate],
        given: Mapping[UUID, int],
        forms: int,
    ) -> None:
        self._questions = questions
        self._stock, self._wanted = _laid_out(specification, questions)
        self._place_of = {one.question_id: place for place, one in enumerate(questions)}
        self._copies = np.array(
            [given.get(one.question_id, 0) for one in questions], dtype=np.int64
        )
        self._forms = forms
        #: As hard as the others, where that can be; by the specification alone otherwise.
        self._ways = [self._wanted]
        target = self._wanted.target
        if target is None and forms and int(self._copies.sum()) == forms * self._wanted.size:
            value = laid_out(self._stock, self._wanted).value
            target = float((self._copies * value).sum() / forms)
        if target is not None:
            self._ways.insert(0, evening.evened(self._wanted, target))

    def draw(self, *, seed: bytes, barred: Set[UUID], avoided: Set[UUID]) -> list[DrawnItem]:
        """Draw a form that meets every rule; nothing where there is none.

        Args:
            seed: secret chance.
            barred: questions that it does not ask, but for those that every form must.
            avoided: questions that it asks only where there are no others.
        """
        out, around = self._places(barred), self._places(avoided)
        for wanted in self._ways:
            row = self._row(laid_out(self._stock, wanted), seed, out, around)
            if row is not None:
                self._copies[row] += 1
                self._forms += 1
                return _placed(row.tolist(), self._questions, self._stock, self._wanted)
        return []

    def _row(self, shelf: Shelf, seed: bytes, barred: set[int], avoided: set[int]) -> Places | None:
        wanted = shelf.specification
        try:
            plans = blueprints.plans(shelf, self._forms + 1, count=_PLANS)
            taken = dealing.wanted(plans, self._forms + 1)
            rates = exposure.planned(shelf, taken, self._forms + 1)
        except LookupError:
            return None
        drawer = Drawer(shelf, plans, rates=rates, copies=self._copies, seed=seed)
        for _ in plans:
            try:
                row = drawer.draw(avoided=avoided, barred=barred)
            except (LookupError, OffTarget):
                continue
            drawer.copies = self._copies.copy()
            if _checked(self._questions, self._stock, wanted, np.array([row])).is_right:
                return row
        return None

    def _places(self, questions: Set[UUID]) -> set[int]:
        places = {self._place_of[one] for one in questions if one in self._place_of}
        return places - self._wanted.required


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


def _laid_out(
    specification: PaperSpecification, questions: Sequence[Candidate]
) -> tuple[Stock, Specification]:
    sections = specifications.rules(specification)
    kinds = {rule.kind: place for place, rule in enumerate(sections)}
    topics = sorted({one.topic for one in questions})
    topic_of = {topic: place for place, topic in enumerate(topics)}
    group_of: dict[UUID, int] = {}
    known = estimates.of(questions)
    stock = Stock(
        section=np.array([kinds.get(one.kind, -1) for one in questions], dtype=np.int64),
        topic=np.array([topic_of[one.topic] for one in questions], dtype=np.int64),
        facility=np.array([one.facility for one in known]),
        error=np.array([one.error for one in known]),
        group=np.array(
            [group_of.setdefault(one.group, len(group_of)) for one in questions], dtype=np.int64
        ),
        used=np.array([one.exposure_count for one in questions], dtype=np.int64),
        topics=topics,
    )
    place_of = {str(one.question_id): place for place, one in enumerate(questions)}
    if not set(specification.required_question_ids) <= place_of.keys():
        raise RequiredNotInPool
    return stock, Specification(
        sections=sections,
        target=specification.target_points,
        tolerance=specification.tolerance_points,
        cap=specification.most_uses,
        required=frozenset(place_of[one] for one in specification.required_question_ids),
        excluded=frozenset(
            place_of[one] for one in specification.excluded_question_ids if one in place_of
        ),
    )


def _placed(
    row: Sequence[int], questions: Sequence[Candidate], stock: Stock, wanted: Specification
) -> list[DrawnItem]:
    return [
        DrawnItem(
            slot=slot,
            section=int(stock.section[place]),
            candidate=questions[place],
            points=wanted.sections[int(stock.section[place])].points,
        )
        for slot, place in enumerate(row, start=1)
    ]


def _checked(
    questions: Sequence[Candidate], stock: Stock, wanted: Specification, papers: Places
) -> checking.Verdict:
    bank = {
        place: checking.Asked(
            kind=one.kind, topic=one.topic, facility=float(stock.facility[place]), group=one.group
        )
        for place, one in enumerate(questions)
    }
    sections = [
        checking.Wanted(
            kind=rule.kind,
            count=rule.count,
            points=rule.points,
            topics={name: (one.minimum, one.maximum) for name, one in rule.topics.items()},
        )
        for rule in wanted.sections
    ]
    return checking.check(
        papers.tolist(),
        bank,
        sections,
        target=wanted.target,
        tolerance=wanted.tolerance,
        cap=wanted.cap,
        required=wanted.required,
        excluded=wanted.excluded,
    )
