"""What can be wrong with an archive, in a sentence for whoever runs the platform (归档失败)."""

from __future__ import annotations


class ArchiveFailed(RuntimeError):
    """A file cannot be written, is missing or was changed; the message says what to do."""
