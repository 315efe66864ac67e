"""Commands about regions: loading the national list, and making its file anew (区划命令)."""

from __future__ import annotations

import json
from pathlib import Path

import click
from flask.cli import AppGroup

from server.db import transaction
from server.regions import divisions, services

regions = AppGroup("regions", help="The national list of regions.")

#: Where the shipped list lies, for the command that makes it anew.
_FILE = Path(__file__).parent / "data" / "divisions.csv"


@regions.command("load")
def load() -> None:
    """Load the regions of levels 1 to 3 that are missing, and correct names that changed."""
    click.echo(f"{load_reference()} regions added or corrected.")


def load_reference() -> int:
    """Load the national list in a transaction of its own; return how much it changed."""
    with transaction():
        return services.load_reference()


@regions.command("convert-divisions")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--to", "target", type=click.Path(path_type=Path), default=_FILE)
def convert_divisions(folder: Path, target: Path) -> None:
    """Make the shipped list anew from provinces.json, cities.json and areas.json in FOLDER."""
    provinces, cities, areas = (
        json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        for name in ("provinces", "cities", "areas")
    )
    rows = divisions.convert(provinces, cities, areas)
    target.write_text(divisions.as_csv(rows), encoding="utf-8")
    click.echo(f"{len(rows)} divisions written.")
