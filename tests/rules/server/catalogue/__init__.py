"""Rules of the catalogue."""
