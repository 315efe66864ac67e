"""Sittings as services: planned, applied for, seated, started, checked in."""
