"""Rules of accounts: tokens, tries, passwords, grants."""

from uuid import UUID

ANNA = UUID(int=1)
