"""A server of somebody else, in a thread of its own for as long as a block lasts."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def served(server: Any) -> Iterator[Any]:
    """Let a server of `socketserver` answer; yield it."""
    # Asked often whether to stop: half a second at the end of each test adds up.
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
