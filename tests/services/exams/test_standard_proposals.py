"""A new version of an exam standard: proposed, previewed, approved by another, never backwards."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from exams.correction_errors import AuthorCannotApprove
from exams.dated_standards import StandardRules
from exams.models import ExamStandard
from exams.services import standard_previews, standard_proposals, standards
from exams.services.standard_proposals import ProposalDraft
from exams.sittings import SittingMove
from exams.standard_errors import (
    ProposalDecided,
    StandardContradictory,
    StandardOverlaps,
    StandardRetroactive,
    StandardUnchanged,
)
from server import days
from server.audit.models import AuditEntry
from server.db import db
from server.errors import IdTaken, NotFound
from tests.factories import exams as a
from tests.factories import sittings as some
from tests.factories.sittings import OPENS
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("inside")

TODAY = days.civil_day(NOON)
DAY = timedelta(days=1)
#: The day of a sitting that is open, and of one that is only planned.
ON = days.civil_day(OPENS)


def a_draft(**changed):
    """Return ninety instead of eighty points, from the day of the sitting on."""
    qualification = a.a_qualification()
    said: dict[str, Any] = standard_proposals.said(standards.counting(qualification, on=TODAY))
    rules = StandardRules(**said | {"has_practical": True})
    values: dict[str, Any] = {
        "qualification_ids": (qualification.id,),
        "effective_from": ON,
        "rules": replace(rules, pass_percent=90, **changed.pop("rules", {})),
        "source": "应急管理部令第99号",
        "article": "第十二条",
        "reason": "新规章施行",
    }
    return ProposalDraft(**values | changed)


def proposed(by, **changed):
    """Store a proposal."""
    return standard_proposals.propose(uuid4(), a_draft(**changed), by=by, at=NOON)


@pytest.fixture
def author():
    """Return who keeps standards."""
    return a.identity_of(a.a_person(a.an_organisation()).id)


@pytest.fixture
def another():
    """Return somebody else who does."""
    person = a.a_person(a.an_organisation(), birth_on=date(1980, 2, 3))
    person.name = "赵二"
    return a.identity_of(person.id)


def test_what_another_approves_counts_from_its_day_with_its_source(author, another):
    found = proposed(author)
    again = standard_proposals.propose(found.id, a_draft(), by=author, at=NOON)
    assert again is found
    qualification = a.a_qualification()
    assert standards.counting(qualification, on=ON).pass_percent == 80
    with pytest.raises(IdTaken):
        standard_proposals.propose(found.id, a_draft(article="第一条"), by=author, at=NOON)
    with pytest.raises(AuthorCannotApprove):
        standard_proposals.decide(found.id, approved=True, reason="", by=author, at=NOON)

    for _ in range(2):
        standard_proposals.decide(found.id, approved=True, reason="属实", by=another, at=NOON)

    assert standards.counting(qualification, on=ON - DAY).pass_percent == 80
    new = standards.counting(qualification, on=ON)
    assert (new.pass_percent, new.source) == (90, "应急管理部令第99号 第十二条")
    rows = standards.history(qualification.id)
    assert [one.effective_until for one in rows[-2:]] == [ON - DAY, None]
    with pytest.raises(ProposalDecided):
        standard_proposals.decide(found.id, approved=False, reason="", by=another, at=NOON)
    db.session.commit()
    audited = select(AuditEntry.action).where(AuditEntry.subject_id == found.id)
    told = set(db.session.scalars(audited))
    assert told == {"standard_proposed", "standard_approved"}


def test_a_namesake_of_the_author_is_the_author(author, another):
    found = proposed(another)
    twin = a.a_person(a.an_organisation(), birth_on=date(1980, 2, 3))
    twin.name = "赵二"
    db.session.flush()

    with pytest.raises(AuthorCannotApprove):
        standard_proposals.decide(
            found.id, approved=True, reason="", by=a.identity_of(twin.id), at=NOON
        )


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"effective_from": TODAY}, StandardRetroactive),
        ({"effective_from": TODAY - DAY}, StandardRetroactive),
        ({"rules": {"attempts_allowed": 3}}, StandardContradictory),
        ({"qualification_ids": (uuid4(),)}, NotFound),
    ],
)
def test_what_cannot_count_is_not_proposed(author, changed, refusal):
    with pytest.raises(refusal):
        proposed(author, **changed)


def test_what_counts_anyway_is_no_new_version(author):
    same = replace(a_draft().rules, pass_percent=80)
    a.with_practical()

    with pytest.raises(StandardUnchanged):
        standard_proposals.propose(uuid4(), replace(a_draft(), rules=same), by=author, at=NOON)


def test_of_two_proposals_for_one_time_the_second_overlaps(author, another):
    first, second = proposed(author), proposed(author, effective_from=ON - DAY)
    standard_proposals.decide(first.id, approved=True, reason="属实", by=another, at=NOON)

    with pytest.raises(StandardOverlaps):
        standard_proposals.decide(second.id, approved=True, reason="", by=another, at=NOON)
    with pytest.raises(StandardOverlaps):
        proposed(author)
    standard_proposals.decide(second.id, approved=False, reason="已有新版", by=another, at=NOON)
    assert len(standards.history(a.a_qualification().id)) == 3


def test_what_lay_ahead_when_it_was_proposed_must_when_it_is_approved(author, another):
    found = proposed(author)

    with pytest.raises(StandardRetroactive):
        standard_proposals.decide(found.id, approved=True, reason="", by=another, at=OPENS)
    assert found.approved is None


def test_the_preview_says_which_exams_and_candidates_are_touched_and_what_was_published_keeps_its(
    author, another
):
    hall = some.a_hall(rooms=2)
    published = some.a_sitting(hall, room_ids=(hall.rooms[0].id,))
    some.admitted(hall, published, 3)
    later = {"opens_at": OPENS + DAY, "closes_at": OPENS + DAY + timedelta(hours=3)}
    planned = some.a_sitting(hall, opened=False, room_ids=(hall.rooms[1].id,), **later)
    found = proposed(author)

    seen = standard_previews.of(found.id)

    assert [(one.exam.id, one.candidate_count, one.is_kept) for one in seen.exams] == [
        (published.id, 3, True),
        (planned.id, 0, False),
    ]
    assert (seen.kept_exam_count, seen.kept_candidate_count) == (1, 3)
    assert (seen.changed_exam_count, seen.changed_candidate_count) == (1, 0)
    (change,) = seen.changes
    assert change.changes == {"pass_percent": (80, 90), "has_practical": (False, True)}
    assert change.ends is not None
    before = db.session.scalars(select(func.count()).select_from(ExamStandard)).one()
    standard_proposals.decide(found.id, approved=True, reason="属实", by=another, at=NOON)
    assert db.session.scalars(select(func.count()).select_from(ExamStandard)).one() == before + 1
    some.move(hall, planned, SittingMove.OPEN, at=NOON)
    assert standards.of(published.exam).pass_percent == 80
    assert standards.of(planned.exam).pass_percent == 90
