"""What the loaders of the demonstration tell one another, and keep for who looks (演示数据)."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from server import secrets

FILE_NAME = "demonstration.json"


@dataclass(frozen=True, kw_only=True)
class SignIn:
    """One demonstration sign-in; its password was drawn on this machine."""

    role: str
    sign_in_name: str
    password: str = field(repr=False)
    name: str


@dataclass(kw_only=True)
class Demonstration:
    """One loading of the demonstration: parts are loaded in order, later ones see earlier ones."""

    at: datetime
    #: Says in one line what is being done, for who waits.
    say: Callable[[str], None]
    #: What was made so far, by names the parts agree on: `{"enterprise": <id>, …}`.
    made: dict[str, Any] = field(default_factory=dict)
    sign_ins: list[SignIn] = field(default_factory=list)

    def keep(self, folder: Path) -> None:
        """Keep the sign-ins in a file only the owner can read."""
        accounts = [vars(sign_in) for sign_in in self.sign_ins]
        text = json.dumps({"accounts": accounts}, ensure_ascii=False, indent=1)
        secrets.write_private(folder / FILE_NAME, text)


def kept(folder: Path) -> list[SignIn]:
    """Return the sign-ins kept in the data directory, none where there is no demonstration."""
    path = folder / FILE_NAME
    if not path.exists():
        return []
    return [SignIn(**account) for account in json.loads(path.read_text("utf-8"))["accounts"]]
