"""Rules of the regions."""
