"""A candidate's phone in a browser, and the server's own record of what reached it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from playwright.sync_api import BrowserContext, Page, Route
from sqlalchemy import select

from certificates.models import Certificate
from exams.models import Attempt, ResponseEntry
from server.auth.models import Account, RoleGrant
from server.days import civil_day
from server.db import db
from server.policy import Role
from tests.factories import exams as a
from tests.factories.accounts import an_account
from tests.factories.auth import PASSWORD, digest
from tests.moments import NOON

#: Twenty questions, of every kind that can be tapped.
SECTIONS: a.Sections = (
    ("single_choice", 8, 5, {}),
    ("true_false", 8, 5, {}),
    ("multiple_choice", 4, 5, {}),
)

SCREEN = {"width": 360, "height": 740}

#: Sets what `Date` says, as somebody does who moves the clock of a phone. Its steady clock goes on.
MOVED_CLOCK = """(() => {
  const by = BY, Real = Date;
  globalThis.Date = class extends Real {
    constructor(...given) { given.length ? super(...given) : super(Real.now() + by); }
    static now() { return Real.now() + by; }
  };
})();"""


def moved_clock(by_ms: float = 0) -> str:
    """Return a script under which the phone's clock stands at NOON, or beside it."""
    return MOVED_CLOCK.replace("BY", str((NOON - datetime.now(UTC)).total_seconds() * 1000 + by_ms))


def known_password(sign_in_name: str) -> None:
    """Give a demonstration account the password of tests; within `writing()`."""
    account = db.session.execute(
        select(Account).where(Account.sign_in_name == sign_in_name)
    ).scalar_one()
    account.password_digest = digest()


def a_holder() -> None:
    """Let `holder` sign in, to whom the demonstration has issued a certificate."""
    found = select(Certificate.person_id).order_by(Certificate.number)
    taken = select(Account.person_id)
    person_id = db.session.execute(
        found.where(Certificate.person_id.not_in(taken)).limit(1)
    ).scalar_one()
    lets_sign_in(person_id, "holder")


def lets_sign_in(person_id: UUID, name: str, *roles: Role) -> None:
    """Let a person sign in by this name, with these roles everywhere; within `writing()`."""
    account = an_account(person_id, NOON)
    account.sign_in_name, account.password_digest = name, digest()
    account.password_checked_for = len(PASSWORD)
    db.session.add(account)
    db.session.flush()
    for role in roles:
        db.session.add(
            RoleGrant(account_id=account.id, role=role, from_on=civil_day(NOON), granted_at=NOON)
        )


def an_enrolled_electrician() -> None:
    """Store an exam that is open, and `electrician`, who has a place in it; within `writing()`."""
    scene = a.an_exam(sections=SECTIONS)
    candidate = a.an_electrician()
    a.an_enrolment(scene, candidate)
    lets_sign_in(candidate.id, "electrician")


def sign_in(page: Page, address: str, name: str = "electrician") -> None:
    """Sign in on a phone."""
    page.goto(f"{address}/app/")
    page.fill("input[name=name]", name)
    page.fill("input[name=password]", PASSWORD)
    page.click("form button")
    page.wait_for_selector("nav.tabs")


def sign_in_again(page: Page) -> None:
    """Sign in within the exam, after the button that asks for it."""
    page.fill("input[name=name]", "electrician")
    page.fill("input[name=password]", PASSWORD)
    page.click("[data-sign-in-again] form button")


@dataclass
class Candidate:
    """Somebody who taps. `context` outlives its pages, as a phone's storage does."""

    context: BrowserContext
    address: str
    page: Page

    def begin(self) -> str:
        """Start the exam that is open, and return the id of the attempt."""
        self.page.goto(f"{self.address}/app/#/exams")
        self.page.click("a.next-exam")
        self.page.click("[data-begin]")
        self.page.wait_for_selector("[data-place]")
        return self.attempt_id

    @property
    def attempt_id(self) -> str:
        """Return the attempt whose page is open."""
        return self.page.url.rsplit("/", 1)[-1]

    def tap(self, option: int = 0) -> None:
        """Choose the option shown at a place, and wait until the screen shows it."""
        label = self.page.locator(".option").nth(option)
        label.click()
        label.locator("input:checked").wait_for(state="attached")

    def on(self) -> None:
        """Go to the next question."""
        place = int(self.page.get_attribute("[data-place]", "data-place") or 0)
        self.page.click("[data-next]")
        self.page.wait_for_selector(f"[data-place='{place + 1}']")

    def reopen(self) -> None:
        """Open the app anew where it was, in a page that knows nothing of the old one."""
        url = self.page.url
        with suppress(Exception):  # a page that was killed cannot be closed properly
            self.page.close()
        self.page = self.context.new_page()
        self.page.goto(url, wait_until="commit")

    def wait_for_light(self, kind: str) -> None:
        """Wait until the light is `good`, `busy` or `bad`."""
        self.page.wait_for_selector(f"[data-light={kind}]")

    def words(self) -> dict[int, dict[str, Any]]:
        """Return what the phone has stored, by slot."""
        stored = self.page.evaluate(
            """() => new Promise((done) => {
              const request = indexedDB.open("safety-phone");
              request.onsuccess = () => {
                const words = request.result.transaction("words").objectStore("words").getAll();
                words.onsuccess = () => { request.result.close(); done(words.result); };
              };
            })"""
        )
        return {word["slot"]: word for word in stored}

    def hand_in(self) -> None:
        """Hand in from the answer sheet."""
        self.page.click("[data-sheet]")
        self.page.click("[data-hand-in]")
        self.page.click("[data-hand-in-now]")


def cut(route: Route) -> None:
    """Let a request fail as without a network."""
    route.abort("internetdisconnected")


def held(app: Any, attempt_id: str) -> dict[int, ResponseEntry]:
    """Return the server's record: of each slot the word that counts."""
    found: dict[int, ResponseEntry] = {}
    for entry in entries(app, attempt_id):
        if not entry.late:
            known = found.get(entry.slot)
            if known is None or (known.epoch, known.sequence) < (entry.epoch, entry.sequence):
                found[entry.slot] = entry
    return found


def entries(app: Any, attempt_id: str) -> list[ResponseEntry]:
    """Return every word that the server holds of an attempt."""
    with app.app_context():
        statement = select(ResponseEntry).where(ResponseEntry.attempt_id == UUID(attempt_id))
        return list(db.session.execute(statement).scalars())


def attempts(app: Any) -> list[Attempt]:
    """Return every attempt there is."""
    with app.app_context():
        return list(db.session.execute(select(Attempt)).scalars())


def bits(chosen: list[int]) -> int:
    """Return option numbers as the server stores them."""
    return sum(1 << option for option in chosen)


def agree(app: Any, candidate: Candidate, attempt_id: str) -> dict[int, dict[str, Any]]:
    """See that the phone's last words and the server's record are one, and none is in doubt."""
    words = candidate.words()
    record = {slot: entry.chosen for slot, entry in held(app, attempt_id).items()}
    assert {slot: bits(word["chosen"]) for slot, word in words.items()} == record
    assert {word["state"] for word in words.values()} <= {"held"}
    return words
