"""Addresses of training records and files (培训记录接口)."""

from server.records.views import around, entering, reading  # noqa: F401  # they give it addresses
from server.records.views.parts import file_views as views

__all__ = ["views"]
