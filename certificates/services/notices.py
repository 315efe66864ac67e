"""What holders are told: a certificate issued, changed, about to end, ended (持证人告知)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import aliased

from certificates import grounds, moves
from certificates.models import Certificate, CertificateEvent, CertificateRule, EventKind
from certificates.models.certificates import status_of
from certificates.services.filing import Issued
from certificates.validity import Status, Turn
from server.db import db
from server.errors import Message
from server.messages.services import outbox
from server.messages.services.outbox import Notice, Told

#: Days looked back on: what a machine that stood still has missed is told late, and once.
_LOOKED_BACK = 7

_TURN_EN = {
    Turn.SUSPENDED: "was suspended",
    Turn.REINSTATED: "was reinstated",
    Turn.REVIEWED: "passed its review",
    Turn.REPLACED: "was replaced by a new one",
    Turn.REVOKED: "was revoked",
    Turn.CANCELLED: "was cancelled",
    Turn.VOIDED: "was voided",
}

#: Changes that a decision document is written for.
DECIDED = frozenset({Turn.SUSPENDED, Turn.REVOKED, Turn.CANCELLED, Turn.VOIDED})


def tell_issued(made: Iterable[Issued], *, at: datetime) -> None:
    """Tell holders that a certificate was issued to them."""
    outbox.tell_people([_issued(each) for each in made], at=at)


def tell_change(certificate: Certificate, event: CertificateEvent, *, at: datetime) -> None:
    """Tell the holder what befell a certificate, why, from when, and what can be done about it."""
    turn = Turn(event.kind.value)
    what_zh, what_en = moves.TURN_ZH[turn], _TURN_EN[turn]
    zh = f"{_named(certificate)}自 {event.effective_on} 起{what_zh}。原因：{event.reason}。"
    en = f"Your certificate {_number(certificate)} {what_en} as of {event.effective_on}: "
    en += f"{event.reason}."
    basis = grounds.named(event.ground)
    zh += f"依据：{basis.zh}（{basis.source_zh}）。" if basis else ""
    en += f" Ground: {basis.en}." if basis else ""
    zh += f"文号：{event.document}。" if event.document else ""
    en += f" Document: {event.document}." if event.document else ""
    if event.by_id is None and turn is Turn.SUSPENDED:
        zh += "此为先行暂扣，将由发证机关人工作出决定。"
        en += " This was done at once and by itself; an officer of the issuer will decide."
    if turn in DECIDED:
        zh += "决定书可在“我的证书”中下载，载有申请行政复议和提起诉讼的途径。"
        en += " The decision can be downloaded with your certificates; it says how to appeal."
    told = Told(
        kind=f"certificate_{turn.value}",
        title=Message(zh=f"证书{what_zh}", en=f"A certificate of yours {what_en}"),
        body=Message(zh=zh, en=en),
        subject_id=certificate.id,
    )
    once = f"{told.kind}:{certificate.id}:{event.sequence}"
    letter = Notice(person_id=certificate.person_id, told=told, once=once)
    outbox.tell_people([letter], at=at)


def ending(*, on: date) -> list[Notice]:
    """Return what is told to holders whose certificate is about to end, or has ended; a read.

    Told on the first day on which it is called expiring, and on the morrow of its last; once each.
    Who holds one that continues it, and whose no longer stands for another reason, is not told.
    """
    return [
        letter
        for each in _ending(on)
        for letter in [_ends(each, status_of(each, on))]
        if letter is not None
    ]


def send(letters: Sequence[Notice], *, at: datetime) -> None:
    """Tell holders what was found; what was told before is not told again."""
    outbox.tell_people(letters, at=at)


def _issued(certificate: Issued) -> Notice:
    days = certificate.content
    told = Told(
        kind="certificate_issued",
        title=Message(zh="证书已签发", en="A certificate was issued to you"),
        body=Message(
            zh=f"{_named(certificate)}已签发，有效期 {days['valid_from']} 至"
            f" {days['valid_until']}。",
            en=f"Your certificate {_number(certificate)} was issued; it stands from"
            f" {days['valid_from']} to {days['valid_until']}.",
        ),
        subject_id=certificate.id,
    )
    once = f"certificate_issued:{certificate.id}"
    return Notice(person_id=certificate.person_id, told=told, once=once)


def _ends(certificate: Certificate, standing: Status) -> Notice | None:
    last = certificate.valid_until
    if standing is Status.EXPIRING:
        zh, en = f"将于 {last} 到期，请及时办理换证或延期", f"ends on {last}: renew it in time"
    elif standing is Status.EXPIRED:
        zh, en = (
            f"已于 {last} 到期，不得再凭此证上岗",
            f"ended on {last}: do not work by it any more",
        )
    else:
        return None
    told = Told(
        kind=f"certificate_{standing.value}",
        title=Message(
            zh="证书即将到期" if standing is Status.EXPIRING else "证书已到期",
            en=f"A certificate of yours {en.partition(':')[0]}",
        ),
        body=Message(
            zh=f"{_named(certificate)}{zh}。",
            en=f"Your certificate {_number(certificate)} {en}.",
        ),
        subject_id=certificate.id,
    )
    once = f"{told.kind}:{certificate.id}:{last}"
    return Notice(person_id=certificate.person_id, told=told, once=once)


def _ending(on: date) -> Iterator[Certificate]:
    following, voiding = aliased(Certificate), aliased(CertificateEvent)
    voided = exists().where(
        voiding.certificate_id == following.id, voiding.kind == EventKind.VOIDED
    )
    continued = exists().where(following.previous_id == Certificate.id, ~voided)
    warned = select(CertificateRule.id, CertificateRule.warn_days)
    about_to = [
        and_(Certificate.rule_id == rule.id, _within(on + timedelta(days=rule.warn_days - 1)))
        for rule in db.session.execute(warned)
    ]
    statement = (
        select(Certificate)
        .where(or_(_within(on - timedelta(days=1)), *about_to), ~continued)
        .order_by(Certificate.id)
        .execution_options(yield_per=500)
    )
    yield from db.session.execute(statement).scalars()


def _within(last: date) -> ColumnElement[bool]:
    return Certificate.valid_until.between(last - timedelta(days=_LOOKED_BACK), last)


def _named(certificate: Certificate | Issued) -> str:
    held = certificate.content["qualification"]["name_zh"]
    return f"您的“{held}”证书（编号 {_number(certificate)}）"


def _number(certificate: Certificate | Issued) -> str:
    number: str = certificate.content["number"]
    return number
