"""How far the round of reminders of a day has come (提醒进度)."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base


class ReminderRound(Base):
    """The round of one day over all posts."""

    __tablename__ = "reminder_round"

    #: The day in Asia/Shanghai.
    day: Mapped[date] = mapped_column(primary_key=True)
    #: Behind which post it goes on; None at the beginning.
    cursor: Mapped[str | None]
    is_over: Mapped[bool] = mapped_column(default=False)
