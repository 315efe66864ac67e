"""Services of training on a real database."""
