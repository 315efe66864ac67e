"""Long imports: read and accepted by jobs, stopped at any moment, and nothing left half done."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from question_bank.commands import sweep_import_files
from question_bank.models import Question, QuestionImportFile, QuestionImportRow
from question_bank.services import import_acceptance, import_files, import_jobs, piles
from server.confined import Bounds
from server.db import db
from server.jobs.work import Running
from tests.factories.question_bank import GOOD, HEADER, MENDED, REFUSED, a_workbook
from tests.factories.question_desk import Desk, a_desk_over_http
from tests.moments import NOON

BOOK = a_workbook([HEADER, GOOD, MENDED, REFUSED])


@pytest.fixture
def desk(client, writing, a_signed_in) -> Desk:
    """Open a bank whose every import is long."""
    return a_desk_over_http(client, writing, a_signed_in)


@pytest.fixture(autouse=True)
def _every_import_is_long(monkeypatch) -> None:
    monkeypatch.setattr(import_files, "MOST_AT_ONCE", 0)
    monkeypatch.setattr(import_acceptance, "MOST_AT_ONCE", 0)
    monkeypatch.setattr(piles, "_TOGETHER", 1)


@pytest.fixture
def stopped_at(monkeypatch, desk: Desk):
    """Have who asked cancel a job at the n-th moment at which it says how far it is."""

    def stop(job_id: str, moment: int) -> None:
        told, said = Running.told, []

        def cancelled_then(self: Running, done: int, total: int) -> None:
            said.extend([done] if str(self.job_id) == job_id else [])
            if len(said) == moment and str(self.job_id) == job_id:
                assert desk.put(f"/jobs/{job_id}/cancellation").status_code == 200
                self._pulse._tell()  # as its thread does every half second
            told(self, done, total)

        monkeypatch.setattr(Running, "told", cancelled_then)

    return stop


def held(app) -> list[int]:
    """Return how many questions, rows of reports and files there are."""
    with app.app_context():
        tables = (Question, QuestionImportRow, QuestionImportFile)
        return [
            db.session.execute(select(func.count()).select_from(one)).scalar_one() for one in tables
        ]


@pytest.mark.parametrize("moment", [1, 2, 3, 4])
def test_a_reading_that_is_cancelled_leaves_nothing(
    app, desk: Desk, run_jobs, stopped_at, moment: int
) -> None:
    asked = desk.bring(BOOK).json
    path = f"/question-imports/{asked['id']}"
    stopped_at(asked["job_id"], moment)
    run_jobs()

    assert desk.get(f"/jobs/{asked['job_id']}").json["state"] == "cancelled"
    assert desk.get(path).status_code == 404
    assert held(app) == [0, 0, 0]
    assert desk.bring(BOOK, import_id=asked["id"]).json["state"] == "reading"
    run_jobs()
    assert desk.get(path).json["state"] == "previewed"


def test_a_reading_that_is_cancelled_while_it_waits_leaves_nothing(app, desk: Desk) -> None:
    asked = desk.bring(BOOK).json

    cancelled = desk.put(f"/jobs/{asked['job_id']}/cancellation")

    assert cancelled.json["state"] == "cancelled"
    assert desk.get(f"/question-imports/{asked['id']}").status_code == 404
    assert held(app) == [0, 0, 0]


@pytest.mark.parametrize("moment", [0, 1])
def test_an_acceptance_that_is_cancelled_writes_nothing(
    app, desk: Desk, run_jobs, stopped_at, moment: int
) -> None:
    path = f"/question-imports/{desk.bring(BOOK).json['id']}"
    run_jobs()
    accepting = desk.put(f"{path}/acceptance", {"accepted_only": True}).json
    stopped_at(accepting["job_id"], moment or -1)
    if not moment:
        desk.put(f"/jobs/{accepting['job_id']}/cancellation")
    run_jobs()

    left = desk.get(path).json
    assert (left["state"], left["created_count"]) == ("previewed", 0)
    assert held(app) == [0, 3, 1]
    again = desk.put(f"{path}/acceptance", {"accepted_only": True}).json
    run_jobs()
    assert (again["state"], desk.get(path).json["created_count"]) == ("accepting", 2)


def test_rows_that_are_all_known_are_accepted_by_a_job_too(desk: Desk, run_jobs) -> None:
    for created in (2, 0):
        path = f"/question-imports/{desk.bring(BOOK).json['id']}"
        run_jobs()
        asked = desk.put(f"{path}/acceptance", {"accepted_only": True}).json
        assert asked["state"] == "accepting"
        run_jobs()
        assert desk.get(path).json["created_count"] == created


def test_the_file_of_an_import_is_kept_for_thirty_days(desk: Desk, run_jobs, app) -> None:
    path = f"/question-imports/{desk.bring(BOOK).json['id']}"
    run_jobs()
    meaning = {"meanings": {"true_false_numbers": "1"}}

    with app.app_context():
        assert sweep_import_files(NOON + timedelta(days=30)) == 0
        assert sweep_import_files(NOON + timedelta(days=30, seconds=1)) == 1

    gone = desk.put(f"{path}/reading", meaning)
    assert (gone.status_code, gone.json["code"]) == (410, "import_file_gone")
    assert desk.get(f"{path}/report.xlsx").status_code == 200
    assert desk.put(f"{path}/acceptance", {"accepted_only": True}).json["state"] == "accepting"


def test_a_large_file_is_read_and_accepted_by_jobs(desk: Desk, run_jobs, monkeypatch) -> None:
    asked = desk.bring(BOOK, import_id=(import_id := uuid4())).json
    path = f"/question-imports/{import_id}"
    early = desk.put(f"{path}/acceptance", {"accepted_only": True})
    run_jobs()
    preview = desk.get(path).json
    job = desk.get(f"/jobs/{asked['job_id']}").json

    assert (asked["state"], early.json["code"]) == ("reading", "import_not_ready")
    assert (job["state"], job["done"], job["total"]) == ("done", 3, 3)
    counts = preview["counts"]
    assert (preview["state"], counts["imported"], counts["repaired"]) == ("previewed", 1, 1)
    assert len(desk.get(f"{path}/rows").json["items"]) == 3

    accepting = desk.put(f"{path}/acceptance", {"accepted_only": True}).json
    assert accepting["state"] == "accepting"
    assert desk.put(f"{path}/acceptance", {"accepted_only": True}).json == accepting
    cancelled = desk.put(f"/jobs/{accepting['job_id']}/cancellation")
    assert cancelled.json["state"] == "cancelled"
    run_jobs()
    assert desk.get(path).json["created_count"] == 0
    anew = desk.put(f"{path}/acceptance", {"accepted_only": True}).json
    assert anew["job_id"] != accepting["job_id"]
    run_jobs()
    assert desk.get(path).json["created_count"] == 2


def test_a_large_file_that_breaks_in_the_job_leaves_nothing(
    desk: Desk, run_jobs, monkeypatch
) -> None:
    monkeypatch.setattr(import_jobs, "IN_A_JOB", Bounds(seconds=0))
    asked = desk.bring(a_workbook([HEADER, GOOD])).json

    run_jobs()

    assert desk.get(f"/jobs/{asked['job_id']}").json["failure"]["code"] == "out_of_bounds"
    assert desk.get(f"/question-imports/{asked['id']}").status_code == 404
