"""Rules of the records."""
