"""The table of refusals in docs/api.md, made from the code: `make codes` writes it."""

from __future__ import annotations

import importlib
import pkgutil
import re

from server.errors import DomainError, every_refusal
from tests.house import PARTS, ROOT

GUIDE = ROOT / "docs" / "api.md"
BEGIN = "<!-- refusals: written by `make codes` -->\n"
END = "<!-- end of refusals -->\n"


def refusals() -> list[type[DomainError]]:
    """Return every refusal of the house; all of its modules are imported for that.

    A family that has no code of its own is never raised, and is left out.
    """
    for part in PARTS:
        package = importlib.import_module(part)
        for module in pkgutil.walk_packages(package.__path__, f"{part}."):
            if ".migrations" not in module.name:
                importlib.import_module(module.name)
    ours = {
        one
        for one in every_refusal()
        if one.__module__.startswith(PARTS) and ("code" in vars(one) or not one.__subclasses__())
    }
    return sorted(ours, key=lambda refusal: (refusal.status, refusal.code))


def table() -> str:
    """Return the table of refusals as it should stand in the guide."""
    rows = [
        f"| {refusal.status} | `{refusal.code}` | {refusal.en} | {refusal.zh} |\n"
        for refusal in refusals()
    ]
    return "| status | code | English | 中文 |\n|---|---|---|---|\n" + "".join(rows)


def written() -> str:
    """Return the table as it stands in the guide."""
    found = re.search(re.escape(BEGIN) + "(.*)" + re.escape(END), GUIDE.read_text("utf-8"), re.S)
    return found[1].strip("\n") + "\n" if found else ""


def write() -> None:
    """Put the table into the guide."""
    before, _, rest = GUIDE.read_text("utf-8").partition(BEGIN)
    GUIDE.write_text(f"{before}{BEGIN}\n{table()}\n{END}{rest.partition(END)[2]}", "utf-8")


if __name__ == "__main__":
    write()
