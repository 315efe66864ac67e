"""The whole platform on one page: its parts, and what follows from what."""

from __future__ import annotations

import click
from flask import Flask

import question_bank.demonstration
import question_bank.views
import server.audit.commands
import server.audit.views
import server.auth.commands
import server.auth.views.accounts
import server.auth.views.signing_in
import server.organisations.views
import server.people.ciphers
import server.regions.commands
import server.regions.views
from server import observing, serving
from server.app import Parts, build_app
from server.auth import doorkeeper, sweeping
from server.config import Config, UnsafeSettings
from server.work import Worker


def parts() -> Parts:
    """Return the parts of the platform."""
    return Parts(
        finder=doorkeeper.find,
        preparations=(doorkeeper.prepare, server.people.ciphers.install),
        views=(
            server.auth.views.signing_in.views,
            server.auth.views.accounts.views,
            server.regions.views.views,
            server.organisations.views.views,
            *question_bank.views.PARTS,
            server.audit.views.views,
        ),
        work=(sweeping.SWEEP,),
        commands=(
            *serving.COMMANDS,
            server.auth.commands.create_account,
            server.audit.commands.audit,
            server.regions.commands.regions,
        ),
        reference=(server.regions.commands.load_reference,),
    )


def create_app(config: Config | None = None) -> Flask:
    """Return the application: for the settings given, or for those of the environment."""
    if config is not None:
        return build_app(config, parts())
    observing.configure_logs()
    try:
        return build_app(Config.from_environment(), parts())
    except UnsafeSettings as unsafe:
        # Said in one sentence each; a stack of frames would only hide them.
        raise click.ClickException("\n".join(unsafe.problems)) from None


def create_serving_app() -> Flask:
    """Return the application of a server process, with the background work beside it."""
    app = create_app()
    if app.extensions["config"].background_work:
        Worker(app, list(app.extensions["parts"].work)).start()
    return app
