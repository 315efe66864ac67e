"""What is refused of whoever types wrongly or tries it on: one table, each in two languages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from server.db import db
from server.organisations.models import Organisation
from server.people import documents
from server.people.models import Person
from server.policy import Role
from tests.api.training.conftest import Stage, a_planned_class
from tests.conftest import SigningIn
from tests.factories.organisations import a_credit_code
from tests.factories.people import a_number, a_person
from tests.factories.training import TODAY, a_centre, a_class, a_learner, a_lesson
from tests.moments import NOON

Writing = Callable[[], AbstractContextManager[None]]
#: Who asks, the address, and what is sent.
Ask = tuple[str, str, Any]
#: Somebody who has no such birthday.
THE_THIRTIETH = "10000019900230001"


def typed(number: str, here: dict[str, UUID]) -> dict[str, Any]:
    """Return a person as somebody types them in."""
    return {
        "name": "李四",
        "registered_under_id": str(here["provider"]),
        "document_type": "resident_identity_card",
        "document_number": number,
    }


def mistyped(number: str) -> str:
    """Return a number of which the last character does not fit."""
    return number[:-1] + ("1" if number[-1] != "1" else "2")


def about_people(here: dict[str, UUID]) -> Iterator[tuple[str, Ask]]:
    """Yield what is typed wrongly of people and places, and who may not learn."""
    person = f"/people/{uuid4()}"
    yield "check_digit_wrong", ("ruler", person, typed(mistyped(a_number()), here))
    impossible = THE_THIRTIETH + documents.check_digit(THE_THIRTIETH)
    yield "birth_date_impossible", ("ruler", person, typed(impossible, here))
    unborn = a_number(TODAY + timedelta(days=400))
    yield "birth_date_impossible", ("ruler", person, typed(unborn, here))
    place = {
        "kind": "enterprise",
        "name": "某厂",
        "credit_code": a_credit_code(),
        "region_id": str(uuid4()),
    }
    yield "region_unknown", ("ruler", f"/organisations/{uuid4()}", place)
    learner = f"/training-classes/{here['class']}/learners"
    yield "learner_too_young", ("manager", f"{learner}/{here['child']}", {})
    yield "learner_barred", ("manager", f"{learner}/{here['barred']}", {})
    yield "own_class", ("manager", f"{learner}/{here['manager']}", {})


def about_classes(here: dict[str, UUID]) -> Iterator[tuple[str, Ask]]:
    """Yield classes and lessons that cannot be."""
    late = TODAY + timedelta(days=299)
    for code, begins, ends in (
        ("provider_not_approved", late, late + timedelta(days=4)),
        ("class_hours_too_many", TODAY, TODAY + timedelta(days=2)),
    ):
        planned = {
            "provider_id": str(here["provider"]),
            "programme_id": str(here["programme"]),
            "name": "某班",
            "mode": "classroom",
            "starts_on": f"{begins}",
            "ends_on": f"{ends}",
            "capacity": 10,
            "run_by_id": str(here["manager"]),
        }
        yield code, ("manager", f"/training-classes/{uuid4()}", planned)
    for code, day, length, said in (
        ("subject_not_approved", 1, 3, {"subject": "enforcement"}),
        ("day_too_full", 0, 3, {"hours": "4.0"}),
        ("lesson_too_short", 1, 3, {"hours": "4.1"}),
        ("lesson_outside_class", 9, 3, {}),
    ):
        begins_at = NOON + timedelta(days=day, hours=6.5 if day == 0 else 0)
        lesson = {
            "subject": "law",
            "title": "安全生产法",
            "starts_at": begins_at.isoformat(),
            "ends_at": (begins_at + timedelta(hours=length)).isoformat(),
            "teacher_id": str(here["teacher"]),
            "room_id": str(here["room"]),
            "hours": "4.0",
        }
        address = f"/training-classes/{here['class']}/lessons/{uuid4()}"
        yield code, ("manager", address, lesson | said)


def about_presence(stage: Stage) -> Iterator[tuple[str, Ask]]:
    """Yield who says to have been where they were not."""
    here = stage.ids
    here_code, there_code = (
        stage.get(who, f"/class-lessons/{here[lesson]}/sign-in-code")["code"]
        for who, lesson in (("teacher", "lesson 0"), ("other", "elsewhere"))
    )
    stage.put(
        "worker", f"/class-lessons/{here['lesson 0']}/sign-ins/{uuid4()}", {"code": here_code}
    )
    there = f"/class-lessons/{here['elsewhere']}/sign-ins/{uuid4()}"
    yield "elsewhere_at_that_time", ("worker", there, {"code": there_code})
    forged = here_code[:-4] + "AAAA"
    sign_in = f"/class-lessons/{here['lesson 0']}/sign-ins/{uuid4()}"
    yield "sign_in_code_refused", ("worker", sign_in, {"code": forged})
    session = f"/study-sessions/{uuid4()}"
    stage.move(timedelta(hours=7))
    study = {"class_id": str(here["class"]), "lesson_id": str(here["online"])}
    stage.put("worker", session, study)
    stage.move(timedelta(seconds=30))
    claimed = {"sequence": 1, "presence": "active", "seconds": 3600}
    yield "hours_not_seen", ("worker", f"{session}/heartbeat", claimed)


@pytest.fixture
def wronged(stage: Stage, writing: Writing, a_signed_in: SigningIn) -> Stage:
    """Add a child, somebody barred, and a class of another provider at the same time."""
    a_planned_class(stage, lessons=1)
    here = stage.ids
    with writing():
        provider = db.session.get_one(Organisation, here["provider"])
        for name, number in (("child", a_number(date(2011, 1, 1))), ("barred", a_number())):
            here[name] = a_person(provider, name="周七", number=number).id
        other = a_centre()
        of = a_class(other)
        a_learner(of, db.session.get_one(Person, here["worker"]))
        here["elsewhere"] = a_lesson(other, of).id
        run_by, elsewhere = other.manager.id, other.provider.id
    stage.people["ruler"] = a_signed_in(*Role)
    stage.people["other"] = a_signed_in(
        Role.PROVIDER_MANAGER, person_id=run_by, organisation_id=elsewhere
    )
    stage.put("manager", f"/training-classes/{here['class']}/learners/{here['worker']}", {})
    bar = {
        "person_id": str(here["barred"]),
        "from_on": f"{TODAY}",
        "ground": "fraud_or_bribery",
        "reason": "以欺骗手段取得证书",
        "document": "撤〔2026〕2号",
    }
    stage.put("ruler", f"/bars/{uuid4()}", bar)
    return stage


def test_every_misuse_is_refused_with_its_code_and_a_sentence_in_two_languages(
    wronged: Stage,
) -> None:
    here = wronged.ids
    told: dict[str, list[str]] = {}
    for expected, ask in [
        *about_people(here),
        *about_classes(here),
        *about_presence(wronged),
    ]:
        for tongue in ("zh", "en"):
            refused = wronged.refused(*ask, tongue=tongue)
            assert refused["code"] == expected, (ask, refused)
            told.setdefault(expected, []).append(refused["detail"])

    for code, sentences in told.items():
        zh, en = sentences[:2]
        assert re.search("[一-鿿]{4}.*。$", zh), (code, zh)
        assert re.search(r"^[A-Z].*[a-z]{3}.*\.$", en), (code, en)
    assert len(told) == 15
