"""Lists of the records are narrowed by the server: by each filter to what it says, and no more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

from server.policy import Role
from tests.factories.record_rooms import ONE, count_coverage, furnish
from tests.moments import NOON

#: What one thing of a list says that a filter asks for.
Says = Callable[[dict[str, Any]], Any]

Things = list[dict[str, Any]]

#: Makes values to ask for of a whole list, each with what the list is then.
Narrowed = Callable[[Things], list[tuple[str, Things]]]

TODAY = NOON.date()


def its(name: str) -> Says:
    """Return what reads a field, however deep: `request.indicator`."""

    def said(one: dict[str, Any]) -> Any:
        for part in name.split("."):
            one = one[part]
        return one

    return said


#: Lists, and their filters that ask for one value: which, and where a thing says it.
EQUAL: dict[str, dict[str, Says]] = {
    "/v1/coverage-requests": {"indicator": its("request.indicator")},
    "/v1/coverage-targets": {"indicator": its("indicator"), "region_id": its("region_id")},
    "/v1/indicators": {"plan": its("plan"), "kind": its("kind")},
    "/v1/plan-reports": {"plan": its("plan"), "kind": its("kind")},
    "/v1/notices": {
        "urgency": its("urgency"),
        "withdrawn": lambda one: str(one["withdrawn_at"] is not None).lower(),
    },
    "/v1/jobs": {"kind": its("kind"), "state": its("state")},
    "/v1/audit": {"subject_kind": its("subject_kind"), "action": its("action")},
    "/v1/suspected-doubles": {"least_weight": its("weight")},
    "/v1/person-merges": {"undone": lambda one: str(one["undone_at"] is not None).lower()},
    "/v1/certificate-applications": {
        "state": its("state"),
        "purpose": its("purpose"),
        "qualification_id": its("qualification_id"),
        "name": its("name"),
    },
    "/v1/certificate-batches": {
        "decided": lambda one: str(one["verdict"] is not None).lower(),
        "qualification_id": its("qualification_id"),
    },
    "/v1/certificates": {"name": its("content.holder.name"), "number": its("number")},
    "/v1/undecided-certificates": {"number": its("number"), "issuer_id": its("issuer_id")},
    "/v1/certificate-rules": {"role": its("role")},
    "/v1/issuers": {"text": its("code")},
    "/v1/question-banks": {"name": its("name"), "owner_id": its("owner_id")},
    "/v1/accounts": {"closed": lambda one: str(one["closed_at"] is not None).lower()},
}

#: Lists that come whole.
WHOLE = ("/v1/indicators", "/v1/certificate-rules")

#: Lists, and filters of days: whether what a thing says lies on the asked side of the day.
DAYS: dict[str, dict[str, Callable[[dict[str, Any], str], bool]]] = {
    "/v1/coverage-requests": {"due_until": lambda one, day: one["request"]["due_on"] <= day},
    "/v1/certificates": {
        "ends_from": lambda one, day: one["valid_until"] >= day,
        "ends_until": lambda one, day: one["valid_until"] <= day,
    },
    "/v1/certificate-rules": {
        "in_force_on": lambda one, day: (
            one["effective_from"] <= day <= (one["effective_until"] or "9")
        )
    },
    "/v1/notices": {"on": lambda one, day: one["from_at"][:10] <= day <= one["until_at"][:10]},
}


def _of_value(said: Says) -> Narrowed:
    def narrowed(every: Things) -> list[tuple[str, Things]]:
        values = sorted({str(said(one)) for one in every})[:3]
        return [(value, [one for one in every if str(said(one)) == value]) for value in values]

    return narrowed


def _of_day(fits: Callable[[dict[str, Any], str], bool]) -> Narrowed:
    def narrowed(every: Things) -> list[tuple[str, Things]]:
        days = [(TODAY + timedelta(days=by)).isoformat() for by in (-1, 0, 100)]
        return [(day, [one for one in every if fits(one, day)]) for day in days]

    return narrowed


FILTERS = [
    *((path, name, _of_value(said)) for path, of in EQUAL.items() for name, said in of.items()),
    *((path, name, _of_day(fits)) for path, of in DAYS.items() for name, fits in of.items()),
]


def test_every_filter_leaves_what_it_asks_for_and_nothing_else(
    demonstrated, client, writing, a_signed_in
):
    with writing():
        known = furnish()
    with demonstrated.app_context():
        count_coverage()
    headers = a_signed_in(*(role for role in Role if role is not Role.WORKER)).headers
    _done(client, headers, known)

    def listed(path: str, **query: Any) -> Things:
        whole = {} if path in WHOLE else {"limit": 200}
        items: Things = []
        while True:
            reply = client.get(path, query_string=whole | query, headers=headers)
            assert reply.status_code == 200, (path, query, reply.json)
            items += reply.json["items"]
            query["cursor"] = reply.json.get("next_cursor")
            if query["cursor"] is None:
                return items

    wrong = []
    for path, name, narrowed in FILTERS:
        every = listed(path)
        assert every, path
        for value, wanted in narrowed(every):
            if listed(path, **{name: value}) != wanted:
                wrong.append((path, name, value))

    assert wrong == []
    assert {one["sign_in_name"] for one in listed("/v1/accounts", role="author")} >= {"author", ONE}
    assert "teacher" not in {one["sign_in_name"] for one in listed("/v1/accounts", role="author")}


def _done(client: Any, headers: dict[str, str], known: dict[str, str]) -> None:
    """Send what the lists have nothing of yet."""

    def send(path: str, **body: Any) -> None:
        reply = client.put(f"/v1/{path}", json=body or None, headers=headers)
        assert reply.status_code in (200, 202), (path, reply.json)

    notice = {"title_zh": "维护", "title_en": "Work", "body_zh": "停机", "body_en": "Down"}
    for urgency, days in (("trouble", 0), ("information", 2)):
        begins = NOON + timedelta(days=days)
        span = {"from_at": begins.isoformat(), "until_at": (begins + timedelta(1)).isoformat()}
        send(f"notices/{uuid4()}", urgency=urgency, region_id=None, **notice, **span)
    gone = client.get("/v1/notices", headers=headers).json["items"][0]["id"]
    send(f"notices/{gone}/withdrawal")
    keys = [one["key"] for one in client.get("/v1/indicators").json["items"][:2]]
    provinces = client.get("/v1/regions?level=1", headers=headers).json["items"]
    other = next(one["id"] for one in provinces if one["id"] != known["province"])
    for key, region in zip(keys, (known["region"], other), strict=True):
        target = {"indicator": key, "region_id": region, "from_on": TODAY.isoformat()}
        send(f"coverage-targets/{uuid4()}", **target, target=90)
    for kind in ("mid_term", "final"):
        send(f"plan-reports/{uuid4()}", plan="shanxi", kind=kind, on=TODAY.isoformat())
    send(f"duplicate-searches/{uuid4()}")
    asked = {"indicator": "admission", "organisation_id": known["works"], "note": "请配齐"}
    send(f"coverage-requests/{uuid4()}", **asked, due_on="2026-09-01")
    send(f"certificate-applications/{known['denied']}/acceptance", reason="材料齐全")
    send(f"certificate-applications/{known['refused']}/non-acceptance", reason="材料不全")
    person = {"people": [known["staff"]], "valid_from": TODAY.isoformat(), "reason": "补录"}
    issuer = client.get("/v1/issuers", headers=headers).json["items"][0]["id"]
    batch = {"issuer_id": issuer, "qualification_id": known["electrician"]}
    send(f"certificate-batches/{uuid4()}", **batch, **person)
    double = client.get(f"/v1/suspected-doubles/{known['merged']}", headers=headers).json
    merge = {"kept_id": double["first"]["id"], "merged_id": double["second"]["id"]}
    assert (double["first_count"], double["second_count"]) == (0, 0)
    send(f"person-merges/{uuid4()}", **merge, reason="同一人，证件相同")
    send(f"accounts/{known['account']}/closure", reason="离职")
