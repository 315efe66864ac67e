"""What keeps somebody from an exam: made over HTTP, seen in the application, removed."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest

from server.days import civil_day
from server.people.roster import PostRole
from server.policy import Role
from tests.api.exams.test_sittings import open_sitting
from tests.factories import exams as a
from tests.factories import sittings as some
from tests.factories.people import a_number
from tests.factories.sitting_desks import Desk
from tests.factories.sittings import OPENS

DAY = civil_day(OPENS)


@pytest.fixture
def desk(client, a_signed_in):
    """Return somebody who may do everything."""
    return Desk(client, a_signed_in)


class Applicant:
    """Somebody of an enterprise who applies for a sitting, and what is written in their file."""

    def __init__(self, desk, sitting_id, works, *, born=date(1990, 3, 7), **post):
        self.desk, self.works, self.application = desk, str(works), uuid4()
        self.sitting_id, self.id = sitting_id, uuid4()
        self.send(
            f"/people/{self.id}",
            name=f"考生{self.id.hex[:6]}",
            registered_under_id=self.works,
            document_type="resident_identity_card",
            document_number=a_number(born),
        )
        if post:
            self.post(**post)

    def send(self, address, **body):
        """Send something that is good; return what came back."""
        reply = self.desk.put(address, body)
        assert reply.status_code == 200, reply.json
        return reply.json

    def post(self, **post):
        """Give the person a post."""
        body = {"person_id": str(self.id), "organisation_id": self.works, "from_on": "2024-01-01"}
        self.send(f"/posts/{uuid4()}", **body, **post)

    def state(self, kind, on, **said):
        """Let the enterprise state something in the file; return the entry."""
        entry = uuid4()
        body = {"kind": kind, "happened_on": on, "organisation_id": self.works, **said}
        self.send(f"/people/{self.id}/file-entries/{entry}", **body)
        return entry

    def train(self, provider, hours, role):
        """Let a provider record hours for the qualification."""
        self.send(
            f"/people/{self.id}/training-records/{uuid4()}",
            programme="初次培训",
            purpose="qualification",
            role=role,
            hours=hours,
            provider_id=str(provider),
            started_on="2026-05-01",
            finished_on="2026-05-20",
            passed=True,
        )

    def hindered(self, **more):
        """Apply, or apply again; return what stands in the way."""
        address = f"/sittings/{self.sitting_id}/enrolments/{self.application}"
        body = {"candidate_id": str(self.id), "sent_by_id": self.works, **more}
        reply = self.send(address, **body)
        assert [one["hindrance"] for one in reply["reasons"]] == reply["hindrances"]
        assert all(one["article"] and one["text_zh"] for one in reply["reasons"])
        return reply["hindrances"]

    def admitted(self, a_signed_in):
        """Say whether another officer may admit the application now."""
        body = {"approved": True, "reason": "符合条件"}
        decider = a_signed_in(*Role).headers
        address = f"/v1/enrolments/{self.application}/decision"
        return self.desk.client.put(address, json=body, headers=decider).status_code == 200


def places(writing, hours):
    """Return a hall for electricians of whom so many hours are asked, works and a provider."""
    with writing():
        hall = some.a_hall()
        standard = a.a_standard()
        standard.training_hours = standard.training_hours_high_risk = hours
        assert standard.minimum_age == 18
        return hall, a.an_organisation().id, a.an_organisation().id


ELECTRICIAN = {"role": PostRole.SPECIAL_OPERATIONS_WORKER.value, "items": ["1.2"]}


def test_every_hindrance_is_made_seen_in_the_application_and_removed(
    desk, writing, a_signed_in, client
):
    hall, works, provider = places(writing, 24)
    sitting_id = open_sitting(desk, hall)
    who = Applicant(desk, sitting_id, works)

    assert who.hindered() == ["no_post", "hours_missing", "health_undeclared"]
    who.post(**ELECTRICIAN)
    assert who.hindered() == ["hours_missing", "health_undeclared"]

    # Hours: too few, then enough.
    who.train(provider, "20.0", ELECTRICIAN["role"])
    assert who.hindered() == ["hours_missing", "health_undeclared"]
    who.train(provider, "4.0", ELECTRICIAN["role"])
    assert who.hindered() == ["health_undeclared"]

    # Health: declared too long ago, then unfit, then fit.
    who.state("health", "2025-06-30", summary="体检合格", fit=True)
    assert who.hindered() == ["health_undeclared"]
    unfit = who.state("health", "2026-06-02", summary="体检：暂不适合", fit=False)
    assert who.hindered() == ["health_undeclared"]
    who.state("health", "2026-06-01", summary="体检合格", fit=True)
    assert who.hindered() == ["health_undeclared"]
    who.send(
        f"/people/{who.id}/file-corrections/{uuid4()}", corrects_id=str(unfit), reason="录入有误"
    )
    assert who.hindered() == []

    # A bar, lifted by another person.
    bar = f"/bars/{uuid4()}"
    who.send(
        bar,
        person_id=str(who.id),
        ground="fraud_or_bribery",
        from_on="2026-06-15",
        reason="以欺骗手段取得证书",
        document="撤〔2026〕2号",
    )
    # It takes the place back at once; who applies anew is told why.
    gone, who.application = who.application, uuid4()
    shown = desk.get(f"/sittings/{sitting_id}/enrolments/{gone}").json
    assert shown["withdrawn_at"] is not None
    assert who.hindered() == ["barred"]
    assert not who.admitted(a_signed_in)
    lifting = {"lifted_on": "2026-06-15", "reason": "查无实据", "document": "撤〔2026〕9号"}
    lifted = client.put(f"/v1{bar}/lifting", json=lifting, headers=a_signed_in(*Role).headers)
    assert lifted.status_code == 200, lifted.json
    assert who.hindered() == []
    assert who.admitted(a_signed_in)


def test_a_skill_certificate_waives_the_hours_and_age_counts_on_the_day_of_the_exam(
    desk, writing, a_signed_in
):
    hall, works, _ = places(writing, 24)
    sitting_id = open_sitting(desk, hall)
    fit = {"summary": "体检合格", "fit": True}
    eighteen = DAY.replace(year=DAY.year - 18)
    eve, birthday = (
        Applicant(desk, sitting_id, works, born=born, **ELECTRICIAN)
        for born in (eighteen + timedelta(days=1), eighteen)
    )
    for each in (eve, birthday):
        each.state("health", "2026-06-01", **fit)

    assert birthday.hindered() == ["hours_missing"]
    waived = Applicant(desk, sitting_id, works, **ELECTRICIAN)
    waived.state("health", "2026-06-01", **fit)
    assert waived.hindered(waiver="职业技能等级证书 S000011111") == []
    assert waived.admitted(a_signed_in)
    assert eve.hindered(waiver="职业技能等级证书 S000011112") == ["too_young"]
    assert not eve.admitted(a_signed_in)
