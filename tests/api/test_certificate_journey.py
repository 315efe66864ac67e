"""One worker's certificates from 2021 to 2033, and where each stood on every single day.

Issued and reviewed under Order 30, suspended, lost, renamed, carried over the change of law,
renewed under Order 19, suspended again and revoked: all over HTTP. What is asked afterwards is
compared, day by day, with a table that was written by hand from the law.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pypdfium2
import pytest

from server.db import db
from server.people.models import Person
from tests.factories.bureaus import Bureau
from tests.factories.certificates import an_issuer
from tests.factories.rosters import a_person

FIRST, LAST = date(2021, 1, 1), date(2034, 1, 1)

#: From which day each certificate stood how, by hand: 90 days before an end it is expiring; the
#: review of Order 30 fell due on 29 February 2024 and was passed on 10 January.
BY_HAND = {
    "issued": {
        "2021-01-01": "not_yet_valid",
        "2021-03-01": "valid",
        "2023-12-02": "expiring",
        "2024-01-10": "valid",
        "2025-05-01": "suspended",
        "2025-06-01": "valid",
        "2025-09-10": "replaced",
    },
    "lost card": {
        "2021-01-01": "not_yet_valid",
        "2025-09-10": "valid",
        "2026-02-01": "replaced",
    },
    "new name": {
        "2021-01-01": "not_yet_valid",
        "2026-02-01": "valid",
        "2026-12-01": "expiring",
        "2027-03-01": "expired",
    },
    "renewed": {
        "2021-01-01": "not_yet_valid",
        "2027-03-01": "valid",
        "2027-10-01": "suspended",
        "2027-11-15": "valid",
        "2028-07-01": "revoked",
    },
}


@pytest.fixture
def bureau(client, writing, a_signed_in):
    """An issuer, a worker, and officers; speaks HTTP."""
    with writing():
        issuer, person = an_issuer(), a_person(name="王小红")
        return Bureau(client, a_signed_in, issuer.id, issuer.organisation_id, person.id)


@pytest.fixture
def lived(bureau, the_clock, writing):
    """Live the whole life; return the certificates by what made them."""

    def on(day: str) -> None:
        the_clock.set(datetime.fromisoformat(f"{day}T12:00:00+08:00").astimezone(UTC))

    def followed(old, noun, **body):
        made = bureau.put(old, noun, certificate_id=str(uuid4()), **body)
        assert made.status_code == 200, made.json
        return made.json

    def decided(certificate, noun, **body):
        made = bureau.put(certificate, noun, **body)
        assert made.status_code == 200, made.json
        return made.json

    on("2021-03-01")
    first = bureau.issue(valid_from="2021-03-01").json
    on("2024-01-10")
    decided(first, "review", reason="复审合格", document="复审〔2024〕8号")
    decided(first, "suspension", effective_on="2025-05-01")
    decided(first, "reinstatement", effective_on="2025-06-01")
    on("2025-09-10")
    lost = followed(first, "replacement", cause="lost")
    on("2026-02-01")
    with writing():
        db.session.get_one(Person, bureau.person_id).name = "王晓红"
    renamed = followed(lost, "replacement", cause="name_changed")
    on("2026-11-01")
    early = bureau.put(renamed, "renewal", certificate_id=str(uuid4()))
    assert (early.status_code, early.json["code"]) == (409, "too_early")
    on("2026-12-20")
    renewed = followed(renamed, "renewal")
    on("2027-10-01")
    decided(renewed, "suspension", reason="违章操作", document="暂扣〔2027〕3号")
    on("2027-11-15")
    decided(renewed, "reinstatement", reason="查清")
    on("2028-07-01")
    ground = {"ground": "responsible_for_accident", "document": "撤销〔2028〕1号"}
    decided(renewed, "revocation", reason="对事故负有责任", **ground)
    return dict(zip(BY_HAND, (first, lost, renamed, renewed), strict=True))


def _by_hand(name: str, day: date) -> str:
    return [to for since, to in BY_HAND[name].items() if since <= day.isoformat()][-1]


def _days():
    return (FIRST + timedelta(days=number) for number in range((LAST - FIRST).days))


def test_where_it_stood_is_answered_for_every_day_as_the_law_has_it(client, bureau, lived):
    law = {name: each["content"]["rule"]["code"] for name, each in lived.items()}
    assert set(list(law.values())[:3]) == {"special_operations_order_30"}
    assert law["renewed"] == "special_operations_order_19"
    assert lived["renewed"]["review_due_on"] is None
    numbers = {each["content"]["number"] for each in lived.values()}
    assert len(numbers) == 1, "one number for the holder, whatever happened"

    lives = {}
    for name, each in lived.items():
        told = client.get(f"/v1/verification/{each['serial']}/timeline").json["phases"]
        lives[name] = [(one["since"] or "", one["until"] or "9", one["status"]) for one in told]
    for day in _days():
        asked, standing = day.isoformat(), 0
        for name, life in lives.items():
            (found,) = (status for since, until, status in life if since <= asked <= until)
            assert found == _by_hand(name, day), (name, day)
            standing += found in ("valid", "expiring")
        assert standing == _certified(day), day
    for name, each in lived.items():
        for edge in BY_HAND[name]:
            for offset in (-1, 0, 1):
                day = max(date.fromisoformat(edge) + timedelta(days=offset), FIRST)
                assert bureau.status(each, day) == _by_hand(name, day), (name, day)


def _certified(day: date) -> bool:
    """Whether the worker might work on a day, said once more and in another way."""
    suspended = date(2025, 5, 1) <= day < date(2025, 6, 1)
    suspended |= date(2027, 10, 1) <= day < date(2027, 11, 15)
    return date(2021, 3, 1) <= day <= date(2028, 6, 30) and not suspended


def test_the_holder_is_told_of_all_of_it_and_reads_the_decision(client, lived, bureau, a_signed_in):
    holder = a_signed_in(person_id=bureau.person_id).headers

    messages = client.get("/v1/me/messages?limit=100", headers=holder).json["items"]

    kinds = [each["kind"] for each in reversed(messages)]
    assert sorted(kinds) == sorted(
        ["certificate_issued"] * 4
        + ["certificate_replaced"] * 2
        + ["certificate_suspended", "certificate_reinstated"] * 2
        + ["certificate_reviewed", "certificate_revoked"]
    )
    revoked = messages[kinds[::-1].index("certificate_revoked")]
    assert "对事故负有责任" in revoked["body_zh"]
    assert "撤销〔2028〕1号" in revoked["body_zh"]
    assert "revoked as of 2028-07-01" in revoked["body_en"]
    mine = f"/v1/me/certificates/{lived['renewed']['id']}/decisions"
    page = client.get(f"{mine}/4.pdf", headers=holder)
    assert (page.status_code, page.mimetype) == (200, "application/pdf")
    with pypdfium2.PdfDocument(page.data) as document:
        sheet = document[0].get_textpage()
        words = sheet.get_text_range().replace("\r\n", "").replace(" ", "")
        sheet.close()
    for said in (
        "撤销证书决定书",
        "撤销〔2028〕1号",
        "王晓红",
        "2028年7月1日",
        "行政复议",
        "六个月",
    ):
        assert said in words, said
    assert client.get(f"{mine}/1.pdf", headers=holder).status_code == 404
    stranger = a_signed_in().headers
    assert client.get(f"{mine}/4.pdf", headers=stranger).status_code == 404


def test_what_was_never_issued_has_no_life(client):
    told = client.get("/v1/verification/7K3M9Q2XW8ZT4B6N/timeline")

    assert (told.status_code, told.json["phases"]) == (200, [])
