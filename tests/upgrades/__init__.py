"""Two releases against one database, to the next and back again: `make test-upgrade`."""
