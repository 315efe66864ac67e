"""Chapter: a certificate on paper, on the phone, at the gate, until it is revoked (证书的一生).

A lost card is issued again; its code is read from the rendered page by a library that is not the
platform's; the holder shows a Ping'an card; a gate that was registered scans; a suspension is
decided by two people, a revocation is told at once everywhere and for every day.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import pypdfium2
import zxingcpp
from PIL import Image

from load_tests.chapters.story import Story
from load_tests.client import Client
from load_tests.expectations import expect, expect_that
from load_tests.messages import Ask, get, post, put
from load_tests.offline import scan
from load_tests.setting import appoint, today

_ONE = "/v1/certificates/{certificate_id}"
_MINE = "/v1/me/certificates/{certificate_id}"


@dataclass(kw_only=True)
class Life:
    """The certificate whose life is told, and those who deal with it."""

    story: Story
    certificate: dict[str, Any]
    #: Who decides, and another.
    officer: Client
    second: Client
    #: The device at the gate, by its key.
    device_id: UUID
    key: str = ""

    @property
    def holder(self) -> Client:
        """The phone of who holds it."""
        return self.story.candidate.phone

    def decide(self, noun: str, *, by: Client | None = None, **body: Any) -> Any:
        """Let an officer decide something about it."""
        ask = put(
            f"{_ONE}/{noun}", {"reason": "走查"} | body, certificate_id=self.certificate["id"]
        )
        return (by or self.officer).send(ask).good()

    def at_gate(self, ask: Ask) -> Any:
        """Ask as the device at the gate does: with its key and no account."""
        device = Client(self.story.setting.url)
        return device.send(replace(ask, signed=False, headers={"X-Gate-Key": self.key})).good()

    def scanned(self) -> dict[str, Any]:
        """Scan the code of the certificate at the gate."""
        one = {
            "id": self.story.setting.new_id(),
            "token": self.certificate["token"],
            "scanned_at": f"{today()}T08:00:00+08:00",
        }
        (answer,) = self.at_gate(put("/v1/gate/scans", {"scans": [one]}))["items"]
        return dict(answer)

    def standing(self) -> str:
        """Ask as a stranger where it stands, by its code."""
        stranger = Client(self.story.setting.url)
        ask = post("/v1/verification", {"token": self.certificate["token"]}, signed=False)
        return str(stranger.send(ask).good()["standing"])

    def told(self) -> list[str]:
        """Return of what the holder was told in the app, the newest first."""
        return [each["kind"] for each in self.holder.send(get("/v1/me/messages")).good()["items"]]


def tell(story: Story) -> None:
    """Tell the life of the certificate that the story earned."""
    setting = story.setting
    life = Life(
        story=story,
        certificate=story.certificate,
        officer=setting.staff["issuer"],
        second=appoint(setting, "issuer", "authority"),
        device_id=setting.new_id(),
    )
    _lost(life)
    _read_back(life)
    _card(life)
    _gate(life)
    _suspended(life)
    _revoked(life)
    _remembered(life)


def _lost(life: Life) -> None:
    with life.story.step("card lost, issued again under its number") as step:
        old = life.certificate
        new_id = life.story.setting.new_id()
        made = life.decide("replacement", certificate_id=new_id, cause="lost")
        expect("number kept", made["number"], old["number"])
        expect("edition", made["edition"], old["edition"] + 1)
        expect("the old one", life.standing(), "replaced")
        life.certificate = made
        expect("the new one", life.standing(), "valid")
        step.result = f"{made['number']}, {made['remark']}"


def _read_back(life: Life) -> None:
    with life.story.step("code read from the rendered page, card and picture") as step:
        token, ids = life.certificate["token"], {"certificate_id": life.certificate["id"]}
        page = life.officer.send(get(f"{_ONE}/page.pdf", **ids))
        card = life.officer.send(get(f"{_ONE}/card.pdf", **ids))
        picture = life.holder.send(get(f"{_MINE}/picture.png", **ids))
        for reply in (page, card, picture):
            reply.good()
        shown = [*_pages(page.raw), *_pages(card.raw), Image.open(io.BytesIO(picture.raw))]
        read = [each.text for image in shown for each in zxingcpp.read_barcodes(image)]
        expect("codes read", set(read), {token})
        expect("times read", len(read), 3)
        scanned = scan(read[0], life.story.pinned, on=today())
        expect("holder", scanned.holder, life.story.candidate.papers.name)
        step.result = f"3 of 3; page {len(page.raw) / 1000:.0f} kB"


def _pages(document: bytes) -> list[Image.Image]:
    with pypdfium2.PdfDocument(document) as opened:
        return [page.render(scale=4).to_pil() for page in opened]


def _card(life: Life) -> None:
    with life.story.step("Ping'an card on the holder's phone") as step:
        card = life.holder.send(get("/v1/me/card")).good()
        person, name = life.story.candidate, life.story.candidate.papers.name
        expect_that(
            "the name is masked", card["name_masked"] != name and "某" in card["name_masked"]
        )
        expect_that("no document number", person.papers.document_number not in str(card))
        expect("the day", card["on"], today().isoformat())
        verdicts = life.holder.send(get("/v1/me/on-post")).good()["items"]
        said = [verdict["may_work"] for site in card["sites"] for verdict in site["verdicts"]]
        expect("the verdicts", sorted(said), sorted(each["may_work"] for each in verdicts))
        shown = [each["serial"] for each in card["certificates"] if each["status"] == "valid"]
        expect_that("the certificate is on it", life.certificate["serial"] in shown)
        (site,) = card["sites"]
        step.result = f"{card['name_masked']}, {site['name']}: {site['may_work']}, {site['mark']}"


def _gate(life: Life) -> None:
    with life.story.step("gate registered, roster held, code scanned") as step:
        setting = life.story.setting
        officer = appoint(setting, "enterprise_safety_officer", "enterprise")
        body = {"organisation_id": setting.organisations["enterprise"], "name": "走查一号门"}
        ask = put("/v1/gate-devices/{device_id}", body, device_id=life.device_id)
        life.key = officer.send(ask).good()["key"]
        roster = life.at_gate(get("/v1/gate/roster"))
        card = life.holder.send(get("/v1/me/card")).good()
        expect("the mark of the day", roster["mark"], card["sites"][0]["mark"])
        (expected,) = (
            one for one in roster["items"] if life.certificate["serial"] in one["serials"]
        )
        answer = life.scanned()
        expect("what scan and roster say", answer["may_enter"], expected["may_enter"])
        expect("what card and gate say", answer["may_enter"], card["sites"][0]["may_work"])
        address = "/v1/gate-devices/{device_id}/scans"
        kept = officer.send(get(address, device_id=life.device_id)).good()["items"]
        expect("scans kept", [one["id"] for one in kept], [answer["id"]])
        step.result = f"{len(roster['items'])} on the roster; {answer['message']['zh']}"


def _suspended(life: Life) -> None:
    with life.story.step("suspended by one, lifted by another, told") as step:
        life.decide("suspension", document="暂扣〔2026〕1号")
        expect("standing", life.standing(), "suspended")
        expect("at the gate", life.scanned()["may_enter"], False)
        ids = {"certificate_id": life.certificate["id"]}
        alone = life.officer.send(put(f"{_ONE}/reinstatement", {"reason": "查清"}, **ids))
        expect("lifted alone", alone.code, "second_person_needed")
        life.decide("reinstatement", by=life.second)
        expect("standing", life.standing(), "valid")
        expect("told", life.told()[:2], ["certificate_reinstated", "certificate_suspended"])
        step.result = "suspended → second_person_needed → valid"


def _revoked(life: Life) -> None:
    with life.story.step("revoked: refused everywhere, decision in hand") as step:
        document = "撤销〔2026〕1号"
        revoked = life.decide("revocation", ground="responsible_for_accident", document=document)
        expect("standing", life.standing(), "revoked")
        answer = life.scanned()
        expect("at the gate", (answer["may_enter"], answer["reason"]), (False, "revoked"))
        expect("told", life.told()[0], "certificate_revoked")
        sequence, ids = revoked["events"][-1]["sequence"], {"certificate_id": revoked["id"]}
        address = f"{_MINE}/decisions/{sequence}.pdf"
        decision = life.holder.send(get(address, **ids))
        decision.good()
        expect_that("a decision", decision.raw.startswith(b"%PDF"))
        step.result = f"decision {len(decision.raw) / 1000:.0f} kB"


def _remembered(life: Life) -> None:
    with life.story.step("where it stood, for every day") as step:
        serial = life.certificate["serial"]
        stranger = Client(life.story.setting.url)
        told = stranger.send(get("/v1/verification/{serial}/timeline", serial=serial)).good()
        phases = told["phases"]
        expect("the last phase", (phases[-1]["status"], phases[-1]["until"]), ("revoked", None))
        expect(
            "the first phase", (phases[0]["status"], phases[0]["since"]), ("not_yet_valid", None)
        )
        for one, other in pairwise(phases):
            day = date.fromisoformat(one["until"]) + timedelta(days=1)
            expect("no day between", day.isoformat(), other["since"])
        step.result = " → ".join(phase["status_zh"] for phase in phases)
