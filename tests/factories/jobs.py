"""Long work of tests: kinds that count, that print, that refuse, that die (任务)."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from server.db import db
from server.errors import NotFound
from server.jobs.models import JobFile
from server.jobs.work import Kind, Running


def _count(running: Running, wanted: Mapping[str, Any]) -> Mapping[str, Any]:
    for done in range(wanted["until"]):
        running.told(done, wanted["until"])
    running.told(wanted["until"], wanted["until"])
    return {"counted": wanted["until"]}


def _turn(running: Running, _wanted: Mapping[str, Any]) -> Mapping[str, Any]:
    running.keep("turned.txt", "text/plain", running.file("given.txt")[::-1])
    return {}


def _refuse(_running: Running, _wanted: Mapping[str, Any]) -> Mapping[str, Any]:
    raise NotFound


def _fail(_running: Running, _wanted: Mapping[str, Any]) -> Mapping[str, Any]:
    raise ZeroDivisionError("110101199003074610")


def _go_on(running: Running, _wanted: Mapping[str, Any]) -> Mapping[str, Any]:
    """Go on until somebody stops it."""
    while True:
        running.told(1, 0)
        threading.Event().wait(0.01)


def _die(_running: Running, _wanted: Mapping[str, Any]) -> Mapping[str, Any]:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


#: How many files of its job each who was told of it could see.
SEEN: list[int] = []


def _note(wanted: Mapping[str, Any], _result: Mapping[str, Any], _at: datetime) -> None:
    """Note what whoever is told would find; the first time it may go wrong right after."""
    SEEN.append(db.session.query(JobFile).filter_by(is_given=False).count())
    if wanted["goes_wrong"] and len(SEEN) == 1:
        raise ZeroDivisionError


KINDS = (
    Kind(name="tell", run=_turn, when_done=_note),
    Kind(name="count", run=_count),
    Kind(name="turn", run=_turn),
    Kind(name="refuse", run=_refuse),
    Kind(name="fail", run=_fail),
    Kind(name="go_on", run=_go_on),
    Kind(name="die", run=_die),
)
