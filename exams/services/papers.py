"""Papers: storing the forms that were drawn, and showing one to its candidate (试卷)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, select

from exams import permutation
from exams.models import Exam, Paper, PaperItem
from exams.services.drawn_forms import Drawn
from question_bank import markup
from question_bank.kinds import Kind
from question_bank.services import drawing, uses
from question_bank.services.drawing import Wording
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
class Prepared:
    """A form as it will be stored, and as candidates will see it."""

    #: Its row, and those of its places.
    paper: dict[str, Any]
    items: Sequence[dict[str, Any]]
    shown: ShownPaper


class Words:
    """The words of questions: each is read once, however many forms ask it."""

    def __init__(self) -> None:
        self._known: dict[UUID, Wording] = {}

    def of(self, drawn: Iterable[Drawn]) -> Mapping[UUID, Wording]:
        """Return what the questions of forms say, and others."""
        asked = {item.candidate.version_id for one in drawn for item in one.items}
        self._known |= drawing.wordings(asked - self._known.keys())
        return self._known


def prepared(
    exam: Exam, drawn: Sequence[Drawn], *, at: datetime, words: Words | None = None
) -> list[Prepared]:
    """Return drawn forms as they are stored and seen; their questions are read together."""
    versions = (words or Words()).of(drawn)
    return [_prepared(exam.id, one, versions, at) for one in drawn]


def store(
    forms: Sequence[Prepared], exam: Exam, *, at: datetime, noted: set[UUID] | None = None
) -> None:
    """Write forms down, and note with their questions that they are asked.

    Args:
        forms: which.
        exam: theirs.
        at: the moment.
        noted: versions of which that is noted already; what is noted now is added.
    """
    rows = [row for one in forms for row in one.items]
    db.session.execute(insert(Paper), [one.paper for one in forms])
    db.session.execute(insert(PaperItem), rows)
    before = set() if noted is None else noted
    fresh = {row["version_id"] for row in rows} - before
    if fresh:
        uses.note(sorted(fresh), exam_id=exam.id, exam_name=exam.name, at=at)
        before |= fresh


def _prepared(
    exam_id: UUID, drawn: Drawn, versions: Mapping[UUID, Wording], at: datetime
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
        "exam_id": exam_id,
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
    versions = drawing.wordings({version_id for _, version_id, *_ in items})
    questions: dict[UUID, list[ShownQuestion]] = {one: [] for one in paper_ids}
    for paper_id, version_id, slot, section, points, order in items:
        place = Place(slot=slot, section=section, points=points, option_order=order)
        questions[paper_id].append(_shown(place, versions[version_id]))
    return [ShownPaper(paper_id=one, questions=tuple(found)) for one, found in questions.items()]


def _shown(item: Place, version: Wording) -> ShownQuestion:
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
