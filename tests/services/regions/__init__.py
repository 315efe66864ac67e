"""Services of the regions."""
