"""A syllabus over HTTP: written by authors, put in force by reviewers, read by planners."""

from __future__ import annotations

from uuid import uuid4

from server.policy import Role
from tests.factories.question_bank import GOOD, a_file
from tests.factories.question_desk import a_desk_over_http


def test_a_planner_sees_what_the_bank_carries(client, writing, a_signed_in) -> None:
    desk = a_desk_over_http(client, writing, a_signed_in)
    desk.publish_all(a_file(GOOD))
    planner = a_signed_in(Role.PLANNER).headers
    learner = a_signed_in(Role.WORKER).headers
    path, topic_id = f"/syllabuses/{uuid4()}", str(uuid4())
    body = {
        "role": "special_operations_worker",
        "operation_item": "1.2",
        "title": "低压电工作业考核大纲",
        "owner_id": str(desk.owner_id),
        "from_on": "2026-06-01",
        "source": "考核标准",
    }
    tree = {"topics": [{"id": topic_id, "code": "1", "name": "安全基础", "names": ["一"]}]}

    written = desk.put(path, body)
    assert written.status_code == 200, written.json
    assert desk.put(f"{path}/topics", tree).json["topics"][0]["names"] == ["一"]
    assert desk.put(f"{path}/publication").status_code == 403
    assert desk.put(f"{path}/publication", who=desk.reviewer).json["published_at"]
    assert desk.put(f"{path}/topics", tree).json["code"] == "syllabus_published"
    supply = desk.get(f"{path}/supply", who=planner).json["items"]
    assert supply == [
        {
            "topic_id": topic_id,
            "name": None,
            "kind": "single_choice",
            "question_count": 1,
            "distinct_count": 1,
        }
    ]
    assert desk.get(f"{path}/supply", who=learner).status_code == 403
    assert desk.get(path, who=learner).json["operation_item"] == "1.2"
    assert len(desk.get("/syllabuses?operation_item=1.2", who=learner).json["items"]) == 1
    assert len(desk.get(f"{path}/topics", who=learner).json["topics"]) == 1
