"""Pure: the whole feed as a package of tables, signed: CSV or JSON Lines (批量导出包).

A Data Package like those of coverage: `datapackage.json` names each table with its columns and its
SHA-256, and `signature.jwt` vouches for it. It says by which cursor the feed goes on behind it.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

#: What kind of JWS vouches for it.
TYP = "exchange-package+jwt"

_ENTRY = {"seq": "integer", "entered_at": "datetime"}
_PERSON = {
    "person_id": "string",
    "name": "string",
    "document_masked": "string",
    "document_type": "string",
    "document": "string",
}
_EVENT = {
    "certificate_id": "string",
    "serial": "string",
    "sequence": "integer",
    "kind": "string",
    "effective_on": "date",
    "ground": "string",
    "document_no": "string",
    "at": "datetime",
}

#: The columns of each table, by the kind of entry it holds. New ones are added at the end.
TABLES: dict[str, Mapping[str, str]] = {
    "certificate": {
        **_ENTRY,
        **_EVENT,
        "number": "string",
        "edition": "integer",
        "title_zh": "string",
        "qualification": "string",
        "role": "string",
        "item": "string",
        "issuer": "string",
        "valid_from": "date",
        "valid_until": "date",
        "review_days": "array",
        "previous_id": "string",
        **_PERSON,
    },
    "status": {**_ENTRY, **_EVENT},
    "outcome": {
        **_ENTRY,
        "record_id": "string",
        "corrects_id": "string",
        "subject_id": "string",
        "happened_on": "date",
        "exam_id": "string",
        "exam": "string",
        "qualification": "string",
        "role": "string",
        "item": "string",
        "part": "string",
        "score": "number",
        "max_score": "number",
        "passed": "boolean",
        "voided": "boolean",
        **_PERSON,
    },
    "coverage": {
        **_ENTRY,
        "known_seq": "integer",
        "opening": "boolean",
        "region_id": "string",
        "indicator": "string",
        "day": "date",
        "required": "integer",
        "missing": "integer",
        "excluded": "integer",
        "items_required": "integer",
        "items_missing": "integer",
        "items_excluded": "integer",
    },
    "person": {**_ENTRY, "kept_id": "string", "merged_id": "string", "undone": "boolean"},
}


def rows_of(
    seq: int, kind: str, entered_at: str, content: Mapping[str, Any] | None
) -> Iterator[dict[str, Any]]:
    """Yield the rows that an entry gives to the table of its kind: coverage one for each change."""
    if content is None:
        return
    flat = {"seq": seq, "entered_at": entered_at, **content}
    for of in ("holder", "candidate"):
        flat |= flat.pop(of, {}) if kind != "status" else {}
    if kind in ("certificate", "status"):
        # The document of a decision, told apart from the document of the person.
        flat["document_no"] = content.get("document")
        flat["document"] = (content.get("holder") or {}).get("document")
    qualification = content.get("qualification")
    if isinstance(qualification, Mapping):
        flat["qualification"] = qualification["code"]
        flat["role"], flat["item"] = qualification["role"], qualification["operation_item"]
        flat["issuer"] = content["issuer"]["code"]
    for change in content["changes"] if kind == "coverage" else ({},):
        yield {name: {**flat, **change}.get(name) for name in TABLES[kind]}


class BulkTable:
    """A table that grows row by row, packed as it grows: 200,000 rows hold some 15 MB.

    Args:
        kind: of the entries it holds, by which it is called.
        format: how the rows are written, `csv` or `jsonl`.
    """

    def __init__(self, kind: str, format: str) -> None:
        self.name, self.columns, self.format = kind, TABLES[kind], format
        self.size = self.count = 0
        self._packed: list[bytes] = []
        self._packer = zlib.compressobj(1)
        self._digest = hashlib.sha256()
        if format == "csv":
            self._take((",".join(self.columns) + "\r\n").encode())

    @property
    def path(self) -> str:
        """The name of its file."""
        return f"{self.name}.{self.format}"

    @property
    def hash(self) -> str:
        """The SHA-256 of its content."""
        return self._digest.hexdigest()

    def add(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Take in further rows."""
        some = list(rows)
        self.count += len(some)
        self._take(_as_csv(some, self.columns) if self.format == "csv" else _as_lines(some))

    def pieces(self) -> Iterator[bytes]:
        """Yield its content, piece by piece; nothing may be added any more."""
        self._packed.append(self._packer.flush())
        opened = zlib.decompressobj()
        for each in self._packed:
            yield opened.decompress(each)

    def _take(self, content: bytes) -> None:
        self.size += len(content)
        self._digest.update(content)
        self._packed.append(self._packer.compress(content))


def _as_csv(rows: Iterable[Mapping[str, Any]], columns: Mapping[str, str]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(columns), lineterminator="\r\n")
    for row in rows:
        writer.writerow({name: _cell(value) for name, value in row.items()})
    return out.getvalue().encode()


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return json.dumps(value, separators=(",", ":"))
    return value


def _as_lines(rows: Iterable[Mapping[str, Any]]) -> bytes:
    lines = (json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n" for row in rows)
    return "".join(lines).encode()
