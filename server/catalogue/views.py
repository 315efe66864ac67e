"""Addresses of the catalogue of special operations (特种作业目录接口)."""

from __future__ import annotations

from datetime import date
from typing import Any

from server import clock
from server.access import open_to_all
from server.catalogue import operations
from server.catalogue.schemas import CatalogueOut, OnQuery
from server.http import Part

views = Part("catalogue", "The catalogue of special operations 特种作业目录")


@views.route("/operation-items")
@open_to_all
@views.arguments(OnQuery, location="query")
@views.response(200, CatalogueOut)
def show_operation_items(query: dict[str, date | None]) -> dict[str, Any]:
    """Show the catalogue of special operations that counts on a day."""
    on = query["on"] or clock.today()
    counting = operations.version(on)
    head = {name: getattr(counting, name, None) for name in CatalogueOut().fields}
    return {**head, "items": operations.items(on)}
