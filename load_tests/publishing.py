"""Publishing a form for each of ten thousand people, while others go on writing (大批量制卷)."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from load_tests import banks
from load_tests.banks import Desk, Largest
from load_tests.chapters import exam
from load_tests.figures import percentile
from load_tests.messages import put
from load_tests.roles import Section

#: Questions of the bank, and forms of the exam.
QUESTIONS, FORMS = 20_000, 10_000

_QUALIFICATION = "low_voltage_electrician"
_SECTIONS = (
    Section(kind="true_false", count=70, points=1),
    Section(kind="single_choice", count=30, points=1),
)

#: Milliseconds that anybody else's writing may wait behind the job: no transaction is that long.
MOST_WAIT_MS = 500.0

#: Seconds between two writings of somebody else.
_PAUSE = 0.05

#: CPU seconds of the whole server, and megabytes of its largest process.
MOST_CPU_SECONDS, MOST_MB = 300.0, 900.0


def run(database: str) -> dict[str, Any]:
    """Fill a bank, publish an exam with a form for each candidate; return what it cost."""
    with banks.a_desk(database) as desk:
        _fill(desk)
        exam_id = _planned(desk, FORMS)
        cpu, began = desk.cpu_since_now(), time.perf_counter()
        with Largest(desk.server) as memory, _Writer(desk) as writer:
            ask = put("/v1/exams/{exam_id}/publication", exam_id=exam_id)
            asked = desk.planner.send(ask)
            job = desk.until_done(asked.good()["id"], who=desk.planner)
        seconds, spent = time.perf_counter() - began, cpu()
        published = desk.planner.send(ask).good()
        slowest = max(writer.waits)
        failed = (
            int(asked.status != 202) + int(published["state"] != "published")
            + int(job["result"]["form_count"] != FORMS) + int(slowest > MOST_WAIT_MS)
            + int(spent > MOST_CPU_SECONDS) + int(memory.most > MOST_MB)
        )  # fmt: skip
        return {
            "count": FORMS,
            "failed": failed,
            "per_second": round(FORMS / seconds, 1),
            "seconds": round(seconds, 1),
            "cpu_seconds": round(spent, 1),
            "cpu_ms": round(spent * 1000 / FORMS, 2),
            "rss_mb": round(memory.most),
            # What others wait who write beside it: never longer than its longest transaction.
            "others": len(writer.waits),
            "p50_ms": round(percentile(writer.waits, 0.50), 1),
            "p99_ms": round(percentile(writer.waits, 0.99), 1),
            "most_ms": round(slowest, 1),
            "limit_ratio": round(slowest / MOST_WAIT_MS, 3),
        }


def _fill(desk: Desk) -> None:
    import_id = desk.bring(banks.workbook(QUESTIONS * 3 // 2 + 300))
    desk.until(import_id, "previewed")
    desk.until_done(desk.accept(import_id)["job_id"])
    for who, move in ((desk.author, "review-request"), (desk.reviewer, "publication")):
        address = f"/v1/question-imports/{{import_id}}/{move}"
        who.send(put(address, import_id=import_id)).good()


def _planned(desk: Desk, forms: int) -> UUID:
    """Plan an exam of tomorrow; return its id."""
    specification_id, supply = exam.specify(
        desk.made,
        desk.planner,
        qualification=_QUALIFICATION,
        sections=_SECTIONS,
        name=f"{forms} 套",
    )
    if supply["shortages"]:
        raise LookupError(supply["shortages"])
    exam_id = desk.made.new_id()
    opens_at = datetime.now(UTC) + timedelta(days=1)
    body = {
        "name": f"{forms} 套",
        "qualification_id": desk.made.qualifications[_QUALIFICATION],
        "specification_id": specification_id,
        "organisation_id": desk.made.organisations["test_centre"],
        "opens_at": opens_at.isoformat(),
        "closes_at": (opens_at + timedelta(hours=3)).isoformat(),
        "form_count": forms,
    }
    desk.planner.send(put("/v1/exams/{exam_id}", body, exam_id=exam_id)).good()
    return exam_id


class _Writer:
    """Somebody who gives the bank another name, again and again, and says how long each took."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._over = desk, threading.Event()
        self._thread = threading.Thread(target=self._write, daemon=True)
        #: Milliseconds of each writing.
        self.waits: list[float] = []

    def __enter__(self) -> _Writer:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        self._thread.join()

    def _write(self) -> None:
        while not self._over.wait(_PAUSE):
            began = time.perf_counter()
            self._desk.name(f"大题库第 {len(self.waits)} 版")
            self.waits.append((time.perf_counter() - began) * 1000)
