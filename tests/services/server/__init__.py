"""Services of the platform on a real database."""
