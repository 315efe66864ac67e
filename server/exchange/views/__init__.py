"""Addresses of other systems, and of who keeps agreements with them (对接接口)."""

from server.exchange.views import (  # noqa: F401  # files and hooks have their addresses among those of systems
    files,
    hooks,
    keeping,
    systems,
)

#: What wsgi.py names.
VIEWS = (keeping.views, systems.views)
