"""An issuing bureau that speaks HTTP: each request by an officer of its own."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

from certificates.models import Certificate
from certificates.models.certificates import status_of
from certificates.services import finding
from server.db import db
from server.policy import Role
from tests.factories.certificates import TODAY, qualification


class Bureau:
    """Officers of one issuer at their desks."""

    def __init__(self, client, a_signed_in, issuer_id, authority_id, person_id):
        self.client, self.issuer_id, self.person_id = client, issuer_id, person_id
        self.sign = lambda: a_signed_in(Role.ISSUER, organisation_id=authority_id).headers
        self.authority_id = authority_id
        self._lives: dict[UUID, Certificate] = {}

    def issue(self, code="low_voltage_electrician", *, headers=None, **changed):
        """Issue a certificate by hand."""
        with self.client.application.app_context():
            qualification_id = qualification(code).id
            db.session.commit()
        body = {
            "person_id": str(self.person_id),
            "qualification_id": str(qualification_id),
            "issuer_id": str(self.issuer_id),
            "valid_from": TODAY.isoformat(),
            "reason": "考核合格",
        } | changed
        address = f"/v1/certificates/{uuid4()}"
        return self.client.put(address, json=body, headers=headers or self.sign())

    def put(self, certificate, noun, headers=None, **body):
        """Decide something about a certificate."""
        address = f"/v1/certificates/{certificate['id']}/{noun}"
        body = {"reason": "依申请"} | body
        return self.client.put(address, json=body, headers=headers or self.sign())

    def status(self, certificate, day: date) -> str:
        """Ask as anybody may where a certificate stands on a day."""
        told = self.client.get(f"/v1/verification/{certificate['serial']}?on={day.isoformat()}")
        return str(told.json["standing"])

    def stood(self, day: date, *certificates) -> bool:
        """Say, from the register itself, whether one of the certificates stood on a day."""
        ids = [UUID(each["id"]) for each in certificates]
        if not self._lives.keys() >= set(ids):
            with self.client.application.app_context():
                self._lives = {each: finding.get(each) for each in ids}
                for life in self._lives.values():
                    status_of(life, day)
        return any(status_of(self._lives[each], day).stands for each in ids)
