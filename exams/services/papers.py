"""Papers: drawing the forms of an exam, and showing one to its candidate (试卷)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, select

from exams import assembly, dice, permutation, seating
from exams.assembly import Candidate, DrawnItem, SectionRule
from exams.errors import PoolTooSmall
from exams.models import Exam, Paper, PaperItem, Sitting
from exams.services import batches, exposures, pool, specifications
from question_bank import markup
from question_bank.kinds import Kind
from question_bank.models import QuestionVersion
from question_bank.services import drawing, uses
from server.db import db


@dataclass(frozen=True, kw_only=True)
class ShownQuestion:
    """One place of a paper as a candidate sees it: without key, explanation or hint."""

    slot: int
    section: int
    kind: Kind
    points: int
    stem: str
    #: Texts in the order of the form.
    options: tuple[str, ...]
    #: Stem and options as canonical markup (see `question_bank.markup`); None where plain.
    stem_markup: str | None = None
    options_markup: tuple[str, ...] | None = None

    @property
    def stem_html(self) -> str | None:
        """The stem as a browser shows it; None where the question is plain."""
        return None if self.stem_markup is None else markup.rendered(self.stem_markup)

    @property
    def options_html(self) -> tuple[str, ...] | None:
        """The options as a browser shows them, in the order of the form."""
        if self.options_markup is None:
            return None
        return tuple(markup.rendered(one) for one in self.options_markup)


@dataclass(frozen=True, kw_only=True)
class ShownPaper:
    """A paper as its candidates see it: the same for all of them, in the order of the form."""

    paper_id: UUID
    questions: tuple[ShownQuestion, ...]

    @property
    def images(self) -> tuple[str, ...]:
        """Hashes of the images that its questions show, sorted."""
        dressed = [one.stem_markup or "" for one in self.questions]
        dressed += [text for one in self.questions for text in one.options_markup or ()]
        return tuple(sorted(markup.images_in(" ".join(dressed))))


#: Forms whose questions are read together.
TOGETHER = 50


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a question stands on a form, and how."""

    slot: int
    section: int
    points: int
    option_order: Sequence[int]


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A form that was drawn: which questions, and by which chance."""

    #: Number of the form, from 1.
    number: int
    seed: bytes
    items: Sequence[DrawnItem]


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """A form as it will be stored, and as candidates will see it."""

    #: Its row, and those of its places.
    paper: dict[str, Any]
    items: Sequence[dict[str, Any]]
    shown: ShownPaper


def draw(exam: Exam, *, seed: bytes, at: datetime) -> list[Prepared]:
    """Draw the forms of an exam, to be stored. Reads only.

    Each form has a seed of its own, made of the exam's, so that it can be drawn again for an
    appeal from what stands beside it.

    Args:
        exam: the exam, with its specification.
        seed: 32 bytes of secret chance.
        at: the moment at which questions must be in use.

    Raises:
        PoolTooSmall: the question bank cannot carry the specification.
        TargetOutOfReach: it cannot at the difficulty asked for.
        RequiredNotInPool: a required question cannot be drawn.
    """
    questions = exposures.rested(
        pool.of(exam.qualification, at=at, sat_at=exam.closes_at), exam.specification
    )
    drawn = [
        Drawn(number=number, seed=own, items=items)
        for number, (own, items) in enumerate(_drawn(exam, questions, seed=seed), start=1)
    ]
    groups = (drawn[begin : begin + TOGETHER] for begin in range(0, len(drawn), TOGETHER))
    return [one for group in groups for one in prepared(exam, group, at=at)]


def seed_of(seed: bytes, number: int) -> bytes:
    """Return the seed of a form, by its number: it comes of the chance of the exam."""
    return b"".join(part.to_bytes(8, "big") for part in dice.draws(seed, f"form {number}", 4))


def _drawn(
    exam: Exam, questions: list[Candidate], *, seed: bytes
) -> Iterable[tuple[bytes, Sequence[DrawnItem]]]:
    """Return the seed and the items of each form."""
    seeds = [seed_of(seed, number) for number in range(1, exam.form_count + 1)]
    if batches.applies(exam.specification, exam.form_count):
        try:
            made = batches.draw(
                exam.specification,
                questions,
                exam.form_count,
                seed=seed,
                beside=beside(exam),
            )
            return zip(seeds, made, strict=True)
        except PoolTooSmall:
            # A pool so tight that only a search for a way through it may find one.
            if not specifications.may_stand_alone(exam.specification):
                raise
    rules = specifications.rules(exam.specification)
    return [(own, _alone(rules, questions, seed=own)) for own in seeds]


def beside(exam: Exam) -> list[tuple[int, int]]:
    """Return the forms that will lie on neighbouring seats, by number; none without rooms."""
    sitting = db.session.get(Sitting, exam.id)
    if sitting is None:
        return []
    rooms = [one.room.grid for one in sitting.rooms]
    return sorted(seating.beside(seating.planned_forms(rooms, exam.form_count)))


def _alone(
    rules: Sequence[SectionRule], questions: list[Candidate], *, seed: bytes
) -> Sequence[DrawnItem]:
    """Draw one form without regard to others: found whenever there is one."""
    drawn = assembly.draw(rules, questions, seed=seed)
    if drawn.shortages:
        raise PoolTooSmall([asdict(shortage) for shortage in drawn.shortages])
    return drawn.items


def prepared(exam: Exam, drawn: Sequence[Drawn], *, at: datetime) -> list[Prepared]:
    """Return drawn forms as they are stored and seen; their questions are read together."""
    versions = drawing.versions([item.candidate.version_id for one in drawn for item in one.items])
    return [_prepared(exam, one, versions, at) for one in drawn]


def store(forms: Sequence[Prepared], exam: Exam, *, at: datetime) -> None:
    """Write forms down, and note with their questions that they are asked."""
    rows = [row for one in forms for row in one.items]
    db.session.execute(insert(Paper), [one.paper for one in forms])
    db.session.execute(insert(PaperItem), rows)
    asked = [row["version_id"] for row in rows]
    uses.note(asked, exam_id=exam.id, exam_name=exam.name, at=at)


def _prepared(
    exam: Exam, drawn: Drawn, versions: Mapping[UUID, QuestionVersion], at: datetime
) -> Prepared:
    paper_id = uuid4()
    layout, rows, questions = [], [], []
    for item in drawn.items:
        version = versions[item.candidate.version_id]
        texts = [option["text"] for option in version.options]
        order, movable = permutation.form_order(
            version.kind, texts, seed=drawn.seed, slot=item.slot, keep=version.keeps_order
        )
        place = Place(slot=item.slot, section=item.section, points=item.points, option_order=order)
        many = version.kind is Kind.MULTIPLE_CHOICE
        layout.append([item.section, len(texts), movable, many])
        rows.append({"paper_id": paper_id, "version_id": version.id, **vars(place)})
        questions.append(_shown(place, version))
    paper = {
        "id": paper_id,
        "exam_id": exam.id,
        "form": drawn.number,
        "seed": drawn.seed.hex(),
        "layout": layout,
        "drawn_at": at,
    }
    shown = ShownPaper(paper_id=paper_id, questions=tuple(questions))
    return Prepared(paper=paper, items=rows, shown=shown)


def of(exam_id: UUID) -> list[Paper]:
    """Return the forms of an exam, in order."""
    statement = select(Paper).where(Paper.exam_id == exam_id).order_by(Paper.form)
    return list(db.session.execute(statement).scalars())


def shown(paper_id: UUID) -> ShownPaper:
    """Return a paper as candidates see it."""
    [paper] = shown_all([paper_id])
    return paper


def shown_all(paper_ids: Sequence[UUID]) -> list[ShownPaper]:
    """Return papers as candidates see them, in two statements."""
    statement = (
        select(
            PaperItem.paper_id,
            PaperItem.version_id,
            PaperItem.slot,
            PaperItem.section,
            PaperItem.points,
            PaperItem.option_order,
        )
        .where(PaperItem.paper_id.in_(paper_ids))
        .order_by(PaperItem.slot)
    )
    items = db.session.execute(statement).all()
    versions = drawing.versions({version_id for _, version_id, *_ in items})
    questions: dict[UUID, list[ShownQuestion]] = {one: [] for one in paper_ids}
    for paper_id, version_id, slot, section, points, order in items:
        place = Place(slot=slot, section=section, points=points, option_order=order)
        questions[paper_id].append(_shown(place, versions[version_id]))
    return [ShownPaper(paper_id=one, questions=tuple(found)) for one, found in questions.items()]


def _shown(item: Place, version: QuestionVersion) -> ShownQuestion:
    options = [version.options[place] for place in item.option_order]
    dressed = version.stem_html is not None
    return ShownQuestion(
        slot=item.slot,
        section=item.section,
        kind=version.kind,
        points=item.points,
        stem=version.stem,
        options=tuple(option["text"] for option in options),
        stem_markup=version.stem_html,
        options_markup=tuple(option["html"] for option in options) if dressed else None,
    )
