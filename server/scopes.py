"""Where a permission holds: subtrees of organisations and of regions (权限范围)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Where a permission holds: everywhere, or in subtrees given by their materialised paths.

    A path looks like `/<id>/<id>/`; what lies beneath begins with it.
    """

    everywhere: bool = False
    organisation_paths: tuple[str, ...] = ()
    region_paths: tuple[str, ...] = ()

    @property
    def nowhere(self) -> bool:
        """Whether the scope holds nothing at all."""
        return not (self.everywhere or self.organisation_paths or self.region_paths)

    def holds(self, *, organisation_path: str | None, region_path: str | None) -> bool:
        """Say whether a thing at these paths lies within the scope."""
        return (
            self.everywhere
            or _beneath(organisation_path, self.organisation_paths)
            or _beneath(region_path, self.region_paths)
        )

    def contains(self, other: Scope) -> bool:
        """Say whether everything in `other` lies within this scope."""
        if self.everywhere:
            return True
        return (
            not other.everywhere
            and all(_beneath(path, self.organisation_paths) for path in other.organisation_paths)
            and all(_beneath(path, self.region_paths) for path in other.region_paths)
        )


def _beneath(path: str | None, roots: Iterable[str]) -> bool:
    return path is not None and any(path.startswith(root) for root in roots)


EVERYWHERE = Scope(everywhere=True)
NOWHERE = Scope()
