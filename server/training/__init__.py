"""Training: who may train, what is taught, classes, study online, and what counts of it (培训)."""
