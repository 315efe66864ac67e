"""The shipped qualifications and standards."""

from datetime import date

import pytest

from exams import scoring
from exams.eligibility import WhatFollows
from exams.errors import NoStandard
from exams.models import ExamStandard
from exams.scoring import Scores
from exams.services import score_sheets, standards
from server.db import db
from server.errors import NotFound
from server.people.roster import PostRole
from tests.factories import exams as a
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("inside")


def test_loading_twice_changes_nothing():
    added = standards.load_reference()
    again = standards.load_reference()

    assert added > 100
    assert again == 0


@pytest.mark.parametrize(
    ("on", "attempts", "follows"),
    [
        (date(2026, 5, 31), 2, WhatFollows.RETRAIN),
        (date(2026, 6, 1), None, WhatFollows.NOTHING),
    ],
)
def test_order_30_counts_to_the_eve_of_order_19(on, attempts, follows):
    standard = standards.counting(a.a_qualification(), on=on)

    assert (standard.attempts_allowed, standard.what_follows) == (attempts, follows)
    assert (standard.minutes, standard.max_points, standard.pass_percent) == (120, 100, 80)
    assert standard.source


def test_every_qualification_has_a_standard_today():
    standards.load_reference()
    page = standards.listed(limit=200)

    codes = {one.code for one in page.items}
    assert {"principal", "safety_manager", "low_voltage_electrician"} <= codes
    assert "enforcement_officer" in codes
    for one in page.items:
        assert standards.counting(one, on=NOON.date()).grace_seconds <= 10


def test_a_certificate_can_be_reached_wherever_a_practical_is_asked_for():
    """A sheet for each, full marks pass whatever is drawn, and one failed veto fails."""
    standards.load_reference()
    score_sheets.load_reference(at=NOON)
    asked = [
        one
        for one in standards.listed(limit=200).items
        if standards.counting(one, on=NOON.date()).has_practical
    ]

    assert len(asked) == 54
    for one in asked:
        row = score_sheets.counting(one, on=NOON.date())
        sheet = score_sheets.of(row)
        assert list(scoring.faults(sheet.subjects)) == []
        assert row.source
        for seed in range(4):
            drawn = scoring.draw(sheet.subjects, seed=bytes([seed]) * 32)
            scale = scoring.scale(sheet, drawn)
            full = {code: most for code, most in scale.items() if most is not None}
            verdict = scoring.verdict(sheet, drawn, Scores(marks=full))
            assert (int(verdict.score), verdict.passed) == (100, True)
            vetoes = frozenset(code for code, most in scale.items() if most is None)
            assert vetoes, one.code
            assert not scoring.verdict(
                sheet, drawn, Scores(marks=full, failed_vetoes=vetoes)
            ).passed


def test_before_the_first_standard_there_is_none():
    with pytest.raises(NoStandard):
        standards.counting(a.a_qualification(), on=date(2009, 1, 1))


def test_what_was_corrected_here_stays_corrected():
    standard = a.a_standard()
    standard.minutes = 90
    db.session.flush()

    standards.load_reference()

    assert db.session.get_one(ExamStandard, standard.id).minutes == 90


def test_the_history_of_a_qualification_is_told_in_order():
    history = standards.history(a.a_qualification().id)

    assert [one.effective_from for one in history] == [date(2010, 7, 1), date(2026, 6, 1)]


def test_an_unknown_qualification_is_not_found():
    with pytest.raises(NotFound):
        standards.history(a.SOMEBODY.account_id)


def test_qualifications_are_listed_by_role():
    standards.load_reference()

    page = standards.listed(role=PostRole.PRINCIPAL, limit=50)

    assert [one.code for one in page.items] == ["principal"]
