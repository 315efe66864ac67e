"""Addresses of other systems, and of who keeps agreements with them (对接接口)."""

from server.exchange.views import (  # noqa: F401  # files, hooks and stores have their addresses among those of others
    files,
    hooks,
    integrators,
    keeping,
    stores,
    systems,
)

#: What wsgi.py names.
VIEWS = (keeping.views, systems.views, integrators.pages)
