"""Accounts: who signs in, from which devices, and which roles they were granted (账户)."""
