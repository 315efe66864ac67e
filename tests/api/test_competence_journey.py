"""An officer's two grades over six years: judged, settled, appealed, trained, and lapsed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from flask.testing import FlaskClient
from sqlalchemy import select

from server.config import Config
from server.days import beginning_of
from server.db import db
from server.messages.models import Message
from server.people.roster import PostRole
from server.training.kinds import TrainingType
from server.training.models import ClassLearner
from tests.factories.competence import WELL, Bureau, Writing, a_bureau
from tests.factories.training import a_centre, a_class, a_programme
from tests.moments import Clock

HALF_A_DAY = timedelta(hours=12)


def noon_of(day: date) -> datetime:
    return beginning_of(day) + HALF_A_DAY


def test_an_officers_two_grades_over_six_years(
    client: FlaskClient, writing: Writing, config: Config, the_clock: Clock
) -> None:
    bureau = a_bureau(client, writing, config)

    first = the_first_grade_is_settled_by_somebody_above(bureau)
    the_clock.set(noon_of(date(2028, 9, 3)))
    bureau.certified(date(2028, 9, 1))
    the_clock.set(noon_of(date(2029, 6, 15)))
    second, class_id = the_second_grade_is_missed_and_what_is_missing_is_booked(bureau)
    an_appeal_is_decided_by_somebody_else(bureau, second, the_clock)
    the_clock.set(noon_of(date(2029, 10, 8)))
    third = the_second_grade_is_reached_after_the_class(bureau, second)
    the_clock.set(noon_of(date(2031, 9, 2)))
    bureau.certified(date(2031, 9, 1))
    the_clock.set(noon_of(date(2032, 7, 10)))

    grades = {}
    for on in ("2026-06-15", "2029-06-15", "2029-10-08", "2032-07-04", "2032-07-05"):
        [found] = bureau.good("officer", "get", "/me/competence", on=on)["items"]
        grades[on] = found["held"]
    assert grades == {
        "2026-06-15": "junior",
        "2029-06-15": "junior",
        "2029-10-08": "intermediate",
        "2032-07-04": "intermediate",
        # The rotation training of July 2029 lapsed after three years.
        "2032-07-05": "junior",
    }
    assert [line["id"] for line in found["history"]] == [
        _id(each) for each in (first, second, third)
    ]
    coverage_says_the_same(bureau)
    lines = bureau.good("officer", "get", "/me/file")["lines"]
    told = [each["content"]["summary"] for each in lines if each["kind"] == "note"]
    assert len(told) == 4
    assert "安全生产监管执法人员岗位能力框架：中级（申报中级）" in told
    with client.application.app_context():
        booked = select(ClassLearner.person_id).where(ClassLearner.class_id == class_id)
        assert db.session.execute(booked).scalar_one() == bureau.officer_id


def the_first_grade_is_settled_by_somebody_above(bureau: Bureau) -> str:
    cycle = bureau.a_cycle(from_on="2026-06-01", until_on="2026-06-30")
    one = bureau.opened(cycle)
    assert bureau.refused("leader", "put", f"{one}/conclusion") == "judgement_missing"
    bureau.good("officer", "put", f"{one}/judgement", marks=WELL | {"case_handling": 5})
    blind = bureau.good("leader", "get", one)
    assert [each["marks"] for each in blind["judges"]] == [None, None]
    bureau.good("leader", "put", f"{one}/judgement", marks=WELL, comment="踏实")
    seen = bureau.good("officer", "get", one)
    assert seen["disagreements"] == ["case_handling"]
    assert {each["comment"] for each in seen["judges"]} == {None, "踏实"}
    assert bureau.refused("leader", "put", f"{one}/conclusion") == "disagreement_open"
    settle = {"mark": 3, "reason": "案卷抽查均为一般程序案件"}
    address = f"{one}/settlements/case_handling"
    assert bureau.refused("leader", "put", address, **settle) == "judge_settles"
    beyond = bureau.refused("city", "put", address, **settle | {"mark": 6})
    assert beyond == "marks_unfit"
    for _ in range(2):
        bureau.good("city", "put", address, **settle)
    otherwise = bureau.refused("city", "put", address, **settle | {"mark": 4})
    assert otherwise == "judged_already"
    done = bureau.good("leader", "put", f"{one}/conclusion")
    assert (done["state"], done["reached"]) == ("concluded", "junior")
    assert done["result"]["marks"] == WELL
    return one


def the_second_grade_is_missed_and_what_is_missing_is_booked(bureau: Bureau) -> tuple[str, UUID]:
    cycle = bureau.a_cycle(from_on="2029-06-01", until_on="2029-06-30")
    one = bureau.opened(cycle, grade="intermediate")
    bureau.good("leader", "put", f"{one}/judgement", marks=WELL)
    done = bureau.good("leader", "put", f"{one}/conclusion")
    assert done["reached"] == "junior"
    missing = {each["key"] for each in done["result"]["competences"] if not each["met"]}
    assert missing == {"rotation", "continued_learning"}

    none_yet = bureau.good("leader", "put", f"{one}/training-plan")["items"]
    assert {each["refusal"] for each in none_yet} == {"no_class"}
    with bureau.writing():
        centre = a_centre()
        programme = a_programme(
            centre,
            tenths=240,
            name="执法人员轮训",
            type=TrainingType.ROTATION,
            role=PostRole.ENFORCEMENT_OFFICER,
        )
    asked = bureau.good("leader", "put", f"{one}/training-plan")["items"]
    assert {each["refusal"] for each in asked} == {"class_requested"}
    bureau.good("leader", "put", f"{one}/training-plan")
    with bureau.writing():
        wanted = select(Message).where(Message.kind == "class_wanted")
        [letter] = db.session.execute(wanted).scalars()
        assert letter.organisation_id == centre.provider.id
        starts_on, ends_on = date(2029, 7, 2), date(2029, 7, 5)
        class_id = a_class(centre, programme, starts_on=starts_on, ends_on=ends_on).id
    planned = bureau.good("leader", "put", f"{one}/training-plan")["items"]
    assert {(each["class_id"], each["refusal"]) for each in planned} == {(str(class_id), None)}
    assert bureau.good("leader", "put", f"{one}/training-plan")["items"] == planned
    return one, class_id


def an_appeal_is_decided_by_somebody_else(bureau: Bureau, one: str, the_clock: Clock) -> None:
    appeal = {"reason": "检查评分偏低"}
    assert bureau.refused("leader", "put", f"{one}/appeal", **appeal) == "not_found"
    the_clock.set(noon_of(date(2029, 6, 30)))
    for _ in range(2):
        bureau.good("officer", "put", f"{one}/appeal", **appeal)
    assert bureau.refused("officer", "put", f"{one}/appeal", reason="另有理由") == "id_taken"
    decide = {"marks": {"inspection": 4}, "decision": "复核检查记录，予以上调"}
    address = f"{one}/appeal/decision"
    assert bureau.refused("leader", "put", address, **decide) == "judge_settles"
    unfit = bureau.refused("city", "put", address, **decide | {"marks": {"rotation": 4}})
    assert unfit == "marks_unfit"
    for _ in range(2):
        decided = bureau.good("city", "put", address, **decide)
    assert bureau.refused("city", "put", address, **decide | {"marks": {}}) == "id_taken"
    assert decided["result_before"]["marks"]["inspection"] == 3
    shown = bureau.good("officer", "get", one)
    assert (shown["state"], shown["result"]["marks"]["inspection"]) == ("decided", 4)
    assert shown["reached"] == "junior"


def the_second_grade_is_reached_after_the_class(bureau: Bureau, before: str) -> str:
    bureau.trained("rotation", date(2029, 7, 5))
    cycle = bureau.a_cycle(from_on="2029-10-01", until_on="2029-10-31")
    one = bureau.opened(cycle, grade="intermediate")
    bureau.good("leader", "put", f"{one}/judgement", marks=WELL | {"inspection": 4})
    done = bureau.good("leader", "put", f"{one}/conclusion")
    assert done["reached"] == "intermediate"
    # The certificate is the first thing that ends.
    assert done["result"]["until"] == "2031-08-31"
    # What was found before stays as it was found.
    assert bureau.good("officer", "get", before)["reached"] == "junior"
    return one


def coverage_says_the_same(bureau: Bureau) -> None:
    keys = {
        "linyi-enforcement-certified",
        "pingliang-officer-rotation",
        "pingliang-professional-staff",
    }
    for on, covered in (
        ("2029-06-15", {"pingliang-officer-rotation": 0}),
        ("2032-07-04", {"pingliang-officer-rotation": 1}),
        ("2032-07-05", {"pingliang-officer-rotation": 0}),
    ):
        query = {"framework": "enforcement_officer", "organisation_id": str(bureau.county_id)}
        items = bureau.good("leader", "get", "/competence-figures", on=on, **query)["items"]
        counts = {each["indicator"]["key"]: each["covered_count"] for each in items}
        expected = dict.fromkeys(keys, 1) | covered
        assert {key: counts[key] for key in keys} == expected
        [mine] = bureau.good("officer", "get", "/me/competence", on=on)["items"]
        met = {each["key"]: each["met"] for each in mine["standing"]["competences"]}
        proofs = (met["certified"], met["rotation"], met["professional"])
        assert proofs == tuple(bool(expected[key]) for key in sorted(keys))


def _id(address: str) -> str:
    return address.rsplit("/", 1)[1]
