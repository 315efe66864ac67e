"""Pure: moving a branch of a tree, and the circle that is refused (组织树)."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from server.organisations.errors import MovedBeneathItself
from server.regions.tree import is_beneath, path_of


def moved(
    node_id: UUID, path: str, *, to_parent_path: str | None, paths: Iterable[str]
) -> dict[str, str]:
    """Return the new path of every node of the branch, by its old path.

    Args:
        node_id: the node at the top of the branch.
        path: where it stands now.
        to_parent_path: the path of its new parent; None makes it a root.
        paths: the paths of the branch; paths that do not belong to it are left alone.

    Raises:
        MovedBeneathItself: the new parent is the node itself or lies beneath it.
    """
    if to_parent_path is not None and is_beneath(to_parent_path, path):
        raise MovedBeneathItself
    new = path_of(node_id, to_parent_path)
    branch = {path, *(one for one in paths if is_beneath(one, path))}
    return {old: new + old.removeprefix(path) for old in branch}
