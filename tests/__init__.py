"""Proofs of what the platform promises."""
