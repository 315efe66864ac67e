"""A circuit over HTTP: laid out, seated, called, scored by subject, printed by station."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from exams.services import practical_parts
from exams.sittings import Mode
from server.policy import Role
from tests.api.exams.test_practical_sittings import desk, words_of
from tests.factories import exams as a
from tests.factories import practicals as the
from tests.factories import sittings as some
from tests.factories.practical_days import CircuitDay, a_running
from tests.factories.sittings import OPENS

__all__ = ["desk"]


def test_a_circuit_is_laid_out_and_shown_and_refused_where_it_cannot_be_held(desk, writing):
    with writing():
        a.with_practical()
        hall = some.a_hall(row_count=1, column_count=2)
        planned = some.a_sitting(hall, mode=Mode.PRACTICAL, turn_minutes=30, opened=False)
        address, room_id = f"/sittings/{planned.id}", str(hall.rooms[0].id)
    laid = [
        {"room_id": room_id, "row": 1, "column": column, "subjects": subjects}
        for column, subjects in ((1, ["K1", "K2"]), (2, ["K3", "K4"]))
    ]

    short = desk.put(f"{address}/circuit", {"stations": laid[:1]})
    assert (short.status_code, short.json["code"]) == (422, "circuit_unfit")
    assert "subject_without_station" in short.text
    for _ in range(2):
        made = desk.put(f"{address}/circuit", {"stations": laid, "veto_ends": True}).json
    assert made == {"stations": laid, "veto_ends": True, "capacity": 6, "turn_count": 6}
    assert desk.get(f"{address}/circuit").json == made
    assert desk.put(f"{address}/opening").json["capacity"] == 6
    assert desk.put(f"{address}/circuit", {"stations": []}).json["code"] == "sitting_fixed"


def test_a_circuit_runs_by_stations_and_subjects(desk, writing, a_signed_in, the_clock):
    with writing():
        day = a_running(CircuitDay(count=2))
        sitting_id, room_id = day.sitting.id, day.hall.rooms[0].id
        place = min(day.places, key=lambda one: one.turn)
        held = day.practical(place)
        first, second = held.legs[:2]
        values = {
            code: "0" if most is None else str(most)
            for code, most in practical_parts.scale(held, [first.subject]).items()
        }
        scorer_id = practical_parts.pair(held, first.subject)[0].person_id
        address, subject, missed = f"/practicals/{held.id}", first.subject, second.subject
        where = {"row": first.seat_row, "column": first.seat_column}
    the_clock.set(OPENS + timedelta(hours=1))
    desk.signed_in = a_signed_in(*Role)
    duty = {"person_id": str(desk.signed_in.person_id), "duty": "invigilator"}
    assert desk.put(f"/sittings/{sitting_id}/duties/{uuid4()}", duty).json["subjects"] == []

    called = {"subject": subject, "room_id": str(room_id), **where}
    assert desk.put(f"{address}/calls/{uuid4()}", called).json["subject"] == subject
    stations = desk.get(f"/sittings/{sitting_id}/stations").json["items"]
    assert [one["subjects"] for one in stations] == [["K1"], ["K1"], ["K2"], ["K3"], ["K4"]]
    here = next(one for one in stations if one["now"])
    assert (here["row"], here["column"]) == (where["row"], where["column"])
    absent = desk.put(f"{address}/subjects/{missed}/absence", {"reason": "未到"}).json
    assert (absent["subject"], absent["state"], absent["reason"]) == (missed, "absent", "未到")
    assert desk.put(f"{address}/subjects/K9/absence", {"reason": "未到"}).status_code == 404

    printed = words_of(desk.get(f"/sittings/{sitting_id}/rooms/{room_id}/station-sheets.pdf"))
    board = desk.get(f"/sittings/{sitting_id}/board").json["items"]
    assert all(line["name"] in printed and line["document_masked"] in printed for line in board)
    assert printed.count("考核单") == len({one["label"] for one in stations if one["waiting"]} |
                                        {here["label"]})  # fmt: skip

    examiner = a_signed_in(Role.EXAMINER, person_id=scorer_id).headers

    def send(path, body=None):
        return desk.client.put(f"/v1{address}/{path}", headers=examiner, json=body)

    said = send("scores", {"entries": the.words(values)}).json["entries"]
    assert {one["verdict"] for one in said} == {"accepted"}
    assert send("score-submission?subject=K9").status_code == 404
    seen = send(f"score-submission?subject={subject}").json
    assert [(one["subject"], one["place"]) for one in seen["parts"]] == [(subject, 1)]
    assert seen["handed_in_at"] is not None
    sheet = desk.client.get(f"/v1{address}/score-sheet.pdf", headers=examiner)
    assert f"{subject}" in words_of(sheet)
    shown = desk.get(address).json
    assert {one["subject"]: one["state"] for one in shown["subjects"]}[missed] == "absent"
