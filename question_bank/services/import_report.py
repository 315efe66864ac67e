"""The report of an import as a workbook to mend and send again (导入报告)."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from question_bank.errors import ImportNotReady
from question_bank.formats.files import Format
from question_bank.importing.reasons import Reason
from question_bank.models import ImportState, QuestionImportRow
from question_bank.services import import_files, imports
from server import confined
from server.confined import Bounds
from server.db import db
from server.scopes import Scope
from server.sheets import marking

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

#: What writing into a workbook may use: the whole of it is held at once.
BOUNDS: Final = Bounds(memory=700_000_000, seconds=60, file_size=100_000_000)


def of(import_id: UUID, *, scope: Scope) -> bytes:
    """Return the report of an import as a workbook: the one that came, while it is kept.

    Raises:
        NotFound: there is no such import within the scope.
        ImportNotReady: its file is being read.
    """
    found = imports.get(import_id, scope=scope)
    if found.state is ImportState.READING:
        raise ImportNotReady
    rows = _rows(import_id)
    content = import_files.find_content(import_id) if found.format == Format.XLSX.value else None
    if content is None or not rows:
        return marking.listed(rows)
    db.session.rollback()
    [said] = confined.run(marking.marked, content, {"rows": rows}, bounds=BOUNDS)
    return base64.b64decode(said["content"])


def _rows(import_id: UUID) -> Sequence[dict[str, Any]]:
    statement = select(
        QuestionImportRow.sheet,
        QuestionImportRow.row,
        QuestionImportRow.outcome,
        QuestionImportRow.reasons,
        QuestionImportRow.excerpt,
    ).where(QuestionImportRow.import_id == import_id)
    found = db.session.execute(statement.order_by(QuestionImportRow.place))
    return [
        {
            "sheet": row.sheet,
            "row": row.row,
            "outcome": row.outcome.value,
            "said": "".join(Reason(one["code"], one["facts"]).zh for one in row.reasons),
            "excerpt": row.excerpt,
        }
        for row in found
    ]
