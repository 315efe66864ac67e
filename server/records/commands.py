"""Long work about files: exports, and letting go of what the law no longer asks for (档案任务)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from server import days
from server.db import snapshot, transaction
from server.jobs.work import Kind, Running
from server.records import plain_file
from server.records.services import exporting, retiring, signatures
from server.records.services.exporting import Format
from server.work import Work


def _export(running: Running, wanted: Mapping[str, Any]) -> Mapping[str, Any]:
    given = json.loads(running.file(exporting.GIVEN))
    running.told(0, 1)
    name, media_type, content = _made(Format(wanted["format"]), given, at=running.at())
    running.keep(name, media_type, content)
    running.told(1, 1)
    return {"file": name, "seal": given["seal"]}


def _made(form: Format, given: Mapping[str, Any], *, at: datetime) -> tuple[str, str, bytes]:
    if form is Format.JSON:
        return "file.json", "application/json", plain_file.canonical(given["file"])
    if form is Format.XAPI:
        text = json.dumps(given["statements"], ensure_ascii=False, indent=1)
        return "statements.json", "application/json", text.encode()
    from server.records import printouts  # the compiler of pages is slow to load, and rarely needed

    return "file.pdf", "application/pdf", printouts.pdf(given["file"], given["seal"], at=at)


def _retire(at: datetime) -> int:
    with transaction():
        announced = retiring.announce(at=at, on=days.civil_day(at))
    with transaction():
        return announced + retiring.let_go(at=at, on=days.civil_day(at))


def _keep_awaited(_at: datetime) -> int:
    with snapshot():
        missed = signatures.missed()
    with transaction():
        return signatures.keep(missed)


#: Makes the document of an export.
EXPORTS = Kind(name=exporting.KIND, run=_export)

#: Announces what is due to be let go of, and lets go of what was announced.
RETENTION = Work(name="file_retention", every=timedelta(hours=6), run=_retire)

#: Finds what awaits a signature and is not kept where it is looked for.
SIGNATURES = Work(name="awaited_signatures", every=timedelta(hours=24), run=_keep_awaited)

JOBS = (EXPORTS,)
WORK = (RETENTION, SIGNATURES)
