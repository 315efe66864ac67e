"""The versions of the catalogue as data: `versions.csv`, and one file for each version."""
