"""Addresses of signing in and of accounts (账户接口)."""
