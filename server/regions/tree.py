"""Pure: materialised paths of a tree, the same for regions and organisations (树路径).

A path looks like `/<id>/<id>/`: from the root down to the node itself. What lies beneath a node
has a path that begins with the node's path; nothing else has, because of the closing slash.
"""

from __future__ import annotations

from uuid import UUID


def path_of(node_id: UUID, parent_path: str | None) -> str:
    """Return the path of a node under the parent at `parent_path` (None: the node is a root)."""
    return f"{parent_path or '/'}{node_id}/"


def lineage(path: str) -> list[UUID]:
    """Return the ids on the path, from the root down to the node itself."""
    return [UUID(part) for part in path.split("/") if part]


def ancestors(path: str) -> list[UUID]:
    """Return the ids above the node, from the root down to its parent."""
    return lineage(path)[:-1]


def root_of(path: str) -> str:
    """Return the path of the topmost node above, the node's own where it is a root."""
    return path[: path.find("/", 1) + 1]


def is_beneath(path: str, root: str) -> bool:
    """Say whether the node at `path` is the one at `root`, or lies beneath it."""
    return path.startswith(root)


def end_of(root: str) -> str:
    """Return the first text that sorts after every path beneath `root`.

    With `root <= path < end_of(root)` a database finds a subtree by one stretch of an index,
    provided that it compares text by code point (see `server.regions.models.PathColumn`).
    """
    return root[:-1] + chr(ord("/") + 1)
