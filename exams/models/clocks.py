"""Which time the processes of a machine believed last (可信时间)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base


class ClockReading(Base):
    """What both clocks of a machine said when its wall clock was believed last (时钟读数)."""

    __tablename__ = "clock_reading"

    #: Names one machine from when it was switched on: its other clock counts from there.
    boot: Mapped[str] = mapped_column(primary_key=True)
    #: What the wall clock said.
    wall_at: Mapped[datetime]
    #: Seconds by the clock that nobody sets.
    monotonic: Mapped[float]
