"""Decisions about certificates on paper, for the holder and for the file (决定书服务)."""

from __future__ import annotations

from typing import Any

from certificates import decisions, grounds, printouts
from certificates.decisions import AT_ONCE, TITLES
from certificates.models import Certificate, CertificateEvent
from certificates.services import prints
from certificates.validity import Turn
from server.days import civil_day
from server.errors import NotFound


def document_of(certificate: Certificate, sequence: int) -> bytes:
    """Return the decision by which something befell a certificate, as a sealed page.

    Raises:
        NotFound: nothing befell it under this number that is decided in writing.
        SealMissing: nothing is there to seal it with.
    """
    event = next((each for each in certificate.events if each.sequence == sequence), None)
    if event is None or event.kind.value not in {turn.value for turn in TITLES}:
        raise NotFound
    told = _said(certificate, event)
    return prints.sealed(
        printouts.decision(told, at=event.at),
        issuer=certificate.content["issuer"]["name"],
        reason=f"{told['title_zh']} {certificate.serial}",
    )


def _said(certificate: Certificate, event: CertificateEvent) -> dict[str, Any]:
    """Return what the page says, from what was frozen at issue and what was decided."""
    turn, content = Turn(event.kind.value), certificate.content
    title_zh, title_en = TITLES[turn]
    if event.by_id is None and turn is Turn.SUSPENDED:
        title_zh, title_en = AT_ONCE
    basis, remedy = grounds.named(event.ground), decisions.remedy(event.effective_on)
    return {
        "title_zh": title_zh,
        "title_en": title_en,
        "issuer": content["issuer"]["name"],
        "document": event.document,
        "name": content["holder"]["name"],
        "holder_document": content["holder"]["document_masked"],
        "kind": content.get("title_zh") or "证书",
        "qualification": content["qualification"]["name_zh"],
        "number": content["number"],
        "serial": certificate.serial,
        "valid": f"{content['valid_from']} 至 {content['valid_until']}",
        "reason": event.reason.rstrip("。"),
        "ground": f"{basis.zh}（{basis.source_zh}）" if basis else None,
        "decided": _decided(turn, event),
        "consequences": _consequences(turn, event),
        "remedy": None if remedy is None else vars(remedy) | _NO_DAYS,
        "decided_on_zh": printouts.in_words(civil_day(event.at).isoformat()),
    }


#: The days of a remedy are not printed; they chose it.
_NO_DAYS = {"effective_from": None, "effective_until": None}


def _decided(turn: Turn, event: CertificateEvent) -> str:
    day = printouts.in_words(event.effective_on.isoformat())
    return {
        Turn.SUSPENDED: f"决定：自{day}起暂扣上述证书，暂扣期间不得凭该证书上岗作业。",
        Turn.REVOKED: f"决定：自{day}起撤销上述证书。",
        Turn.CANCELLED: f"决定：自{day}起注销上述证书。",
        Turn.VOIDED: "决定：上述证书系误发，自始无效，予以作废；其编号保留，不再使用。",
    }[turn]


def _consequences(turn: Turn, event: CertificateEvent) -> list[str]:
    """Return what else follows: bars, and that the standing can be verified by everybody."""
    found = []
    basis = grounds.named(event.ground)
    until = basis.barred_until(event.effective_on) if basis else None
    if until is not None:
        found.append(f"持证人在 {until.isoformat()} 之前（含当日）不得再次申请同类证书。")
    if event.by_id is None and turn is Turn.SUSPENDED:
        found.append("本次为依系统记录先行暂扣，发证机关将由工作人员核查后作出恢复或撤销的决定。")
    found.append("证书状态已同步至查验名单，任何人均可查验。")
    return found
