"""The report on a sheet: the workbook that came, with what became of each row (导入报告)."""

from __future__ import annotations

import base64
from typing import Final

from server import confined
from server.confined import Bounds
from server.sheets import marking
from server.sheets.entering import Report

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

#: What writing into a workbook may use: the whole of it is held at once.
BOUNDS: Final = Bounds(memory=700_000_000, seconds=60, file_size=100_000_000)


def workbook(content: bytes, report: Report) -> bytes:
    """Return the workbook that came, mended nowhere, with what became of each row beside it.

    Raises:
        OutOfBounds: it takes more memory or time than anybody is given.
    """
    rows = [
        {
            "sheet": "",
            "row": one.row,
            "outcome": one.outcome.value,
            "said": "；".join(complaint.message.zh for complaint in one.complaints),
        }
        for one in report.rows
    ]
    if not rows:
        return content
    [said] = confined.run(marking.marked, content, {"rows": rows}, bounds=BOUNDS)
    return base64.b64decode(said["content"])
