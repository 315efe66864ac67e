"""The key that signs answers and packages is changed, and no receiver is ever without it."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any
from uuid import uuid4

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from flask import Flask
from flask.testing import FlaskClient

from certificates import keys
from server.config import Config
from tests.factories.exchange import a_followed_province, issue, numbered, token_headers

Writing = Callable[[], AbstractContextManager[None]]


class Receiver:
    """Another system: the keys it fetched last, and what it holds."""

    def __init__(self, client: FlaskClient, place: dict[str, Any], config: Config) -> None:
        self.client, self.place, self.config = client, place, config
        self.keys: dict[str, Any] = {}

    def fetch_keys(self) -> None:
        """Keep the keys that are published now, and no others."""
        published = self.client.get("/v1/exchange-keys").get_json()["keys"]
        self.keys = {each["kid"]: jwt.PyJWK(each).key for each in published}

    def asked(self) -> str:
        """Ask who may work; return the signed answer."""
        items = [{"person_id": str(uuid4()), "organisation_id": str(self.place["works"])}]
        headers = token_headers(self.place["ours"], self.config)
        reply = self.client.post(
            "/v1/exchange/work-lookups", json={"items": items}, headers=headers
        )
        return str(reply.get_json()["statement"])

    def packed(self, run_jobs: Callable[[], object]) -> str:
        """Have the feed packed; return what vouches for it."""
        headers = token_headers(self.place["ours"], self.config)
        made = f"/v1/exchange/packages/{uuid4()}"
        self.client.put(made, json={"format": "jsonl"}, headers=headers)
        run_jobs()
        job = made.replace("packages", "jobs")
        got = self.client.get(f"{job}/files/package.zip", headers=headers)
        with zipfile.ZipFile(io.BytesIO(got.data)) as whole:
            return whole.read("signature.jwt").decode()

    def believes(self, signed: str) -> bool:
        """Say whether a key it holds made the signature."""
        kid = jwt.get_unverified_header(signed)["kid"]
        if kid not in self.keys:
            return False
        options: Any = {name: False for name in ("verify_exp", "verify_iat", "verify_aud")}
        jwt.decode(signed, self.keys[kid], algorithms=["ES256"], options=options)
        return True


def fresh_key() -> bytes:
    """Return a key as it lies on the disk."""
    made = ec.generate_private_key(ec.SECP256R1())
    return made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def test_the_signing_key_changes_without_a_gap(
    app: Flask,
    client: FlaskClient,
    writing: Writing,
    config: Config,
    run_jobs: Callable[[], object],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with writing():
        place = a_followed_province()
        issue(place)
    numbered(app)
    with app.app_context():
        ring = keys.ring()
    folder = tmp_path / keys.FOLDER
    folder.mkdir(parents=True)
    monkeypatch.setattr(ring, "folder", tmp_path)

    def lay(when: str, content: bytes) -> None:
        path = folder / f"{keys.EXCHANGE}{when}.pem"
        path.write_bytes(content)
        path.chmod(0o600)

    old, new = fresh_key(), fresh_key()
    lay("", old)
    quick, slow = (Receiver(client, place, config) for _ in range(2))
    quick.fetch_keys()
    slow.fetch_keys()
    kept = [quick.asked(), quick.packed(run_jobs)]
    assert all(map(quick.believes, kept))

    # The next one is shown before it signs; who asked meanwhile knows it.
    lay("-next", new)
    slow.fetch_keys()
    assert slow.believes(slow.asked())
    # The change itself, in the order in which an operator makes it.
    lay("-previous", old)
    lay("", new)
    (folder / f"{keys.EXCHANGE}-next.pem").unlink()
    signed = [slow.asked(), slow.packed(run_jobs)]
    assert {jwt.get_unverified_header(each)["kid"] for each in signed}.isdisjoint(
        {jwt.get_unverified_header(each)["kid"] for each in kept}
    )
    assert all(map(slow.believes, signed))
    # Who fetches now believes what was signed before and after; who never did sees that it is new.
    slow.fetch_keys()
    assert all(map(slow.believes, [*kept, *signed]))
    assert not quick.believes(signed[0])
    quick.fetch_keys()
    assert quick.believes(signed[0])
    assert json.loads(client.get("/v1/exchange-keys").data)["keys"][0]["kid"] in quick.keys
