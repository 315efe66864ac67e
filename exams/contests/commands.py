"""Contests from the console: a drill of a final, old codes swept, names under new keys."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from exams.contests.services import codes, drills, names
from server import clock, tokens
from server.config import Config, Mode
from server.db import transaction
from server.errors import DomainError
from server.tokens import Keyring
from server.work import Work

#: How long the tokens of a drill are good.
_LIFETIME = timedelta(hours=12)

#: Names closed anew in one transaction.
_BATCH = 500


def sweep_codes(at: datetime) -> int:
    """Delete the codes of phones that are good no more; return how many."""
    with transaction():
        return codes.sweep(at=at)


#: For wsgi.py.
WORK = (Work(name="contest_codes", every=timedelta(hours=1), run=sweep_codes),)


@click.command("contest-drill")
@with_appcontext
@click.option("--participants", "count", type=click.IntRange(1, 200_000), required=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True)
def contest_drill(count: int, out: Path) -> None:
    """Prepare a final of this server, and write a line for each made-up participant to a file.

    The first line holds the id of the round, each other one the id of an entry and its token.
    Never in production.
    """
    config: Config = current_app.extensions["config"]
    if config.mode is Mode.PRODUCTION:
        raise click.ClickException("生产环境不得演练。 There is no drill in production.")
    at = clock.now()
    try:
        with transaction():
            round_id, made = drills.prepare(participant_count=count, at=at)
    except DomainError as refusal:
        raise click.ClickException(f"{refusal.message.zh} {refusal.message.en}") from None
    keyring: Keyring = current_app.extensions["keyring"]
    with out.open("w", encoding="ascii") as lines:
        out.chmod(0o600)
        lines.write(f"{round_id}\n")
        for one in made:
            token = tokens.sign(
                one.participant_id, one.token_id, keyring=keyring, at=at, lifetime=_LIFETIME
            )
            lines.write(f"{one.entry_id} {token}\n")
    click.echo(f"{len(made)} participants are in {out}.")


@click.command("contest-rekey")
@with_appcontext
def contest_rekey() -> None:
    """Close the names of participants with the key in use, after `flask people rekey`."""
    done = 0
    while True:
        with transaction():
            count = names.rekey(limit=_BATCH)
        done += count
        if count == 0:
            break
    click.echo(f"{done} names closed anew.")


#: For wsgi.py.
COMMANDS = (contest_drill, contest_rekey)
