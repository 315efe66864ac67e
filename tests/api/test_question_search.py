"""Questions are found by everything that is known of them, one address for all of it."""

from __future__ import annotations

from uuid import UUID

import pytest

from question_bank.flagging import Flag, Observed
from question_bank.models import QuestionVersion
from question_bank.services import standing
from question_bank.services.standing import Known
from server.db import db
from tests.factories.question_desk import Desk, a_desk_over_http
from tests.moments import NOON

#: The questions there are, by name, as an author writes them.
QUESTIONS = {
    "card": {
        "kind": "single_choice",
        "stem": "特种作业操作证每（　）年复审1次。",
        "options": ["2", "3", "6"],
        "key": ["B"],
        "topic": "证书",
        "difficulty": "0.9",
        "serves": [{"role": "special_operations_worker", "operation_item": "1.2"}],
    },
    "city": {
        "kind": "true_false",
        "stem": "重庆的用电单位应当定期检查线路。",
        "key": ["A"],
        "topic": "线路",
        "difficulty": "0.25",
        "law_citation": "《安全生产法》第二十五条",
        "serves": [{"role": "principal"}, {"role": "safety_manager"}],
    },
}


@pytest.fixture
def known(client, writing, a_signed_in) -> tuple[Desk, dict[str, UUID]]:
    """Write the questions; one of them was asked in exams, and is flagged."""
    desk = a_desk_over_http(client, writing, a_signed_in)
    ids = {name: UUID(int=number) for number, name in enumerate(QUESTIONS, 1)}
    for name, body in QUESTIONS.items():
        reply = desk.put(f"/questions/{ids[name]}", body | {"bank_id": str(desk.bank_id)})
        assert reply.status_code == 200, reply.json
    desk.put(f"/questions/{ids['city']}/review-request")
    with writing():
        version = db.session.query(QuestionVersion).filter_by(question_id=ids["card"]).one()
        seen = Observed(
            response_count=300, facility=0.97, discrimination=4.0, outfit=1.0, options=()
        )
        found = Known(
            version_id=version.id,
            question_id=ids["card"],
            exposure_count=300,
            seen=seen,
            flags=[Flag.TOO_EASY],
        )
        standing.store([found], qualification="low_voltage_electrician", at=NOON)
    return desk, ids


CARD, CITY, BOTH, NONE = {"card"}, {"city"}, {"card", "city"}, set[str]()

#: What is asked, and what it finds.
SEARCHES = {
    "text=操作证": CARD,
    "text=作证每": CARD,
    "text=czz": CARD,
    "text=CQ": CITY,
    "text=zq": NONE,
    "text=操作证 线路": NONE,
    "topic=线路": CITY,
    "role=special_operations_worker": CARD,
    "role=principal": CITY,
    "role=safety_manager": CITY,
    "role=special_operations_worker&operation_item=1.2": CARD,
    "role=special_operations_worker&operation_item=1.1": NONE,
    "kind=true_false": CITY,
    "difficulty_from=0.3": CARD,
    "difficulty_from=0.1&difficulty_to=0.25": CITY,
    "state=draft": CARD,
    "state=in_review": CITY,
    "state=published": NONE,
    "rests_on_repealed_law=false": BOTH,
    "flag=too_easy": CARD,
    "flag=leak_suspected": NONE,
    "facility_from=0.95": CARD,
    "facility_to=0.5": NONE,
    "discrimination_to=10": CARD,
    "discrimination_from=10": NONE,
    "bank_id={bank}": BOTH,
    "author_id={author}": BOTH,
    f"author_id={UUID(int=9)}": NONE,
    f"law_id={UUID(int=9)}": NONE,
    "kind=single_choice&text=复审&flag=too_easy&topic=证书": CARD,
}


def test_a_search_finds_what_it_asks_for(known) -> None:
    desk, ids = known
    author = desk.get(f"/questions/{ids['card']}").json["version"]["author_id"]
    names = {str(question_id): name for name, question_id in ids.items()}

    found = {}
    for query in SEARCHES:
        reply = desk.get(f"/questions?{query.format(bank=desk.bank_id, author=author)}").json
        found[query] = {names[one["id"]] for one in reply["items"]}

    assert found == SEARCHES


def test_a_search_for_what_cannot_be_is_refused(known) -> None:
    for query in ("text=%20", "facility_from=nan", "flag=odd", "kind=essay"):
        assert known[0].get(f"/questions?{query}").status_code == 422
