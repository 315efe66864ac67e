"""What people do, step by step: learners, candidates, and whoever scans a certificate (行程).

Every journey is a generator of requests (see `messages`), so that the walkthrough, Locust and the
light client of the benchmarks walk the same ways.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID

from load_tests.messages import Ask, Journey, get, name_of, post, put

#: The addresses of an attempt.
ATTEMPT = "/v1/attempts/{attempt_id}"
PAPER = "/v1/attempts/{attempt_id}/paper"
RESPONSES = "/v1/attempts/{attempt_id}/responses"
SUBMISSION = "/v1/attempts/{attempt_id}/submission"
ENROLMENT = "/v1/enrolments/{enrolment_id}"

#: One word of a phone: slot, sequence, chosen options of the form.
Entry = dict[str, Any]

#: Says which options of a question, by their places, a candidate chooses.
Chooser = Callable[[Mapping[str, Any]], list[int]]

#: Short names of what journeys ask, for tables and files.
NAMES = {
    name_of("PUT", ATTEMPT): "start",
    name_of("GET", PAPER): "paper",
    name_of("PUT", RESPONSES): "save",
    name_of("PUT", SUBMISSION): "submit",
    name_of("GET", ATTEMPT): "standing",
    "GET /v1/me/certificates": "certificates",
    "GET /v1/me/practice-questions": "practise",
    "PUT /v1/me/practice-responses/{}": "practice_response",
    "GET /v1/verification/{}": "verify_serial",
    "POST /v1/verification": "verify_token",
}


@dataclass(kw_only=True)
class Sheet:
    """What a phone holds of an attempt: the paper, its own order, and its own numbering."""

    attempt_id: UUID
    epoch: int
    #: Questions by slot, as `/paper` showed them.
    questions: Mapping[int, Mapping[str, Any]]
    #: Slots in the order shown to this candidate.
    order: Sequence[int]
    _sequence: int = field(default=0, init=False)

    def entry(self, slot: int, chosen: Sequence[int]) -> Entry:
        """Return the phone's next word on a slot."""
        self._sequence += 1
        return {"slot": slot, "chosen": list(chosen), "sequence": self._sequence}

    def save(self, entries: Sequence[Entry]) -> Ask:
        """Return the request that sends entries."""
        body = {"epoch": self.epoch, "entries": list(entries)}
        return put(RESPONSES, body, attempt_id=self.attempt_id)


def short_name(ask: Ask) -> str:
    """Return the short name of what is asked."""
    operation = name_of(ask.method, ask.address)
    return NAMES.get(operation, operation)


def enrol(enrolment_id: UUID, exam_id: UUID, candidate_id: UUID | None = None) -> Ask:
    """Return the request for a place in an exam; for oneself where nobody is named."""
    body = {"exam_id": exam_id, "candidate_id": candidate_id}
    return put(ENROLMENT, body, enrolment_id=enrolment_id)


def start(attempt_id: UUID, enrolment_id: UUID) -> Journey[Sheet]:
    """Start an attempt and get its paper."""
    begun = (yield put(ATTEMPT, {"enrolment_id": enrolment_id}, attempt_id=attempt_id)).good()
    paper = (yield get(PAPER, attempt_id=attempt_id)).good()
    return Sheet(
        attempt_id=attempt_id,
        epoch=begun["epoch"],
        questions={question["slot"]: question for question in paper["questions"]},
        order=[place["slot"] for place in begun["order"]],
    )


def submit(sheet: Sheet) -> Ask:
    """Return the request that hands an attempt in."""
    return put(SUBMISSION, attempt_id=sheet.attempt_id)


def sit(
    attempt_id: UUID, enrolment_id: UUID, *, choose: Chooser, saves: int
) -> Journey[dict[str, Any]]:
    """Sit an exam from start to outcome, some questions in each save.

    Args:
        attempt_id: made by the phone.
        enrolment_id: the candidate's place.
        choose: says which options of a question the candidate chooses.
        saves: in how many batches the responses are sent.
    """
    sheet = yield from start(attempt_id, enrolment_id)
    for slots in _shares(sheet.order, saves):
        entries = [sheet.entry(slot, choose(sheet.questions[slot])) for slot in slots]
        receipt = (yield sheet.save(entries)).good()
        if receipt["acknowledged_count"] != len(entries):
            raise AssertionError(f"Not everything was acknowledged: {receipt['entries']}")
    outcome: dict[str, Any] = (yield submit(sheet)).good()
    return outcome


def guesser(seed: int) -> Chooser:
    """Return a candidate who knows nothing: some choice that the kind of question allows."""
    dice = Random(seed)

    def guess(question: Mapping[str, Any]) -> list[int]:
        options = range(len(question["options"]))
        if question["kind"] == "multiple_choice":
            return sorted(dice.sample(options, dice.randint(1, len(options))))
        return [dice.choice(options)]

    return guess


def look_after(attempt_id: UUID) -> Journey[list[dict[str, Any]]]:
    """See one's outcome, and the certificates one holds."""
    (yield get(ATTEMPT, attempt_id=attempt_id)).good()
    held: list[dict[str, Any]] = (yield get("/v1/me/certificates")).good()["items"]
    return held


def practise(role: str, *, seed: int, item: str | None = None) -> Journey[int]:
    """Practise some questions of one's role; return how many responses were right."""
    dice, right = Random(seed), 0
    whom = {"role": role, "operation_item": item, "limit": 10}
    shown = (yield get("/v1/me/practice-questions", query=whom)).good()["questions"]
    for question in shown:
        labels = [option["label"] for option in question["options"]]
        body = {"version_id": question["version_id"], "chosen": [dice.choice(labels)]}
        response_id = UUID(int=dice.getrandbits(128), version=4)
        ask = put("/v1/me/practice-responses/{response_id}", body, response_id=response_id)
        right += (yield ask).good()["correct"]
    return right


def verify(serial: str, token: str) -> Journey[dict[str, Any]]:
    """Ask, without an account, where a certificate stands: by its serial and by its token."""
    address = "/v1/verification/{serial}"
    (yield get(address, serial=serial)).good()
    answer: dict[str, Any] = (yield post("/v1/verification", {"token": token}, signed=False)).good()
    return answer


def _shares(slots: Sequence[int], count: int) -> Iterator[Sequence[int]]:
    """Cut the slots into so many shares of nearly the same size."""
    count = max(1, min(count, len(slots)))
    for number in range(count):
        yield slots[len(slots) * number // count : len(slots) * (number + 1) // count]
