"""What becomes of each word a phone sends, as a table."""

import pytest

from exams import sync
from exams.sync import Entry, Judged, Rank, Reason, Slot, Verdict

SLOTS = {1: Slot(option_count=2, many=False), 2: Slot(option_count=4, many=True)}


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("tap", Reason.NOT_READABLE),
        (None, Reason.NOT_READABLE),
        ({}, Reason.NOT_READABLE),
        ({"slot": 1, "chosen": [0]}, Reason.NOT_READABLE),
        ({"slot": "1", "chosen": [0], "sequence": 1}, Reason.NOT_READABLE),
        ({"slot": True, "chosen": [0], "sequence": 1}, Reason.NOT_READABLE),
        ({"slot": 1, "chosen": 0, "sequence": 1}, Reason.NOT_READABLE),
        ({"slot": 1, "chosen": ["A"], "sequence": 1}, Reason.NOT_READABLE),
        ({"slot": 1, "chosen": [0] * 65, "sequence": 1}, Reason.NOT_READABLE),
        ({"slot": 1, "chosen": [0], "sequence": 1.5}, Reason.NOT_READABLE),
        ({"slot": 1, "chosen": [0], "sequence": 1, "time": 9}, Reason.NOT_READABLE),
        ({"slot": 3, "chosen": [0], "sequence": 1}, Reason.UNKNOWN_SLOT),
        ({"slot": 1, "chosen": [2], "sequence": 1}, Reason.UNKNOWN_OPTION),
        ({"slot": 1, "chosen": [-1], "sequence": 1}, Reason.UNKNOWN_OPTION),
        ({"slot": 1, "chosen": [0, 1], "sequence": 1}, Reason.TOO_MANY_CHOSEN),
        ({"slot": 1, "chosen": [0], "sequence": 0}, Reason.SEQUENCE_OUT_OF_RANGE),
        ({"slot": 1, "chosen": [0], "sequence": 10**9}, Reason.SEQUENCE_OUT_OF_RANGE),
    ],
)
def test_a_bad_entry_is_refused_with_its_reason(raw, code):
    judged = sync.read(raw, SLOTS, epoch=1)

    assert isinstance(judged, Judged)
    assert (judged.verdict, judged.code) == (Verdict.REFUSED, code)


@pytest.mark.parametrize(
    ("raw", "chosen"),
    [
        ({"slot": 1, "chosen": [1], "sequence": 1}, 0b10),
        ({"slot": 1, "chosen": [], "sequence": 1}, 0),
        ({"slot": 1, "chosen": [1, 1], "sequence": 1}, 0b10),
        ({"slot": 2, "chosen": [3, 0], "sequence": 1}, 0b1001),
    ],
)
def test_a_good_entry_is_read(raw, chosen):
    entry = sync.read(raw, SLOTS, epoch=3)

    assert entry == Entry(slot=raw["slot"], chosen=chosen, sequence=1, epoch=3)


def test_a_refused_entry_still_tells_which_one_it_was():
    judged = sync.read({"slot": 9, "chosen": [0], "sequence": 5}, SLOTS, epoch=1)

    assert (judged.slot, judged.sequence) == (9, 5)


ENTRY = Entry(slot=1, chosen=1, sequence=5, epoch=1)


@pytest.mark.parametrize(
    ("held", "verdict", "code"),
    [
        (None, Verdict.ACCEPTED, None),
        (Rank(1, 4, 2), Verdict.ACCEPTED, None),
        (Rank(1, 5, 1), Verdict.IGNORED, Reason.DUPLICATE),
        (Rank(1, 6, 2), Verdict.IGNORED, Reason.OLDER),
        (Rank(2, 1, 2), Verdict.IGNORED, Reason.OLDER),
        (Rank(1, 5, 2), Verdict.IGNORED, Reason.OLDER),
    ],
)
def test_an_older_word_never_replaces_a_newer(held, verdict, code):
    judged = sync.judge(ENTRY, held)

    assert (judged.verdict, judged.code, judged.late) == (verdict, code, False)


def test_a_late_entry_is_kept_and_flagged():
    judged = sync.judge(ENTRY, None, late=Reason.TIME_IS_UP)

    assert (judged.verdict, judged.code, judged.late) == (
        Verdict.ACCEPTED,
        Reason.TIME_IS_UP,
        True,
    )


def test_a_late_repetition_of_what_came_in_time_is_no_late_entry():
    judged = sync.judge(ENTRY, ENTRY.rank, late=Reason.TIME_IS_UP)

    assert (judged.verdict, judged.code, judged.late) == (
        Verdict.IGNORED,
        Reason.DUPLICATE,
        False,
    )


def test_bits_and_options_are_each_others_mirror():
    assert sync.options(sync.bits([3, 0, 3])) == [0, 3]
    assert sync.options(0) == []
