"""Rules of the people."""
