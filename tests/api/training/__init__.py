"""Journeys of training over HTTP."""
