"""Services of the organisations."""
