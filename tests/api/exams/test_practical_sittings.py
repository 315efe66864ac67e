"""Practicals at a sitting over HTTP, what is printed of a room, and workbooks sent as jobs."""

from __future__ import annotations

import io
from datetime import timedelta
from uuid import uuid4

import pypdfium2
import pytest
from openpyxl import load_workbook

from exams.models import Candidature
from server.db import db
from server.policy import Role
from tests.api.exams.test_sittings import WORKBOOK, open_sitting
from tests.factories import sittings as some
from tests.factories.practical_days import PracticalDay
from tests.factories.sitting_desks import Desk, people_of
from tests.factories.sittings import OPENS
from tests.factories.workbooks import a_workbook


@pytest.fixture
def desk(client, a_signed_in):
    """Return somebody who may do everything."""
    return Desk(client, a_signed_in)


def words_of(printed):
    """Return what stands on the pages of a PDF."""
    pages = pypdfium2.PdfDocument(printed.data)
    return "".join("".join(page.get_textpage().get_text_range().split()) for page in pages)


def test_a_practical_from_the_board_to_the_next_station(desk, writing, a_signed_in, the_clock):
    with writing():
        day = PracticalDay()
        day.seat()
        sitting_id, room_id = day.sitting.id, day.hall.rooms[0].id
        ids = [day.practical(place).id for place in day.places]
        subjects = [code[:2] for code in day.practical(day.places[0]).drawn]
        enrolment_ids = [place.id for place in day.places]
        for _ in range(2):
            day.examiner()
        spare_id = some.a_room(
            day.hall.centre, day.hall.by, "备用实操室", row_count=1, column_count=3
        ).id
    the_clock.set(OPENS - timedelta(hours=1))
    desk.signed_in = a_signed_in(*Role)
    duty = {"person_id": str(desk.signed_in.person_id), "duty": "invigilator"}
    assert desk.put(f"/sittings/{sitting_id}/duties/{uuid4()}", duty).status_code == 200
    assert desk.put(f"/sittings/{sitting_id}/start").json["state"] == "running"
    board = desk.get(f"/sittings/{sitting_id}/board").json["items"]
    assert [line["turn"] for line in board] == [1, 1, 2]
    assert all(line["now"] is None and "*" in line["document_masked"] for line in board)

    first = next(index for index, line in enumerate(ids) if str(line) == board[0]["practical_id"])
    station = {"room_id": str(room_id), "row": 1, "column": 1, "subject": subjects[0]}
    call = f"/practicals/{ids[first]}/calls/{uuid4()}"
    assert desk.put(call, station).json["code"] == "not_admitted"
    entry = {
        "id": str(uuid4()),
        "enrolment_id": str(enrolment_ids[first]),
        "sequence": 1,
        "happened_at": the_clock.now().isoformat(),
    }
    room = f"/sittings/{sitting_id}/rooms/{room_id}"
    batch = {"device_id": str(uuid4()), "entries": [entry]}
    assert desk.put(f"{room}/check-ins", batch).json["entries"][0]["verdict"] == "accepted"
    assert desk.put(call, station).json["subject"] == subjects[0]
    assert desk.put(f"{call}/end").json["left_at"] is not None
    stranger = Desk(desk.client, lambda *_: a_signed_in(Role.INVIGILATOR))
    assert stranger.get(f"/sittings/{sitting_id}/board").json["code"] == "not_on_duty"

    moved = {"to_room_id": str(spare_id), "reason": "停电"}
    rooms = desk.put(f"{room}/relocation", moved).json["rooms"]
    assert [one["moved_to_id"] for one in rooms] == [str(spare_id), None]
    printed = desk.get(f"/sittings/{sitting_id}/rooms/{spare_id}/signature-list.pdf")
    words = words_of(printed)
    assert "备用实操室" in words
    assert all(line["name"] in words for line in board)
    map_of = words_of(desk.get(f"/sittings/{sitting_id}/rooms/{spare_id}/seat-map.pdf"))
    assert all(line["name"] in map_of for line in board)
    assert desk.get(f"{room}/seat-map.pdf").headers["Cache-Control"] == "private, no-store"
    assert stranger.get(f"{room}/seat-map.pdf").json["code"] == "not_on_duty"


def test_a_large_workbook_is_a_job_that_answers_with_the_same_workbook(
    desk, writing, run_jobs, monkeypatch
):
    with writing():
        hall = some.a_hall()
    sitting_id = open_sitting(desk, hall)
    employer_id, rows = people_of(writing, "甲某", "周未承诺", "乙某")
    rows += [["丙某", "护照", "E99999999"]]
    content = a_workbook(*rows, header=("姓名", "证件类型", "证件号码"))

    def send(store, job_id):
        query = f"sent_by_id={employer_id}&store={'true' if store else 'false'}"
        address = f"/sittings/{sitting_id}/enrolment-jobs/{job_id}?{query}"
        return desk.put(address, data=content, content_type=WORKBOOK)

    def enrolled():
        return len(desk.get(f"/sittings/{sitting_id}/enrolments").json["items"])

    tried = uuid4()
    assert send(False, tried).json["state"] == "queued"
    assert send(False, tried).status_code == 200
    run_jobs()
    job = desk.get(f"/jobs/{tried}").json
    assert job["result"] == {"stored": False, "accepted_count": 2, "refused_count": 2}
    assert (job["done"], job["total"], enrolled()) == (4, 4, 0)
    answered = desk.get(f"/jobs/{tried}/files/report.xlsx")
    sheet = load_workbook(io.BytesIO(answered.data)).worksheets[0]
    said = [str(sheet.cell(row, 4).value) for row in range(3, 7)]
    assert "健康承诺" in said[1]
    assert "尚未登记" in said[3]

    for _ in range(2):
        stored = uuid4()
        send(True, stored)
        run_jobs()
        assert desk.get(f"/jobs/{stored}").json["result"]["accepted_count"] == 2
        assert enrolled() == 2

    cancelled = uuid4()
    send(True, cancelled)
    assert desk.put(f"/jobs/{cancelled}/cancellation").json["state"] == "cancelled"
    wrong = desk.put(
        f"/sittings/{sitting_id}/enrolment-jobs/{uuid4()}?sent_by_id={employer_id}",
        data=b"PK nothing",
        content_type=WORKBOOK,
    )
    assert wrong.json["code"] == "sheet_unreadable"
    with writing():
        assert db.session.query(Candidature).count() == 2
