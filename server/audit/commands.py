"""Commands about the audit: proving that nobody changed it (审计命令)."""

from __future__ import annotations

import re
from functools import partial

import click
from flask import current_app
from flask.cli import AppGroup

from server.archives import services as archives
from server.archives.errors import ArchiveFailed
from server.audit import archiving, services

audit = AppGroup("audit", help="The chain of audit entries.")

#: `SEQUENCE:HASH`, as `flask audit head` prints it.
_ANCHOR = re.compile(r"([0-9]{1,18}):([0-9a-f]{64})", re.ASCII)


@audit.command("verify")
@click.option(
    "--anchor",
    "anchors",
    multiple=True,
    metavar="SEQUENCE:HASH",
    help="An end of the chain that was kept elsewhere; may be given several times.",
)
@click.pass_context
def verify(context: click.Context, anchors: tuple[str, ...]) -> None:
    """Read the whole chain; name the first broken entry and exit with 1 if there is one.

    What was archived is read from its files in ARCHIVE_DIR.
    """
    folder = archives.folder_of(current_app.extensions["config"])
    try:
        found = services.verify(
            dict(read_anchor(text) for text in anchors),
            archived=partial(archiving.archived, folder=folder),
        )
    except ArchiveFailed as failed:
        raise click.ClickException(str(failed)) from None
    if found.broken is None:
        click.echo(f"The audit is whole: {found.entries} entries.")
        return
    where, fault = found.broken.sequence, found.broken.fault.replace("_", " ")
    click.echo(f"The audit is broken at entry {where}: {fault}.", err=True)
    context.exit(1)


@audit.command("head")
def head() -> None:
    """Print the end of the chain, to be kept outside of the platform."""
    end = services.head()
    click.echo(f"{end.sequence}:{end.hash}")


def read_anchor(text: str) -> tuple[int, str]:
    """Read an end of the chain as `head` prints it.

    Raises:
        BadParameter: it is none.
    """
    parts = _ANCHOR.fullmatch(text)
    if parts is None:
        raise click.BadParameter("An anchor reads SEQUENCE:HASH.", param_hint="--anchor")
    return int(parts[1]), parts[2]
