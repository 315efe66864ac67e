"""Words of examiners' phones: in any order, twice, late and spoiled, and the right ones count."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exams import practical_errors as refusals
from exams.models import PracticalWord
from exams.services import practical_scores
from server.db import db
from tests.factories import practicals as the
from tests.factories.practicals import DAY
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("inside")


def test_words_come_twice_late_and_spoiled_and_the_right_ones_count():
    practical, (first, _) = the.a_practical()
    code, most = the.first_step(practical)
    sent = [
        {"code": code, "sequence": 5, "value": "1"},
        {"code": code, "sequence": 2, "value": "0"},
        {"code": code, "sequence": 5, "value": "1"},
        {"code": code, "sequence": 6, "value": str(most + 1)},
        {"code": "K99.9", "sequence": 1, "value": "1"},
        {"code": code, "sequence": 7, "value": "-1"},
        "no word",
    ]

    judged = practical_scores.store(practical.id, sent, by=first, at=NOON + DAY)

    told = [(one.verdict.value, one.reason and one.reason.value) for one in judged]
    assert told == [
        ("accepted", None),
        ("ignored", "older"),
        ("ignored", "duplicate"),
        ("refused", "outside_scale"),
        ("refused", "unknown_code"),
        ("refused", "not_readable"),
        ("refused", "not_readable"),
    ]
    assert practical_scores.seen(practical.id, by=first).own == {code: 1}
    with pytest.raises(refusals.ScoreIncomplete):
        practical_scores.hand_in(practical.id, by=first, at=NOON + DAY)


def test_what_comes_after_handing_in_is_kept_flagged_and_does_not_count():
    practical, (first, _) = the.a_practical()
    code, most = the.first_step(practical)
    the.score(practical, first)

    (late,) = practical_scores.store(
        practical.id, the.words({code: "0"}, sequence=9), by=first, at=NOON + 2 * DAY
    )

    assert (late.verdict.value, late.late) == ("accepted", True)
    assert practical_scores.seen(practical.id, by=first).own[code] == most
    kept = db.session.get_one(PracticalWord, (practical.id, first.person_id, code, 9, "0"))
    assert kept.late


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_order_and_any_repetition_of_the_words_give_the_same_scores(data):
    practical, (first, second) = the.a_practical()
    codes = sorted(the.full_marks(practical))[:3]
    sent = [
        {"code": code, "sequence": sequence, "value": str(sequence % 2)}
        for code in codes
        for sequence in (1, 2, 3)
    ]
    jumbled = data.draw(st.permutations([*sent, *data.draw(st.permutations(sent))]))
    cut = data.draw(st.integers(0, len(jumbled)))

    practical_scores.store(practical.id, sent, by=first, at=NOON)
    for batch in (jumbled[:cut], jumbled[cut:]):
        practical_scores.store(practical.id, batch, by=second, at=NOON)

    seen = [practical_scores.seen(practical.id, by=one).own for one in (first, second)]
    assert seen[0] == seen[1] == dict.fromkeys(codes, 1)
