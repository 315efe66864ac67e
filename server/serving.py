"""Bringing the platform up: checks, migrations, reference data, then the server (启动)."""

from __future__ import annotations

import socket
import sys
from functools import partial

import click
from alembic.script import ScriptDirectory
from flask import Flask, current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade
from rich.console import Console
from rich.table import Table
from sqlalchemy import inspect, text
from sqlalchemy.exc import SQLAlchemyError

from server import ballast, clock, demonstration, durability, expansion, processes, upgrading
from server.app import MIGRATIONS, Parts
from server.config import Config
from server.db import db, transaction
from server.jobs import running as jobs
from server.working import Worker

console = Console(stderr=True, highlight=False, soft_wrap=True)


@click.command()
@with_appcontext
def serve() -> None:
    """Migrate, load what belongs into an empty database, and serve."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # Flask's proxy
    config: Config = app.extensions["config"]
    check_port(config)
    prepare(app)
    _show_where_to_go(config)
    db.engine.dispose()
    sys.stderr.flush()
    apart = config.background_work and durability.several_may_write(config)
    sys.exit(processes.serve(config, partial(_work_apart, app) if apart else None))


@click.command()
@with_appcontext
def work() -> None:
    """Do the jobs that wait, in this process, until told to stop; `serve` does so by itself."""
    jobs.give_way()
    jobs.work_in_process(current_app._get_current_object())  # type: ignore[attr-defined]  # Flask's proxy


def _work_apart(app: Flask) -> None:
    """Do jobs, and whatever comes back and may wait, in a process that gives way to the others."""
    jobs.give_way()
    bell = jobs.Bell()
    works = [work for work in app.extensions["parts"].work if not work.urgent]
    Worker(app, [*app.extensions["parts"].work, bell.work], mine=works.__contains__).start()
    jobs.work_in_process(app, bell)


@click.command()
@with_appcontext
def prepare_database() -> None:
    """Migrate and load reference data, without serving; production runs this on each release."""
    prepare(current_app._get_current_object())  # type: ignore[attr-defined]  # Flask's proxy


prepare_database.name = "prepare"

COMMANDS = (serve, prepare_database, work)


def prepare(app: Flask) -> None:
    """Bring the database to this code's schema and fill in what belongs there."""
    config: Config = app.extensions["config"]
    parts: Parts = app.extensions["parts"]
    _migrate(app, check_database())
    for load in parts.reference:
        load()
    if not ballast.lay(config):
        console.print("磁盘空间不足，未放置应急占位文件 There is no room for the ballast file.")
    if config.demonstration and _is_empty():
        console.print("载入演示数据 Loading the demonstration …")
        play = demonstration.Demonstration(at=clock.now(), say=_say)
        with transaction():
            for act in parts.demonstration:
                act(play)
        play.keep(config.data_dir)


def _migrate(app: Flask, found: str | None) -> None:
    """Bring the database to this code's schema, unless that of the next release stands there."""
    config: Config = app.extensions["config"]
    if found == app.extensions["schema_head"]:
        return
    if found is not None and found not in _known():
        console.print(f"数据库已升级至 {found} The database is of a newer release, and is served.")
        return
    if found is not None:
        at = clock.now()
        if not config.migrate_during_exams:
            upgrading.check_rest(app.extensions["parts"].holds, at=at)
        upgrading.back_up(config, found, console.print, at=at)
    console.print("迁移数据库 Migrating the database …")
    upgrade(directory=str(MIGRATIONS))


def check_port(config: Config) -> None:
    """Refuse to go on where something else listens already."""
    with socket.socket(socket.AF_INET6 if ":" in config.host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((config.host, config.port))
        except OSError as error:
            raise click.ClickException(
                f"{config.host}:{config.port} 无法监听（{error.strerror}）。"
                f" Cannot listen there: stop what uses the port, or choose another with PORT=…"
            ) from None


def check_database() -> str | None:
    """Return the migration the database stands at, None where it is empty.

    Raises:
        ClickException: it cannot be reached, or is too new for this code.
    """
    try:
        with db.engine.connect() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return None
            found: str | None = connection.execute(
                text("SELECT version_num FROM alembic_version")
            ).scalar()
            is_ahead = expansion.is_ahead(connection, found, current_app.extensions["schema_head"])
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", error)).strip().splitlines()[0]
        raise click.ClickException(
            f"无法打开数据库（{reason}）。"
            " Cannot open the database: check DATABASE_URL and DATA_DIR."
        ) from None
    if found is not None and found not in _known() and not is_ahead:
        raise click.ClickException(
            f"数据库版本（{found}）比程序新。 The database is newer than this code:"
            " run the newer code, or restore an older copy of the data."
        )
    return found


def _known() -> set[str]:
    """Return the migrations that this code brings."""
    return {script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()}


def _is_empty() -> bool:
    with db.engine.connect() as connection:
        return connection.execute(text("SELECT 1 FROM person LIMIT 1")).first() is None


def _say(line: str) -> None:
    console.print(f"  {line}")


def _show_where_to_go(config: Config) -> None:
    base = f"http://{config.host}:{config.port}"
    console.print(f"\n[bold]{base}/[/bold]  首页 front page    {base}/docs  接口文档 the API")
    sign_ins = demonstration.kept(config.data_dir) if config.demonstration else []
    if sign_ins:
        table = Table()
        table.add_column("角色 role", overflow="fold")
        # What is copied stays in one piece, however narrow the window.
        for heading in ("登录名 sign-in name", "密码 password", "姓名 name"):
            table.add_column(heading, no_wrap=True, min_width=len(heading))
        for sign_in in sign_ins:
            table.add_row(sign_in.role, sign_in.sign_in_name, sign_in.password, sign_in.name)
        console.print(table)
        console.print(f"演示账号保存在 kept in {config.data_dir / demonstration.FILE_NAME}\n")
