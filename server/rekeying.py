"""`flask rekey`: after the encryption key was exchanged (换密钥).

Everything that lies closed in the database is closed anew with the key in use, some rows at a time,
while the platform goes on. Afterwards an earlier key opens nothing any more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import Row

from server.db import transaction
from server.exchange.models import ExchangeHook, ExchangeRecordStore
from server.exchange.services import hooks, stores
from server.federation.models import IdentityProvider
from server.federation.services import providers
from server.jobs import resealing
from server.jobs.models import JobFile
from server.jobs.resealing import Sealed, under_one_name
from server.messages.models import MessageChannel
from server.messages.services import channels
from server.people.services import numbers
from server.records.models import FileDocument

#: Closes anew some of one kind, and says how many: called until it says none.
Rekey = Callable[..., int]

#: Rows of one transaction.
BATCH = 200


def _of_job(row: Row[Any]) -> Mapping[str, Any] | None:
    return resealing.renewed(JobFile.sealed, row.job_id, row.name, row.sealed)


#: What lies closed in the rooms of the platform.
SEALED: tuple[Sealed, ...] = (
    Sealed(what="files of jobs", model=JobFile, column=JobFile.sealed, anew=_of_job),
    Sealed(
        what="copies of documents",
        model=FileDocument,
        column=FileDocument.sealed,
        beside=(FileDocument.hash,),
        anew=lambda row: resealing.renewed(FileDocument.sealed, row.id, row.hash, row.sealed),
    ),
    under_one_name("secrets of webhooks", ExchangeHook.secret, hooks.SEALED_AS),
    under_one_name("former secrets of webhooks", ExchangeHook.former_secret, hooks.SEALED_AS),
    under_one_name("secrets of record stores", ExchangeRecordStore.secret, stores.SEALED_AS),
    under_one_name("secrets of channels", MessageChannel.secret, channels.SEALED_AS),
    under_one_name(
        "secrets of identity providers", IdentityProvider.client_secret, providers.SEALED_AS
    ),
)

#: What says of itself which key closed it.
REKEYS: tuple[tuple[str, Rekey], ...] = (("document numbers", numbers.rekey),)


@click.command("rekey")
@with_appcontext
def rekey() -> None:
    """Close anew whatever earlier encryption keys closed; then leave those keys out."""
    parts = current_app.extensions["parts"]
    for what, some in parts.rekeys:
        click.echo(f"{_until_none(some)} {what}")
    for sealed in parts.sealed:
        click.echo(f"{_whole(sealed)} {sealed.what}")


def _until_none(some: Rekey) -> int:
    done = 0
    while True:
        with transaction():
            count = some(limit=BATCH)
        done += count
        if count == 0:
            return done


def _whole(sealed: Sealed) -> int:
    done, after = 0, None
    while True:
        with transaction():
            count, after = resealing.close_anew(sealed, after=after)
        done += count
        if after is None:
            return done


#: For wsgi.py.
COMMANDS = (rekey,)
