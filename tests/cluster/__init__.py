"""A cluster is hurt in the midst of an exam: `make test-cluster`."""
