"""A safety engineer's continuing education, and what is handed out in a class."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from urllib.parse import quote
from uuid import uuid4

from server.db import db
from server.people.models import Person
from server.people.views.uploads import WORKBOOK
from server.policy import Role
from server.records.entries import RecordKind
from tests.api.training.conftest import Stage, a_planned_class
from tests.conftest import SigningIn
from tests.factories.lives import a_line
from tests.factories.photos import a_png

Writing = Callable[[], AbstractContextManager[None]]


def test_hours_of_a_safety_engineer_count_within_the_registration_and_when_passed(
    stage: Stage, writing: Writing, a_signed_in: SigningIn
) -> None:
    engineer = f"/safety-engineers/{uuid4()}"
    body = {
        "person_id": str(stage.ids["worker"]),
        "number": "注安 2026-0007",
        "grade": "intermediate",
        "speciality": "化工安全",
        "valid_from": "2024-07-01",
        "valid_until": "2029-06-30",
    }
    for _ in range(2):
        stage.put("bureau", engineer, body)
    with writing():
        person = db.session.get_one(Person, stage.ids["worker"])
        for on, hours, purpose, passed in (
            (date(2024, 6, 30), "24.0", "continuing_education", True),
            (date(2024, 7, 1), "16.0", "continuing_education", True),
            (date(2025, 3, 1), "24.5", "continuing_education", True),
            (date(2025, 9, 1), "24.0", "continuing_education", False),
            (date(2026, 1, 1), "20.0", "annual", True),
        ):
            content = {"programme": "继续教育", "hours": hours, "passed": passed}
            a_line(person, RecordKind.TRAINING, on=on, purpose=purpose, content=content)

    found = stage.get("bureau", f"{engineer}/education")
    assert (found["hours"], found["hours_due"], found["lacking"]) == ("40.5", "48.0", "7.5")
    [listed] = stage.get("bureau", "/safety-engineers?on=2026-06-15&until=2029-06-30")["items"]
    assert listed == found
    assert stage.get("bureau", "/safety-engineers?until=2029-06-29")["items"] == []
    assert [one["finished_on"] for one in found["trainings"]] == ["2024-07-01", "2025-03-01"]

    wrong = {**body, "valid_until": "2024-06-30"}
    refused = stage.refused("bureau", f"/safety-engineers/{uuid4()}", wrong, tongue="en")
    assert refused["code"] == "term_unfit"
    stage.people["outsider"] = a_signed_in(Role.TEACHER)
    stage.get("outsider", f"{engineer}/education", status=403)


def test_material_is_handed_out_to_the_class_and_to_nobody_else(
    stage: Stage, a_signed_in: SigningIn
) -> None:
    a_planned_class(stage, lessons=1)
    here, picture = stage.ids, a_png(60, 40)
    url = f"/training-classes/{here['class']}/materials"
    stage.put("manager", f"/training-classes/{here['class']}/learners/{here['worker']}", {})

    def hand_out(who: str, media_type: str, content: bytes = picture) -> tuple[int, str | None]:
        reply = stage.client.put(
            f"/v1{url}/{here['teacher']}?title=安全带检查图.png",
            data=content,
            content_type=media_type,
            headers=stage.headers(who),
        )
        return reply.status_code, reply.get_json().get("code")

    assert hand_out("worker", "image/png") == (404, "not_found")
    assert hand_out("teacher", "text/html") == (415, "wrong_media_type")
    for _ in range(2):
        assert hand_out("teacher", "image/png") == (200, None)
    assert hand_out("teacher", WORKBOOK, b"PK other") == (409, "id_taken")

    [one] = stage.get("worker", url)["items"]
    assert (one["title"], one["size"]) == ("安全带检查图.png", len(picture))
    fetched = stage.client.get(f"/v1{url}/{one['id']}", headers=stage.headers("worker"))
    assert (fetched.data, fetched.mimetype) == (picture, "image/png")
    named = fetched.headers["Content-Disposition"]
    assert named == f"attachment; filename*=UTF-8''{quote('安全带检查图.png')}"
    stage.people["stranger"] = a_signed_in()
    stage.get("stranger", url, status=404)
    stage.get("stranger", f"{url}/{one['id']}", status=404)
