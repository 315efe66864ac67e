"""Preparing a drill from the console: made-up candidates on this very server (演练命令)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from exams.services import drilled, drills
from server import clock, tokens
from server.config import Config, Mode
from server.db import transaction
from server.errors import DomainError
from server.tokens import Keyring


@click.command("drill")
@with_appcontext
@click.option("--candidates", "candidate_count", type=click.IntRange(1, 200_000), required=True)
@click.option("--started", is_flag=True, help="Their attempts have begun.")
@click.option(
    "--held", type=click.IntRange(0, 50), default=0, help="Responses that each attempt holds."
)
@click.option("--released", is_flag=True, help="Outcomes are released as soon as handed in.")
@click.option("--answered", is_flag=True, help="They have answered, and are graded.")
@click.option("--forms", "form_count", type=click.IntRange(1, 50), default=1)
@click.option(
    "--questions", "question_count", type=click.IntRange(0, 300), default=0, help="At least."
)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True)
def drill(
    candidate_count: int,
    started: bool,
    held: int,
    released: bool,
    answered: bool,
    form_count: int,
    question_count: int,
    out: Path,
) -> None:
    """Prepare a drill of this server, and write a line for each made-up candidate to a file.

    A line holds the ids of the attempt and of the place, and an access token. Never in production.
    """
    config: Config = current_app.extensions["config"]
    if config.mode is Mode.PRODUCTION:
        raise click.ClickException("生产环境不得演练。 There is no drill in production.")
    at = clock.now()
    try:
        with transaction():
            made = drills.prepare(
                candidate_count=candidate_count,
                started=started or answered,
                held=held,
                at=at,
                release_after=timedelta(0) if released else drills.NEVER,
                form_count=form_count,
                question_count=question_count,
            )
            if answered:
                drilled.respond([one.attempt_id for one in made], at=at, seed=candidate_count)
    except DomainError as refusal:
        raise click.ClickException(f"{refusal.message.zh} {refusal.message.en}") from None
    keyring: Keyring = current_app.extensions["keyring"]
    with out.open("w", encoding="ascii") as lines:
        out.chmod(0o600)
        for one in made:
            token = tokens.sign(
                one.account_id, one.sid, keyring=keyring, at=at, lifetime=drills.OPEN_FOR
            )
            lines.write(f"{one.attempt_id} {one.enrolment_id} {token}\n")
    click.echo(f"{len(made)} candidates are in {out}.")
