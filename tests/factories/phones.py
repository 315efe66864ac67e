"""The numbers that phones have made for themselves."""

from __future__ import annotations

from uuid import UUID

#: The phone that everybody has, and another one.
PHONE, OTHER_PHONE = UUID(int=71), UUID(int=72)
