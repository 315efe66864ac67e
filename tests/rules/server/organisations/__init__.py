"""Rules of the organisations."""
