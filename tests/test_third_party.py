"""Whatever is somebody else's is named, with its licence."""

from __future__ import annotations

import json
import re
import tomllib

from tests.house import ROOT

NOTICES = (ROOT / "docs/third-party.md").read_text("utf-8")


def test_every_package_is_named_with_its_licence() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    packages = {re.split(r"[<>=\[; ]", one)[0] for one in project["dependencies"]}
    table = NOTICES.partition("## Packages")[2]

    named = set(re.findall(r"[a-z0-9][a-z0-9-]+", table))

    assert packages <= named, packages - named


def test_every_package_of_the_phone_app_is_named() -> None:
    asked = json.loads((ROOT / "server/web/apps/package.json").read_text("utf-8"))
    table = NOTICES.partition("## Packages")[2]

    packages = {*asked["dependencies"], *asked["devDependencies"]}

    assert {name for name in packages if name not in table} == set()


def test_the_phone_app_is_built_from_exactly_what_was_locked() -> None:
    lock = json.loads((ROOT / "server/web/apps/package-lock.json").read_text("utf-8"))

    fetched = [one for place, one in lock["packages"].items() if place]

    assert fetched
    assert all(one["integrity"].startswith("sha512-") for one in fetched)
    assert not any("resolved" in one for one in fetched), "a registry is the reader's own choice"


def test_every_shipped_table_of_data_is_named() -> None:
    parts = ("certificates", "exams", "question_bank", "server")
    shipped = {
        file.relative_to(ROOT)
        for part in parts
        for ending in ("*.csv", "*.json")
        for file in (ROOT / part).rglob(ending)
        if "node_modules" not in file.parts
    }

    unnamed = [
        file
        for file in shipped
        if not any(f"`{place}" in NOTICES for place in (file, f"{file.parent}/"))
    ]

    assert len(shipped) > 5
    assert unnamed == []
