"""Training hours as they go in and out: exact to a tenth (学时字段)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from marshmallow import fields, validate


class Hours(fields.Decimal):
    """Training hours (学时): `"16.0"` outside, tenths of hours inside."""

    def __init__(self, *, most: int = 2000, **options: Any) -> None:
        options.setdefault("metadata", {"description": "Training hours (学时), such as `16.0`."})
        bounds = validate.Range(Decimal("0.1"), Decimal(most))
        super().__init__(places=1, as_string=True, validate=bounds, **options)

    def deserialize(self, *args: Any, **kwargs: Any) -> Any:
        """Return tenths of hours; the bounds are those of hours."""
        hours = super().deserialize(*args, **kwargs)
        return int(hours * 10) if isinstance(hours, Decimal) else hours

    def _serialize(self, value: Any, *_where: Any, **_options: Any) -> Any:
        return None if value is None else f"{Decimal(value) / 10:.1f}"
