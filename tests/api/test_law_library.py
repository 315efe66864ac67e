"""The law changes, told over HTTP: what is marked, who gets the list, who may say it holds."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from server.days import civil_day
from server.policy import Role
from tests.factories.question_bank import a_file
from tests.factories.question_desk import Desk, a_desk_over_http
from tests.moments import NOON

TODAY = civil_day(NOON)
REVIEW = ["一", "单选题", "1.特种作业操作证每（）年复审1次。", "**A.1**B.3**C.6", "B"]
OTHER = ["一", "单选题", "2.谁负责？", "**A.甲**B.乙**C.丙", "B"]


@pytest.fixture
def desk(furnished, client, writing, a_signed_in) -> Desk:
    return a_desk_over_http(client, writing, a_signed_in)


@pytest.fixture
def keeper(furnished, a_signed_in) -> dict[str, str]:
    headers: dict[str, str] = a_signed_in(Role.REVIEWER).headers
    return headers


def test_authors_get_the_list_and_reviewers_clear_it(desk: Desk) -> None:
    desk.publish_all(a_file(REVIEW, OTHER))

    (mine,) = desk.get("/me/questions-on-law").json["items"]
    assert mine["rests_on_repealed_law"]
    assert mine["grounds"][0]["number"] == "原国家安全生产监督管理总局令第30号"
    assert mine["grounds"][0]["ended_on"] == "2026-05-31"
    assert mine["grounds"][0]["article"]["ordinal"] == 21
    assert "换证" in mine["grounds"][0]["note"]
    path = f"/questions/{mine['question_id']}"
    assert desk.get("/questions-on-law?on=2026-05-31").json["items"] == []

    refused = desk.put(f"{path}/law-clearance", {"reason": "无妨"})
    assert refused.status_code == 403
    cleared = desk.put(f"{path}/law-clearance", {"reason": "仅供历史题"}, who=desk.reviewer).json
    assert not cleared["rests_on_repealed_law"]
    assert desk.get("/me/questions-on-law").json["items"] == []
    assert desk.get(f"{path}/law").json["clearances"][0]["reason"] == "仅供历史题"


def test_a_law_is_entered_ended_and_replaced(desk: Desk, keeper: dict[str, str]) -> None:
    old, new, article = uuid4(), uuid4(), uuid4()
    body = {
        "code": "some_rules",
        "kind": "rule",
        "title": "某某规定",
        "number": "令第1号",
        "issuer": "某部",
        "valid_from": "2020-01-01",
        "source": "公报",
    }
    paragraph = {
        "ordinal": 5,
        "subject": "期限",
        "text": "每年一次。",
        "verbatim": True,
        "source": "公报",
    }

    assert desk.put(f"/laws/{old}", body).json["code"] == "not_allowed"
    assert desk.put(f"/laws/{old}", body, who=desk.reviewer).json["code"] == "not_allowed"
    assert desk.put(f"/laws/{old}", body, who=keeper).json["valid_until"] is None
    replacing = {**body, "code": "some_rules_2", "number": "令第2号", "valid_from": "2026-12-01"}
    assert desk.put(f"/laws/{new}", replacing, who=keeper).status_code == 200
    assert desk.put(f"/laws/{new}", body, who=keeper).json["code"] == "id_taken"
    path = f"/laws/{old}/articles/{article}"
    assert desk.put(path, paragraph, who=keeper).json["ordinal"] == 5
    assert desk.put(path, paragraph, who=keeper).status_code == 200

    question = str(uuid4())
    desk.put(
        f"/questions/{question}",
        {
            "bank_id": str(desk.bank_id),
            "kind": "true_false",
            "stem": "每年一次。",
            "key": ["A"],
            "serves": [{"role": "principal"}],
        },
    )
    tie = {"ties": [{"law_id": str(old), "article_id": str(article)}]}
    assert desk.put(f"/questions/{question}/law", tie).json["grounds"][0]["origin"] == "attached"

    yesterday = (TODAY - timedelta(days=1)).isoformat()
    ending = {"valid_until": yesterday, "replaced_by_id": str(new)}
    assert desk.put(f"/law-articles/{article}/end", {"valid_until": yesterday}, who=keeper).json[
        "valid_until"
    ] == (yesterday)
    assert desk.put(f"/laws/{old}/end", ending, who=keeper).json["replaced_by_id"] == str(new)
    early = {"valid_until": "2019-01-01"}
    assert desk.put(f"/laws/{old}/end", early, who=keeper).json["code"] == "end_before_beginning"
    listed = desk.get(f"/questions-on-law?law_id={old}").json["items"]
    assert [one["question_id"] for one in listed] == [question]


def test_whoever_is_signed_in_reads_the_law(desk: Desk, a_signed_in) -> None:
    learner = a_signed_in(Role.WORKER).headers

    (law,) = desk.get("/laws?text=特种作业人员&in_force_on=2026-05-31", who=learner).json["items"]
    assert law["number"].endswith("令第30号")
    assert desk.get(f"/laws/{law['id']}", who=learner).json == law
    articles = desk.get(f"/laws/{law['id']}/articles", who=learner).json["articles"]
    assert [one["ordinal"] for one in articles] == sorted(one["ordinal"] for one in articles)
    assert desk.get("/questions-on-law", who=learner).status_code == 403
    assert desk.client.get("/v1/laws").status_code == 401


def test_questions_of_other_banks_are_not_listed(desk: Desk, client, writing, a_signed_in) -> None:
    desk.publish_all(a_file(REVIEW))
    stranger = a_desk_over_http(client, writing, a_signed_in)
    (seen,) = desk.get("/questions-on-law").json["items"]

    assert stranger.get("/questions-on-law").json["items"] == []
    path = f"/questions/{seen['question_id']}"
    assert stranger.get(f"{path}/law").status_code == 404
    clear = stranger.put(f"{path}/law-clearance", {"reason": "x"}, who=stranger.reviewer)
    assert clear.status_code == 404
