"""Rules about signing in from outside."""
