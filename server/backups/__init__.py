"""Copies of everything, sealed, tried every night, and brought back (备份与恢复)."""
