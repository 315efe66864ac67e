"""Reference data of competence (能力框架参考数据)."""

from __future__ import annotations

from certificates.competence.services import frameworks
from server.db import transaction


def load_reference() -> int:
    """Load the frameworks that come with the platform; return how many were missing."""
    with transaction():
        return frameworks.load_reference()
