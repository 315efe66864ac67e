"""Journeys of files."""
