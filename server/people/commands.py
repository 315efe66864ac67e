"""Commands and work about people: keys exchanged, doubles found, merges kept whole (人员命令)."""

from __future__ import annotations

from datetime import datetime, timedelta

import click
from flask.cli import AppGroup

from server.db import transaction
from server.people.services import doubles, merging, numbers
from server.work import Work

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


def _look_for_doubles(at: datetime) -> int:
    with transaction():
        return doubles.look(limit=BATCH, at=at)


def _gather_merged(_at: datetime) -> int:
    with transaction():
        return merging.gather()


#: Looks for people who were registered twice, and moves what is still written under merged ids.
WORK = (
    Work(
        name="suspected_doubles",
        every=timedelta(seconds=10),
        run=_look_for_doubles,
        waiting=(doubles.NOT_COMPARED,),
    ),
    Work(name="merged_people", every=timedelta(minutes=5), run=_gather_merged),
)
