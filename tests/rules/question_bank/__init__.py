"""Pure rules of the question bank."""
