"""A bank over HTTP, and the headers of those who work in it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from flask.testing import FlaskClient

from server.policy import Role
from tests.factories.auth import an_organisation


@dataclass
class Desk:
    """A bank, and the headers of those who work in it."""

    client: FlaskClient
    owner_id: UUID
    bank_id: UUID
    author: dict[str, str]
    reviewer: dict[str, str]

    def put(self, path: str, json: Any = None, *, who: dict[str, str] | None = None) -> Any:
        """Send a PUT as the author, or somebody else, and return the reply."""
        return self.client.put(f"/v1{path}", json=json, headers=who or self.author)

    def get(self, path: str, *, who: dict[str, str] | None = None) -> Any:
        """Send a GET as the author, or somebody else, and return the reply."""
        return self.client.get(f"/v1{path}", headers=who or self.author)

    def bring(self, content: bytes, query: str = "", import_id: UUID | None = None) -> Any:
        """Send a file."""
        serves = query or "serves=special_operations_worker:1.2&serves=principal"
        return self.client.put(
            f"/v1/question-imports/{import_id or uuid4()}?bank_id={self.bank_id}&{serves}",
            data=content,
            content_type="application/octet-stream",
            headers=self.author,
        )

    def publish_all(self, content: bytes) -> str:
        """Bring a file through preview, acceptance, review and publication."""
        found = self.bring(content).json["id"]
        self.put(f"/question-imports/{found}/acceptance", {"accepted_only": True})
        self.put(f"/question-imports/{found}/review-request")
        moved = self.put(f"/question-imports/{found}/publication", who=self.reviewer)
        assert moved.json["refused"] == []
        return str(found)


def a_desk_over_http(
    client: FlaskClient,
    writing: Callable[[], AbstractContextManager[None]],
    a_signed_in: Any,
) -> Desk:
    """Open a bank as its author would."""
    with writing():
        owner_id = an_organisation().id
    author = a_signed_in(Role.AUTHOR, organisation_id=owner_id).headers
    reviewer = a_signed_in(Role.REVIEWER, organisation_id=owner_id).headers
    desk = Desk(client, owner_id, uuid4(), author, reviewer)
    opened = desk.put(
        f"/question-banks/{desk.bank_id}", {"name": "题库", "owner_id": str(owner_id)}
    )
    assert opened.status_code == 200, opened.json
    return desk
