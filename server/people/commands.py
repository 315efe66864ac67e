"""Commands about people: closing document numbers anew with the keys in use (人员命令)."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from server.db import transaction
from server.people.services import numbers

people = AppGroup("people", help="People and their documents.")

#: People done in one transaction, so that nobody waits long for the write lock.
BATCH = 200


@people.command("rekey")
def rekey() -> None:
    """Close with the keys in use what older keys closed. Run it after keys were exchanged.

    Until it is done, people whose numbers were indexed under an earlier index key are not found
    by their number.
    """
    done = 0
    while True:
        with transaction():
            count = numbers.rekey(limit=BATCH)
        done += count
        if count == 0:
            break
    click.echo(f"{done} document numbers closed anew.")
