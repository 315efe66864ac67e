"""Frameworks, proofs, judges and terms: the rules of competence on their edges."""

from __future__ import annotations

import json
import re
from datetime import date
from importlib.resources import files
from typing import Any

import pytest

from certificates.competence import frameworks, gaps, grading, judging, terms
from certificates.competence.errors import (
    FrameworkUnfit,
    GradesFormCircle,
    MarksUnfit,
    TermTooLong,
)
from certificates.competence.frameworks import Framework
from certificates.competence.judging import Judged
from certificates.competence.kinds import Origin, ProofKind, Side
from certificates.competence.knowing import Known, Marked
from certificates.facts import RecordKind
from certificates.papers import File, Line
from certificates.services import indicators
from server.training.kinds import Function, TrainingType

DAY = date(2026, 6, 15)


def content(name: str) -> dict[str, Any]:
    text = files("certificates.competence.data").joinpath(f"{name}.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


OFFICERS = frameworks.read(content("enforcement_officers"))
MANAGERS = frameworks.read(content("safety_managers"))


@pytest.mark.parametrize("framework", [OFFICERS, MANAGERS], ids=["officers", "managers"])
def test_a_shipped_framework_says_of_everything_where_it_comes_from(framework: Framework) -> None:
    known = {row["key"] for row in indicators.shipped()}

    assert set(framework.indicators) <= known
    for each in framework.competences:
        assert each.source.startswith("平台建议") == (each.origin is Origin.PROPOSAL)
        named = set(re.findall(r"[a-z]+(?:-[a-z]+)+", each.source))
        assert named <= known, each.key
        assert set(each.anchors) in (set(), set(range(1, framework.highest_mark + 1)))


GRADES = {"a": None, "b": "a", "c": "b"}


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"a": "c"}, GradesFormCircle),
        ({"a": "a"}, GradesFormCircle),
        ({"c": "a"}, FrameworkUnfit),
        ({"b": None}, FrameworkUnfit),
        ({"b": "x"}, FrameworkUnfit),
    ],
)
def test_grades_are_one_line_and_no_circle(changed: dict[str, str], refusal: type) -> None:
    def rows(after: dict[str, str | None]) -> list[dict[str, Any]]:
        return [{"key": k, "after": v, "name_zh": k, "name_en": k} for k, v in after.items()]

    turned = dict(reversed(GRADES.items()))
    assert [each.key for each in frameworks.ordered(rows(turned))] == ["a", "b", "c"]
    with pytest.raises(refusal):
        frameworks.ordered(rows({**GRADES, **changed}))


@pytest.mark.parametrize(
    "change",
    [
        {"levels": [{"grade": "master", "all_of": [[{"kind": "engineer"}]]}]},
        {"families": ["none"]},
        {"levels": [{"grade": "junior", "all_of": [[{"kind": "measure", "measure": "x"}]]}]},
        {"levels": [{"grade": "junior", "all_of": [[{"kind": "years"}]]}]},
        {"levels": [{"grade": "junior", "all_of": [[{"kind": "education", "education": "x"}]]}]},
        {
            "levels": [
                {"grade": "junior", "all_of": [[{"kind": "years", "years": 1, "roles": ["x"]}]]}
            ]
        },
        {"levels": [{"grade": "junior", "all_of": [[{"kind": "mark", "mark": 3, "months": 1}]]}]},
        {"anchors": {"3": "好"}},
        {"anchors": {"6": "好"}},
        {"levels": [{"grade": "junior", "all_of": [[{"kind": "engineer"}]]}] * 2},
    ],
)
def test_a_framework_that_names_what_there_is_not_is_refused(change: dict[str, Any]) -> None:
    broken = content("enforcement_officers")
    broken["competences"][0] |= change

    with pytest.raises(FrameworkUnfit):
        frameworks.read(broken)


@pytest.mark.parametrize("change", [{"roles": ["nobody"]}, {"families": []}])
def test_a_framework_is_for_posts_and_families_that_there_are(change: dict[str, Any]) -> None:
    with pytest.raises(FrameworkUnfit):
        frameworks.read(content("enforcement_officers") | change)


@pytest.mark.parametrize("framework", [OFFICERS, MANAGERS], ids=lambda each: each.key)
def test_whatever_a_measure_or_hours_ask_for_there_is_a_training_that_gives_it(
    framework: Framework,
) -> None:
    proofs = [
        (each.key, proof)
        for each in framework.competences
        for groups in each.levels.values()
        for group in groups
        for proof in group
        if proof.kind in (ProofKind.MEASURE, ProofKind.HOURS)
    ]

    assert proofs
    assert {key for key, proof in proofs if not gaps.types_for(proof)} == set()


def test_a_grade_is_the_highest_of_which_everything_is_met() -> None:
    everything = Known(
        file=File(
            lines=[
                Line(RecordKind.TRAINED, DAY.toordinal(), purpose, None, None)
                for purpose in ("qualification", "rotation", "safety_professional")
            ]
        ),
        marks=[Marked(competence=each.key, mark=5, on=DAY) for each in OFFICERS.judged("general")],
    )

    without = grading.standing(OFFICERS, "general", "intermediate", everything, on=DAY)

    assert without.reached is None
    assert [each.competence.key for each in without.gaps] == [
        "certified",
        "continued_learning",
        "years_in_post",
    ]
    wanted = {key: types for key, _, types in gaps.wanted(without.gaps)}
    assert wanted["certified"] == {TrainingType.INITIAL, TrainingType.RENEWAL}
    assert wanted["years_in_post"] == frozenset()
    assert wanted["continued_learning"] == {
        *(TrainingType.ROTATION, TrainingType.TOPIC),
        *(TrainingType.PROFESSIONAL, TrainingType.SAFETY_PROFESSIONAL),
    }


def test_families_need_what_is_theirs() -> None:
    general = {each.key for each in OFFICERS.needed("general")}
    mining = {each.key for each in OFFICERS.needed("mining")}

    assert mining - general == {"topic_training"}
    schooling = next(each for each in OFFICERS.competences if each.key == "schooling")
    assert OFFICERS.asked(schooling, "intermediate") == ()
    assert len(OFFICERS.asked(schooling, "senior")) == 1


def judged(side: Side, mark: int) -> Judged:
    return Judged(side=side, marks={"inspection": mark, "case_handling": 3, "integrity": 3})


@pytest.mark.parametrize(
    ("own", "others", "apart", "counts"),
    [
        (3, [3], False, 3),
        (5, [4], False, 4),
        (5, [3], True, 3),
        (3, [3, 4, 4, 4], False, 4),
        (3, [3, 4], False, 3),
        (3, [2, 4, 3], True, 3),
    ],
)
def test_marks_apart_are_a_disagreement_and_ones_own_decide_nothing(
    own: int, others: list[int], apart: bool, counts: int
) -> None:
    sides = [Side.SUPERVISOR, *([Side.PANEL] * (len(others) - 1))]
    every = [judged(Side.SELF, own), *map(judged, sides, others)]

    found = judging.disagreements(every, OFFICERS, "general")

    assert [each.key for each in found] == (["inspection"] if apart else [])
    assert judging.together(every, {}, OFFICERS, "general")["inspection"] == counts
    settled = judging.together(every, {"inspection": 1}, OFFICERS, "general")
    assert settled["inspection"] == 1


@pytest.mark.parametrize("marks", [{}, {"inspection": 3}, {"inspection": 0}, {"x": 3}])
def test_marks_are_for_exactly_what_is_judged(marks: dict[str, int]) -> None:
    judging.check(
        dict.fromkeys(("inspection", "case_handling", "integrity"), 3), OFFICERS, "mining"
    )
    with pytest.raises(MarksUnfit):
        judging.check(marks, OFFICERS, "mining")


TERM_1 = (date(2020, 1, 1), date(2022, 12, 31))
TERM_2 = (date(2023, 1, 1), date(2025, 12, 31))


@pytest.mark.parametrize(
    ("first", "last", "before", "good"),
    [
        (date(2026, 1, 1), date(2028, 12, 31), [], True),
        (date(2026, 1, 1), date(2029, 1, 1), [], False),
        (date(2026, 1, 1), date(2028, 12, 31), [TERM_2], True),
        (date(2026, 1, 1), date(2026, 12, 31), [TERM_1, TERM_2], False),
        (date(2026, 1, 2), date(2026, 12, 31), [TERM_1, TERM_2], True),
        (date(2026, 1, 1), date(2026, 12, 31), [TERM_1, (date(2023, 2, 1), date.max)], True),
    ],
)
def test_terms_end_and_not_too_many_follow_one_another(
    first: date, last: date, before: list[tuple[date, date]], good: bool
) -> None:
    asked = terms.rule(Function.AUTHOR, on=first)

    if good:
        terms.check(asked, first, last, before)
        return
    with pytest.raises(TermTooLong):
        terms.check(asked, first, last, before)


def test_a_rule_of_selection_counts_before_the_first_day_it_names() -> None:
    assert terms.rule(Function.TEACHER, on=date(1999, 1, 1)).most_terms == 3
    assert terms.reaches("abc", "b", "b")
    assert not terms.reaches("abc", "a", "b")
    assert not terms.reaches("abc", None, "b")
