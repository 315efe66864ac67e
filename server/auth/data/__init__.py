"""The passwords that people choose most often, one a line (常见弱口令)."""
