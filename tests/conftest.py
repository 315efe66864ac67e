"""What every test may ask for: an application on an empty database, a clock, somebody signed in."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Any, Protocol
from uuid import UUID

import flask_migrate
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings

import wsgi
from exams.services import shelves
from load_tests.postgres import NoServer, private_server
from server import clock, observing
from server.app import MIGRATIONS, engine_of, schema_head
from server.auth.services import identities
from server.config import Config, Mode
from server.db import Base, transaction
from server.jobs import running as jobs
from server.policy import Role
from tests.databases import Database, PostgresqlDatabase, SqliteDatabase, Statements
from tests.databases import count_statements as statements_of
from tests.factories.accounts import SignedIn, sign_in
from tests.garbage import pytest_collection_finish as pytest_collection_finish
from tests.loopback import nothing_leaves_the_machine as nothing_leaves_the_machine
from tests.moments import Clock
from tests.states import STATES, bring

# The same examples in every run: a red test stays red until it is mended.
settings.register_profile("same", deadline=None, derandomize=True)
# Other examples in every run, and more of them: `pytest --hypothesis-profile=explore`.
settings.register_profile("explore", deadline=None, max_examples=2_000)
settings.load_profile("same")

#: Where the controlling process tells its workers the address of the private PostgreSQL.
SERVER_URL = pytest.StashKey[str]()
UNTIL_THE_END = pytest.StashKey[ExitStack]()

#: Lines that are shown of what a failing test printed and logged, the last ones.
SHOWN_LINES = 20


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the database be chosen."""
    parser.addoption(
        "--database",
        choices=("sqlite", "postgresql"),
        default="sqlite",
        help="what the tests run on; on a private PostgreSQL only those that use a database do",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Start the private PostgreSQL once per run, in the process that controls the workers."""
    # structlog's own choice shows the variables of every frame: personal data, and keys.
    observing.configure_logs()
    config.stash[UNTIL_THE_END] = ExitStack()
    if config.getoption("--database") != "postgresql":
        return
    if hasattr(config, "workerinput"):
        config.stash[SERVER_URL] = config.workerinput["server_url"]
        return
    try:
        server = config.stash[UNTIL_THE_END].enter_context(private_server(durable=False))
    except NoServer as missing:
        raise pytest.UsageError(str(missing)) from None
    config.stash[SERVER_URL] = server


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the private PostgreSQL."""
    config.stash[UNTIL_THE_END].close()


def pytest_configure_node(node: Any) -> None:
    """Tell a worker where the private PostgreSQL is (a hook of pytest-xdist)."""
    node.workerinput["server_url"] = node.config.stash.get(SERVER_URL, "")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL run what uses it; a pure rule, and what is marked, SQLite's run has proved."""
    if config.getoption("--database") != "postgresql":
        return
    pure = [
        item
        for item in items
        if "_database" not in getattr(item, "fixturenames", ()) or item.get_closest_marker("once")
    ]
    config.hook.pytest_deselected(items=pure)
    left_out = set(pure)
    items[:] = [item for item in items if item not in left_out]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show only the end of what a failing test logged: a thousand requests log a thousand lines."""
    report = yield
    report.sections = [(name, _end_of(text)) for name, text in report.sections]
    return report


def _end_of(text: str) -> str:
    lines = text.splitlines(keepends=True)
    left_out = len(lines) - SHOWN_LINES
    return (
        text if left_out <= 0 else f"({left_out} lines left out)\n{''.join(lines[-SHOWN_LINES:])}"
    )


@pytest.fixture(scope="session")
def _database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Iterator[Database]:
    if request.config.getoption("--database") == "sqlite":
        yield SqliteDatabase(tmp_path_factory.mktemp("database"))
        return
    database = PostgresqlDatabase(request.config.stash[SERVER_URL], f"tests_{worker_id}")
    yield database
    database.close()


@pytest.fixture(scope="session")
def config(_database: Database, tmp_path_factory: pytest.TempPathFactory) -> Config:
    """Settings under which the tests run; `config.replaced(…)` gives others."""
    return Config(
        mode=Mode.TRY_OUT,
        data_dir=tmp_path_factory.mktemp("data"),
        database_url=_database.url,
        token_secret=b"signs tokens of tests, and only those",
        encryption_key=bytes(range(32)),
        index_key=bytes(range(32, 64)),
        background_work=False,
        # Nobody else comes: whoever waits for others in a test waits for nothing.
        step_seconds=0.001,
    )


@pytest.fixture(scope="session")
def _application(config: Config, _database: Database) -> Iterator[Flask]:
    """The application of this worker, on a migrated database that is kept as the state `empty`."""
    app = wsgi.create_app(config)
    with app.app_context():
        if schema_head() is None:
            Base.metadata.create_all(engine_of(app))
        else:
            flask_migrate.upgrade(directory=str(MIGRATIONS))
    _database.keep("empty", engine_of(app))
    yield app
    engine_of(app).dispose()


@pytest.fixture
def the_clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of the platform, standing at NOON; `the_clock.move(by)` lets time pass."""
    standing = Clock()
    monkeypatch.setattr(clock, "now", standing.now)
    return standing


@pytest.fixture
def app(
    request: pytest.FixtureRequest, _application: Flask, _database: Database, the_clock: Clock
) -> Flask:
    """The application on an empty database, or on what the test asks for besides, at NOON."""
    del the_clock
    identities.forget()
    shelves.forget()
    asked = (state for state in STATES if state in (*request.fixturenames, "empty"))
    bring(next(asked), _application, _database)
    return _application


@pytest.fixture
def furnished(app: Flask) -> Flask:
    """The application with its reference data: regions, catalogues, rules, indicators."""
    return app


@pytest.fixture
def demonstrated(furnished: Flask) -> Flask:
    """The application with its whole demonstration, played an hour before NOON."""
    return furnished


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Somebody outside, not signed in, who speaks HTTP."""
    return app.test_client()


@pytest.fixture
def inside(app: Flask) -> Iterator[Flask]:
    """Stand inside the application, as services do; what is not committed is undone at the end.

    A test that also asks through `client` uses `writing` instead: requests inside an
    application context would share its `g` and its session.
    """
    with app.app_context():
        yield app


@pytest.fixture
def writing(app: Flask) -> Callable[[], AbstractContextManager[None]]:
    """Open a transaction from outside, as a view does.

    Use it as `with writing(): a_person()`.
    """

    @contextmanager
    def write() -> Iterator[None]:
        with app.app_context(), transaction():
            yield

    return write


@pytest.fixture
def run_jobs(app: Flask) -> Callable[[], None]:
    """Do the jobs that wait, in this process, until none does."""

    def run() -> None:
        while jobs.run_next(app, "the test"):
            pass

    return run


@pytest.fixture
def count_statements(app: Flask) -> Callable[[], AbstractContextManager[Statements]]:
    """Collect the SQL that is sent.

    Use it as `with count_statements() as sent: …`, then `assert len(sent) == 3`.
    """
    return lambda: statements_of(engine_of(app))


class SigningIn(Protocol):
    """How `a_signed_in` is called."""

    def __call__(
        self,
        *roles: Role,
        person_id: UUID | None = None,
        organisation_id: UUID | None = None,
        region_id: UUID | None = None,
    ) -> SignedIn:
        """Return somebody signed in: `.headers`, `.person_id`, `.account_id`."""


@pytest.fixture
def a_signed_in(writing: Callable[[], AbstractContextManager[None]], config: Config) -> SigningIn:
    """Sign somebody in with roles that hold beneath a place, or everywhere where none is named.

    Use it as `client.get("/v1/exams", headers=a_signed_in(Role.PLANNER).headers)`. The person is
    made up unless given; the token lives as long as any, so whoever moves the clock signs in again.
    """

    def signed_in(
        *roles: Role,
        person_id: UUID | None = None,
        organisation_id: UUID | None = None,
        region_id: UUID | None = None,
    ) -> SignedIn:
        with writing():
            return sign_in(
                *roles,
                person_id=person_id,
                organisation_id=organisation_id,
                region_id=region_id,
                config=config,
                at=clock.now(),
            )

    return signed_in
