"""`make bench`: run benchmarks, print their tables, write their figures (基准测试入口)."""

from __future__ import annotations

import argparse
import sys
import time

from rich.console import Console

from load_tests import benches
from load_tests.figures import flattened, show, write

#: What runs when nothing is asked for: the main job, in a minute.
SHORT = "main_job"


def main(words: list[str] | None = None) -> int:
    """Run the benchmarks named, the short one where none is; return 1 where one failed."""
    parser = argparse.ArgumentParser(prog="python -m load_tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", help=f"of: {', '.join(benches.names())}")
    asked = parser.parse_args(words)
    console = Console(width=None if sys.stdout.isatty() else 140)
    failed = False
    for name in asked.names or [SHORT]:
        try:
            failed |= not _run(name, console)
        except LookupError as unknown:
            console.print(str(unknown))
            failed = True
    return int(failed)


def _run(name: str, console: Console) -> bool:
    """Run one benchmark; False where one of its requests failed."""
    began = time.perf_counter()
    result = benches.get(name)(console)
    rows = flattened(result)
    show(console, f"{name} ({time.perf_counter() - began:.0f} s)", rows)
    console.print(f"Written to {write(name, result)}.")
    return not any(row.get("failed") for row in rows.values())


if __name__ == "__main__":
    sys.exit(main())
