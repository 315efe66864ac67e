"""Every misuse of certificates is refused by a code and a sentence in both languages.

One table: what somebody tries, the code, a piece of each sentence.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import update

from certificates.models import NumberRange
from certificates.numbering import LAST_PLACE
from exams.models import LateDecision, RoomEvent
from exams.rooms import RoomAct
from server.db import db, transaction
from server.people.models import Person
from server.people.roster import PostRole
from server.policy import Role
from tests.factories.accounts import an_account
from tests.factories.bureaus import Bureau
from tests.factories.certificates import TODAY, a_training, an_issuer
from tests.factories.practicals import a_passed_theory, a_practical
from tests.factories.rosters import a_person, a_post, an_organisation, stored
from tests.moments import NOON


@dataclass
class Scene:
    """What the misuses are tried upon."""

    bureau: Bureau
    attempt_id: UUID
    attempt_qualification_id: UUID
    headers: dict[str, Any] = field(default_factory=dict)
    held: dict[str, dict[str, Any]] = field(default_factory=dict)

    def issue(self, code: str = "principal", **changed: Any) -> Any:
        """Try to issue by an officer; `by` says who."""
        by = changed.pop("by", "officer")
        return self.bureau.issue(code, headers=self.headers[by], **changed)

    def put(self, certificate: str, noun: str, **body: Any) -> Any:
        """Try to change a certificate that is held."""
        by = body.pop("by", "officer")
        return self.bureau.put(self.held[certificate], noun, headers=self.headers[by], **body)

    def upon_attempt(self, by: str = "officer") -> Any:
        """Try to issue upon the passed attempt."""
        return self.issue(
            by=by,
            attempt_id=str(self.attempt_id),
            qualification_id=str(self.attempt_qualification_id),
        )


@pytest.fixture
def scene(client, writing, a_signed_in):
    """A worker with a passed theory, certificates in several standings, people too near to them."""
    with writing():
        issuer, theory = an_issuer(), a_passed_theory()
        _, (scorer, _) = a_practical(theory)
        worker = db.session.get_one(Person, theory.candidate_id)
        works, school = an_organisation(), an_organisation()
        people = {name: a_person(name=name) for name in ("colleague", "teacher", "watched", "late")}
        twin = a_person(name="watched")
        for each in (twin, people["watched"]):
            each.birth_on = date(1980, 1, 1)
        for each, place in ((worker, works), (people["colleague"], works)):
            a_post(each, place, role=PostRole.EMPLOYEE)
        a_post(people["teacher"], school, role=PostRole.EMPLOYEE)
        a_training(worker, "qualification", provider_id=school.id)
        ids = {name: each.id for name, each in people.items()} | {"scorer": scorer.person_id}
        told = (theory.id, theory.exam_id, theory.exam.qualification_id, twin.id)
        bureau = Bureau(client, a_signed_in, issuer.id, issuer.organisation_id, worker.id)
    scene = Scene(bureau, told[0], told[2])
    accounts = {}
    everybody = ids | {"holder": bureau.person_id, "officer": None, "second": None}
    for name, person_id in everybody.items():
        signed = a_signed_in(Role.ISSUER, person_id=person_id, organisation_id=bureau.authority_id)
        scene.headers[name], accounts[name] = signed.headers, signed.account_id
    with writing():
        # The invigilator acted under another registration of the same human being.
        _invigilated(told[1], stored(an_account(told[3], NOON)).id)
        _decided_late(told[0], accounts["late"])
    _hold(scene)
    return scene


def _invigilated(exam_id: UUID, account_id: UUID) -> None:
    stored(
        RoomEvent(
            id=uuid4(),
            exam_id=exam_id,
            room=None,
            kind=RoomAct.START,
            reason="开考",
            happened_at=NOON,
            by_account_id=account_id,
            changed_count=1,
            left_count=0,
        )
    )


def _decided_late(attempt_id: UUID, account_id: UUID) -> None:
    stored(
        LateDecision(
            id=uuid4(),
            attempt_id=attempt_id,
            admitted=False,
            reason="网络正常",
            decided_at=NOON,
            by_account_id=account_id,
            entries=[],
            score_before="90",
            passed_before=True,
            score_with="90",
            passed_with=True,
        )
    )


def _hold(scene: Scene) -> None:
    """Let the worker hold certificates that stand, are suspended, and were replaced."""
    kinds = {"stands": "safety_manager", "suspended": "high_voltage_electrician"}
    for name, code in (*kinds.items(), ("lost", "construction_principal")):
        made = scene.issue(code)
        assert made.status_code == 200, made.json
        scene.held[name] = made.json
    assert scene.put("suspended", "suspension").status_code == 200
    lost = scene.put("lost", "replacement", certificate_id=str(uuid4()), cause="lost")
    assert lost.status_code == 200, lost.json


def _barred(scene: Scene) -> Any:
    body = {
        "person_id": str(scene.bureau.person_id),
        "qualification_id": None,
        "from_on": TODAY.isoformat(),
        "until_on": None,
        "reason": "终身否决",
    }
    headers = scene.headers["bureau above"]
    imposed = scene.bureau.client.put(f"/v1/bars/{uuid4()}", json=body, headers=headers)
    assert imposed.status_code == 200, imposed.json
    return scene.issue()


def _beyond_the_range(scene: Scene) -> Any:
    """Let the last number of the range be given out."""
    with scene.bureau.client.application.app_context(), transaction():
        db.session.execute(update(NumberRange).values(last_place=LAST_PLACE))
    return scene.issue("safety_manager", valid_from="2031-01-01")


def _under_a_taken_id(scene: Scene) -> Any:
    body = {"certificate_id": scene.held["stands"]["id"], "cause": "lost"}
    return scene.put("lost", "replacement", **body)


def _with_taken_letters(scene: Scene) -> Any:
    body = {
        "code": "local",
        "kind": "another",
        "kind_zh": "另一类",
        "kind_en": "Another",
        "letters": "SM",
        "role": "employee",
        "years": 2,
        "effective_from": "2026-01-01",
        "order_zh": "地方规定",
        "order_en": "Local order",
    }
    address = f"/v1/issuers/{scene.bureau.issuer_id}/certificate-rules/{uuid4()}"
    headers = scene.headers["administrator"]
    return scene.bureau.client.put(address, json=body, headers=headers)


def _approved_by_who_proposed(scene: Scene) -> Any:
    batch = f"/v1/certificate-batches/{uuid4()}"
    body = {
        "issuer_id": str(scene.bureau.issuer_id),
        "qualification_id": scene.held["stands"]["qualification_id"],
        "valid_from": TODAY.isoformat(),
        "reason": "批量",
        "people": [str(scene.bureau.person_id)],
    }
    client, headers = scene.bureau.client, scene.headers["officer"]
    assert client.put(batch, json=body, headers=headers).status_code == 200
    return client.put(f"{batch}/approval", json={"reason": "同意"}, headers=headers)


#: What is tried, the status, the code, and a piece of the sentence in Chinese and in English.
TABLE: list[tuple[Callable[[Scene], Any], int, str, str, str]] = [
    (
        lambda scene: scene.issue("safety_manager"),
        409, "certificate_overlaps", "已持有同一资格的证书", "holds certificate",
    ),
    (
        lambda scene: scene.issue("safety_manager", valid_from="2029-06-14"),
        409, "certificate_overlaps", "有效期至 2029-06-14", "until 2029-06-14",
    ),
    (
        lambda scene: scene.upon_attempt(),
        409, "outcome_missing", "已公布合格成绩", "no released, passed outcome",
    ),
    (
        lambda scene: scene.issue(attempt_id=str(UUID(int=7))),
        409, "outcome_missing", "已公布合格成绩", "no released, passed outcome",
    ),
    (
        lambda scene: scene.issue(by="holder"),
        403, "own_certificate", "不得为本人", "of their own",
    ),
    (
        lambda scene: scene.put("stands", "revocation", ground="barred", by="holder"),
        403, "own_certificate", "不得为本人", "of their own",
    ),
    (
        lambda scene: scene.issue(by="teacher"),
        403, "trained_holder", "考培分离", "trained or examined",
    ),
    (
        lambda scene: scene.issue(by="colleague"),
        403, "same_employer", "同属一个单位", "same organisation",
    ),
    (
        lambda scene: scene.upon_attempt("watched"),
        403, "trained_holder", "考培分离", "trained or examined",
    ),
    (
        lambda scene: scene.upon_attempt("late"),
        403, "trained_holder", "考培分离", "trained or examined",
    ),
    (
        lambda scene: scene.upon_attempt("scorer"),
        403, "trained_holder", "考培分离", "trained or examined",
    ),
    (
        lambda scene: scene.put("suspended", "reinstatement"),
        409, "second_person_needed", "不得由同一人", "may not lift it",
    ),
    (
        lambda scene: scene.put("stands", "reinstatement"),
        409, "move_refused", "不能恢复", "cannot be reinstated",
    ),
    (
        lambda scene: scene.put("lost", "replacement", certificate_id=str(uuid4()), cause="lost"),
        409, "move_refused", "已由新证替代", "replaced",
    ),
    (
        lambda scene: scene.put(
            "suspended", "revocation", ground="barred", effective_on="2026-06-01"
        ),
        409, "effective_before_last", "不得早于", "not earlier",
    ),
    (
        lambda scene: scene.put("stands", "revocation", ground="health_unfit"),
        422, "ground_not_in_force", "不是", "no ground in force",
    ),
    (
        lambda scene: scene.put("stands", "renewal", certificate_id=str(uuid4())),
        409, "too_early", "之后办理", "may be decided from",
    ),
    (
        lambda scene: scene.put("stands", "extension", certificate_id=str(uuid4())),
        409, "not_extendable", "不办理延期", "are not extended",
    ),
    (_under_a_taken_id, 409, "id_taken", "已被另一条", "differs from what was sent"),
    (_with_taken_letters, 409, "letters_taken", "已用于另一类证书", "another kind"),
    (_approved_by_who_proposed, 409, "batch_proposer_decides", "提出", "proposed"),
    (_beyond_the_range, 409, "range_exhausted", "已用完", "used up"),
    (_barred, 409, "barred", "不得发证", "may not be certified"),
]  # fmt: skip


def test_every_misuse_is_refused_by_a_code_and_a_sentence_in_both_languages(
    scene, a_signed_in, client
):
    scene.headers["administrator"] = a_signed_in(Role.ADMINISTRATOR).headers
    scene.headers["bureau above"] = a_signed_in(Role.ISSUER).headers
    different = []
    for number, (attempt, status, code, zh, en) in enumerate(TABLE):
        for tongue, piece in (("zh-CN", zh), ("en", en)):
            client.environ_base["HTTP_ACCEPT_LANGUAGE"] = tongue
            told = attempt(scene)
            found = (told.status_code, told.json.get("code"), piece in told.json.get("detail", ""))
            if found != (status, code, True):
                different.append((number, code, tongue, told.json))

    assert different == []
    codes = {row[2] for row in TABLE}
    assert len(codes) >= 15
