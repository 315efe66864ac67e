"""Shows credentials to `openbadgeslib`, and prints as JSON what it makes of them.

Runs in an environment of its own, where that library is installed and nothing of ours is.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any


def main(path: str) -> None:
    """Print what becomes of each credential of the file."""
    from openbadgeslib.ob3.verifier import OB3Verifier  # type: ignore[import-not-found]  # installed apart

    given: dict[str, Any] = json.loads(Path(path).read_text("utf-8"))

    def fetch(url: str) -> bytes:
        # Nothing is fetched; it insists on https, and the server of this check speaks http.
        if url.endswith("/did.json"):
            return json.dumps(given["did"]).encode()
        found: str = given["jwtLists"][url]
        return found.encode()

    verifier = OB3Verifier.for_issuer_did(given["did"]["id"], download=fetch)

    def told(text: str) -> str:
        try:
            verifier.verify(text, check_status=True, download=fetch)
        except Exception as error:  # whatever it refuses with is what we want to know
            return f"refused: {error}"[:200]
        return "accepted"

    results = [
        {"openbadgeslib": told(one["jwt"]), "openbadgeslibMutant": told(one["jwtMutant"])}
        for one in given["certificates"]
    ]
    print(json.dumps(results))  # for the program that called it


if __name__ == "__main__":
    main(sys.argv[1])
