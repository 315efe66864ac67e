"""Proofs that the load tests measure and read rightly."""
