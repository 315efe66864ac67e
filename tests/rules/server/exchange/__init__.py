"""Rules about other systems."""
