"""Services of the people."""
