"""An authority writes a score sheet of its own over HTTP, and it counts from its day on."""

from __future__ import annotations

import copy
from datetime import date
from uuid import uuid4

import pytest

from exams.services import score_sheets, standards
from server.policy import Role
from tests.factories import exams as a
from tests.moments import NOON

SUBJECTS = [
    {
        "code": "K1",
        "name": "安全用具使用",
        "weight": "100/3",
        "items": [
            {
                "code": "K11",
                "name": "安全帽",
                "steps": [{"code": "K11.1", "text": "检查", "points": "2.5"}],
                "vetoes": [{"code": "K11.V1", "text": "未佩戴"}],
            }
        ],
    },
    {
        "code": "K2",
        "name": "安全操作技术",
        "weight": "200/3",
        "items": [
            {
                "code": "K21",
                "name": "脚手架拆除",
                "steps": [{"code": "K21.1", "text": "自上而下", "points": "10"}],
            }
        ],
    },
]


@pytest.fixture
def qualification_id(writing):
    """Load the shipped qualifications and sheets; return scaffolders."""
    with writing():
        a.a_qualification()
        score_sheets.load_reference(at=NOON)
        found = standards.find("scaffolding")
        assert found is not None
        return found.id


def body_of(qualification_id, **changed):
    """Return a sheet as an authority writes it."""
    return {
        "qualification_id": str(qualification_id),
        "effective_from": "2026-07-01",
        "minutes": 45,
        "pass_percent": 80,
        "tolerance": "5",
        "subjects": SUBJECTS,
        "source": "某省登高架设作业实际操作考试标准",
    } | changed


def test_it_counts_from_its_day_and_the_shipped_one_before(
    client, a_signed_in, qualification_id, writing
):
    sheet_id, admin = uuid4(), a_signed_in(Role.ADMINISTRATOR).headers
    address = f"/v1/score-sheets/{sheet_id}"

    written = client.put(address, json=body_of(qualification_id), headers=admin)

    assert written.status_code == 200
    shown = client.get(f"/v1/qualifications/{qualification_id}/score-sheets", headers=admin).json
    shipped, own = shown["items"]
    assert (shipped["effective_until"], own["id"]) == ("2026-06-30", str(sheet_id))
    assert "为假定" in shipped["source"]
    with writing():
        qualification = standards.get(qualification_id)
        counts = [
            score_sheets.counting(qualification, on=on).minutes
            for on in (date(2026, 6, 30), date(2026, 7, 1))
        ]
    assert counts == [60, 45]
    planner = a_signed_in(Role.PLANNER).headers
    assert client.put(address, json=body_of(qualification_id), headers=planner).status_code == 403


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (lambda subjects: subjects[0].update(weight="33"), "weights_do_not_add_up"),
        (lambda subjects: subjects[1].update(code="K1"), "code_twice"),
        (lambda subjects: subjects[0]["items"][0]["steps"][0].update(points="0"),
         "points_not_positive"),
    ],
)  # fmt: skip
def test_a_sheet_nobody_could_be_scored_by_is_refused(
    client, a_signed_in, qualification_id, spoil, fault
):
    subjects = copy.deepcopy(SUBJECTS)
    spoil(subjects)
    admin = a_signed_in(Role.ADMINISTRATOR).headers

    refused = client.put(
        f"/v1/score-sheets/{uuid4()}",
        json=body_of(qualification_id, subjects=subjects),
        headers=admin,
    )

    assert (refused.status_code, refused.json["code"]) == (422, "score_sheet_contradictory")
    assert fault in refused.json["detail"]
