"""The answer sheets of a room by workbook: two people type it apart, differences are listed."""

from __future__ import annotations

import io
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from openpyxl import load_workbook

from exams.models import Enrolment
from exams.services import booklets
from server.db import db
from server.people.views.uploads import WORKBOOK
from server.policy import Role
from tests.factories.workbooks import a_workbook
from tests.moments import NOON

HOUR = timedelta(hours=1)
SAT = {
    "began_at": (NOON + HOUR).isoformat(),
    "ended_at": (NOON + 2 * HOUR).isoformat(),
    "reason": "停电",
}


@pytest.fixture
def room(client, exam, phone, a_signed_in, the_clock, writing):
    """Return the address of an exam that three sat on paper, two readers, and what is right."""
    phones = [phone() for _ in range(3)]
    for one in phones:
        one.enrol(exam[0])
    right = {}
    with writing():
        place = db.session.get_one(Enrolment, phones[0].enrolment_id)
        for booklet in booklets.of_candidates(place.exam):
            right[booklet.label] = [
                "".join(
                    "ABCD"[at]
                    for at, option in enumerate(booklet.order.options[slot])
                    if option in exam[2][slot]
                )
                for slot in booklet.order.slots
            ]
    the_clock.move(4 * HOUR)
    readers = [a_signed_in(Role.EXAMINER, organisation_id=exam[1]).headers for _ in range(2)]
    return f"/v1/exams/{exam[0]}", readers, right


def send(client, address, reader, rows, **more):
    """Send what somebody typed."""
    query = urlencode({**SAT, **more})
    count = max(len(letters) for _, letters in rows)
    header = ("册号", "姓名", *(str(number) for number in range(1, count + 1)))
    content = a_workbook(*([label, "", *letters] for label, letters in rows), header=header)
    return client.put(
        f"{address}/paper-reading-imports?{query}",
        data=content,
        content_type=WORKBOOK,
        headers=reader,
    )


def states(client, address, reader):
    """Return where the sheets of an exam stand, by booklet."""
    items = client.get(f"{address}/paper-sheets", headers=reader).json["items"]
    return {one["booklet"]: one["state"] for one in items}


def test_two_workbooks_of_a_room_are_compared_and_differences_listed(client, room):
    address, (first, second), right = room
    alike, differs, spoilt = right
    tried = send(client, address, first, list(right.items())).json
    assert (tried["stored"], tried["accepted_count"]) == (False, 3)
    assert states(client, address, first) == {}

    for _ in range(2):
        kept = send(client, address, first, list(right.items()), store="true").json
        assert (kept["accepted_count"], kept["refused_count"]) == (3, 0)
    assert set(states(client, address, first).values()) == {"being_read"}

    other = [*right[differs]]
    other[0] = "B" if other[0] == "A" else "A"
    typed = [
        (alike, [one.lower() for one in right[alike]]),
        (differs, other),
        (spoilt, ["J", *right[spoilt][1:]]),
        ("1-00000000", right[alike]),
    ]
    answered = send(client, address, second, typed, store="true", as_workbook="true")
    page = load_workbook(io.BytesIO(answered.data)).worksheets[0]
    lines = page.iter_rows(min_row=3)
    said = ["；".join(str(cell.value or "") for cell in row[-2:]) for row in lines]
    assert "第1题" in said[1]
    assert "待第三人核定" in said[1]
    assert "没有该准考证号或册号" in said[3]
    assert states(client, address, first) == {
        alike: "graded",
        differs: "disputed",
        spoilt: "being_read",
    }
    listed = client.get(f"{address}/paper-sheets", headers=first).json["items"]
    found = {one["booklet"]: one["differences"] for one in listed}
    # Both were read at one moment here, so either may be shown first.
    [one] = found[differs]
    assert (one["number"], {one["first"], one["second"]}) == (1, {right[differs][0], other[0]})


def test_the_workbook_of_a_room_has_a_row_for_each_sheet_and_can_be_sent_back(client, room):
    address, (first, _), right = room

    made = client.get(f"{address}/paper-reading-workbook.xlsx", headers=first)

    rows = list(load_workbook(io.BytesIO(made.data)).worksheets[0].iter_rows(values_only=True))
    assert rows[0][:4] == ("册号", "准考证号", "姓名", "1")
    assert len(rows[0]) == 3 + len(next(iter(right.values())))
    assert {row[0] for row in rows[1:]} == right.keys()
    back = client.put(
        f"{address}/paper-reading-imports?{urlencode({**SAT, 'store': 'true'})}",
        data=made.data,
        content_type=WORKBOOK,
        headers=first,
    ).json
    assert back["accepted_count"] == 3
