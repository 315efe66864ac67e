"""What examiners decided about words that came too late (迟到作答处理)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base


class LateDecision(Base):
    """A decision about the late entries of an attempt: only ever added, the original kept."""

    __tablename__ = "late_decision"

    #: Made by the examiner's device, so that sending twice decides once.
    id: Mapped[UUID] = mapped_column(primary_key=True)
    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("attempt.id"), index=True)
    admitted: Mapped[bool]
    reason: Mapped[str]
    decided_at: Mapped[datetime]
    by_account_id: Mapped[UUID]
    #: The entries it was about: `[[slot, epoch, sequence, chosen bits, received_at], …]`.
    entries: Mapped[list[Any]]
    #: The outcome that stood before.
    score_before: Mapped[str]
    passed_before: Mapped[bool]
    #: The outcome that the entries would give; it stands where it is better.
    score_with: Mapped[str]
    passed_with: Mapped[bool]
