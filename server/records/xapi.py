"""Pure: a file as xAPI statements (IEEE 9274.1.1, version 2.0.0; readable by 1.0.3).

The actor is an account of this platform, never a document number, a name or a mail address.
Trainings, exams and certificates become statements; what was corrected is voided by another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any
from uuid import UUID, uuid5

from server.records.entries import RecordKind
from server.records.timeline import Line

#: Where accounts and activities of this platform are named; an address that needs not answer.
HOME = "urn:x-safety-training-platform"

_VERSION = "2.0.0"

_VERBS = {
    "completed": ("http://adlnet.gov/expapi/verbs/completed", "完成"),
    "passed": ("http://adlnet.gov/expapi/verbs/passed", "通过"),
    "failed": ("http://adlnet.gov/expapi/verbs/failed", "未通过"),
    "earned": ("http://id.tincanapi.com/verb/earned", "取得"),
    "voided": ("http://adlnet.gov/expapi/verbs/voided", "作废"),
}

_TYPES = {
    RecordKind.TRAINING: "http://adlnet.gov/expapi/activities/course",
    RecordKind.EXAM: "http://adlnet.gov/expapi/activities/assessment",
    RecordKind.CERTIFICATE: "https://w3id.org/xapi/tla/activity-types/certificate",
}


def statements(person_id: UUID, lines: Iterable[Line]) -> list[dict[str, Any]]:
    """Return the statements of a file, in the order of its lines."""
    return [made for line in lines for made in _of(person_id, line)]


def _of(person_id: UUID, line: Line) -> Iterator[dict[str, Any]]:
    verb = _verb(line)
    if verb is None:
        return
    statement_id = uuid5(UUID(line.id), "xapi")
    yield {
        **_frame(person_id, statement_id, verb, line),
        "object": {
            "objectType": "Activity",
            "id": f"{HOME}:{line.kind.value}:{line.subject_id}",
            "definition": {
                "type": _TYPES[line.kind],
                "name": {"zh-CN": _name(line)},
            },
        },
        "result": _result(line, verb),
    }
    if line.corrected_by_id is not None:
        yield {
            **_frame(person_id, uuid5(UUID(line.id), "xapi voided"), "voided", line),
            "object": {"objectType": "StatementRef", "id": str(statement_id)},
        }


def _frame(person_id: UUID, statement_id: UUID, verb: str, line: Line) -> dict[str, Any]:
    address, shown = _VERBS[verb]
    return {
        "id": str(statement_id),
        "version": _VERSION,
        "actor": {
            "objectType": "Agent",
            "account": {"homePage": HOME, "name": str(person_id)},
        },
        "verb": {"id": address, "display": {"zh-CN": shown, "en": verb}},
        "timestamp": line.happened_at,
        "stored": line.recorded_at,
        "context": {"platform": line.source, "language": "zh-CN"},
    }


def _verb(line: Line) -> str | None:
    if line.kind is RecordKind.TRAINING:
        return "failed" if line.content.get("passed") is False else "completed"
    if line.kind is RecordKind.EXAM and "passed" in line.content:
        return "passed" if line.content["passed"] else "failed"
    if line.kind is RecordKind.CERTIFICATE and line.content.get("what") == "issued":
        return "earned"
    return None


def _name(line: Line) -> str:
    names = (line.content.get(each) for each in ("programme", "exam", "qualification"))
    return next((str(name) for name in names if name), line.kind.value)


def _result(line: Line, verb: str) -> dict[str, Any]:
    result: dict[str, Any] = {"completion": True, "success": verb != "failed"}
    score, most = line.content.get("score"), line.content.get("max_score")
    if score is not None and most is not None:
        raw, top = Fraction(str(score)), Fraction(str(most))
        scaled = raw / top if top else Fraction(0)
        result["score"] = {
            "raw": float(raw),
            "min": 0,
            "max": float(top),
            "scaled": round(float(scaled), 4),
        }
    return result
