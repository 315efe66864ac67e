"""Certificates, validity, coverage."""
