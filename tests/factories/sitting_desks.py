"""Somebody at a desk who speaks HTTP, and people whom a workbook can name."""

from __future__ import annotations

from server.people.documents import DocumentType
from server.people.services import numbers
from server.policy import Role
from tests.factories import exams as a
from tests.factories import sittings as some


class Desk:
    """Somebody with every role, everywhere, who signs in anew whenever time has passed."""

    def __init__(self, client, sign_in):
        self.client, self.sign_in = client, sign_in
        self.signed_in = sign_in(*Role)

    def get(self, address):
        """Ask."""
        return self.client.get(f"/v1{address}", headers=self.signed_in.headers)

    def put(self, address, body=None, **more):
        """Send."""
        if body is not None:
            more["json"] = body
        return self.client.put(f"/v1{address}", headers=self.signed_in.headers, **more)


def people_of(writing, *names):
    """Store electricians with passports; return their employer and the rows of a workbook."""
    with writing():
        employer = a.an_organisation()
        rows = []
        for number, name in enumerate(names):
            person = a.an_electrician(employer)
            document = f"E{number:08d}"
            closed = numbers.closed(person.id, DocumentType.PASSPORT, document)
            for column, value in {"name": name, **closed}.items():
                setattr(person, column, value)
            if name != "周未承诺":
                some.declare_healthy(person)
            rows.append([name, "护照", document])
    return employer.id, rows
