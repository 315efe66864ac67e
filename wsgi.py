"""The whole platform on one page: its parts, and what follows from what."""

from __future__ import annotations

from flask import Flask

from server import observing
from server.app import Parts, build_app
from server.config import Config


def parts() -> Parts:
    """Return the parts of the platform."""
    return Parts(finder=lambda _token, _at: None)


def create_app(config: Config | None = None) -> Flask:
    """Return the application: for the settings given, or for those of the environment."""
    if config is None:
        observing.configure_logs()
        config = Config.from_environment()
    return build_app(config, parts())
