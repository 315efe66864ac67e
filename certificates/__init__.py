"""Certificates, validity, coverage (证书与持证率)."""
