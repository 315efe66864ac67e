"""Whether this process lives, and whether it can work (健康检查)."""

from __future__ import annotations

from typing import Any

from flask import current_app
from marshmallow import Schema, fields
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from server import expansion, observing
from server.access import open_to_all
from server.db import db
from server.errors import Unavailable
from server.http import Part

views = Part("platform", "平台运行状态 · How the platform itself is doing.", prefix="")


class Health(Schema):
    """How the platform is doing."""

    status = fields.String(required=True, metadata={"description": "`ok`"})


@views.route("/healthz", methods=["GET"])
@open_to_all
@views.response(200, Health)
def show_health() -> dict[str, str]:
    """Say that this process answers."""
    return {"status": "ok"}


@views.route("/readyz", methods=["GET"])
@open_to_all
@views.response(200, Health)
@views.refuses(Unavailable)
def show_readiness() -> dict[str, str]:
    """Say that the database answers, too, and has a schema that this code can serve."""
    try:
        with db.engine.connect() as connection:
            found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
            fits = expansion.serves(connection, found, current_app.extensions["schema_head"])
    except SQLAlchemyError:
        raise Unavailable(retry_after=2) from None
    if not fits:
        raise Unavailable(retry_after=2)
    return {"status": "ok"}


@views.route("/metrics", methods=["GET"])
@open_to_all
@views.response(200, {"type": "string"}, content_type="text/plain")
def show_metrics() -> Any:
    """Show the figures of this server for Prometheus; keep it inside by the proxy."""
    return observing.figures(current_app.extensions["gauges"])
