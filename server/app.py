"""Putting the platform together from its parts: nothing but assembling (装配)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from alembic.script import ScriptDirectory
from click import Command
from flask import Flask, g, has_request_context
from flask_migrate import Migrate
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import make_url
from werkzeug.middleware.proxy_fix import ProxyFix

from server import (
    access,
    changes,
    connections,
    durability,
    events,
    fast_lane,
    health,
    lanes,
    observing,
    open_lane,
    openapi,
    problems,
    queues,
    replica,
    safety,
)
from server.access import Finder
from server.config import Config
from server.db import db
from server.doctor.findings import Check
from server.engines import engine_options, guard_durability
from server.events import Reactions
from server.gauges import collecting
from server.gauges.readings import Gauge
from server.http import Part
from server.jobs import running as jobs
from server.jobs import sealing
from server.jobs.resealing import Sealed
from server.jobs.work import Kind
from server.lanes import Lane
from server.open_lane import OpenLane
from server.upgrading import Hold
from server.web import pages
from server.work import Work

#: Connections that the threads of a process share; most wait for a commit, not for a connection.
MOST_CONNECTIONS = 16

MIGRATIONS = Path(__file__).parent / "migrations"


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What wsgi.py names: the parts, and what follows from what."""

    views: Sequence[Part] = ()
    reactions: Reactions = field(default_factory=dict)
    commands: Sequence[Command] = ()
    #: Finds who presents an access token.
    finder: Finder
    #: What runs beside the requests, each every so many seconds.
    work: Sequence[Work] = ()
    #: What is done in a process of its own, when somebody asks for it.
    jobs: Sequence[Kind] = ()
    #: What lies closed by the encryption key, and what says itself which key closed it.
    sealed: Sequence[Sealed] = ()
    rekeys: Sequence[tuple[str, Callable[..., int]]] = ()
    #: What keeps the schema from being changed now.
    holds: Sequence[Hold] = ()
    #: What `flask doctor` looks at before an exam day, besides the machine.
    checks: Sequence[Check] = ()
    #: What `/metrics` tells besides requests, and besides what the platform reads itself.
    gauges: Sequence[Gauge] = ()
    #: Set-up of a part that needs the settings: keys, ciphers.
    preparations: Sequence[Callable[[Flask, Config], None]] = ()
    #: Addresses answered in front of the framework, because a crowd waits there.
    lanes: Sequence[Lane[Any, Any]] = ()
    #: Addresses that strangers ask in crowds, answered in front of the framework, too.
    open_lanes: Sequence[OpenLane] = ()
    #: Loads reference data (regions, rules, catalogues); repeating it changes nothing.
    reference: Sequence[Callable[[], object]] = ()
    #: Loads the demonstration into an empty database, part by part.
    demonstration: Sequence[Callable[..., object]] = ()


def build_app(config: Config, parts: Parts, *, may_be_gone: bool = False) -> Flask:
    """Return the application for these settings, with these parts.

    Args:
        config: the settings.
        parts: what wsgi.py names.
        may_be_gone: whether the database need not answer: where one is brought back.

    Raises:
        UnsafeSettings: the database would lose what it acknowledges, or does not answer.
    """
    app = Flask("server", static_folder=None, template_folder="web/templates")
    app.config.update(
        SQLALCHEMY_DATABASE_URI=config.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(
            config.database_url,
            pool_size=min(config.threads, MOST_CONNECTIONS) + 2,
            prepared=config.prepared_statements,
        ),
        MAX_CONTENT_LENGTH=config.body_limit,
        MAX_FORM_MEMORY_SIZE=config.body_limit,
        DEBUG=config.debug,
        PROPAGATE_EXCEPTIONS=False,
    )
    app.json.sort_keys = False  # type: ignore[attr-defined]  # of Flask's default provider
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.extensions["config"] = config
    app.extensions["parts"] = parts
    app.extensions["schema_head"] = schema_head()
    observing.install(app)
    safety.install(app)
    problems.install(app)
    changes.install(app)
    events.install(app.extensions, parts.reactions)
    access.install(app, parts.finder)
    _open_database(app, config, may_be_gone=may_be_gone)
    replica.install(app, config)
    api = openapi.install(app)
    for views in (*parts.views, pages.views, health.views):
        api.serve(views)
    sealing.install(app, config)
    jobs.install(app, parts.jobs)
    collecting.install(app, parts.gauges)
    for prepare in parts.preparations:
        prepare(app, config)
    for command in parts.commands:
        app.cli.add_command(command)
    open_lane.install(app, engine_of(app), parts.open_lanes)
    lanes.install(app, parts.lanes)
    fast_lane.install(app)
    _trust_proxies(app, config)
    return app


def schema_head() -> str | None:
    """Return the name of the newest migration this code brings."""
    return ScriptDirectory(str(MIGRATIONS)).get_current_head()


def _trust_proxies(app: Flask, config: Config) -> None:
    if config.trusted_proxies:
        proxies = config.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, proxies, proxies)  # type: ignore[method-assign]  # how WSGI is wrapped


def _open_database(app: Flask, config: Config, *, may_be_gone: bool) -> None:
    _make_file(config)
    db.init_app(app)
    Migrate(app, db, directory=str(MIGRATIONS), render_as_batch=True, compare_type=True)
    with app.app_context():
        guard_durability(db.engine)
        event.listen(db.engine, "before_cursor_execute", _count_statement)
        with suppress(*[durability.DatabaseGone] if may_be_gone else ()):
            durability.check(db.engine, config)
        writer = connections.reserve(db.engine, app.config["SQLALCHEMY_ENGINE_OPTIONS"])
        event.listen(writer, "before_cursor_execute", _count_statement)
        queues.install(app, writer, reads_from=db.engine, step=config.step_seconds)


def _make_file(config: Config) -> None:
    """Make the file of an embedded database, which nobody but its owner may read."""
    path = make_url(config.database_url).database
    if config.on_sqlite and path and not Path(path).exists():
        with suppress(OSError):  # opening it will say why it cannot be made
            Path(path).touch(mode=0o600)


def _count_statement(connection: Connection, _cursor: object, statement: str, *_rest: Any) -> None:
    # Only SQLite is told in words that a transaction begins.
    if statement.startswith("BEGIN"):
        return
    if has_request_context():
        g.statements = g.get("statements", 0) + 1
    else:
        connections.note_statement(connection)


def engine_of(app: Flask) -> Engine:
    """Return the engine of an application, for commands and tests."""
    with app.app_context():
        return db.engine
