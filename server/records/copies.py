"""Pure: whether bytes are a copy of a document that can be kept (证件复印件规则)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum

from server.people import photos
from server.records.errors import CopyRefused

#: Bytes of the smallest and the largest copy.
SMALLEST, LARGEST = 200, 5_000_000

#: Pixels of the longest side of a scan.
LONGEST_SIDE = 10_000

#: What a PDF that only shows pages has no use for: scripts, other programs, other files.
_ACTIVE = (
    b"/JavaScript",
    b"/JS",
    b"/Launch",
    b"/EmbeddedFile",
    b"/OpenAction",
    b"/AA",
    b"/RichMedia",
    b"/XFA",
    b"/SubmitForm",
    b"/Encrypt",
)


class CopyKind(StrEnum):
    """What was copied (复印件类别)."""

    #: 身份证人像面、国徽面
    IDENTITY_FRONT = "identity_front"
    IDENTITY_BACK = "identity_back"
    #: 学历证书
    EDUCATION = "education"
    #: 体检证明
    HEALTH = "health"
    #: 技能等级、职称证书
    SKILL = "skill"
    #: 处罚、处分等决定
    DECISION = "decision"
    #: 签到表、考核试卷等
    TRAINING = "training"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True)
class Copy:
    """A copy that can be kept."""

    #: SHA-256 of the content.
    hash: str
    media_type: str
    content: bytes = field(repr=False)


def read(content: bytes) -> Copy:
    """Return the copy, its kind found out from its content and not from what was said.

    Raises:
        CopyRefused: it is too small or too large, no JPEG, PNG or PDF, or a PDF with more in it
            than pages.
    """
    if not SMALLEST <= len(content) <= LARGEST:
        raise CopyRefused(
            reason=f"it has not between {SMALLEST} and {LARGEST} bytes",
            reason_zh=f"文件大小应在 {SMALLEST} 到 {LARGEST} 字节之间",
        )
    return Copy(
        hash=hashlib.sha256(content).hexdigest(), media_type=_media_type(content), content=content
    )


def _media_type(content: bytes) -> str:
    if content.startswith(b"%PDF-"):
        _check_pdf(content)
        return "application/pdf"
    found = photos.kind_of(content)
    if found is None:
        raise CopyRefused(
            reason="it is no JPEG, PNG or PDF", reason_zh="不是 JPEG、PNG 或 PDF 文件"
        )
    media_type, size = found
    if size is None or max(size) > LONGEST_SIDE or min(size) < 1:
        raise CopyRefused(
            reason=f"its sides are not between 1 and {LONGEST_SIDE} pixels",
            reason_zh=f"边长应在 1 到 {LONGEST_SIDE} 像素之间",
        )
    return media_type


def _check_pdf(content: bytes) -> None:
    if b"%%EOF" not in content[-2048:]:
        raise CopyRefused(reason="the PDF has no end", reason_zh="PDF 文件不完整")
    # Names may be written with #xx for any character; nothing honest does so in these.
    if any(name in content for name in _ACTIVE) or b"/J#" in content or b"/#" in content:
        raise CopyRefused(
            reason="the PDF holds scripts, files or a lock besides its pages",
            reason_zh="PDF 含有脚本、附件或加密内容",
        )
