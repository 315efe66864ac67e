"""Holders are told once: of a coming end, of an end, of what the platform did by itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from certificates.services import following, notices
from certificates.validity import Turn
from exams.events import BarImposed
from server.messages.services import outbox
from tests.factories.certificates import TODAY, a_certificate, an_issuer, befallen
from tests.factories.rosters import a_person
from tests.moments import NOON

#: A minute later, so that what comes later is listed later.
LATER = NOON + timedelta(minutes=1)


def _told(person_id):
    return [each.kind for each in outbox.of_person(person_id).items][::-1]


def _tell_ending(on, *, at):
    letters = notices.ending(on=on)
    notices.send(letters, at=at)
    return len(letters)


def test_an_end_is_told_when_it_comes_near_and_when_it_is_there_once_each(inside):
    made = a_certificate(a_person(name="欧阳建国"), an_issuer())
    seen = []
    for day in range(-92, 5):
        on = made.valid_until + timedelta(days=day)
        before = len(_told(made.person_id))
        _tell_ending(on, at=datetime(on.year, on.month, on.day, 4, tzinfo=UTC))
        if len(_told(made.person_id)) > before:
            seen.append(day)

    assert seen == [-89, 1], "90 days before it is expiring, and on the morrow it has ended"
    assert _told(made.person_id)[1:] == ["certificate_expiring", "certificate_expired"]


def test_a_machine_that_stood_still_tells_late_and_who_needs_nothing_is_left_in_peace(inside):
    issuer = an_issuer()
    ended, revoked, old = (a_certificate(a_person(name=n), issuer) for n in ("甲", "乙", "丙"))
    befallen(revoked, Turn.REVOKED)
    on = ended.valid_until + timedelta(days=6)

    first = _tell_ending(on, at=LATER)

    assert first == 2
    assert sorted(_told(revoked.person_id)) == ["certificate_issued", "certificate_revoked"]
    assert _told(old.person_id)[-1] == "certificate_expired"
    assert _tell_ending(on + timedelta(days=3), at=NOON) == 0, "too long ago"


def test_what_the_platform_does_by_itself_says_that_a_person_decides(inside):
    made = a_certificate(a_person(name="欧阳建国"), an_issuer())
    bar = BarImposed(
        bar_id=uuid4(),
        person_id=made.person_id,
        qualification_id=None,
        from_on=TODAY,
        until_on=None,
        reason="重大事故责任",
        at=LATER,
    )

    following.suspend_on_bar(bar)
    following.suspend_on_bar(bar)

    newest = outbox.of_person(made.person_id).items[0]
    assert _told(made.person_id) == ["certificate_issued", "certificate_suspended"]
    assert "人工作出决定" in newest.body_zh
    assert "重大事故责任" in newest.body_zh


def test_a_life_bar_revokes_by_its_document_and_the_holder_reads_it(inside):
    made = a_certificate(a_person(name="欧阳建国"), an_issuer(), qualification="principal")
    bar = BarImposed(
        bar_id=uuid4(),
        person_id=made.person_id,
        qualification_id=None,
        from_on=TODAY,
        until_on=None,
        reason="对重大生产安全事故负有责任",
        document="国务院安委办〔2026〕8号",
        revokes=True,
        at=LATER,
    )

    following.suspend_on_bar(bar)

    newest = outbox.of_person(made.person_id).items[0]
    assert newest.kind == "certificate_revoked"
    assert "国务院安委办〔2026〕8号" in newest.body_zh
    assert (made.events[-1].ground, made.events[-1].document) == (
        "barred",
        "国务院安委办〔2026〕8号",
    )
