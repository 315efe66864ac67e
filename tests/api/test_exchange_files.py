"""Another system takes the feed as files, and hands in trainings and laws: whole, signed, once."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import jwt
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from certificates.commands import number_feed
from server import clock
from server.config import Config
from server.db import db
from server.exchange import feed_rules
from server.exchange.terms import PersonField
from server.people.services import numbers
from server.records.models import Record
from server.regions.models import Region
from tests.api.conftest import Headers
from tests.factories.certificates import a_certificate, an_issuer
from tests.factories.exchange import SECRET, an_agreement, token_headers
from tests.factories.organisations import an_organisation
from tests.factories.people import a_person
from tests.factories.regions import a_region
from tests.moments import NOON, Clock

Writing = Callable[[], AbstractContextManager[None]]
KEY = hashlib.sha256(SECRET.encode()).digest()


@pytest.fixture
def place(writing: Writing) -> dict[str, Any]:
    """Store a province, a trainer with a system, and somebody who was trained there."""
    with writing():
        province = a_region(name="某省")
        school = an_organisation(name="某培训机构", region=a_region(a_region(province)))
        person = a_person(school, name="王建国")
        agreement = an_agreement(
            db.session.get_one(Region, province.id),
            fields=[PersonField.DOCUMENT_MASKED],
            organisation=school,
        )
        return {
            "province": province.id,
            "school": school.id,
            "person": person.id,
            "number": numbers.opened(person),
            "agreement": agreement,
        }


@pytest.fixture
def headers(place: dict[str, Any], config: Config) -> Headers:
    return token_headers(place["agreement"], config)


def digest(content: bytes) -> dict[str, str]:
    """Return the header by which a file is known to be whole."""
    stated = base64.b64encode(hashlib.sha256(content).digest()).decode()
    return {"Content-Digest": f"sha-256=:{stated}:"}


def a_row(place: dict[str, Any], **changed: Any) -> dict[str, Any]:
    """Return a training as a system hands it in."""
    return {
        "record_id": str(uuid4()),
        "name": "王建国",
        "document_number": place["number"],
        "programme": "年度再培训",
        "purpose": "annual",
        "hours": "20.0",
        "started_on": "2026-06-01",
        "finished_on": "2026-06-05",
        "passed": True,
        **changed,
    }


def lines(*rows: dict[str, Any]) -> bytes:
    """Return rows as JSON Lines."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def as_csv(*rows: dict[str, Any]) -> bytes:
    """Return rows as CSV."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


class Sender:
    """A system that hands in files."""

    def __init__(self, client: FlaskClient, headers: Headers) -> None:
        self.client, self.headers = client, headers

    def send(
        self,
        content: bytes,
        count: int,
        *,
        file_id: UUID | None = None,
        media_type: str = "application/jsonl",
        changed: Mapping[str, str] | None = None,
    ) -> TestResponse:
        """Hand in a file, whole and signed unless told otherwise."""
        signed = feed_rules.signed(f"msg_{uuid4().hex}", clock.now(), content, [KEY])
        return self.client.put(
            f"/v1/exchange/training-files/{file_id or uuid4()}?row_count={count}",
            data=content,
            content_type=media_type,
            headers={**self.headers, **digest(content), **signed, **(changed or {})},
        )

    def result(self, job_id: str) -> list[dict[str, Any]]:
        """Return what became of each row."""
        url = f"/v1/exchange/jobs/{job_id}/files/result.jsonl"
        reply = self.client.get(url, headers=self.headers)
        return [json.loads(line) for line in reply.data.splitlines()]


@pytest.fixture
def sender(client: FlaskClient, headers: Headers) -> Sender:
    return Sender(client, headers)


def test_trainings_are_handed_in_once_however_often_they_are_sent(
    app: Flask, sender: Sender, place: dict[str, Any], run_jobs: Callable[[], None]
) -> None:
    first, second, file_id = a_row(place), a_row(place, hours="8.0"), uuid4()
    content = lines(first, a_row(place, name="李建军"), a_row(place, hours="-1"))

    made = sender.send(content, 3, file_id=file_id)
    assert made.status_code == 200, made.get_json()
    run_jobs()
    assert sender.send(content, 3, file_id=file_id).get_json()["state"] == "done"
    again = sender.send(as_csv(first, second), 2, media_type="text/csv").get_json()["id"]
    run_jobs()

    said = [(one["state"], one.get("code")) for one in sender.result(str(file_id))]
    assert said == [("entered", None), ("refused", "not_found"), ("refused", "invalid")]
    assert [one["state"] for one in sender.result(again)] == ["known", "entered"]
    with app.app_context():
        found = db.session.execute(select(Record).where(Record.person_id == place["person"]))
        entered = {(str(one.id), one.content["hours"]) for one in found.scalars()}
    assert entered == {(first["record_id"], "20.0"), (second["record_id"], "8.0")}
    other = sender.send(lines(first), 1, file_id=file_id)
    assert other.get_json()["code"] == "id_taken"


def test_a_file_that_is_not_whole_not_signed_or_not_fresh_is_refused(
    sender: Sender, place: dict[str, Any], the_clock: Clock
) -> None:
    whole = lines(a_row(place), a_row(place))
    half = whole[: len(whole) // 2]
    old = feed_rules.signed("msg_1", NOON - timedelta(minutes=6), whole, [KEY])
    foreign = feed_rules.signed("msg_1", NOON, whole, [bytes(32)])

    refused = {
        "digest_missing": sender.send(whole, 2, changed={"Content-Digest": ""}),
        "digest_wrong": sender.send(half, 2, changed=digest(whole)),
        "file_incomplete": sender.send(whole, 3),
        "exchange_file_unreadable": sender.send(whole[:-5], 2),
        "webhook_unsigned": sender.send(whole, 2, changed=foreign),
        "webhook_too_old": sender.send(whole, 2, changed=old),
        "wrong_media_type": sender.send(whole, 2, media_type="text/plain"),
    }

    codes = {code: reply.get_json()["code"] for code, reply in refused.items()}
    assert codes == {code: code for code in refused}
    odd = sender.send(as_csv({"no_such_column": 1}), 1, media_type="text/csv")
    assert odd.get_json()["facts"] == {"line": 1}


@pytest.mark.parametrize("format", ["jsonl", "csv"])
def test_the_whole_feed_is_taken_as_signed_tables_and_goes_on_behind_them(
    app: Flask,
    client: FlaskClient,
    place: dict[str, Any],
    headers: Headers,
    writing: Writing,
    run_jobs: Callable[[], None],
    format: str,
) -> None:
    with writing():
        issuer = an_issuer(db.session.get_one(Region, place["province"]))
        serial = a_certificate(issuer=issuer).serial
    with app.app_context():
        number_feed(clock.now())
    job = f"/v1/exchange/packages/{uuid4()}"

    assert client.put(job, json={"format": format}, headers=headers).status_code == 200
    run_jobs()

    url = f"/v1/exchange/jobs/{job.rsplit('/', 1)[1]}"
    done = client.get(url, headers=headers).get_json()
    assert (done["state"], done["result"]["rows"]["certificate"]) == ("done", 1)
    packed = client.get(f"{url}/files/package.zip", headers=headers).data
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(files["datapackage.json"])
    hashes = {one["path"]: one["hash"].removeprefix("sha256:") for one in manifest["resources"]}
    assert {name: hashlib.sha256(files[name]).hexdigest() for name in hashes} == hashes
    (key,) = client.get("/v1/coverage-exchange-keys").get_json()["keys"]
    said = jwt.decode(
        files["signature.jwt"].decode(),
        jwt.PyJWK(key).key,
        algorithms=["ES256"],
        audience=str(place["agreement"].id),
        options={"verify_exp": False, "verify_iat": False},
    )
    assert said["manifest_sha256"] == hashlib.sha256(files["datapackage.json"]).hexdigest()
    table = files[f"certificate.{format}"].decode()
    (row,) = (
        csv.DictReader(io.StringIO(table))
        if format == "csv"
        else [json.loads(line) for line in table.splitlines()]
    )
    columns = {
        one["name"]: [field["name"] for field in one["schema"]["fields"]]
        for one in manifest["resources"]
    }
    assert list(row) == columns["certificate"]
    assert (row["serial"], row["name"] or None, row["document"] or None) == (serial, None, None)
    assert "*" in row["document_masked"]
    cursor = manifest["exchange"]["cursor"]
    rest = client.get(f"/v1/exchange/feed?cursor={cursor}", headers=headers).get_json()
    assert (rest["items"], rest["more"]) == ([], False)


def test_a_job_of_another_system_is_not_found(
    client: FlaskClient,
    place: dict[str, Any],
    headers: Headers,
    writing: Writing,
    config: Config,
) -> None:
    job_id = uuid4()
    client.put(f"/v1/exchange/packages/{job_id}", json={}, headers=headers)
    with writing():
        other = an_agreement(db.session.get_one(Region, place["province"]))

    others = token_headers(other, config)

    assert client.get(f"/v1/exchange/jobs/{job_id}", headers=others).status_code == 404
