"""Contests as they go in and out."""
