"""A sitting over HTTP: centre, rooms, plan, people in bulk, decision, seats, ticket, door, end."""

from __future__ import annotations

import io
from datetime import timedelta
from uuid import uuid4

import pypdfium2
import pytest
import zxingcpp
from openpyxl import load_workbook
from PIL import Image
from sqlalchemy import select

from exams.models import Candidature
from server.db import db
from server.people.models import Person
from server.people.services import photos
from server.policy import Role
from tests.factories import exams as a
from tests.factories import sittings as some
from tests.factories.sitting_desks import Desk, people_of
from tests.factories.sittings import OPENS
from tests.factories.workbooks import a_workbook
from tests.moments import NOON

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HOUR = timedelta(hours=1)


@pytest.fixture
def desk(client, a_signed_in):
    """Return somebody who may do everything."""
    return Desk(client, a_signed_in)


@pytest.fixture
def hall(writing):
    """Return an approved centre with a room."""
    with writing():
        return some.a_hall()


def body_of(hall, **changed):
    """Return a sitting as a client writes it."""
    draft = some.a_draft(hall, **changed)
    body = {name: value for name, value in vars(draft).items() if value is not None}
    for name in ("enrolment_opens_at", "enrolment_closes_at", "opens_at", "closes_at"):
        body[name] = body[name].isoformat()
    body["room_ids"] = [str(one) for one in draft.room_ids]
    return body | {"plan_id": str(draft.plan_id), "centre_id": str(draft.centre_id)}


def open_sitting(desk, hall, **changed):
    """Plan and open a sitting; return its id."""
    sitting_id = uuid4()
    planned = desk.put(f"/sittings/{sitting_id}", body_of(hall, **changed))
    assert planned.json["state"] == "planned"
    assert desk.put(f"/sittings/{sitting_id}/opening").json["state"] == "open"
    return sitting_id


def send_workbook(desk, sitting_id, employer_id, rows, query="", import_id=None, head=None):
    """Send a workbook of candidates."""
    return desk.put(
        f"/sittings/{sitting_id}/enrolment-imports/{import_id or uuid4()}"
        f"?sent_by_id={employer_id}{query}",
        data=a_workbook(*rows, header=head or ("姓名", "证件类型", "证件号码")),
        content_type=WORKBOOK,
    )


def test_a_sitting_from_rooms_to_absence(client, desk, hall, writing, a_signed_in, the_clock):
    sitting_id = open_sitting(desk, hall)
    employer_id, rows = people_of(writing, "甲某", "乙某")
    assert send_workbook(desk, sitting_id, employer_id, rows, "&store=true").json["stored"]
    # Whoever sends people does not decide upon them.
    desk.signed_in = a_signed_in(*Role)
    due = desk.get(f"/candidatures?sitting_id={sitting_id}").json["items"]
    assert [one["decide_by"] for one in due] == ["2026-06-23"] * 2
    for one in due:
        decided = desk.put(
            f"/enrolments/{one['id']}/decision", {"approved": True, "reason": "符合条件"}
        )
        assert decided.json["awaits"] == "seat", decided.json
    assert desk.put(f"/sittings/{sitting_id}/closure").json["state"] == "closed"
    assert desk.put(f"/sittings/{sitting_id}/seating").json["state"] == "seated"
    with writing():
        first, second = db.session.scalars(
            select(Candidature)
            .where(Candidature.sitting_id == sitting_id)
            .order_by(Candidature.number)
        ).all()
        first_id, candidate_id, seat = first.id, first.candidate_id, first.seat_label
    tickets = desk.get(f"/sittings/{sitting_id}/tickets").json["items"]
    assert {one["seat"] for one in tickets} == {seat, second.seat_label}

    the_clock.set(OPENS - HOUR)
    desk.signed_in = a_signed_in(*Role)
    duty = {"person_id": str(desk.signed_in.person_id), "duty": "invigilator", "room": "第1考场"}
    assert desk.put(f"/sittings/{sitting_id}/duties/{uuid4()}", duty).status_code == 200
    assert desk.put(f"/sittings/{sitting_id}/start").json["state"] == "running"
    (mine,) = desk.get("/me/duties").json["items"]
    assert (mine["sitting_id"], mine["duty"], mine["room"]) == (
        str(sitting_id),
        "invigilator",
        "第1考场",
    )
    assert [one["name"] for one in mine["rooms"]] == ["第1考场", "第2考场"][: len(mine["rooms"])]
    room = f"/sittings/{sitting_id}/rooms/{hall.rooms[0].id}"
    assert "甲某" in desk.get(f"{room}/roster").json["text"]
    found = client.post(
        "/v1/ticket-checks", json={"code": tickets[0]["code"]}, headers=desk.signed_in.headers
    )
    assert found.json["enrolment_id"] == tickets[0]["enrolment_id"]
    batch = {
        "device_id": str(uuid4()),
        "entries": [
            {
                "id": str(uuid4()),
                "enrolment_id": str(first_id),
                "sequence": 1,
                "happened_at": the_clock.now().isoformat(),
            }
        ],
    }
    assert desk.put(f"{room}/check-ins", batch).json["entries"][0]["verdict"] == "accepted"
    assert desk.put(f"{room}/check-ins", batch).json["entries"][0]["verdict"] == "accepted"

    the_clock.set(OPENS)
    candidate = Desk(client, lambda *_: a_signed_in(Role.WORKER, person_id=candidate_id))
    started = candidate.put(f"/attempts/{uuid4()}", {"enrolment_id": str(first_id)})
    assert started.status_code == 200, started.json
    absent = Desk(client, lambda *_: a_signed_in(Role.WORKER, person_id=second.candidate_id))
    refused = absent.put(f"/attempts/{uuid4()}", {"enrolment_id": str(second.id)})
    assert (refused.status_code, refused.json["code"]) == (409, "not_admitted")

    the_clock.set(OPENS + 3 * HOUR)
    desk.signed_in = a_signed_in(*Role)
    assert desk.put(f"/sittings/{sitting_id}/completion").json["state"] == "done"
    listed = desk.get(f"/sittings/{sitting_id}/enrolments").json["items"]
    assert [one["attendance"] for one in listed] == ["present", "absent"]
    late = desk.put(f"/enrolments/{second.id}/absence", {"reason": "忘记了"})
    assert late.json["code"] == "absence_too_late"
    states = [one["state"] for one in desk.get(f"/sittings/{sitting_id}/moves").json["items"]]
    assert states == ["open", "closed", "seated", "running", "done"]


def test_a_workbook_is_tried_answered_and_entered_once(desk, hall, writing):
    sitting_id = open_sitting(desk, hall)
    employer_id, rows = people_of(writing, "甲某", "周未承诺")
    rows += [["丙某", "护照", "E99999999"]]

    tried = send_workbook(desk, sitting_id, employer_id, rows)
    assert tried.json["stored"] is False
    assert tried.json["accepted_count"] == 1
    assert desk.get(f"/sittings/{sitting_id}/enrolments").json["items"] == []

    answered = send_workbook(desk, sitting_id, employer_id, rows, "&as_workbook=true")
    sheet = load_workbook(io.BytesIO(answered.data)).worksheets[0]
    said = [str(sheet.cell(row, 4).value) for row in range(3, 6)]
    assert said[0].startswith("可导入")
    assert "健康承诺" in said[1]
    assert "第19号" in said[1]
    assert "尚未登记" in said[2]
    assert sheet.cell(4, 1).fill.fgColor.rgb.endswith("F8CBAD")

    for import_id in (None, None):
        stored = send_workbook(desk, sitting_id, employer_id, rows, "&store=true", import_id)
        assert stored.json["accepted_count"] == 1
    assert len(desk.get(f"/sittings/{sitting_id}/enrolments").json["items"]) == 1


def test_a_workbook_with_headings_of_its_own_is_mapped(desk, hall, writing):
    sitting_id = open_sitting(desk, hall)
    employer_id, rows = people_of(writing, "甲某")
    head = ("工人", "证件类型", "号码")
    assert send_workbook(desk, sitting_id, employer_id, rows, head=head).status_code == 422

    query = "&columns=工人=name,号码=document_number"
    mapped = send_workbook(desk, sitting_id, employer_id, rows, query, head=head)

    assert mapped.json["accepted_count"] == 1
    unknown = send_workbook(desk, sitting_id, employer_id, rows, "&columns=工人=shoe", head=head)
    assert unknown.json["code"] == "invalid"


@pytest.fixture
def seated(writing, hall):
    """Return the ids of a seated sitting and of the people who have seats in it."""
    with writing():
        sitting = some.a_sitting(hall)
        placed = some.seated(hall, sitting, 3)
        return sitting.id, [(one.id, one.candidate_id) for one in placed]


def a_face():
    """Return a photo that can be looked at."""
    made = io.BytesIO()
    Image.new("RGB", (300, 400), (90, 120, 150)).save(made, "JPEG")
    return made.getvalue()


def test_a_ticket_is_a_page_whose_code_a_camera_reads(
    client, seated, writing, a_signed_in, desk, the_clock
):
    # Real moments are no whole seconds.
    the_clock.move(timedelta(microseconds=123_456))
    (enrolment_id, candidate_id), *_ = seated[1]
    with writing():
        person = db.session.get_one(Person, candidate_id)
        person.name = "欧阳某某"
        photos.keep(candidate_id, a_face(), by=a.SOMEBODY, at=NOON)
    own = a_signed_in(Role.WORKER, person_id=candidate_id).headers
    shown = client.get(f"/v1/enrolments/{enrolment_id}/ticket", headers=own).json

    printed = client.get(f"/v1/enrolments/{enrolment_id}/ticket.pdf", headers=own)

    assert printed.mimetype == "application/pdf"
    assert printed.headers["Cache-Control"] == "private, no-store"
    document = pypdfium2.PdfDocument(printed.data)
    assert len(document) == 1
    page = document[0]
    words = page.get_textpage().get_text_range()
    for word in ("准 考 证", "欧阳某某", shown["seat"], "E*******0"):
        assert word in words, words
    assert [each.type for each in page.get_objects()].count(pypdfium2.raw.FPDF_PAGEOBJ_IMAGE) == 1
    (code,) = zxingcpp.read_barcodes(
        page.render(scale=3).to_pil(), zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    )
    assert code.text == shown["code"]
    stranger = a_signed_in(Role.WORKER).headers
    assert client.get(f"/v1/enrolments/{enrolment_id}/ticket", headers=stranger).status_code == 404
    other = desk.put(
        f"/sittings/{seated[0]}/enrolments/{enrolment_id}/seat",
        {"room_id": str(uuid4()), "row": 1, "column": 1, "reason": "调整"},
    )
    assert other.json["code"] == "seat_unfit"


def test_there_is_no_ticket_before_there_is_a_seat(desk, hall, writing):
    with writing():
        made = some.an_application(some.a_sitting(hall))
        enrolment_id = made.id

    assert desk.get(f"/enrolments/{enrolment_id}/ticket.pdf").json["code"] == "not_seated"


#: Statements of a list of tickets and of a batch of check-ins, without those of signing in.
PINNED_TICKETS, PINNED_CHECK_IN = 4, 12


def test_tickets_and_check_ins_cost_the_same_statements_for_few_and_many(
    desk, writing, hall, seated, a_signed_in, the_clock, count_statements
):
    sitting_id, placed = seated
    the_clock.set(OPENS - HOUR)
    desk.signed_in = a_signed_in(*Role)
    duty = {"person_id": str(desk.signed_in.person_id), "duty": "invigilator"}
    assert desk.put(f"/sittings/{sitting_id}/duties/{uuid4()}", duty).status_code == 200
    desk.put(f"/sittings/{sitting_id}/start")

    def check_in(*places):
        entries = [
            {
                "id": str(uuid4()),
                "enrolment_id": str(enrolment_id),
                "sequence": number,
                "happened_at": the_clock.now().isoformat(),
            }
            for number, (enrolment_id, _) in enumerate(places)
        ]
        body = {"device_id": str(uuid4()), "entries": entries}
        address = f"/sittings/{sitting_id}/rooms/{hall.rooms[0].id}/check-ins"
        with count_statements() as sent:
            assert desk.put(address, body).status_code == 200
        return len(sent)

    def tickets(limit):
        with count_statements() as sent:
            assert len(desk.get(f"/sittings/{sitting_id}/tickets?limit={limit}").json["items"])
        return len(sent)

    counts = {tickets(1), tickets(3)}
    checks = {check_in(placed[0]), check_in(*placed[1:])}

    assert counts == {PINNED_TICKETS}
    assert checks == {PINNED_CHECK_IN}
