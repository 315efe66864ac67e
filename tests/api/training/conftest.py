"""What journeys of training may ask for: a centre, and people who speak for themselves."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient

from server.config import Config
from server.policy import Role
from tests.conftest import SigningIn
from tests.factories.accounts import SignedIn, sign_in_on
from tests.factories.people import a_person
from tests.factories.phones import PHONE
from tests.factories.training import TODAY, a_centre
from tests.moments import NOON, Clock

Writing = Callable[[], AbstractContextManager[None]]


class Stage:
    """Who and what a story is about."""

    def __init__(self, client: FlaskClient, clock: Clock, config: Config, writing: Writing) -> None:
        self.client = client
        self.ids: dict[str, UUID] = {}
        self.people: dict[str, SignedIn] = {}
        self._clock, self._config, self._writing = clock, config, writing
        self._signed_in_at = clock.at

    def headers(self, who: str) -> dict[str, str]:
        """Return what says who asks."""
        return self.people[who].headers

    def put(self, who: str, address: str, body: Any = None, *, status: int = 200) -> Any:
        """Send a PUT, and return what came back."""
        reply = self.client.put(f"/v1{address}", json=body, headers=self.headers(who))
        assert reply.status_code == status, reply.get_data(as_text=True)
        return reply.get_json() if reply.data else None

    def get(self, who: str, address: str, *, status: int = 200) -> Any:
        """Send a GET, and return what came back."""
        reply = self.client.get(f"/v1{address}", headers=self.headers(who))
        assert reply.status_code == status, reply.get_data(as_text=True)
        return reply.get_json() if reply.data else None

    def refused(self, who: str, address: str, body: Any, *, tongue: str) -> Any:
        """Send a PUT that is refused, and return the refusal in a language."""
        headers = {**self.headers(who), "Accept-Language": tongue}
        reply = self.client.put(f"/v1{address}", json=body, headers=headers)
        assert 400 <= reply.status_code < 500, reply.get_data(as_text=True)
        return reply.get_json()

    def move(self, by: timedelta) -> None:
        """Let time pass; whose token is over signs in again, on the same phone."""
        at = self._clock.move(by)
        if at - self._signed_in_at < timedelta(minutes=5):
            return
        self._signed_in_at = at
        with self._writing():
            for who, one in self.people.items():
                self.people[who] = sign_in_on(PHONE, one, config=self._config, at=at)


def a_planned_class(stage: Stage, *, mode: str = "blended", lessons: int = 3) -> None:
    """Plan a class of four days: four hours a day in a room, the rest online."""
    here = stage.ids
    stage.put(
        "manager",
        f"/training-programmes/{here['programme']}",
        {
            "owner_id": str(here["provider"]),
            "name": "主要负责人初次培训",
            "type": "initial",
            "role": "principal",
            "valid_from": f"{TODAY}",
            "subjects": [
                {"subject": "law", "title": "法律法规", "hours": "31.0"},
                {"subject": "cases", "title": "事故案例", "hours": "1.0"},
            ],
        },
    )
    stage.put(
        "manager",
        f"/training-programmes/{here['programme']}/online-lessons/{here['online']}",
        {
            "place": 1,
            "title": "事故案例",
            "kind": "text",
            "content": {"text": "某厂爆炸事故"},
            "hours": "1.0",
            "test": [{"stem": "事故原因？", "options": ["违章", "天气"], "key": [0]}],
        },
    )
    stage.put(
        "manager",
        f"/training-classes/{here['class']}",
        {
            "provider_id": str(here["provider"]),
            "programme_id": str(here["programme"]),
            "name": "2026 年第一期",
            "mode": mode,
            "starts_on": f"{TODAY}",
            "ends_on": f"{TODAY + timedelta(days=3)}",
            "capacity": 30,
            "run_by_id": str(here["manager"]),
        },
    )
    for day in range(lessons):
        starts = NOON + timedelta(days=day)
        here[f"lesson {day}"] = uuid4()
        stage.put(
            "manager",
            f"/training-classes/{here['class']}/lessons/{here[f'lesson {day}']}",
            {
                "subject": "law",
                "title": f"安全生产法（{day + 1}）",
                "starts_at": starts.isoformat(),
                "ends_at": (starts + timedelta(hours=6)).isoformat(),
                "teacher_id": str(here["teacher"]),
                "room_id": str(here["room"]),
                "hours": "8.0",
            },
        )


@pytest.fixture
def stage(
    client: FlaskClient,
    writing: Writing,
    a_signed_in: SigningIn,
    the_clock: Clock,
    config: Config,
) -> Stage:
    """A provider with a manager, a teacher and a worker, each signed in; and a bureau."""
    made = Stage(client, the_clock, config, writing)
    with writing():
        centre = a_centre()
        worker = a_person(centre.provider, name="王工")
        made.ids = {
            "provider": centre.provider.id,
            "authority": centre.authority.id,
            "room": centre.room.id,
            "teacher": centre.teacher.id,
            "manager": centre.manager.id,
            "teacher_person": centre.teacher_person.id,
            "worker": worker.id,
            "class": uuid4(),
            "programme": uuid4(),
            "online": uuid4(),
        }
    here = made.ids["provider"]
    made.people = {
        "manager": a_signed_in(
            Role.PROVIDER_MANAGER, person_id=made.ids["manager"], organisation_id=here
        ),
        "teacher": a_signed_in(
            Role.TEACHER, person_id=made.ids["teacher_person"], organisation_id=here
        ),
        "worker": a_signed_in(person_id=made.ids["worker"]),
        "bureau": a_signed_in(Role.ISSUER),
    }
    return made
