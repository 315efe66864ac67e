"""Another system hands in a law: signed, and each webhook once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from uuid import uuid4

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from question_bank.models import Law, LawArticle
from server.config import Config
from server.db import db
from server.exchange import feed_rules
from tests.factories.exchange import SECRET, an_agreement, token_headers
from tests.factories.regions import a_county
from tests.moments import NOON

Writing = Callable[[], AbstractContextManager[None]]
KEY = hashlib.sha256(SECRET.encode()).digest()


def test_a_law_is_taken_in_once_and_only_signed(
    app: Flask, client: FlaskClient, writing: Writing, config: Config
) -> None:
    with writing():
        agreement = an_agreement(a_county())
    headers = token_headers(agreement, config)
    law_id, article_id = uuid4(), uuid4()
    delivery: dict[str, Any] = {
        "law_id": str(law_id),
        "law": {
            "code": "some_local_rules_2026",
            "kind": "local",
            "title": "某省安全生产条例",
            "issuer": "某省人大常委会",
            "source": "某省法规库",
        },
        "articles": [
            {
                "article_id": str(article_id),
                "article": {
                    "ordinal": 1,
                    "subject": "目的",
                    "text": "为了加强安全生产工作。",
                    "verbatim": False,
                    "source": "某省法规库",
                },
            }
        ],
    }
    kinds = client.get("/v1/openapi.json").get_json()["components"]["schemas"]["LawOut"]
    delivery["law"]["kind"] = kinds["properties"]["kind"]["enum"][0]
    body = json.dumps(delivery).encode()
    signed = feed_rules.signed("msg_law_1", NOON, body, [KEY])

    def send(**extra: str) -> TestResponse:
        return client.post(
            "/v1/exchange/law-deliveries",
            data=body,
            content_type="application/json",
            headers={**headers, **extra},
        )

    assert send().get_json()["code"] == "webhook_unsigned"
    taken = send(**signed)
    assert taken.status_code == 200, taken.get_json()
    assert send(**signed).get_json()["code"] == "webhook_replayed"
    fresh = feed_rules.signed("msg_law_2", NOON, body, [KEY])
    assert send(**fresh).get_json() == taken.get_json()
    with app.app_context():
        law = db.session.get_one(Law, law_id)
        assert law.owner_id == agreement.organisation_id
        assert db.session.get_one(LawArticle, article_id).law_id == law_id
