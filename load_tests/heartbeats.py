"""A crowd that studies online: every learner's phone sends a heartbeat, open loop (学习心跳)."""

from __future__ import annotations

import json
import os
import random
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from load_tests.chapters.school import School
from load_tests.client import Client
from load_tests.drilled import Candidate, drill
from load_tests.messages import get, put
from load_tests.proc import Meter, family
from load_tests.rush import Rush, request
from load_tests.server_process import ServerProcess
from load_tests.setting import today

#: Heartbeats a minute, all learners together.
A_MINUTE = 10_000

#: Learners who send them, and places given in one request. What a heartbeat costs does not depend
#: on whose it is; to sign in and seat a crowd takes longer than to measure it.
LEARNERS, GANG = 500, 500

#: Learners who sit down at the same time.
AT_ONCE = 8

#: Connections that a proxy keeps open, and the share of one core that all may take.
CONNECTIONS, LIMIT_SHARE = 64, 0.10


def measure(server: ServerProcess, school: School, *, seconds: float) -> dict[str, Any]:
    """Let a crowd study for a while; return latency, CPU a heartbeat, and the share of a core.

    All that server and database do meanwhile is counted, their work in the background with it.
    """
    with tempfile.TemporaryDirectory(prefix="heartbeats-") as folder:
        crowd = drill(server, Path(folder), LEARNERS, started=False)
    sessions = _sitting_down(school, crowd)
    timetable = sorted(_dues(crowd, sessions, seconds))
    rush, meter = Rush(server.url, connections=CONNECTIONS), Meter(_beneath)
    try:
        rushed = rush.keep_to(timetable)
        spent = meter.spent()
    finally:
        rush.close()
    share = spent / rushed.seconds
    return {
        "learners": len(crowd),
        "count": len(rushed.ms),
        "failed": rushed.failed,
        "per_second": round(rushed.per_second, 1),
        "p50_ms": round(rushed.percentile(50), 1),
        "p95_ms": round(rushed.percentile(95), 1),
        "p99_ms": round(rushed.percentile(99), 1),
        "cpu_ms": round(spent * 1000 / max(1, len(rushed.ms)), 3),
        "seconds": round(rushed.seconds, 1),
        "core_share": round(share, 4),
        "limit_ratio": round(share / LIMIT_SHARE, 3),
    }


def _sitting_down(school: School, crowd: Sequence[Candidate]) -> list[UUID]:
    """Give everybody a place in a class online, and let them begin its lesson."""
    class_id, staff = school.new(), school.setting.staff["provider_staff"]
    body: dict[str, Any] = {
        "provider_id": school.setting.organisations["provider"],
        "programme_id": school.programme_id,
        "name": "网络班",
        "mode": "online",
        "starts_on": today(),
        "ends_on": today(),
        "capacity": len(crowd),
        "run_by_id": school.manager_id,
    }
    address = "/v1/training-classes/{class_id}"
    school.manager.send(put(address, body, class_id=class_id)).good()
    sessions = [uuid4() for _ in crowd]
    study = {"class_id": class_id, "lesson_id": school.online_id}

    def begin(one: Candidate, session_id: UUID) -> None:
        ask = put("/v1/study-sessions/{session_id}", study, session_id=session_id)
        _phone(school, one).send(ask).good()

    with ThreadPoolExecutor(AT_ONCE) as phones:
        people = list(phones.map(partial(_person_of, school), crowd))
        for start in range(0, len(people), GANG):
            gang = {"person_ids": people[start : start + GANG]}
            staff.send(put(f"{address}/gangs", gang, class_id=class_id)).good()
        list(phones.map(begin, crowd, sessions))
    return sessions


def _phone(school: School, one: Candidate) -> Client:
    phone = Client(school.setting.url)
    phone.access_token = one.token
    return phone


def _person_of(school: School, one: Candidate) -> str:
    ask = get("/v1/enrolments/{enrolment_id}", enrolment_id=one.enrolment_id)
    return str(_phone(school, one).send(ask).good()["candidate_id"])


def _dues(
    crowd: Sequence[Candidate], sessions: Sequence[UUID], seconds: float
) -> Iterator[tuple[float, bytes]]:
    pause = len(crowd) * 60 / A_MINUTE
    for one, session_id in zip(crowd, sessions, strict=True):
        due, sequence = random.uniform(0, pause), 1
        while due < seconds:
            beat = json.dumps({"sequence": sequence, "presence": "active"}).encode()
            path = f"/v1/study-sessions/{session_id}/heartbeat"
            yield due, request("PUT", path, token=one.token, body=beat)
            due, sequence = due + pause, sequence + 1


def _beneath() -> list[int]:
    """Return what this process has started: the server, and the database where it has its own."""
    return [pid for pid in family(os.getpid()) if pid != os.getpid()]
