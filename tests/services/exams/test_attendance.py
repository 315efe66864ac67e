"""How many have a place in an exam, and how far they are."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from exams.services import attendance, enrolments
from exams.services.attendance import Attendance
from server.errors import NotFound
from server.scopes import NOWHERE
from tests.factories import exams as a
from tests.factories import sitting
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("inside")


def counts(**found: int) -> Attendance:
    """Return counts that are nought unless told otherwise."""
    return Attendance(**(dict.fromkeys(Attendance.__dataclass_fields__, 0) | found))


def test_an_exam_that_nobody_asked_for_counts_nobody():
    assert attendance.of(a.an_exam().exam.id) == counts()


def test_everybody_is_counted_once_where_they_stand():
    scene = a.an_exam()
    absent = a.an_enrolment(scene)
    given_up = a.an_enrolment(scene)
    enrolments.withdraw(given_up.id, by=a.SOMEBODY, at=NOON)
    child = a.a_person(a.an_organisation(), birth_on=date(2015, 1, 1))
    a.an_enrolment(scene, child)
    a.an_attempt(scene)
    ended = a.an_attempt(scene)
    sitting.submit(ended, at=NOON + timedelta(minutes=5))

    found = attendance.of(scene.exam.id)

    assert absent.accepted
    assert found.submitted_count + found.graded_count == 1
    assert found == counts(
        enrolled_count=3,
        absent_count=1,
        withdrawn_count=1,
        hindered_count=1,
        in_progress_count=1,
        submitted_count=found.submitted_count,
        graded_count=found.graded_count,
    )


def test_an_exam_elsewhere_is_not_found():
    scene = a.an_exam()

    with pytest.raises(NotFound):
        attendance.of(scene.exam.id, scope=NOWHERE)
    with pytest.raises(NotFound):
        attendance.of(uuid4())
