"""Addresses of other systems, and of who keeps agreements with them (对接接口)."""

from server.exchange.views import hooks, keeping, systems  # noqa: F401  # hooks has its addresses in those of systems

#: What wsgi.py names.
VIEWS = (keeping.views, systems.views)
