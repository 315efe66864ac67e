"""A file on paper: what the law lists, each in its place."""

from __future__ import annotations

from server.records import printouts, timeline
from server.records.entries import RecordKind as K
from server.records.plain_file import line_told
from server.records.timeline import Line


def told(id, kind, on, **content):
    moment = f"{on}T00:00:00+00:00"
    return line_told(Line(id, kind, moment, on, id, content, "某厂", moment))


def post(id, what, on, organisation):
    role = "special_operations_worker"
    return told(id, K.POST, on, what=what, role=role, items=["2.1"], organisation=organisation)


LINES = [
    post("1", "began", "2014-06-20", "某船厂"),
    post("1", "ended", "2020-06-30", "某船厂"),
    post("2", "began", "2020-07-20", "某钢厂"),
    told("3", K.EDUCATION, "2022-05-01", summary="焊工高级工（三级）"),
    told("4", K.DOCUMENT_COPY, "2022-05-02", document="skill", sha256="ab" * 32),
]


MOMENT = "2026-06-02T00:00:00+00:00"

TAUGHT = {
    "programme": "三级安全教育",
    "purpose": "induction",
    "level": "team",
    "hours": "8.0",
    "passed": True,
}


def printed(lines):
    person = {"name": "王建国", "education": "junior_secondary", "document_type": None}
    said = {"person": person, "lines": lines, "read_at": "2026-06-15T04:00:00+00:00"}
    return printouts.printable(said, {})


def test_the_register_says_what_the_law_lists():
    shown = printed(LINES)

    assert shown["person"]["education"] == "初中"
    # The present post alone; those that were held stand in the history.
    assert shown["held"] == "特种作业人员（2.1），某钢厂"
    assert [(one["on"], one["what"]) for one in shown["posts"]] == [
        ("2014-06-20", "任职"),
        ("2020-06-30", "离任"),
        ("2020-07-20", "任职"),
    ]
    assert [one["what"] for one in shown["titles"]] == ["焊工高级工（三级）"]
    assert [len(part["lines"]) for part in shown["parts"]] == [1, 0, 0, 0, 0, 0]


def test_who_holds_no_post_has_a_dash():
    assert printed(LINES[:2])["held"] == "—"


def test_a_signature_and_an_objection_say_of_what_they_are():
    taught = told("5", K.TRAINING, "2026-06-02", **TAUGHT)
    signed = told("6", K.CONFIRMATION, "2026-06-03", **{"as": "worker"}) | {"subject_id": "5"}
    words = {"as": "worker", "words": "学时有误"}
    disputed = told("7", K.OBJECTION, "2026-06-03", **words) | {"subject_id": "5"}

    said = [row["what"] for row in printed([taught, signed, disputed])["parts"][-1]["lines"]]
    assert said == [
        "本人确认：2026-06-02 三级安全教育（班组级）",
        "本人提出异议（学时有误）：2026-06-02 三级安全教育（班组级）",
    ]


def test_an_induction_of_one_day_goes_from_the_plant_to_the_team():
    lines = [
        Line(str(at), K.TRAINING, MOMENT, "2026-06-02", str(at), {"level": level}, "某厂", MOMENT)
        for at, level in enumerate(("team", "plant", "workshop"))
    ]

    found = [line.content["level"] for line in timeline.ordered(lines)]
    assert found == ["plant", "workshop", "team"]


def test_every_kind_of_line_stands_in_one_place():
    placed = [kind for _, _, kinds in printouts.PARTS for kind in kinds]

    assert sorted([*placed, "post", "education"]) == sorted(kind.value for kind in K)
