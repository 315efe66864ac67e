"""Batches of certificates, over HTTP."""

from __future__ import annotations

from uuid import uuid4

from server.policy import Role
from tests.factories.certificates import TODAY, an_issuer, qualification
from tests.factories.rosters import a_person, an_organisation


class Bureau:
    """An issuer with two officers, people to certify, and the batch they are in."""

    def __init__(self, client, writing, a_signed_in, *, people=12):
        self.client, self.batch_id = client, uuid4()
        with writing():
            issuer, employer = an_issuer(), an_organisation()
            made = [a_person(employer, name=f"工人{number}") for number in range(people)]
            self.people = [person.id for person in made]
            self.issuer_id, self.qualification_id = issuer.id, qualification().id
            authority = issuer.organisation_id
        self.proposer = a_signed_in(Role.ISSUER, organisation_id=authority)
        self.approver = a_signed_in(Role.ISSUER, organisation_id=authority)

    @property
    def address(self):
        """Where the batch stands."""
        return f"/v1/certificate-batches/{self.batch_id}"

    def propose(self, **changed):
        """Propose the batch."""
        body = {
            "issuer_id": str(self.issuer_id),
            "qualification_id": str(self.qualification_id),
            "valid_from": TODAY.isoformat(),
            "reason": "纸质考试合格档案",
            "people": [str(each) for each in self.people],
        } | changed
        return self.client.put(self.address, json=body, headers=self.proposer.headers)

    def put(self, path, by=None, **body):
        """Send a move of the batch."""
        headers = (by or self.approver).headers
        return self.client.put(f"{self.address}/{path}", json=body, headers=headers)

    def lines(self, **query):
        """Return lines of the batch."""
        words = "&".join(f"{name}={value}" for name, value in query.items())
        reply = self.client.get(
            f"{self.address}/lines?limit=100&{words}", headers=self.approver.headers
        )
        return reply.json["items"]

    def look_at_all(self):
        """Find every line drawn sound."""
        for line in self.lines(sampled="true"):
            assert self.put(f"lines/{line['place']}/inspection", sound=True).status_code == 200

    def shown(self):
        """Return the batch with its counts."""
        return self.client.get(self.address, headers=self.approver.headers).json
