"""Pure: what happened as xAPI statements, for learning record stores (xAPI 学习记录).

Statements by IEEE 9274.1.1 / xAPI 1.0.3. Somebody is an account of this platform, by the platform's
own id: no mail, no telephone, no document number. The id of a statement is made of the entry that
it says, so that whatever is sent twice is one statement there. A correction voids what it corrects.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final
from uuid import UUID, uuid5

#: The version of the specification that is spoken.
VERSION: Final = "1.0.3"

_VERBS: Final = "http://adlnet.gov/expapi/verbs/"
_VOIDED: Final = {"id": f"{_VERBS}voided", "display": {"en": "voided"}}
_PASSED: Final = {"id": f"{_VERBS}passed", "display": {"zh-CN": "合格", "en": "passed"}}
_FAILED: Final = {"id": f"{_VERBS}failed", "display": {"zh-CN": "不合格", "en": "failed"}}
_EARNED: Final = {
    "id": "http://id.tincanapi.com/verb/earned",
    "display": {"zh-CN": "取得", "en": "earned"},
}

_EXAM: Final = f"{_VERBS.removesuffix('verbs/')}activities/assessment"
_CERTIFICATE: Final = "https://www.opigno.org/en/tincan_registry/activity_type/certificate"

#: Names of statements are made in this space.
_SPACE: Final = UUID("5c1b7e36-6a0a-4f0c-9b0e-0e8f6a2d4c11")


def statements(
    kind: str, content: Mapping[str, Any], *, person_id: UUID | None, home: str
) -> Iterator[dict[str, Any]]:
    """Yield the statements that an entry of the feed makes; none where it concerns no learner.

    Args:
        kind: of the entry, as the feed calls it.
        content: of the entry, as the agreement allows it to be told.
        person_id: whom it is about.
        home: where the platform is reached, which names its people and things.
    """
    if person_id is None:
        return
    if kind == "outcome":
        yield from _outcome(content, person_id, home)
    elif kind in ("certificate", "status"):
        yield _certificate(content, person_id, home)


def _outcome(content: Mapping[str, Any], person_id: UUID, home: str) -> Iterator[dict[str, Any]]:
    if content["corrects_id"] is not None:
        yield {
            "id": _id("void", content["record_id"]),
            "actor": {"objectType": "Agent", "account": {"homePage": home, "name": "platform"}},
            "verb": _VOIDED,
            "object": {"objectType": "StatementRef", "id": _id("outcome", content["corrects_id"])},
        }
    if content["voided"] or content["passed"] is None:
        return
    named = content.get("exam") or content.get("qualification") or ""
    thing = f"{home}/v1/exams/{content['exam_id'] or content['subject_id']}"
    yield {
        "id": _id("outcome", content["record_id"]),
        "actor": _actor(person_id, content.get("candidate"), home),
        "verb": _PASSED if content["passed"] else _FAILED,
        "object": _activity(thing, _EXAM, str(named)),
        "result": _result(content),
        "context": _context(
            home,
            qualification=content["qualification"],
            part=content["part"],
            attempt_number=content["attempt_number"],
        ),
        "timestamp": f"{content['happened_on']}T00:00:00+08:00",
    }


def _certificate(content: Mapping[str, Any], person_id: UUID, home: str) -> dict[str, Any]:
    """Return what became of a certificate: earned, or what befell it later."""
    befell = content["kind"]
    own = {"id": f"{home}/xapi/verbs/certificate-{befell}", "display": {"en": befell}}
    return {
        "id": _id("certificate", f"{content['certificate_id']}:{content['sequence']}"),
        "actor": _actor(person_id, content.get("holder"), home),
        "verb": _EARNED if befell == "issued" else own,
        "object": _activity(
            f"{home}/verify/{content['serial']}", _CERTIFICATE, content.get("title_zh") or ""
        ),
        "context": _context(
            home,
            qualification=content.get("qualification"),
            valid_until=content.get("valid_until"),
            effective_on=content["effective_on"],
        ),
        "timestamp": content["at"],
    }


def _actor(person_id: UUID, told: Mapping[str, Any] | None, home: str) -> dict[str, Any]:
    actor: dict[str, Any] = {
        "objectType": "Agent",
        "account": {"homePage": home, "name": str(person_id)},
    }
    name = (told or {}).get("name")
    return actor | ({"name": name} if name else {})


def _activity(thing: str, type_: str, name: str) -> dict[str, Any]:
    definition: dict[str, Any] = {"type": type_}
    if name:
        definition["name"] = {"zh-CN": name}
    return {"objectType": "Activity", "id": thing, "definition": definition}


def _result(content: Mapping[str, Any]) -> dict[str, Any]:
    result: dict[str, Any] = {"success": content["passed"], "completion": True}
    if content["score"] is not None and content["max_score"]:
        raw, highest = Decimal(str(content["score"])), Decimal(str(content["max_score"]))
        score = {"raw": float(raw), "min": 0, "max": float(highest)}
        result["score"] = score | {"scaled": round(float(raw / highest), 4)}
    return result


def _context(home: str, **told: object) -> dict[str, Any]:
    extensions = {f"{home}/xapi/{name}": value for name, value in told.items() if value is not None}
    return {"platform": "safety-training-platform", "language": "zh-CN", "extensions": extensions}


def _id(*names: str) -> str:
    return str(uuid5(_SPACE, ":".join(names)))
