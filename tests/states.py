"""What a test may find in the database: each state is made once by a process, of the one before."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from server.app import engine_of
from server.db import transaction
from server.demonstration import Demonstration
from tests.databases import Database
from tests.moments import NOON

#: The states, the fullest first: a test asks for one by the fixture of that name.
STATES = ("demonstrated", "furnished", "empty")


def bring(state: str, app: Flask, database: Database) -> None:
    """Bring a state of the database back; the first time make it of the one before it."""
    if state in database.kept:
        database.bring_back(state, engine_of(app))
        return
    bring(STATES[STATES.index(state) + 1], app, database)
    with app.app_context():
        {"furnished": _furnish, "demonstrated": _demonstrate}[state](app)
    database.keep(state, engine_of(app))


def _furnish(app: Flask) -> None:
    for load in app.extensions["parts"].reference:
        load()


def _demonstrate(app: Flask) -> None:
    play = Demonstration(at=NOON - timedelta(hours=1), say=lambda _line: None)
    with transaction():
        for act in app.extensions["parts"].demonstration:
            act(play)
