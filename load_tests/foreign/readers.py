"""Reads our exports by libraries of other people, and prints as JSON what they make of them.

Runs in an environment of its own, where they are installed and nothing of ours is.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any


def main(package: str, moodle: str) -> None:
    """Print what becomes of a package of QTI, and of a file of Moodle XML."""
    print(json.dumps({"qti": _converted(Path(package)), "moodle": _moodle(Path(moodle))}))


def _converted(package: Path) -> dict[str, Any]:
    """Take a package to QTI 2.1, and that back to 3.0; beside the package lie both."""
    import qti_convert  # type: ignore[import-not-found]  # installed apart

    older, newer = package.with_name("qti21.zip"), package.with_name("qti30.zip")
    mended = qti_convert.fix_package_references(package, package.with_name("mended.zip"))
    down = qti_convert.downgrade_package(package, older)
    qti_convert.upgrade_package(older, newer)
    return {
        "broken references": len(mended.fixed) + len(mended.unresolved),
        "warnings": [str(one) for one in down.warnings],
    }


def _moodle(file: Path) -> list[dict[str, Any]]:
    from moodle_xml_parser import parser  # type: ignore[import-not-found]  # installed apart

    return [
        {
            "stem": one.text_pre_parse,
            "single": one.single,
            "choices": [
                {"text": each.answer, "right": each.score_fraction > 0} for each in one.options
            ],
        }
        for one in parser.parse_file(str(file))["multichoice"]
    ]


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
