"""Journeys of candidates and invigilators."""
