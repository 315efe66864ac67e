"""Pairs of questions that are alike (查重): found when a question goes to review or into use.

Prints are compared across all banks. A pair speaks of two questions, and of the versions that
were compared last; what was ruled about it stands as long as those versions do.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import delete, insert, or_, select

from question_bank import likeness
from question_bank.likeness import Alike
from question_bank.models import QuestionPair, Standing
from question_bank.services import prints
from server.db import db

#: Questions whose prints are made in one go by a search through everything.
_AT_ONCE = 500

Pair = tuple[UUID, UUID]


@dataclass(frozen=True)
class Found:
    """How two questions are alike, and in which versions."""

    questions: Pair
    alike: Alike
    versions: Pair


def look(question_ids: Sequence[UUID], *, at: datetime, final: bool) -> int:
    """Compare these questions with all others; return how many pairs they are in.

    Args:
        question_ids: questions whose newest version was handed to review or put to use.
        at: the moment of looking.
        final: whether the newest version is in use now, so that what it is no longer alike to
            is let go of. Before that the version in use still counts.
    """
    prints.make(question_ids)
    everything = prints.held()
    wanted = set(question_ids)
    fresh = [row for row, one in enumerate(everything.question_ids) if one in wanted]
    found = _found(everything, likeness.shared(everything.bands, fresh))
    known = _known(question_ids)
    _keep(found, known=known, at=at)
    if final:
        gone = [
            held.id
            for pair, held in known.items()
            if pair not in found and held.standing is Standing.OPEN
        ]
        _delete(gone)
    return len(found)


def found_everywhere() -> list[Found]:
    """Compare every printed question with every other; reads only, so that nobody waits."""
    held = prints.held()
    found = _found(held, likeness.shared(held.bands, range(len(held.version_ids))))
    return list(found.values())


def keep(found: Sequence[Found], *, at: datetime) -> None:
    """Keep some of what was found everywhere: write new pairs, bring known ones up to date."""
    known = _known([one.questions[0] for one in found])
    _keep({one.questions: one for one in found}, known=known, at=at)


def let_go(found: Sequence[Found], *, found_before: datetime) -> int:
    """Delete open pairs that are alike no more; return how many.

    Args:
        found: everything that is alike.
        found_before: pairs found later than the search began are left alone.
    """
    alike = {one.questions for one in found}
    pair = QuestionPair
    statement = select(pair.id, pair.first_id, pair.second_id).where(
        pair.standing == Standing.OPEN, pair.found_at < found_before
    )
    gone = [
        pair_id
        for pair_id, first, second in db.session.execute(statement)
        if (first, second) not in alike
    ]
    _delete(gone)
    return len(gone)


def groups(members: Iterable[UUID], same: Iterable[Pair] = ()) -> dict[UUID, UUID]:
    """Return for each question the group of which a paper takes one at most.

    Args:
        members: questions of a pool; a question without twins is its own group.
        same: further pairs that are known to say the same.
    """
    pair = QuestionPair
    alike = select(pair.first_id, pair.second_id).where(pair.standing != Standing.DISTINCT)
    edges = [(first, second) for first, second in db.session.execute(alike)]
    return likeness.groups(members, [*edges, *same])


def _found(held: prints.Held, rows: Iterable[tuple[int, int]]) -> dict[Pair, Found]:
    """Compare what shares a band, and return what is alike, by question."""
    candidates: list[tuple[UUID, UUID, UUID, UUID]] = []
    for one, other in rows:
        first, second = held.question_ids[one], held.question_ids[other]
        if first != second:
            candidates.append((first, second, held.version_ids[one], held.version_ids[other]))
    seen = prints.of(list({one for *_, a, b in candidates for one in (a, b)}))
    found: dict[Pair, Found] = {}
    for first, second, first_version, second_version in candidates:
        alike = likeness.compared(seen[first_version], seen[second_version])
        if alike is None:
            continue
        if second < first:
            first, second = second, first
            first_version, second_version = second_version, first_version
        best = found.get((first, second))
        if best is None or alike.similarity > best.alike.similarity:
            found[first, second] = Found((first, second), alike, (first_version, second_version))
    return found


def _known(question_ids: Sequence[UUID]) -> dict[Pair, QuestionPair]:
    pair = QuestionPair
    known: dict[Pair, QuestionPair] = {}
    for start in range(0, len(question_ids), _AT_ONCE):
        some = question_ids[start : start + _AT_ONCE]
        statement = select(pair).where(or_(pair.first_id.in_(some), pair.second_id.in_(some)))
        known |= {
            (one.first_id, one.second_id): one for one in db.session.execute(statement).scalars()
        }
    return known


def _keep(found: dict[Pair, Found], *, known: dict[Pair, QuestionPair], at: datetime) -> None:
    """Write new pairs, and bring known ones up to date."""
    rows = []
    for pair, one in found.items():
        held = known.get(pair)
        if held is None:
            rows.append(_row(pair, one, at))
        elif (held.first_version_id, held.second_version_id) != one.versions:
            _bring_up_to_date(held, one, at)
    if rows:
        db.session.execute(insert(QuestionPair), rows)
    db.session.flush()


def _delete(pair_ids: Sequence[UUID]) -> None:
    for start in range(0, len(pair_ids), _AT_ONCE):
        some = QuestionPair.id.in_(pair_ids[start : start + _AT_ONCE])
        db.session.execute(delete(QuestionPair).where(some))


def _row(pair: Pair, one: Found, at: datetime) -> dict[str, object]:
    return {
        "id": uuid4(),
        "first_id": pair[0],
        "second_id": pair[1],
        "first_version_id": one.versions[0],
        "second_version_id": one.versions[1],
        "relation": one.alike.relation,
        "similarity": one.alike.similarity,
        "standing": Standing.OPEN,
        "found_at": at,
    }


def _bring_up_to_date(held: QuestionPair, one: Found, at: datetime) -> None:
    """Compare other versions than before: what was decided about the old ones is open again."""
    held.first_version_id, held.second_version_id = one.versions
    held.relation, held.similarity = one.alike.relation, one.alike.similarity
    held.standing, held.found_at = Standing.OPEN, at
    held.ruled_by_id, held.ruled_at, held.reason, held.kept_id = None, None, None, None
