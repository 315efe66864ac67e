"""What can be wrong with a backup, in a sentence for whoever runs the platform."""

from __future__ import annotations


class BackupFailed(RuntimeError):
    """A backup cannot be made, read or restored; the message says what to do about it."""
