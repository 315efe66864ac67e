"""Services of the records."""
