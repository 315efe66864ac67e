"""Rules of statistics."""
