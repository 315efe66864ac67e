"""The demonstration's training records (演示培训记录)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from uuid import UUID, uuid5

from server import days
from server.demonstration import Demonstration
from server.people.roster import PostRole
from server.people.services import posts
from server.policy import Identity
from server.records.entries import Training, TrainingPurpose
from server.records.services import training

#: Who was trained for a qualification: the hours of each role, the last of each left untrained.
_HOURS = {
    PostRole.PRINCIPAL: Decimal("48.0"),
    PostRole.SAFETY_MANAGER: Decimal("48.0"),
    PostRole.SPECIAL_OPERATIONS_WORKER: Decimal("80.0"),
}

#: What a training is called that is for no operation item.
_NAMES = {PostRole.PRINCIPAL: "主要负责人", PostRole.SAFETY_MANAGER: "安全生产管理人员"}

#: How long before the loading the trainings ended, and how long each took.
_AGO, _LONG = timedelta(days=20), timedelta(days=10)


def load(play: Demonstration) -> None:
    """Record qualification training for most of the crew; the last of each role has none yet.

    Reads `play.made`: `provider`, `provider_staff`, `crew`. Runs in the caller's transaction.
    """
    play.say("示范培训记录 Demonstration training records")
    for role, hours in _HOURS.items():
        for person_id in play.made["crew"][role.value][:-1]:
            _record(person_id, role, hours, play)


def _record(person_id: UUID, role: PostRole, hours: Decimal, play: Demonstration) -> None:
    by: Identity = play.made["provider_staff"]
    finished_on = days.civil_day(play.at) - _AGO
    items: list[str | None] = [
        item for post in posts.held(person_id, on=days.civil_day(play.at)) for item in post.items
    ]
    for item in items or [None]:
        done = Training(
            programme=f"示范资格培训 {item or _NAMES.get(role, '')}".rstrip(),
            purpose=TrainingPurpose.QUALIFICATION,
            hours=hours,
            provider_id=play.made["provider"],
            started_on=finished_on - _LONG,
            finished_on=finished_on,
            role=role.value,
            item=item,
            topics=("安全生产法律法规", "安全技术", "事故案例"),
        )
        record_id = uuid5(person_id, f"training {item}")
        training.record(person_id, record_id, done, by=by, at=play.at, on=days.civil_day(play.at))
