"""The whole platform on one page: its parts, and what follows from what."""

from __future__ import annotations

import click
from flask import Flask

from server import observing, serving
from server.app import Parts, build_app
from server.config import Config, UnsafeSettings
from server.work import Worker


def parts() -> Parts:
    """Return the parts of the platform."""
    return Parts(finder=lambda _token, _at: None, commands=serving.COMMANDS)


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
