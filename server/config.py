"""Every setting there is, frozen, read once from the environment (配置)."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from enum import StrEnum
from ipaddress import ip_network
from pathlib import Path
from typing import Any

from environs import Env, EnvError
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from server import secrets


class Mode(StrEnum):
    """How careful the platform is about its own settings."""

    #: For looking at: secrets are made in the data directory, demonstration data may be loaded.
    TRY_OUT = "try_out"
    #: For work: every secret is given from outside, nothing unsafe is accepted.
    PRODUCTION = "production"


class UnsafeSettings(RuntimeError):
    """Settings with which the platform refuses to start; each line names one."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, kw_only=True)
class Config:
    """The settings of one process. Nothing else reads the environment."""

    mode: Mode
    #: Where SQLite, secrets, keys and photos live.
    data_dir: Path
    database_url: str
    #: A replica from which figures and public pages are read, some seconds old; None for none.
    replica_url: str | None = None
    host: str = "127.0.0.1"
    port: int = 8000
    #: Server processes. SQLite takes one unless its version is safe with several writers.
    workers: int = 1
    #: Threads that answer requests, per process; made when they are needed. Who saves, starts or
    #: hands in needs none (`server.front`): these are for all else, and more of them than have
    #: something to do at once only fight for the interpreter: 128 spent a tenth more than 8. Each
    #: large file that somebody sends holds one for as long as it takes.
    threads: int = 16
    #: Seconds for which heartbeats of study wait, so that those of a step share a transaction:
    #: alone each costs ten times as much, and no learner notices.
    step_seconds: float = 0.4
    debug: bool = False
    #: Whether PostgreSQL keeps the plans of the statements that a crowd waits for, which makes them
    #: twice as quick. Not behind a PgBouncer that knows no prepared statements (before 1.21).
    prepared_statements: bool = True
    #: Signs access tokens (HS256).
    token_secret: bytes = field(repr=False)
    #: Earlier token secrets that still verify, while their tokens live.
    token_secrets_retired: tuple[bytes, ...] = field(default=(), repr=False)
    #: Encrypts document numbers (AES-256-GCM).
    encryption_key: bytes = field(repr=False)
    #: Earlier encryption keys that still decrypt.
    encryption_keys_retired: tuple[bytes, ...] = field(default=(), repr=False)
    #: Keys the blind index by which an encrypted number is found (HMAC-SHA256).
    index_key: bytes = field(repr=False)
    #: Bytes of a body that an ordinary address accepts.
    body_limit: int = 1_000_000
    #: Bytes of an uploaded file.
    upload_limit: int = 20_000_000
    access_token_lifetime: timedelta = timedelta(minutes=10)
    refresh_token_lifetime: timedelta = timedelta(days=30)
    #: Where the platform is reached from outside, without a slash at its end; exported credentials
    #: name it. None where nobody said.
    public_url: str | None = None
    #: The server that letters are handed to, `smtp://user:password@host:port?from=a@b`; None for
    #: none: mails then wait and are given up.
    smtp_url: str | None = field(default=None, repr=False)
    #: The gateway that takes codes to phones, asked as a webhook is and signed with `sms_secret`;
    #: None for none: then nobody joins a contest by a phone number alone.
    sms_url: str | None = field(default=None, repr=False)
    sms_secret: str | None = field(default=None, repr=False)
    #: Networks that webhooks may lead into beside the public one, as `10.20.0.0/16`.
    webhook_networks: tuple[str, ...] = ()
    #: Where spans of requests are told, by OTLP over HTTP; None for nowhere.
    traces_url: str | None = None
    #: How many proxies in front of the server may be believed about the client's address.
    trusted_proxies: int = 0
    #: Whether this process runs background work beside answering requests.
    background_work: bool = True
    #: Bytes that lie in `data_dir` only to be thrown overboard when its disk is full; 0 for none.
    ballast: int = 0
    #: Where backups are kept: best a disk of another machine. None for a folder of `data_dir`.
    backup_dir: Path | None = None
    #: Where what grew old is kept in files; None: nothing leaves the database by itself, and what
    #: leaves by command goes to a folder of `data_dir`.
    archive_dir: Path | None = None
    #: Public keys of age that backups are sealed for.
    backup_recipients: tuple[str, ...] = ()
    #: The file of the key that opens backups, where it may be on this machine to try them.
    backup_identity: Path | None = None
    #: The folder of PostgreSQL's own programs, where they are not in the usual place.
    pg_bindir: Path | None = None
    #: Whether the schema may be changed while attempts go on.
    migrate_during_exams: bool = False
    #: Whether the demonstration data is loaded into an empty database by `serve`.
    demonstration: bool = False

    @property
    def on_sqlite(self) -> bool:
        """Whether the database is the embedded one."""
        return self.database_url.startswith("sqlite")

    @classmethod
    def from_environment(cls) -> Config:
        """Read the settings from the environment.

        Raises:
            UnsafeSettings: a setting is missing, weak or unsafe; all of them are named at once.
        """
        env = Env(eager=False)
        mode = env.enum("MODE", Mode.TRY_OUT, enum=Mode, by_value=True) or Mode.TRY_OUT
        data_dir = Path(env.str("DATA_DIR", "data")).absolute()
        given = _secrets_of(mode, env, data_dir)
        url = env.str("DATABASE_URL", "") or f"sqlite:///{data_dir / 'platform.db'}"
        values: dict[str, Any] = {
            "mode": mode,
            "data_dir": data_dir,
            "database_url": _with_driver(url),
            "replica_url": _with_driver(env.str("REPLICA_URL", "")) or None,
            "host": env.str("HOST", "127.0.0.1"),
            "port": env.int("PORT", 8000),
            "workers": env.int("WORKERS", 1 if url.startswith("sqlite") else 2),
            "threads": env.int("THREADS", 16),
            "step_seconds": env.float("STEP_SECONDS", 0.4),
            "debug": env.bool("FLASK_DEBUG", False),
            "public_url": env.str("PUBLIC_URL", "").rstrip("/") or None,
            "traces_url": env.str("TRACES_URL", "").rstrip("/") or None,
            "trusted_proxies": env.int("TRUSTED_PROXIES", 0),
            "background_work": env.bool("BACKGROUND_WORK", True),
            "prepared_statements": env.bool("PREPARED_STATEMENTS", True),
            "migrate_during_exams": env.bool("MIGRATE_DURING_EXAMS", False),
            "demonstration": env.bool("DEMONSTRATION", mode is Mode.TRY_OUT),
            "smtp_url": env.str("SMTP_URL", "") or None,
            "sms_url": env.str("SMS_URL", "") or None,
            "sms_secret": env.str("SMS_SECRET", "") or None,
            "ballast": env.int("BALLAST_MB", 0 if mode is Mode.TRY_OUT else 512) * 1_000_000,
            "webhook_networks": tuple(env.list("WEBHOOK_NETWORKS", [])),
            "backup_dir": _folder(env.str("BACKUP_DIR", "")),
            "archive_dir": _folder(env.str("ARCHIVE_DIR", "")),
            "backup_recipients": tuple(env.list("BACKUP_RECIPIENTS", [])),
            "backup_identity": _folder(env.str("BACKUP_IDENTITY", "")),
            "pg_bindir": _folder(env.str("PG_BINDIR", "")),
            "token_secrets_retired": tuple(env.list("TOKEN_SECRETS_RETIRED", [])),
            "encryption_keys_retired": tuple(env.list("ENCRYPTION_KEYS_RETIRED", [])),
        }
        problems: list[str] = []
        try:
            env.seal()
        except EnvError as error:
            problems.append(str(error))
        for name in ("token_secrets_retired", "encryption_keys_retired"):
            values[name] = tuple(
                _decoded(name.upper(), text, problems) for text in values[name] or ()
            )
        for name in secrets.NAMES:
            values[name.lower()] = _decoded(name, given.get(name), problems)
        problems += _unsafe(values)
        if problems:
            raise UnsafeSettings(problems)
        return cls(**values)

    def replaced(self, **changes: Any) -> Config:
        """Return these settings with some changed, for tests and commands."""
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        return Config(**{**values, **changes})


def _secrets_of(mode: Mode, env: Env, data_dir: Path) -> Mapping[str, str]:
    given = {name: text for name in secrets.NAMES if (text := env.str(name, ""))}
    try:
        # Whatever is kept there concerns nobody else on this machine.
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not os.access(data_dir, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return given if mode is Mode.PRODUCTION else {**secrets.load_or_make(data_dir), **given}
    except OSError as error:
        raise UnsafeSettings(
            [f"DATA_DIR is {data_dir}, where nothing can be written: {error.strerror}."]
        ) from None
    except ValueError:
        raise UnsafeSettings(
            [f"{data_dir / secrets.FILE_NAME} cannot be read: put back the copy that was kept."]
        ) from None


def _folder(text: str | None) -> Path | None:
    return Path(text).absolute() if text else None


def _decoded(name: str, text: str | None, problems: list[str]) -> bytes:
    if not text:
        problems.append(f"{name} is missing: give 32 random bytes as URL-safe base64.")
        return b""
    try:
        return secrets.decode(text)
    except ValueError as error:
        problems.append(f"{name} is too weak: it {error}.")
        return b""


def _with_driver(url: str) -> str:
    """Name the driver we use, so that the usual spellings of a PostgreSQL address work."""
    for spelling in ("postgres://", "postgresql://"):
        if url.startswith(spelling):
            return "postgresql+psycopg://" + url.removeprefix(spelling)
    return url


def _unsafe(values: Mapping[str, Any]) -> list[str]:
    rules: list[tuple[Callable[[], bool], str]] = [
        (lambda: not _is_understood(values["database_url"]), _NOT_UNDERSTOOD),
        (lambda: not _lies(values["port"], 1, 65_535), "PORT is not 1 to 65535."),
        (lambda: not _lies(values["workers"], 1, 1_000), "WORKERS is not 1 to 1000."),
        (lambda: not _lies(values["threads"], 1, 1_000), "THREADS is not 1 to 1000."),
        (lambda: not _lies(values["step_seconds"], 0.001, 2), "STEP_SECONDS is not 0.001 to 2."),
        (lambda: not _lies(values["trusted_proxies"], 0, 100), "TRUSTED_PROXIES is not 0 to 100."),
        (lambda: not _are_networks(values["webhook_networks"]), _NO_NETWORKS),
        (lambda: bool(values["sms_url"]) and not values["sms_secret"], _SMS_UNSIGNED),
    ]
    if values["mode"] is Mode.PRODUCTION:
        rules += [
            (
                lambda: not (values["public_url"] or "https://").startswith("https://"),
                "PUBLIC_URL does not begin with https://.",
            ),
            (lambda: bool(values["debug"]), "FLASK_DEBUG is on: it lets strangers run code."),
            (
                lambda: bool(values["demonstration"]),
                "DEMONSTRATION is on: its accounts are not real.",
            ),
        ]
    return [sentence for broken, sentence in rules if broken()]


_NOT_UNDERSTOOD = "DATABASE_URL is not understood: it begins with sqlite:/// or postgresql://."


_NO_NETWORKS = "WEBHOOK_NETWORKS is no list of networks such as 10.20.0.0/16, by commas."


_SMS_UNSIGNED = "SMS_SECRET is missing: the gateway of SMS_URL could not know who asks."


def _are_networks(texts: Iterable[str]) -> bool:
    try:
        return all(ip_network(text.strip()) for text in texts)
    except ValueError:
        return False


def _lies(number: float | None, least: float, most: float) -> bool:
    # None where it could not be read, which was complained about already.
    return number is None or least <= number <= most


def _is_understood(url: str) -> bool:
    try:
        return make_url(url).drivername in {"sqlite", "postgresql+psycopg"}
    except (ArgumentError, ValueError):
        return False
