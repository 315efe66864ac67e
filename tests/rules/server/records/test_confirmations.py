"""Whose signature the law wants under an assessment, and which lines lack it."""

from __future__ import annotations

import pytest

from server.records import confirmations, printouts
from server.records.entries import RecordKind as K
from server.records.plain_file import line_told
from server.records.timeline import Line


def line(kind=K.TRAINING, *, purpose="induction", passed=True, on="2026-06-02", by=(), **more):
    said = {"purpose": purpose, "programme": "班组级安全教育", "hours": "8", "passed": passed}
    moment = f"{on}T00:00:00+00:00"
    return Line("1", kind, moment, on, "1", said, "某厂", moment, confirmed_by=by, **more)


@pytest.mark.parametrize(
    ("one", "awaited"),
    [
        (line(), ("assessor", "worker")),
        (line(passed=False), ("assessor", "worker")),
        (line(by=("assessor",)), ("worker",)),
        (line(by=("assessor", "worker")), ()),
        (line(purpose="annual", by=("worker",)), ("assessor",)),
        (line(passed=None), ()),
        (line(purpose="qualification"), ()),
        (line(on="2021-08-31"), ()),
        (line(on="2021-09-01"), ("assessor", "worker")),
        (line(corrected_by_id="2"), ()),
        (line(K.EXAM), ()),
    ],
)
def test_an_assessment_by_the_employer_awaits_assessor_and_worker_by_the_law_of_its_day(
    one, awaited
):
    assert confirmations.awaited(one) == awaited
    assert confirmations.awaiting([one], "worker") == ([one] if "worker" in awaited else [])


def test_what_is_awaited_stands_in_the_file_that_leaves_and_on_paper():
    told = line_told(line(by=("worker",)))
    said = {"person": {}, "lines": [told], "read_at": told["recorded_at"]}

    assert told["awaits_confirmation_by"] == ["assessor"]
    shown = printouts.printable(said, {})["parts"][1]["lines"]
    assert [(row["confirmed"], row["awaits"]) for row in shown] == [("本人", "考核人")]


def test_an_objection_stands_in_the_file_that_leaves_and_on_paper_and_silence_leaves_no_trace():
    told = line_told(line(objection="学时有误"))
    said = {"person": {}, "lines": [told], "read_at": told["recorded_at"]}

    assert told["objection"] == "学时有误"
    assert printouts.printable(said, {})["parts"][1]["lines"][0]["objection"] == "学时有误"
    # The hash of what was given out before anybody could object stays what it was.
    assert "objection" not in line_told(line())


def test_every_rule_names_its_source():
    for each in confirmations.shipped():
        assert each.source_zh
        assert each.source_en
        # What nobody read is not passed off as read.
        assert each.checked == ("未获核对" not in each.source_zh)
        assert set(each.by) <= {"assessor", "worker"}
