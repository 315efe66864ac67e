"""The dated rules of contests as data: `rules.json`."""
