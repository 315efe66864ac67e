"""The services of the question bank, on a real database."""
