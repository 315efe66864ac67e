"""The benchmarks, one file each; the name of the file is the name of the benchmark (基准测试).

Each file has a function `run(console) -> dict`, which starts what it needs, measures, and returns
the figures that go to `build/bench/<name>.json`. A trailing `_` keeps a name from being a keyword.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from importlib import import_module
from typing import Any

from rich.console import Console

Benchmark = Callable[[Console], dict[str, Any]]


def names() -> list[str]:
    """Return the names of all benchmarks."""
    return sorted(module.name.rstrip("_") for module in pkgutil.iter_modules(__path__))


def get(name: str) -> Benchmark:
    """Return the benchmark with this name.

    Raises:
        LookupError: there is none.
    """
    for module in pkgutil.iter_modules(__path__):
        if module.name.rstrip("_") == name:
            run: Benchmark = import_module(f"{__name__}.{module.name}").run
            return run
    raise LookupError(f"There is no benchmark {name}: there are {', '.join(names())}.")
